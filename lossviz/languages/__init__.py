"""Languages other than English: each a gettext file, `zh.po`, whose name is its word in links. One more is one more file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import polib

from ..texts import Lookup, Message, pieces

FOLDER = Path(__file__).parent

ENGLISH = "en"

LANGUAGES = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))

ELSEWHERE = {"TW", "HK", "MO", "HANT"}
"""Parts of a browser's language that stand for other letters: readers of traditional Chinese choose by themselves."""


CHINESE, MARKS = "\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef", "\\u3001\\u3002\\uff01\\uff09\\uff0c\\uff1a\\uff1b\\uff1f"

SUPERFLUOUS = re.compile(f"(?<=[{CHINESE}]) (?=[{CHINESE}])|(?<=[{MARKS}]) (?! )")
"""A blank between two letters or marks of Chinese, or after such a mark."""

LETTER = re.compile(f"[{CHINESE}]")

INTERVAL = re.compile(r"(?<=[\d∞],) (?=[−+-]?[\d.∞]+%?\])")
"""A blank between the ends of an interval."""


class Language(NamedTuple):
    """What its file says of it: its name in itself, what HTML calls it, and every text that it has."""

    name: str
    tag: str
    texts: Mapping[str, str]


@cache
def language(word: str) -> Language:
    """The language that a link calls so."""
    if word == ENGLISH:
        return Language("English", ENGLISH, {})
    file = polib.pofile(FOLDER / f"{word}.po")
    texts = {entry.msgid: entry.msgstr for entry in file if entry.msgstr}
    return Language(file.metadata["X-Language-Name"], file.metadata["Language"].replace("_", "-"), texts)


def lookup(word: str) -> Lookup:
    """What says a template in a language; one that its file lacks stays English."""
    if word == ENGLISH:
        return str
    texts = language(word).texts
    return lambda template: texts.get(template, template)


def of_browser(locale: str | None) -> str:
    """The language of a browser, as it calls it, if there is a file of it; otherwise English.

    >>> of_browser("zh-CN"), of_browser("zh-Hant-TW"), of_browser("de"), of_browser(None)
    ('zh', 'en', 'en', 'en')
    """
    first, *rest = (locale or ENGLISH).replace("_", "-").split("-")
    return first.lower() if first.lower() in LANGUAGES and not ELSEWHERE & {part.upper() for part in rest} else ENGLISH


def tidied(text: str) -> str:
    """A text without blanks between letters that need none: a part may have begun with such a letter, or with a Latin one. An
    interval is not broken into lines: where every letter may end a line, a blank is no more than that.

    >>> tidied("应为 有限数。 改用 [−1, +2]。")
    '应为有限数。改用 [−1,\\xa0+2]。'
    """
    tidy = SUPERFLUOUS.sub("", text)
    return INTERVAL.sub("\u00a0", tidy) if LETTER.search(tidy) else tidy


def localized_pieces(text: str, lookup: Lookup) -> tuple[str, ...]:
    """A text in a language in parts, those that are to be seen first as `Strong`."""
    done: list[str] = []
    for piece in pieces(text, lookup):
        before = done[-1][-1:] if done else ""
        done.append(type(piece)(tidied(before + piece)[len(before) :]))
    return tuple(done)


def localized(x: Any, lookup: Lookup) -> Any:
    """A nest of dictionaries, lists and tuples with all its messages in a language, those among the names as well."""
    if lookup is str:
        return x
    if isinstance(x, Message):
        return tidied(x.translated(lookup))
    if isinstance(x, dict):
        return {localized(name, lookup): localized(value, lookup) for name, value in x.items()}
    if isinstance(x, list | tuple):
        return [localized(value, lookup) for value in x]
    return x
