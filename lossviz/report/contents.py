"""What a report is about, and what has to be computed for it in one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from ..analysis.batch.advisor import grid_losses
from ..analysis.batch.batch_stats import BatchStats, plan, totals
from ..analysis.batch.calibration_result import CalibrationResult, calibration_result
from ..analysis.batch.calibration_sums import ReliabilitySums, merge, reliability
from ..analysis.batch.calibration_temperature import TemperatureSums, temperature_sums
from ..analysis.batch.classes import ClassSums, class_sums
from ..analysis.batch.classes import merge as merge_classes
from ..analysis.batch.suspects import Suspects, judging_activation, suspects, unavailable
from ..data.predictions import Predictions, Source, Survey
from ..evaluation.setting import baseline
from ..losses import LossSpec
from ..state.batch import BatchQuery

T = TypeVar("T")


class ReportData(NamedTuple):
    """What a report is about: the query; the statistics of every loss it needs; what calibration and temperature are made of;
    the sums of each class under the present loss; and the doubtful labels, None for soft targets."""

    query: BatchQuery
    stats: dict[LossSpec, BatchStats]
    cells: ReliabilitySums
    temperature: TemperatureSums
    classes: ClassSums
    doubtful: Suspects | None

    def all_stats(self, specs: Sequence[LossSpec]) -> list[BatchStats]:
        """The statistics of each loss."""
        return [self.stats[spec] for spec in specs]

    def class_sums(self, group: int | None = None) -> ClassSums:
        """The sums of each class, of all rows."""
        if group is not None:
            raise NotImplementedError("a report is about all rows")
        return self.classes

    def suspects(self) -> Suspects | None:
        """The labels that look wrong."""
        return self.doubtful

    def calibration(self) -> CalibrationResult:
        """Calibration, temperature and scores."""
        return calibration_result(self.cells, self.temperature, self.query.spec.activation == "sigmoid")

    def kept(self, _key: Any, compute: Callable[[], T]) -> T:
        """What is computed now: a report asks once."""
        return compute()


def losses_of(query: BatchQuery) -> tuple[LossSpec, ...]:
    """The losses that a report has to know the statistics of."""
    specs = (*(line.spec for line in query.lines), *query.specs, *grid_losses(query.spec, query.survey))
    return tuple(dict.fromkeys((*specs, *map(baseline, specs))))


def passes(survey: Survey) -> int:
    """How often `compute` reads all rows: once, and three more times for doubtful labels."""
    return 1 if unavailable(survey) else 4


def compute(source: Source, query: BatchQuery) -> ReportData:
    """All that a report needs, in one pass over the rows and three more for doubtful labels."""
    survey, present = source.survey, query.spec
    specs = losses_of(query)
    plans = [plan(spec, survey) for spec in specs]
    sums = (*_calibrations(probability_activation(present)), Summed(partial(_class_sums, survey, present), merge_classes))
    watched = _Watched(source, sums)
    stats = dict(zip(specs, totals(plans, watched), strict=True))
    doubtful = None if unavailable(survey) else suspects(source, judging_activation(survey, present.activation))
    cells, temperature, classes = watched.sums
    return ReportData(query, stats, cells, temperature, classes, doubtful)


def probability_activation(spec: LossSpec) -> str:
    """What makes probabilities of logits where calibration is judged."""
    return "sigmoid" if spec.activation == "sigmoid" else "softmax"


def _class_sums(survey: Survey, spec: LossSpec, block: Predictions) -> ClassSums:
    return class_sums(block, survey, spec)


class Summed(NamedTuple):
    """Something that adds up: of some rows, and of two parts."""

    of: Callable[[Predictions], Any]
    merge: Callable[[Any, Any], Any]


def _calibrations(activation: str) -> tuple[Summed, Summed]:
    return (
        Summed(lambda block: reliability(block, activation), merge),
        Summed(lambda block: temperature_sums(block, activation), merge),
    )


class _Watched:
    """A source of whose blocks other sums are made while they pass."""

    def __init__(self, source: Source, summed: Sequence[Summed]) -> None:
        self.survey, self._source, self._summed = source.survey, source, summed
        self.sums: tuple[Any, ...] = ()

    def blocks(self) -> Iterator[Predictions]:
        """The source's own."""
        for block in self._source.blocks():
            parts = [one.of(block) for one in self._summed]
            before = self.sums or (None,) * len(parts)
            self.sums = tuple(
                part if old is None else one.merge(old, part)
                for one, old, part in zip(self._summed, before, parts, strict=True)
            )
            yield block


def calibration_sums(source: Source, activation: str) -> tuple[ReliabilitySums, TemperatureSums]:
    """The sums that calibration and temperature are made of, of all rows."""
    watched = _Watched(source, _calibrations(activation))
    for _ in watched.blocks():
        pass
    first, second = watched.sums
    return first, second
