"""What the tests of pictures of a training share: their lines, and every frame as the browser has it."""

from __future__ import annotations

from typing import Any

from lossviz.analysis.training import Record, contrast
from lossviz.figures.frames import Played
from lossviz.figures.training.differences import SeedDifferences
from lossviz.figures.training.lines import LegendEntry

from ...plotted import by_uid, check_frames, model, played


def lines(record: Record) -> list[LegendEntry]:
    """A line for each loss, called A, B …"""
    return [LegendEntry("ABCDEF"[n], spec.key, n) for n, spec in enumerate(record.experiment.losses)]


def make_comparison(
    record: Record, measure: str = "accuracy", counterpart: Record | None = None, margin: float = 0.1
) -> SeedDifferences:
    """What pictures of differences draw, of a counterpart without the noise."""
    seeds, apart = record.experiment.seed_numbers, contrast(record, counterpart, measure)
    return SeedDifferences(lines(record), record.epochs, seeds, apart, measure, "the noise", margin)


def every(figure: Played, record: Record) -> list[dict[str, dict[str, Any]]]:
    """The traces by uid after each epoch; a picture of several epochs has a frame for each."""
    sent = model(figure)
    assert len(sent["frames"]) == len(record.epochs)
    check_frames(sent, len(record.epochs))
    return [by_uid(traces) for traces in played(sent)]


def titles(figure: Played) -> list[str]:
    """The title of each frame, with plain spaces."""
    return [frame["layout"]["title"]["text"].replace("\u00a0", " ") for frame in figure.frames]


def notes(figure: Played) -> list[str]:
    """The sentences within a picture."""
    return [note["text"] for note in figure.layout.get("annotations", [])]
