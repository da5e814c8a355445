"""All that is said of the calibration of a batch, from its sums."""

from __future__ import annotations

from typing import NamedTuple

from .calibration import Calibration, calibration
from .calibration_bins import BinnedError, by_bins
from .calibration_scores import Scores, scores
from .calibration_sums import ReliabilitySums
from .calibration_temperature import Temperature, TemperatureSums, best_temperature


class CalibrationResult(NamedTuple):
    """What the page, the report and the CSV file say. entries: sigmoids, each with a decision of its own."""

    entries: bool
    calibration: Calibration
    temperature: Temperature
    scores: Scores
    binned: tuple[BinnedError, ...]


def calibration_result(cells: ReliabilitySums, sums: TemperatureSums, entries: bool) -> CalibrationResult:
    """Everything."""
    return CalibrationResult(entries, calibration(cells), best_temperature(sums), scores(cells), by_bins(cells))
