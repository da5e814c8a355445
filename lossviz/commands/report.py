"""`lossviz report predictions.parquet`: answers about a file of predictions without a browser, whatever its size."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..losses import LOSSES
from .extras import require


def add_parser(commands: Any) -> None:
    """Adds `report` and its options to the words of the command line."""
    command = commands.add_parser(
        "report", help="write all answers about a file as one HTML file, reading it a block at a time"
    )
    command.add_argument("file", type=Path, help="CSV, NPZ or Parquet with logits (or probabilities) and labels")
    command.add_argument("-o", "--output", type=Path, default=Path("lossviz-report.html"), help="the HTML file to write")
    command.add_argument("--loss", default="focal", choices=tuple(LOSSES))
    command.add_argument("--activation", choices=("softmax", "sigmoid"), help="default: what fits the file")
    command.add_argument("--gamma", type=float, nargs="+", default=[2.0, 0.0, 1.0, 5.0], help="the first is the present one")
    command.add_argument("--alpha", type=float, help="the factor on positives, 1 − alpha on negatives; under softmax on all")
    command.add_argument("--label-smoothing", type=float, default=0.0)
    command.add_argument("--temperature", type=float, default=1.0)
    command.add_argument("--threads", type=int, default=1, help="more help where nothing else runs on the machine")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the report."""
    require("report")
    from .reporting import write  # only now: the reader of files and the figures need what an extra brings

    return write(options)
