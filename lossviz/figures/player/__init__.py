"""The player: its style, and its program for an exported file; the app's is in ui/components/player."""

from __future__ import annotations

from pathlib import Path

from ..browser import program
from ..theme import css

HERE = Path(__file__).parent

JS = program(HERE / "page.js")
"""The player, and what starts it on a page that has its models in it."""

CSS = css() + (HERE / "player.css").read_text(encoding="utf-8")
