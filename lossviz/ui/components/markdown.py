"""Texts of a user's file or of a link as Markdown that shows them letter by letter."""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from ...texts import Message

LONGEST = 2000
"""How many characters of such a text are shown."""

BREAKER = "\u2060"
"""A character of no width: no address goes through it, so that none becomes a link."""


def literal(text: object, longest: int = LONGEST) -> Message:
    """A text of strangers, escaped: names of columns, files, groups and classes, messages about them, words of a link.

    No picture, link, formula, icon or HTML comes of it; characters that cannot be seen or that turn the direction of writing
    are shown as �, line breaks as spaces.

    Args:
        text: anything, by its `str`.
        longest: how many characters of it are shown.

    Returns:
        Markdown that shows the text as it is, in any language if it is a message of ours.

    Example:
        >>> print(literal("![x](a.png) $y$"))
        \\!\\[x\\]\\(a\\.png\\) \\$y\\$
    """
    message = text if isinstance(text, Message) else Message("{text}", {"text": str(text)})
    return message.then(partial(_escaped, longest=longest))


def _escaped(text: str, longest: int) -> str:
    line = " ".join(text.split())
    visible = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") else c for c in line[:longest])
    unlinked = re.sub(r"(?i)(https?|ftp|mailto|xmpp)(?=:)|(www)(?=\.)|(?<=\S)(?=@)", rf"\g<0>{BREAKER}", visible)
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", unlinked)
    return escaped + ("…" if len(line) > longest else "")
