"""A model's outputs on many samples, and what was understood of them: what every reader returns and every analysis takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..texts import say

BLOCK, MIN_ROWS = 262_144, 1_000
"""About how many logits a block has, and the fewest rows: enough that calls and histograms by class do not count, few enough
that temporaries are small. Of a large vocabulary come fewer: 16 BLOCK logits at most."""


def rows_per_block(classes: int) -> int:
    """How many rows with this many logits each make a block."""
    return max(BLOCK // classes, min(MIN_ROWS, 16 * BLOCK // classes), 1)


@dataclass(frozen=True, eq=False)
class Predictions:
    """Some rows: N samples with C logits each.

    logits: (N, C) float32 or float64, finite, or −inf for masked classes; C = 1 is one sigmoid logit. targets: class indices
    (N,) int64, for C = 1 labels 0 and 1; or (N, C) in [0, 1] in the logits' dtype. ids: a name of each row, or None: its
    number. groups: a code (N,) int32 of `Survey.groups`. suspects: (N,) bool, rows whose label is doubted. start: how many
    rows come before the first. numbers: of the rows in the file (N,) int64, where some rows of it are ignored; else None.
    """

    logits: NDArray[Any]
    targets: NDArray[Any]
    ids: NDArray[Any] | None = None
    groups: NDArray[np.int32] | None = None
    suspects: NDArray[np.bool_] | None = None
    start: int = 0
    numbers: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.logits)

    def rows(self, part: slice) -> Predictions:
        """Some of the rows, without a copy."""
        names = ("logits", "targets", "ids", "groups", "suspects", "numbers")
        arrays: dict[str, Any] = {name: None if (x := getattr(self, name)) is None else x[part] for name in names}
        return Predictions(**arrays, start=self.start + (part.start or 0))

    @property
    def row_numbers(self) -> NDArray[np.int64]:
        """The number of each row in the file (N,), from 0."""
        return np.arange(self.start, self.start + len(self)) if self.numbers is None else self.numbers

    def numbered(self, number: int) -> Predictions | None:
        """The row with this number in the file; None if it was ignored, or if the file has no such row."""
        place = int(np.searchsorted(self.row_numbers, number))
        row = self.rows(slice(place, place + 1))
        return row if len(row) and int(row.row_numbers[0]) == number else None


class Rounding(NamedTuple):
    """To how many digits probabilities were written, and what follows from it.

    places: decimals, or None if they were not rounded to decimals. bound: what a written 0 is taken for at most; below_one:
    what 1 − p is taken for where p is written as 1. resolution: the digits in words. zeros: rows of which the true class has
    probability 0 as written; min_cross_entropy: what the mean cross-entropy is at least; both None where they are not known.
    """

    places: int | None
    bound: float
    below_one: float
    resolution: str
    zeros: int | None
    min_cross_entropy: float | None


class Survey(NamedTuple):
    """What was understood of a batch of N samples with C logits each.

    name: of the file or the shipped batch. task: "binary", "two-logit", "multi-class" or "multi-label", by the logits and
    targets. soft: some target is neither 0 nor 1. activations: those under which the logits mean what the file has; both for
    logits, one for probabilities. output_type: what the file has, "logits" or "probabilities"; output_type_reason: why it was
    taken for that. counts: samples of each class (C,), or positives of each entry where several may be true; for soft targets
    their sums; for C = 1 those of the negatives and the positives. groups: names of the groups, by their codes. ids: whether
    rows have ids. suspects: how many rows have a doubted label, or None. notes: what was changed on the way in, in sentences.
    dtype: of the logits. class_names: of each class (C,), or none. ignored: the labels of rows that are ignored, as they were
    written ("" for nothing), and how many such rows there are. rounding: of probabilities, how they were rounded. masked:
    logits that are −inf.
    """

    name: str
    samples: int
    classes: int
    task: str
    soft: bool
    activations: tuple[str, ...]
    output_type: str
    output_type_reason: str
    counts: tuple[float, ...]
    groups: tuple[str, ...] = ()
    ids: bool = False
    suspects: int | None = None
    notes: tuple[str, ...] = ()
    dtype: str = "float32"
    class_names: tuple[str, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()
    rounding: Rounding | None = None
    masked: int = 0

    @property
    def rows(self) -> int:
        """Rows of the file: those that are used, which are the samples, and those that are ignored."""
        return self.samples + sum(count for _, count in self.ignored)

    def class_label(self, number: int) -> str:
        """What a class is called: its name, where the file has names."""
        return self.class_names[number] if self.class_names else say("class {number}", number=number)

    @property
    def class_labels(self) -> tuple[str, ...]:
        """What all classes are called."""
        if self.class_names:
            return self.class_names[: self.classes]
        return _first_classes(self.classes) if self.classes <= MANY else numbered_classes(range(self.classes))


MANY = 10_000
"""Names of more classes than these are English in any language: as messages they would take more memory than the logits."""


def numbered_classes(numbers: Sequence[int | str]) -> tuple[str, ...]:
    """What classes are called that are only numbered."""
    if len(numbers) > MANY:
        return tuple(f"class {number}" for number in numbers)
    return tuple(say("class {number}", number=number) for number in numbers)


@lru_cache(maxsize=8)
def _first_classes(number: int) -> tuple[str, ...]:
    return numbered_classes(range(number))


class Source(Protocol):
    """Where predictions come from: memory, or a file that is read a block at a time, as often as an analysis takes."""

    @property
    def survey(self) -> Survey:
        """What was understood of all rows."""

    def blocks(self) -> Iterator[Predictions]:
        """All rows, in order, some at a time."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Predictions in memory."""

    survey: Survey
    rows: Predictions

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        rows = self.rows
        arrays = (rows.logits, rows.targets, rows.ids, rows.groups, rows.suspects)
        return sum(array.nbytes for array in arrays if array is not None)

    def blocks(self) -> Iterator[Predictions]:
        """Views of the rows, about BLOCK logits at a time."""
        size = rows_per_block(self.survey.classes)
        return (self.rows.rows(slice(start, start + size)) for start in range(0, len(self.rows), size))


def task_of(classes: int, targets: NDArray[Any]) -> str:
    """The task that targets (N,) or (N, C) belong to: labels, or rows that sum to 1, name one class, others several."""
    if classes == 1:
        return "binary"
    if targets.ndim == 2 and not np.allclose(targets.sum(1), 1, atol=1e-3):
        return "multi-label"
    return "two-logit" if classes == 2 else "multi-class"
