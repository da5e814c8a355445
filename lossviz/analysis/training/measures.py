"""The measures by which losses are compared, each a share by epoch, loss and seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...evaluation.setting import Array
from ...texts import say
from .calibration import calibration
from .record import Record


class Measure(NamedTuple):
    """A share (E, L, S) by which losses are compared; `more`: more is better."""

    key: str
    title: str
    of: Callable[[Record], Array]
    more: bool = True


MEASURES: dict[str, Measure] = {
    one.key: one
    for one in (
        Measure("accuracy", say("clean accuracy"), lambda record: record.runs.accuracy),
        Measure("balanced", say("balanced accuracy"), lambda record: record.runs.recall.mean(-1)),
        Measure(
            "rare", say("recall of the rare class"), lambda record: record.runs.recall[..., record.experiment.dataset_spec.rare]
        ),
        Measure("precision", say("average precision of the rare class"), lambda record: record.runs.precision),
        Measure(
            "calibration",
            say("calibration error (ECE, debiased)"),
            lambda record: calibration(record.runs.reliability).error,
            more=False,
        ),
        Measure("memorised", say("memorized wrong labels"), lambda record: record.runs.memorised, more=False),
    )
}
"""All measures by key, in screen order."""


def measure_values(record: Record, key: str) -> Array:
    """A measure of every epoch, loss and seed.

    Args:
        record: what a training came to.
        key: one of `MEASURES`.

    Returns:
        (E, L, S) in percent, 0 to 100 (a debiased calibration error may be below 0); nan where there is nothing to measure.
    """
    return 100 * MEASURES[key].of(record)
