"""The player: its style, and its program for an exported file; the app's is in ui/components/player."""

from __future__ import annotations

from pathlib import Path

from ...texts import Lookup
from ..browser import program
from ..theme import css

FOLDER = Path(__file__).parent

CSS = css() + (FOLDER / "player.css").read_text(encoding="utf-8")


def script(lookup: Lookup) -> str:
    """The player, and what starts it on a page that has its models in it."""
    return program(FOLDER / "page.js", lookup)
