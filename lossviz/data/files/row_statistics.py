"""Statistics of all rows of a file, block by block: they decide what the numbers mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from shlex import quote
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...texts import say
from ..predictions import task_of
from . import limits
from .columns import AMBIGUOUS_TYPES, ColumnMapping, check_class_names
from .label_parser import BACKGROUND
from .problems import Faults, FileProblem, Remedy
from .reader import PLACE, Groups, RawRows, Shape, drop_ignored
from .repeated_ids import RepeatedIds
from .resolution import INSIDE, Resolution
from .row_sums import RowSums

MAX_INVALID = 20
"""How many different labels that name no class are remembered."""

MASKED = say("its true class is masked, so its loss is infinite")


UNLABELED = say("missing; expected a label")


class RowStatistics:
    """Statistics of all rows so far; the wrong ones are among the faults."""

    def __init__(self, mapping: ColumnMapping, shape: Shape, faults: Faults) -> None:
        if shape.targets not in (1, shape.classes):
            raise FileProblem(
                say(
                    "The file has {targets} targets per row and {logits} logits; expected one label per row, or a target for "
                    "each logit.",
                    targets=shape.targets,
                    logits=shape.classes,
                )
            )
        self.mapping, self.shape, self.faults = check_class_names(mapping, shape.classes), shape, faults
        self.rows = self.samples = 0
        self.ignored: Counter[str] = Counter()
        self.without_label = Faults()
        self.in_unit_interval = self.all_integers = True
        """All logits lie in [0, 1]; all are whole numbers."""
        self.lowest = np.inf
        self.masked = 0
        self.resolution = Resolution()
        self.sums = RowSums()
        self.zeros = self.ones = 0
        self.excess = 0.0
        """How far a probability lies outside [0, 1]."""
        self.outside = 0
        self.true_zeros = 0
        self.true_nll = 0.0
        self.minus_ones = Faults()
        self.has_zero = self.has_soft = self.is_multi_label = self.labels_are_floats = False
        self.invalid_labels: dict[float, int] = {}
        self.background_rows = 0
        self.one_hot = shape.targets > 1
        self.counts = np.zeros(max(2, shape.classes))
        self.groups: dict[str, int] = {}
        self.ids_are_integers = mapping.id is not None
        self.repeated_ids = RepeatedIds()
        self.suspects: int | None = None if mapping.suspect is None else 0
        self._used_rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self._block_size = 0

    @property
    def may_be_probabilities(self) -> bool:
        """Whether the numbers may be probabilities."""
        return self.mapping.output_type == "probabilities" or self.in_unit_interval

    def add(self, raw: RawRows) -> RawRows:
        """Adds the next rows; returns those that are used, with groups numbered across blocks."""
        self._block_size = len(raw.logits)
        if raw.ignored is not None:
            words, codes = raw.ignored
            counts = np.bincount(codes[codes >= 0], minlength=len(words))
            self.ignored.update({word: int(n) for word, n in zip(words, counts, strict=True) if n})
            self.without_label.start, self.without_label.flagged = self.rows, np.zeros(self._block_size, bool)
            self._report(self.without_label, codes >= 0, lambda i, _: words[codes[i]], UNLABELED)
        raw = drop_ignored(raw, self.rows)
        assert raw.rows is not None
        self._used_rows = raw.rows - self.rows
        self.rows += self._block_size
        self.samples += len(raw.logits)
        if len(raw.logits):
            # First what makes a row one without a label: whatever else is wrong with it comes of that.
            (self._add_labels if raw.target.ndim == 1 else self._add_targets)(raw.target)
            self._add_logits(raw.logits)
            self._add_masked_truth(raw.target, raw.logits)
        if raw.ids is not None and self.mapping.id != PLACE:
            self.repeated_ids.add(raw.ids)
        if raw.ids is not None and raw.ids.dtype.kind == "T":
            self.ids_are_integers = self.ids_are_integers and _are_integers(raw.ids)
        if raw.suspects is not None:
            self.suspects = (self.suspects or 0) + int(raw.suspects.sum())
        return raw if raw.groups is None else raw._replace(groups=self._numbered(raw.groups))

    def _report(
        self,
        faults: Faults,
        bad: NDArray[np.bool_],
        value: Callable[[int, int], Any],
        reason: str,
        columns: tuple[str, ...] | None = None,
    ) -> None:
        """Adds bad rows among those that are used to the faults, by their position in the block."""
        columns = self.mapping.target[:1] if columns is None else columns
        if len(bad) == self._block_size:
            faults.add(bad, columns, value, reason)
        elif bad.any():
            in_block = np.zeros((self._block_size, *bad.shape[1:]), bool)
            in_block[self._used_rows] = bad
            position = {int(row): n for n, row in enumerate(self._used_rows)}
            faults.add(in_block, columns, lambda i, k: value(position[i], k), reason)

    def _numbered(self, groups: Groups) -> Groups | None:
        names, codes = groups
        for name in names:
            self.groups.setdefault(name, len(self.groups))
        group = self.mapping.group
        if len(self.groups) > limits.GROUPS and group in self.mapping.by_name:
            many = say("it has more than {most} different values, too many for groups", most=limits.GROUPS)
            self.faults.unusable_columns[str(group)] = many
            self.groups = dict(list(self.groups.items())[:1])
            return None
        if len(self.groups) > limits.GROUPS:
            raise too_many_groups_problem(str(group))
        if str(group) in self.faults.unusable_columns:
            return None
        number = np.array([self.groups[name] for name in names], np.int32)
        return tuple(self.groups), number[codes]

    def _add_logits(self, z: NDArray[Any]) -> None:
        def value(i: int, k: int) -> Any:
            return z[i, k]

        names, output_type = self.mapping.logits, self.mapping.output_type
        finite = np.isfinite(z)
        bad = ~finite
        if output_type == "probabilities" or finite.all():
            self._report(self.faults, bad, value, say("expected a finite number"), names)
        else:
            masked = z == -np.inf
            self.masked += int(masked.sum())
            finite_or_masked = say("expected a finite number, or −inf for a masked class")
            self._report(self.faults, bad & ~masked, value, finite_or_masked, names)
            self._report(self.faults, masked.all(1), lambda i, _: z[i, 0], say("all classes are masked"), names[:1])
        low, high = float(z[finite].min(initial=np.inf)), float(z[finite].max(initial=-np.inf))
        self.lowest = min(self.lowest, low)
        self.all_integers = self.all_integers and output_type in AMBIGUOUS_TYPES and bool((z == np.floor(z)).all())
        if output_type != "probabilities" and not (
            self.in_unit_interval and finite.all() and low >= -INSIDE and high <= 1 + INSIDE
        ):
            self.in_unit_interval = False
            return
        if finite.all():
            self._add_probabilities(z, value)

    def _add_probabilities(self, z: NDArray[Any], value: Callable[[int, int], Any]) -> None:
        self.resolution.add(z)
        beyond = np.maximum(-z, z - 1)
        allowed = max(INSIDE, self.resolution.stored.above)
        self._report(self.faults, beyond > allowed, value, say("a probability lies in [0, 1]"), self.mapping.logits)
        self.zeros += int((z <= 0).sum())
        self.ones += int((z >= 1).sum())
        rounding = (beyond > 0) & (beyond <= allowed)
        if rounding.any():
            self.outside += int(rounding.sum())
            self.excess = max(self.excess, float(beyond[rounding].max()))
        names = (say("sum of {column} …", column=self.mapping.logits[0]),)
        if self.mapping.renormalize:
            self._report(self.faults, z.sum(1) <= 0, lambda *_: 0, say("a row cannot be divided by 0"), names)
        self.sums.add(z, self.resolution.decimals, lambda faults, bad, sums: self._report(
            faults.align_with(self.faults), bad, lambda i, _: sums[i], say("expected a sum of 1"), names
        ))  # fmt: skip

    def _add_labels(self, y: NDArray[Any]) -> None:
        C, first = self.shape.classes, self.mapping.first_label
        background = y == BACKGROUND
        self.background_rows += int(background.sum())
        is_integer = y == np.floor(y)
        self.labels_are_floats |= y.dtype.kind == "f"
        if C > 1:
            good = (is_integer & (y >= 0) & (y < C)) | background
            expected = say(
                "expected a whole number from {first} to {last}, the number of the class", first=first, last=C - 1 + first
            )
        else:
            good = (y == -1) | ((y >= 0) & (y <= 1)) | background
            expected = say("expected 1 or 2") if first else say("expected 0 or 1 (or −1 or +1)")
        self._report(self.faults, ~good, lambda i, _: y[i] + first, expected)
        for label in np.unique(y[~good & is_integer])[:MAX_INVALID].tolist() if not good.all() else ():
            if len(self.invalid_labels) < MAX_INVALID:
                self.invalid_labels[label + first] = self.invalid_labels.get(label + first, 0) + 1
        if C > 1:
            self.counts += np.bincount(y[good & ~background].astype(np.int64), minlength=C)
            return
        self.minus_ones.align_with(self.faults)
        self._report(self.minus_ones, y == -1, lambda i, _: y[i], say("labels are 0 and 1, or −1 and +1, not both"))
        self.has_zero |= bool((y == 0).any())
        self.has_soft |= bool((~is_integer & good).any())
        labels = y[good & ~background]
        positives = float(labels[labels > 0].sum())
        self.counts += (len(labels) - positives, positives)

    def _add_masked_truth(self, y: NDArray[Any], z: NDArray[Any]) -> None:
        """Rows whose true class is masked, and for probabilities what the true class has."""
        if y.ndim == 2:
            masked = (y > 0) & (z == -np.inf) if self.masked else np.zeros(len(y), bool)
        elif self.shape.classes == 1:
            valid, masked = (y >= -1) & (y <= 1), (y > 0) & (z[:, 0] == -np.inf)
        else:
            valid, masked = (y >= 0) & (y < self.shape.classes) & (y == np.floor(y)), np.zeros(z.shape, bool)
            rows = np.flatnonzero(valid) if self.masked else np.zeros(0, np.int64)
            true = y[rows].astype(np.int64)
            masked[rows, true] = z[rows, true] == -np.inf
        self._report(self.faults, masked, lambda i, k: z[i, k], MASKED, self.mapping.logits)
        if y.ndim == 1 and self.may_be_probabilities:
            self._add_true_probabilities(y, z, valid)

    def _add_true_probabilities(self, y: NDArray[Any], z: NDArray[Any], valid: NDArray[np.bool_]) -> None:
        """The cross-entropy of the probabilities of the true classes, and how many of those are 0."""
        if self.shape.classes > 1:
            rows = np.flatnonzero(valid)
            with np.errstate(all="ignore"):  # numbers that are no probabilities are refused elsewhere
                p = z[rows, y[rows].astype(np.int64)] / np.maximum(z[rows].sum(1, dtype=np.float64), 1e-300)
        else:
            p = np.where(y > 0, z[:, 0], 1 - z[:, 0])[valid].astype(np.float64)
        positive = p > 0
        self.true_zeros += int((~positive).sum())
        self.true_nll -= float(np.log(np.minimum(p[positive], 1)).sum())

    def _add_targets(self, t: NDArray[Any]) -> None:
        names, missing = self.mapping.target, say("missing; expected a target in [0, 1]")
        self._report(self.faults, np.isnan(t), lambda *_: None, missing, names)
        beyond = ~((t >= 0) & (t <= 1))
        self._report(self.faults, beyond, lambda i, k: t[i, k], say("expected a target in [0, 1]"), names)
        self.has_soft |= bool(((t != 0) & (t != 1)).any())
        self.is_multi_label |= task_of(self.shape.classes, t) == "multi-label"
        self.one_hot = self.one_hot and not self.has_soft and bool((t.sum(1) == 1).all())
        self.counts += t.sum(0, dtype=np.float64)


def too_many_groups_problem(column: str) -> FileProblem:
    """Why a column is not one of groups, and what else it may be."""
    remedies = (
        Remedy(say("It names the rows."), f"--id {quote(column)} --group none", (("id", column), ("group", None))),
        Remedy(say("Leave it out."), "--group none", (("group", None),)),
    )
    reason = say(
        "Column {name!r} has more than {most} different groups; map it as the id, or leave it out.",
        name=column,
        most=limits.GROUPS,
    )
    return FileProblem(reason, (), 0, remedies)


def _are_integers(ids: NDArray[Any]) -> bool:
    """Whether texts are whole numbers as one writes them, so that nothing is lost if they are taken for such."""
    text = pa.array(ids.astype(object), pa.string())
    try:
        return bool(pc.all(pc.equal(pc.cast(pc.cast(text, pa.int64()), pa.string()), text)).as_py())
    except pa.ArrowInvalid:
        return False
