"""The browser's programs: one text each, which runs as the modules do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lossviz.figures import browser

ROOT = Path(browser.__file__).parents[2]
NODE = Path(sys.executable).with_name("node")
"""From PyPI, for development."""

PROGRAMS = (
    "ui/components/live/live.js",
    "ui/components/player/player.js",
    "figures/player/player.js",
    "figures/player/page.js",
)


def node(*words: str, program: str) -> str:
    """What Node says to a program, which is a module."""
    return subprocess.run(
        [NODE, "--input-type=module", *words, "-"], input=program, text=True, capture_output=True, check=True
    ).stdout


@pytest.mark.parametrize("entry", PROGRAMS)
def test_a_program_is_a_program(entry: str) -> None:
    node("--check", program=browser.program(ROOT / entry))


def test_the_history_is_one_that_any_script_can_hold() -> None:
    """Without a statement that only modules have, or what Streamlit's DOMPurify takes for an element and throws away."""
    program = browser.program(browser.HISTORY)
    node(program=f"(() => {{{program}\npageHistory;}})()")
    assert not re.search(r"<[/\w!]", program)


def modules(folder: Path, **texts: str) -> Path:
    """Modules by their names, of which the last is the entry."""
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / f"{list(texts)[-1]}.js"


def test_modules_run_once_in_their_order_with_names_of_their_own(tmp_path: Path) -> None:
    entry = modules(
        tmp_path,
        base="/** @type {any} */ (console).log('base');\n"
        "/**\n * @type {Array<number>}\n */\nconst own = /** @type {any} */ (1);\n"
        "export const one = own;\nexport class Two {\n  value = 2;\n}\n",
        left='import { one } from "./base.js";\nconst own = 10;\nexport function left() {\n  return own + one;\n}\n',
        right='import {\n  Two,\n  one as unit,\n} from "./base.js";\nconst own = 100;\n'
        "export async function right() {\n  return own + unit + new Two().value;\n}\n",
        entry='import { left } from "./left.js";\nimport { right } from "./right.js";\n'
        "const own = 1000;\nconsole.log(own + left(), await right());\nexport default function (x) {\n  return x;\n}\n",
    )
    assert node(program=browser.program(entry)) == "base\n1011 103\n"
    assert node(program=f'import {{ left }} from "{(tmp_path / "left.js").as_uri()}"; console.log(left());') == "base\n11\n"


@pytest.mark.parametrize(
    "line",
    [
        "export { own };",
        "export let own = 1;",
        'export * from "./base.js";',
        'import own from "./base.js";',
        'import "./base.js";',
        'import { own } from "somewhere";',
    ],
)
def test_a_statement_of_another_form_is_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"entry\.js cannot be joined"):
        browser.program(modules(tmp_path, base="export const own = 1;\n", entry=f"{line}\n"))


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="import each other"):
        browser.program(
            modules(
                tmp_path,
                first='import { second } from "./second.js";\nexport const first = 1;\n',
                second='import { first } from "./first.js";\nexport const second = 1;\n',
                entry='import { first } from "./first.js";\n',
            )
        )
