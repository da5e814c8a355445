"""What a report is about, and what has to be computed for it in one pass over the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..analysis.batch.advisor import asked
from ..analysis.batch.calibration import Reliability, Tempered, merge, reliability, tempered
from ..analysis.batch.contributions import Pair
from ..analysis.batch.suspects import Suspects, judging_activation, suspects, unavailable
from ..analysis.batch.tally import Tally, plan, totals
from ..analysis.sample import baseline
from ..batches import Line
from ..data.predictions import Predictions, Source, Survey
from ..losses import LossSpec


class Told(NamedTuple):
    """What a report is about: the batch, the losses (the present one first, then the γ of the scrubber) and a tally of each;
    what calibration and temperature are made of; and the doubtful labels, None for soft targets."""

    survey: Survey
    lines: tuple[Line, ...]
    tallies: dict[LossSpec, Tally]
    cells: Reliability
    tempered: Tempered
    suspects: Suspects | None

    @property
    def spec(self) -> LossSpec:
        """The present loss."""
        return self.lines[0].spec

    @property
    def names(self) -> list[str]:
        """What a legend calls each loss."""
        return [line.label for line in self.lines]

    def of(self, spec: LossSpec) -> Tally:
        """The tally of a loss."""
        return self.tallies[spec]

    def pair(self, spec: LossSpec) -> Pair:
        """A loss beside its cross-entropy."""
        return Pair(spec, self.of(spec), baseline(spec), self.of(baseline(spec)))


def needed(lines: Sequence[Line], survey: Survey) -> tuple[LossSpec, ...]:
    """The losses that a report on these has to know the tally of."""
    present = lines[0].spec
    specs = (*(line.spec for line in lines), *asked(present, survey))
    return tuple(dict.fromkeys((*specs, *map(baseline, specs))))


def compute(source: Source, lines: tuple[Line, ...], progress: Callable[[int], None] | None = None) -> Told:
    """All that a report needs, in one pass over the rows and three more for doubtful labels."""
    survey, present = source.survey, lines[0].spec
    specs = needed(lines, survey)
    plans = [plan(spec, survey) for spec in specs]
    watched = _Watched(source, "sigmoid" if present.activation == "sigmoid" else "softmax")
    tallies = dict(zip(specs, totals(plans, watched, progress), strict=True))
    labels = None if unavailable(survey) else suspects(source, judging_activation(survey, present.activation))
    cells, warmth = watched.sums
    return Told(survey, lines, tallies, cells, warmth, labels)


class _Watched:
    """A source whose blocks are also asked for their calibration while they pass."""

    def __init__(self, source: Source, activation: str) -> None:
        self.survey, self._source, self._activation = source.survey, source, activation
        self.sums: tuple[Any, ...] = ()

    def blocks(self) -> Iterator[Predictions]:
        """The source's own."""
        for block in self._source.blocks():
            found = reliability(block, self._activation), tempered(block, self._activation)
            self.sums = tuple(map(merge, self.sums, found)) if self.sums else found
            yield block


def calibrating(source: Source, activation: str) -> tuple[Reliability, Tempered]:
    """The sums that calibration and temperature are made of, of all rows."""
    watched = _Watched(source, activation)
    for _ in watched.blocks():
        pass
    first, second = watched.sums
    return first, second
