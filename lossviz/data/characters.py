"""Characters of a user's texts that cannot be seen, or that turn the direction of writing."""

from __future__ import annotations

import re

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, which a terminal obeys, but for tab and line feed; and marks, embeddings and overrides of direction."""


def visible(text: str) -> str:
    """A text with each such character as �, so that what is read is what stands there.

    Example:
        >>> visible("cat\\u202egnp.exe\\x1b[31m")
        'cat�gnp.exe�[31m'
    """
    return UNSEEN.sub("\ufffd", text)
