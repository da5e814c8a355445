"""The browser's programs as texts: Streamlit, and a file that plays offline, take one text and follow no imports.

A text for people stands in them as `say("…")`, and is looked up here: a browser is sent the one language that its person reads.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

from ...texts import Lookup

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
TYPES = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n|/\*\*.*?\*/ ?", re.MULTILINE | re.DOTALL)
OTHER = re.compile(r"^(?:import|export)\b(?! default function \().*", re.MULTILINE)

LITERAL = r'"(?:[^"\\\n]|\\.)*"'

TEXT = re.compile(rf"(?<![\w.])(say\(\s*)({LITERAL})(?=\s*[,)])")
"""A text in a module. What is no literal is not looked up: `filled` is for a template that has been said before."""

PLACE = re.compile(rf"\{{\{{ say\(({LITERAL})\) \}}\}}")
"""A text in a file of HTML."""

HISTORY = Path(__file__).with_name("history.js")
"""The address and the steps of Back: ui/session/address.py and the components."""


def program(entry: Path, lookup: Lookup | None = None) -> str:
    """A module and all that it imports as a single text, each after those that it imports.

    A module that is imported becomes a function that is called at once and returns what the module exports. Of the forms of the
    two statements there are `import { a, b } from "./c.js";`, `export` before what declares a name, and the entry's own default
    export of a function; anything else is refused, and so are modules that import each other.

    Comments that tell types stay behind: a browser has no use for them, and what cleans HTML takes `Array<number>` for an
    element and throws the script away.

    `lookup`: gives the texts for people in their language.
    """
    modules: dict[Path, str] = {}
    text = "".join((*_imported(entry.resolve(), modules), _plain(entry, modules)))
    return TEXT.sub(lambda match: match[1] + _translated(match[2], lookup), text) if lookup else text


def markup(file: Path, lookup: Lookup) -> str:
    """A file of HTML with the texts that stand in it as `{{ say("…") }}` in a language."""
    return PLACE.sub(lambda match: escape(lookup(json.loads(match[1]))), file.read_text(encoding="utf-8"))


def _translated(literal: str, lookup: Lookup) -> str:
    """A literal of JavaScript, in another language; it ends no script."""
    text = json.loads(literal)
    translation = lookup(text)
    return literal if translation == text else json.dumps(translation).replace("<", "\\u003c")


def _imported(module: Path, modules: dict[Path, str]) -> list[str]:
    """The texts of what a module imports and no module before it did; `modules` has the name of each."""
    texts = []
    for _, path in IMPORT.findall(module.read_text(encoding="utf-8")):
        other = (module.parent / path).resolve()
        if other not in modules:
            modules[other] = ""
            texts += [*_imported(other, modules), _function(other, modules)]
    return texts


def _function(module: Path, modules: dict[Path, str]) -> str:
    text = _plain(module, modules)
    modules[module] = f"module{sum(map(bool, modules.values()))}"
    names = ", ".join(EXPORT.findall(module.read_text(encoding="utf-8")))
    return f"const {modules[module]} = (() => {{\n{text}return {{ {names} }};\n}})();\n"


def _plain(module: Path, modules: dict[Path, str]) -> str:
    def named(match: re.Match[str]) -> str:
        name = modules[(module.parent / match[2]).resolve()]
        if not name:
            raise ValueError(f"{module.name} and {match[2]} import each other")
        return f"const {{{match[1].replace(' as ', ': ')}}} = {name};\n"

    text = EXPORT.sub("", IMPORT.sub(named, TYPES.sub("", module.read_text(encoding="utf-8"))))
    if other := OTHER.search(text):
        raise ValueError(f"{module.name} cannot be joined: {other[0]}")
    return text
