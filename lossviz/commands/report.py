"""`lossviz report predictions.parquet`: answers about predictions without a browser, however large and many their files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..fields import Choice, Number
from ..languages import ENGLISH, LANGUAGES
from ..losses import LOSSES
from .extras import require
from .loss_parameters import loss_parameters


def add_parser(commands: Any) -> None:
    """Adds `report` and its options to the words of the command line."""
    command = commands.add_parser("report", help="write an HTML report on predictions of any size")
    what = "CSV, NPZ or Parquet files with logits (or probabilities) and labels, folders of them, or patterns: 'run/*.parquet'"
    command.add_argument("files", type=Path, nargs="+", metavar="PATH", help=what)
    command.add_argument("-o", "--output", type=Path, default=Path("lossviz-report.html"), help="the HTML file to write")
    command.add_argument("--lang", choices=LANGUAGES, default=ENGLISH, help="the language of the report; messages stay English")
    command.add_argument("--threads", type=int, default=1, help="use more on an otherwise idle machine")
    _columns(command.add_argument_group("columns", "names or globs such as 'prob_*'; columns that are not named are detected"))
    _labels(command.add_argument_group("labels"))
    _loss(command.add_argument_group("loss", "each parameter applies to some of the losses"))
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Writes the report."""
    require("report")
    from .reporting import write  # only now: the reader of files and the figures need what an extra brings

    return write(options)


def _columns(group: argparse._ArgumentGroup) -> None:
    for name, content in (("logits", "logits"), ("probs", "probabilities")):
        group.add_argument(
            f"--{name}", nargs="+", metavar="COLUMN", help=f"{content}: one column per class, or one column of lists"
        )
    group.add_argument("--label", nargs="+", metavar="COLUMN", help="labels, or one target column per class")
    for name, content in (
        ("id", "the name of each row"),
        ("group", "groups to compare"),
        ("suspect", "labels marked as suspect"),
    ):
        group.add_argument(f"--{name}", metavar="COLUMN", help=f"{content}; none to ignore the one that is detected")


def _labels(group: argparse._ArgumentGroup) -> None:
    order = "class names in column order; for a single probability or logit the negative class first"
    group.add_argument("--classes", nargs="+", metavar="NAME", help=order)
    ignored = "labels of rows to leave out (they are counted), in addition to -100 and blank ones"
    group.add_argument("--ignore-label", "--ignore-index", nargs="+", metavar="LABEL", help=ignored)
    group.add_argument("--first-label", type=int, metavar="N", help="number of the first class: 0 or 1")
    divide = "divide each row of probabilities by its sum, however far from 1"
    group.add_argument("--renormalize", action="store_true", help=divide)
    group.add_argument("--background-label", metavar="LABEL", help="label of rows in which no class is true (sigmoid losses)")


def _loss(group: argparse._ArgumentGroup) -> None:
    """The loss, and every parameter as it is declared."""
    group.add_argument("--loss", default="focal", choices=tuple(LOSSES))
    group.add_argument("--activation", choices=("softmax", "sigmoid"), help="default: the one that fits the file")
    for name, owners in loss_parameters().items():
        field, keys = next(iter(owners.values())), ", ".join(owners)
        about = f"{field.help} ({keys})" if len(owners) < len(LOSSES) else field.help
        flag, about = f"--{name.replace('_', '-')}", about.replace("%", "%%")
        if isinstance(field, Choice):
            group.add_argument(flag, choices=field.options, help=about)
            continue
        several = name == "gamma" or any(isinstance(x, Number) and x.vector for x in owners.values())
        group.add_argument(flag, type=int if field.integer else float, nargs="+" if several else None, help=about)
