"""The analyses of a page: each is made when it is asked for, kept beside its batch, and seen at work where it takes long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from ...analysis.batch.batch_stats import BatchStats
from ...analysis.batch.calibration_result import CalibrationResult, calibration_result
from ...analysis.batch.classes import ClassSums, total
from ...analysis.batch.suspects import Suspects, judging_activation, suspects, unavailable
from ...losses import LossSpec
from ...numbers import counted
from ...report.contents import calibration_sums, probability_activation
from ...state.batch import BatchQuery
from ...texts import say
from .. import elements as st
from ..server.batch_cache import CachedBatch

T = TypeVar("T")

LONG = 8_000_000
"""Logits times losses that take about a tenth of a second."""


class CachedAnalyses:
    """Analyses of a batch in memory under the losses of a query (report.analyses.Analyses)."""

    def __init__(self, query: BatchQuery, cached: CachedBatch) -> None:
        self.query, self.cached = query, cached

    def all_stats(self, specs: Sequence[LossSpec]) -> list[BatchStats]:
        """The statistics of each loss."""
        missing = [spec for spec in dict.fromkeys(specs) if not self.cached.knows(spec)]
        rows = self.query.survey.samples
        if len(missing) * rows * self.query.survey.classes < LONG:
            return self.cached.all_stats(specs)
        losses, samples = counted(len(missing), "loss", "losses"), counted(rows, "sample")
        text = say("Computing {losses} on {samples}", losses=losses, samples=samples)
        bar = st.Progress(0.0, text)
        stats = self.cached.all_stats(specs, lambda done: bar.fill(done / rows))
        bar.empty()
        return stats

    def class_sums(self, group: int | None = None) -> ClassSums:
        """The sums of each class under the present loss, of one group or of all rows."""
        spec = self.query.spec
        return self.kept(("classes", spec, group), partial(total, self.cached.batch, spec, group))

    def suspects(self) -> Suspects | None:
        """The labels that look wrong; None where targets are soft."""
        survey = self.query.survey
        if unavailable(survey):
            return None
        activation = judging_activation(survey, self.query.spec.activation)
        with st.spinner(say("Looking for label errors in {samples}", samples=counted(survey.samples, "sample"))):
            return self.kept(("suspects", activation), partial(suspects, self.cached.batch, activation))

    def calibration(self) -> CalibrationResult:
        """Calibration, temperature and scores, of the logits as they came."""
        activation = probability_activation(self.query.spec)
        with st.spinner("Computing the loss at 33 temperatures", show_time=False):
            sums = self.kept(("calibration", activation), partial(calibration_sums, self.cached.batch, activation))
        return self.kept(("calibrated", activation), lambda: calibration_result(*sums, activation == "sigmoid"))

    def kept(self, key: Any, compute: Callable[[], T]) -> T:
        """What was computed under a key, or is now."""
        answer: T = self.cached.answer(key, compute)
        return answer
