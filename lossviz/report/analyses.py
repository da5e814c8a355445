"""Where sections get their numbers from: a page computes what it is asked for, a report has computed all of it before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from ..analysis.batch.batch_stats import BatchStats
from ..analysis.batch.calibration_result import CalibrationResult
from ..analysis.batch.classes import ClassSums
from ..analysis.batch.suspects import Suspects
from ..losses import LossSpec

T = TypeVar("T")


class Analyses(Protocol):
    """Analyses of one batch under the losses of one query."""

    def all_stats(self, specs: Sequence[LossSpec]) -> list[BatchStats]:
        """The statistics of each loss."""

    def class_sums(self, group: int | None = None) -> ClassSums:
        """The sums of each class under the present loss, of one group or of all rows."""

    def suspects(self) -> Suspects | None:
        """The labels that look wrong; None where targets are soft."""

    def calibration(self) -> CalibrationResult:
        """Calibration, temperature and scores, of the logits as they came."""

    def kept(self, key: Any, compute: Callable[[], T]) -> T:
        """What was computed of the batch under a key, or is now."""
