"""The browser's programs: one text each, which runs as the modules do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
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


HOSTILE = (
    "say \"x\" and 'y'",
    "C:\\new\\u0041",
    "two\nlines\r\u2028and\u2029three\0",
    "</script><!--<script>",
    "𝛾 is 伽马 😀",
    "\ud83d alone",
    "${a} `b` $& \\1",
    '"); alert(1); ("',
    "",
)


def in_other_words(lookup: dict[str, str], line: str, tmp_path: Path) -> str:
    """A module with one line, which imports `say`, as a program."""
    (tmp_path / "texts.js").write_text((ROOT / "figures/browser/texts.js").read_text(encoding="utf-8"), encoding="utf-8")
    entry = modules(tmp_path, entry=f'import {{ say }} from "./texts.js";\n{line}\n')
    return browser.program(entry, lambda text: lookup.get(text, text))


@pytest.mark.parametrize("translation", HOSTILE)
def test_a_text_in_another_language_is_a_text(translation: str, tmp_path: Path) -> None:
    program = in_other_words({"class": translation}, 'console.log(JSON.stringify([say("class"), say("logit")]));', tmp_path)
    assert json.loads(node(program=program)) == [translation, "logit"]
    assert "<" not in program.split("module")[-1]
    assert program.isascii()


def test_parts_go_where_the_other_language_has_them(tmp_path: Path) -> None:
    line = "console.log(say(\n  \"{a} of {b}\",\n  { a: 'x', b: '{a}' },\n));"
    assert node(program=in_other_words({"{a} of {b}": "{b}的{a}"}, line, tmp_path)) == "{a}的x\n"


def test_the_escapes_of_a_literal_are_read(tmp_path: Path) -> None:
    line = r'console.log(say("a \"b\" \\ \u2212\n"));'
    assert node(program=in_other_words({'a "b" \\ \u2212\n': "found"}, line, tmp_path)) == "found\n"


def test_what_is_not_found_stays_as_it_is_written(tmp_path: Path) -> None:
    line = r'console.log(say("γ \u2212 <b>"), "class", hearsay("class"), it.say("class"), say("class" + "es"));'
    assert line in in_other_words({"class": "other", "classes": "other"}, line, tmp_path)


@pytest.mark.parametrize("entry", PROGRAMS)
def test_a_program_in_another_language_is_a_program(entry: str) -> None:
    program = browser.program(ROOT / entry, str.upper)
    node("--check", program=program)
    assert program != browser.program(ROOT / entry, str) == browser.program(ROOT / entry)


BARE = re.compile(r"""(?:aria-label"|title|placeholder|text|textContent)(?:: | = |, )["`][^"`]*[A-Za-z]{2}.*""")
"""A text for people that is not said."""


@pytest.mark.parametrize("file", sorted(ROOT.rglob("*.js")), ids=lambda file: file.name)
def test_every_text_of_a_program_can_be_in_another_language(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("say(") == len(browser.TEXT.findall(text)), "what is no literal would stay English"
    assert BARE.findall(re.sub(r"\$\{[^}]*\}", "", text)) == []


@pytest.mark.parametrize("file", sorted((*ROOT.rglob("*.html"), *ROOT.rglob("*.jinja"))), ids=lambda file: file.name)
def test_every_text_of_markup_can_be_in_another_language(file: Path) -> None:
    """But for symbols."""
    rest = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<(var|sub)>.*?</\1>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r">[^<]*[a-z][^<]*<|(?:title|aria-label|placeholder|lang)=\"[^\"]+", rest) == []
    assert file.suffix == ".jinja" or "{{" not in browser.markup(file, str)


@pytest.mark.parametrize("translation", HOSTILE)
def test_markup_in_another_language_has_no_elements_of_its_own(translation: str, tmp_path: Path) -> None:
    file = tmp_path / "one.html"
    file.write_text('<p title="{{ say("a \\"b\\"") }}">{{ say("class") }} {{ say("class") }}</p>', encoding="utf-8")
    reader = HTMLParser(convert_charrefs=True)
    seen: list[object] = []
    reader.handle_starttag = lambda tag, attributes: seen.append((tag, attributes))  # type: ignore[method-assign]
    reader.handle_data = seen.append  # type: ignore[method-assign]
    reader.feed(browser.markup(file, lambda text: translation if text in ("class", 'a "b"') else "missed"))
    reader.close()
    (tag, attributes), *data = seen
    assert (tag, attributes) == ("p", [("title", translation)])
    assert "".join(map(str, data)) == f"{translation} {translation}"
