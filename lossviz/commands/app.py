"""`lossviz app`: starts the app on this machine, from an installed package or from a checkout."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from pathlib import Path
from typing import Any

from .extras import require

PACKAGE = Path(__file__).parents[1]
DOORS = (PACKAGE / "ui" / "door" / "app.py", PACKAGE.parent / "app.py")
"""The script that Streamlit runs, its settings beside it: as the wheel has it, and as a checkout has it."""


def add_parser(commands: Any) -> None:
    """Adds `app` to the words of the command line."""
    command = commands.add_parser("app", help="start the app on http://localhost:PORT")
    default = os.environ.get("PORT") or "8501"
    command.add_argument("--port", type=port, default=default, help="where to listen; default: the variable PORT, or 8501")
    command.add_argument("--address", default="localhost", help="who may connect: localhost, or 0.0.0.0 for the whole network")
    command.set_defaults(run=run)


def port(text: str) -> int:
    """A number of a port."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; expected a whole number from 1 to 65535")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Becomes Streamlit's server, until it is stopped."""
    require("app")
    # What Streamlit's own command line does; its settings come from beside the script, and environment variables win over them.
    sys.argv = ["streamlit", "run", str(door()), f"--server.port={arguments.port}", f"--server.address={arguments.address}"]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    return 0


def door() -> Path:
    """The script that is there."""
    return next(path for path in DOORS if path.is_file())
