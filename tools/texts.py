"""The texts of the code and the files of its languages: `python -m tools.texts update` or `check`.

A text is the literal that `say`, `counted` or `joined` begins with, what a field is declared with, and what an element of
Streamlit is drawn with; in JavaScript and in templates of HTML it is the literal in `say("…")`.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple, TypeGuard

import polib

from lossviz.languages import FOLDER, LANGUAGES

ROOT = Path(__file__).parents[1]

IN_BROWSER = re.compile(r'\bsay\(\s*("(?:[^"\\]|\\.)*")')

MAKERS = {"say", "counted", "joined"}
"""Of a message, in lossviz.texts and lossviz.numbers."""

FIELDS = {"Number", "Choice", "Vector", "Text"}

NAMED = {"label", "help", "placeholder", "text", "caption", "title", "body", "alt"}
"""Arguments of elements, by name, that are texts; the first one is, too."""

NO_ELEMENTS = {"html", "code", "container", "columns", "query_params", "session_state", "latex", "component", "switch_page"}


class Source(NamedTuple):
    """A text and the file that says it."""

    text: str
    file: str


class TextError(ValueError):
    """A text that no language can look up."""


def sources() -> dict[str, list[str]]:
    """Every text, in the order of the code, and the files that say it."""
    files: dict[str, list[str]] = {}
    for path in sorted((ROOT / "lossviz").rglob("*")):
        for text, file in _of_file(path):
            names = files.setdefault(text, [])
            if file not in names:
                names.append(file)
    return files


def _of_file(path: Path) -> Iterator[Source]:
    file = path.relative_to(ROOT).as_posix()
    if path.suffix == ".py":
        for text in _of_python(ast.parse(path.read_text(encoding="utf-8")), file):
            yield Source(text, file)
    elif path.suffix in (".js", ".html", ".jinja"):
        for literal in IN_BROWSER.findall(path.read_text(encoding="utf-8")):
            yield Source(json.loads(literal), file)


def _of_python(tree: ast.Module, file: str) -> Iterator[str]:
    ours = {name.name for node in ast.walk(tree) if _is_about_texts(node) for name in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in MAKERS - ours:
            yield from filter(_has_words, _of_call(node, file))


def _is_about_texts(node: ast.AST) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module in ("texts", "numbers")


def _of_call(call: ast.Call, file: str) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    keywords = {one.arg: one.value for one in call.keywords}
    if name == "say":
        yield _needed(call.args[0], call, file)
    elif name == "counted":
        one, *others = (_needed(noun, call, file) for noun in call.args[1:3])
        yield from (f"{{number:,}} {noun}" for noun in (one, *(others or [one + "s"])))
    elif name == "joined":
        separator = call.args[1] if len(call.args) > 1 else keywords.get("separator")
        yield ", " if separator is None else _needed(separator, call, file)
    elif name in FIELDS and file.startswith(("lossviz/state/fields", "lossviz/losses", "lossviz/fields")):
        yield from _of_field(name, call, keywords)
    elif _is_element(call.func, name):
        first = [] if name == "control" else call.args[:1]  # which begins with the name of a field
        candidates = [*first, *(value for key, value in keywords.items() if key in NAMED)]
        yield from (text for text in map(_literal, candidates) if text)


def _of_field(name: str, call: ast.Call, keywords: dict[str | None, ast.expr]) -> Iterator[str]:
    places = {"Number": (1, 4), "Choice": (1, 4), "Vector": (1, 3), "Text": (1, 2)}[name]
    candidates = [call.args[place] for place in places if place < len(call.args)]
    candidates += [keywords[key] for key in ("label", "help") if key in keywords]
    candidates += getattr(keywords.get("labels"), "elts", ())
    yield from (text for text in map(_literal, candidates) if text)


def _is_element(function: ast.expr, name: str) -> bool:
    if isinstance(function, ast.Name):
        return name in ("popover", "control")
    is_streamlit = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "st"
    return is_streamlit and name not in NO_ELEMENTS


def _needed(node: ast.expr, call: ast.Call, file: str) -> str:
    text = _literal(node)
    if text is None:
        raise TextError(f"{file}, line {call.lineno}: expected a literal, found {ast.unparse(node)[:60]}")
    return text


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _has_words(text: str) -> bool:
    """Whether there is anything to translate: letters or punctuation outside of placeholders."""
    return bool(re.search(r"[A-Za-z]{2}|[,.:;?!()](?!\d)|^ $", re.sub(r"\{[^}]*\}", "", text)))


def placeholders(template: str) -> set[tuple[str, str]]:
    """The parts that a template has a place for, with their conversions."""
    if "{" not in template:
        return set()
    try:
        return {(name, conversion or "") for _, name, _, conversion in Formatter().parse(template) if name is not None}
    except ValueError:
        return set()  # a text without parts may have any braces


def problems() -> Iterator[str]:
    """What is missing or wrong in the languages' files."""
    texts = sources()
    for language in LANGUAGES[1:]:
        entries = {entry.msgid: entry for entry in polib.pofile(FOLDER / f"{language}.po")}
        yield from (
            f"{language}.po: no entry for {text!r} of {files[0]}" for text, files in texts.items() if text not in entries
        )
        for text, entry in entries.items():
            if text not in texts:
                yield f"{language}.po: nothing says {text!r}"
            elif not entry.msgstr:
                yield f"{language}.po: {text!r} is not translated"
            elif placeholders(text) != placeholders(entry.msgstr):
                yield f"{language}.po: {text!r} and {entry.msgstr!r} do not have the same placeholders"


def update() -> None:
    """Write the texts of the code into each language's file: new ones without a translation, and none that is gone."""
    for language in LANGUAGES[1:]:
        path = FOLDER / f"{language}.po"
        known = polib.pofile(path)
        translations = {entry.msgid: entry.msgstr for entry in known}
        known.clear()
        for text, files in sources().items():
            known.append(
                polib.POEntry(msgid=text, msgstr=translations.get(text, ""), occurrences=[(file, "") for file in files])
            )
        known.save()


def main(command: str) -> int:
    """Run `update` or `check`; how many problems there are."""
    if command == "update":
        update()
        return 0
    texts = list(problems())
    print(*texts, sep="\n", end="\n" if texts else "")
    return bool(texts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
