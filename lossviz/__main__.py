"""The command line, `lossviz` or `python -m lossviz`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .commands import app, report
from .commands.extras import MissingExtra


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the arguments say; 0 if it was done, 2 if not, and why on the standard error."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except MissingExtra as problem:
        print(f"lossviz: {problem}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """All that can be said to lossviz."""
    top = argparse.ArgumentParser("lossviz", description="A laboratory for classification losses.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    app.add_parser(commands)
    report.add_parser(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
