"""The lectures that come with lossviz: a file for each and for each language, `ten-names.en.md`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ...errors import unknown_name
from ...languages import ENGLISH
from ..lecture import Lecture
from ..parser import read

FOLDER = Path(__file__).parent

NAMES = ("ten-names", "focal-in-15", "when-focal-hurts")
"""Every shipped lecture by its name, in the order in which they are best heard."""


@cache
def lecture(name: str, language: str = ENGLISH) -> Lecture:
    """A shipped lecture in a language; in English where there is none in that one.

    Args:
        name: one of `NAMES`.
        language: as a link calls it, such as "zh".

    Raises:
        InputError: for another name.

    Example:
        >>> lecture("ten-names").title
        'Ten names, one formula'
    """
    if name not in NAMES:
        raise unknown_name("lecture", name, NAMES)
    files = {path.name: path for path in FOLDER.glob("*.md")}
    file = files.get(f"{name}.{language}.md", FOLDER / f"{name}.{ENGLISH}.md")
    return read(file.read_bytes())
