"""Words that others wrote, as Markdown that shows them and makes nothing of them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2000
"""Characters that are shown of such a text."""

BREAKER = "\u2060"
"""A character of no width: no address goes through it, so that none becomes a link."""


def literal(text: object, longest: int = LONGEST) -> str:
    """Names of columns, files, groups and classes, messages about them, and words of a link.

    No picture, link, formula, icon or HTML comes of them; characters that cannot be seen or that turn the direction of
    writing are shown as �, line breaks as spaces.
    """
    words = " ".join(str(text).split())
    seen = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") else c for c in words[:longest])
    apart = re.sub(r"(?i)(https?|ftp|mailto|xmpp)(?=:)|(www)(?=\.)|(?<=\S)(?=@)", rf"\g<0>{BREAKER}", seen)
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", apart)
    return escaped + ("…" if len(words) > longest else "")
