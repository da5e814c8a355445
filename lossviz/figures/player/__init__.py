"""The player's script and style, for the app and for exported files alike."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = ("player", "model", "draw", "kept", "scrubber", "handles", "picks")
"""One module in the browser: a component's script, like that of an exported file, is a single text."""

JS = "\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
CSS = (HERE / "player.css").read_text(encoding="utf-8")
