"""CSS of the pages, as it is sent at the beginning of every run."""

from __future__ import annotations

import re
from pathlib import Path

COMMENT_OR_BREAK = re.compile(r"/\*.*?\*/|\s*\n\s*", re.DOTALL)


def stylesheet(path: Path, before: str = "") -> str:
    """A file of CSS as an element of HTML, with some CSS before it; without what only its reader needs."""
    return f"<style>{COMMENT_OR_BREAK.sub(' ', before + path.read_text(encoding='utf-8'))}</style>"
