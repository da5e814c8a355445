"""Texts that look like signs of the format: written with a backslash, which GitHub does not show, and read without it.

A text that has backslashes there already gets one more, so that reading takes away what writing has put in. Backslashes
anywhere else are left alone.
"""

from __future__ import annotations

import re

SIGNS = r"#+(?!\S)|<!--|\[scene\]\(|[-*+] *\[[ x]?\](?!\S)|[>?=]"
"""What a line may begin with: a heading, a comment, the link of a scene, an answer, a reason, a question, a value."""

WORDS = "note|show|then"
"""The same in words, before a colon; Chinese keyboards have a wider one."""

MARKDOWN = r"`{3}|~{3}|-+\Z|<[a-z/!?]"
"""What would turn the lines around it into code, a heading or HTML where the file is looked at."""

START = re.compile(rf"\A(?:()(\\*)({SIGNS}|{MARKDOWN})|({WORDS})(\\*)([:：]))", re.I)
DRAG = re.compile(r"\A(drag)(\\*)([:：])", re.I)
"""How a question begins that is answered on the axis."""

OPENING = re.compile(r"(<)(\\*)(!--)")
"""Where a comment begins; a text before it must not."""

CLOSING = re.compile(r"(--)(\\*)(!?>)")
"""Where a comment ends; a text within it must not."""


def escaped(text: str, sign: re.Pattern[str]) -> str:
    r"""A text that cannot be taken for a sign.

    >>> print(escaped("# is a number sign", START), escaped("Note: this", START), escaped("a --> b", CLOSING))
    \# is a number sign Note\: this a --\> b
    """
    return sign.sub(lambda match: "{}\\{}{}".format(*_parts(match)), text)


def unescaped(text: str, sign: re.Pattern[str]) -> str:
    r"""The text before `escaped`.

    >>> print(unescaped(r"\# is a number sign", START), unescaped(r"\alpha", START))
    # is a number sign \alpha
    """
    return sign.sub(_without_one, text)


def _without_one(match: re.Match[str]) -> str:
    before, backslashes, after = _parts(match)
    return before + backslashes[1:] + after


def _parts(match: re.Match[str]) -> tuple[str, str, str]:
    before, backslashes, after = (group for group in match.groups() if group is not None)
    return before, backslashes, after
