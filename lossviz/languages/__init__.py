"""Languages other than English: each a gettext file, `zh.po`, whose name is its word in links. One more is one more file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import polib

from ..texts import Lookup, Message

FOLDER = Path(__file__).parent

ENGLISH = "en"

LANGUAGES = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


def lookup(language: str) -> Lookup:
    """What says a template in a language; one that its file lacks stays English."""
    if language == ENGLISH:
        return str
    texts = _catalogue(language)
    return lambda template: texts.get(template, template)


def localized(x: Any, lookup: Lookup) -> Any:
    """A nest of dictionaries, lists and tuples with all its messages in a language."""
    if isinstance(x, Message):
        return x.translated(lookup)
    if isinstance(x, dict):
        return {name: localized(value, lookup) for name, value in x.items()}
    if isinstance(x, list | tuple):
        return [localized(value, lookup) for value in x]
    return x


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(FOLDER / f"{language}.po") if entry.translated()}
