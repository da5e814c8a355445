"""What a report is about, and what has to be computed for it in one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..analysis.batch.advisor import grid_losses
from ..analysis.batch.batch_stats import BatchStats, plan, totals
from ..analysis.batch.calibration_sums import ReliabilitySums, merge, reliability
from ..analysis.batch.calibration_temperature import TemperatureSums, temperature_sums
from ..analysis.batch.classes import ClassSums, class_sums
from ..analysis.batch.classes import merge as merge_classes
from ..analysis.batch.contributions import Pair
from ..analysis.batch.suspects import Suspects, judging_activation, suspects, unavailable
from ..data.predictions import Predictions, Source, Survey
from ..evaluation.setting import baseline
from ..losses import LossSpec
from ..state.batch import Line


class Told(NamedTuple):
    """What a report is about: the batch, the losses (the present one first, then the scrubber’s γ), the statistics of each;
    what calibration and temperature are made of; the sums of each class under the present loss; and the doubtful labels,
    None for soft targets."""

    survey: Survey
    lines: tuple[Line, ...]
    all_stats: dict[LossSpec, BatchStats]
    cells: ReliabilitySums
    temperature_sums: TemperatureSums
    classes: ClassSums
    suspects: Suspects | None

    @property
    def spec(self) -> LossSpec:
        """The present loss."""
        return self.lines[0].spec

    @property
    def names(self) -> list[str]:
        """What a legend calls each loss."""
        return [line.label for line in self.lines]

    def of(self, spec: LossSpec) -> BatchStats:
        """The statistics of a loss."""
        return self.all_stats[spec]

    def pair(self, spec: LossSpec) -> Pair:
        """A loss beside its cross-entropy."""
        return Pair(spec, self.of(spec), baseline(spec), self.of(baseline(spec)))


def needed(lines: Sequence[Line], survey: Survey) -> tuple[LossSpec, ...]:
    """The losses that a report on these has to know the statistics of."""
    present = lines[0].spec
    specs = (*(line.spec for line in lines), *grid_losses(present, survey))
    return tuple(dict.fromkeys((*specs, *map(baseline, specs))))


def compute(source: Source, lines: tuple[Line, ...], progress: Callable[[int], None] | None = None) -> Told:
    """All that a report needs, in one pass over the rows and three more for doubtful labels."""
    survey, present = source.survey, lines[0].spec
    specs = needed(lines, survey)
    plans = [plan(spec, survey) for spec in specs]
    activation = "sigmoid" if present.activation == "sigmoid" else "softmax"
    sums = (*_calibrations(activation), Summed(lambda block: class_sums(block, survey, present), merge_classes))
    watched = _Watched(source, sums)
    all_stats = dict(zip(specs, totals(plans, watched, progress), strict=True))
    labels = None if unavailable(survey) else suspects(source, judging_activation(survey, present.activation))
    cells, warmth, classes = watched.sums
    return Told(survey, lines, all_stats, cells, warmth, classes, labels)


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


def calibrating(source: Source, activation: str) -> tuple[ReliabilitySums, TemperatureSums]:
    """The sums that calibration and temperature are made of, of all rows."""
    watched = _Watched(source, _calibrations(activation))
    for _ in watched.blocks():
        pass
    first, second = watched.sums
    return first, second
