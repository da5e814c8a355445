"""What the rows of a file have in common, gathered block by block: it decides what the numbers mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from shlex import quote
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..predictions import task_of
from . import limits
from .columns import BY_CONTENT, Mapping, named_classes
from .label_parser import BACKGROUND
from .problems import Faults, FileProblem, Remedy
from .resolution import INSIDE, Resolution
from .row_sums import RowSums
from .table import Groups, Raw, Shape, used_rows

ODD = 20
"""So many different labels that name no class are remembered."""

MASKED = "its true class is masked, so that its loss is infinite"


class Facts:
    """Facts about all rows so far; the wrong ones are among the faults."""

    def __init__(self, mapping: Mapping, shape: Shape, faults: Faults) -> None:
        if shape.targets not in (1, shape.classes):
            found = f"{shape.targets} targets a row and {shape.classes} logits"
            raise FileProblem(f"The file has {found}; expected one label a row, or a target for each logit.")
        self.mapping, self.shape, self.faults = named_classes(mapping, shape.classes), shape, faults
        self.rows = self.samples = 0
        self.ignored: Counter[str] = Counter()
        self.without_label = Faults()
        self.unit = self.whole = True
        """All logits lie in [0, 1]; all are whole numbers."""
        self.lowest = np.inf
        self.infinite = 0
        self.resolution = Resolution()
        self.sums = RowSums()
        self.zeros = self.ones = 0
        self.excess = 0.0
        """How far a probability lies outside [0, 1]."""
        self.outside = 0
        self.true_zeros = 0
        self.true_nll = 0.0
        self.minus = Faults()
        self.zero = self.between = self.several = self.written_as_float = False
        self.odd: dict[float, int] = {}
        self.background = 0
        self.one_hot = shape.targets > 1
        self.counts = np.zeros(max(2, shape.classes))
        self.groups: dict[str, int] = {}
        self.plain_ids = mapping.id is not None
        self.suspects: int | None = None if mapping.suspect is None else 0
        self._used: NDArray[np.int64] = np.zeros(0, np.int64)
        self._size = 0

    @property
    def probable(self) -> bool:
        """Whether the numbers may be probabilities."""
        return self.mapping.given == "probabilities" or self.unit

    def add(self, raw: Raw) -> Raw:
        """Looks at the next rows; gives back those that are used, with groups numbered across blocks."""
        self._size = len(raw.logits)
        if raw.left_out is not None:
            words, codes = raw.left_out
            counted = np.bincount(codes[codes >= 0], minlength=len(words))
            self.ignored.update({word: int(n) for word, n in zip(words, counted, strict=True) if n})
            self.without_label.start, self.without_label.seen = self.rows, np.zeros(self._size, bool)
            self._tell(self.without_label, codes >= 0, lambda i, _: words[codes[i]], "missing; expected a label")
        raw = used_rows(raw, self.rows)
        assert raw.rows is not None
        self._used = raw.rows - self.rows
        self.rows += self._size
        self.samples += len(raw.logits)
        if len(raw.logits):
            # First what makes a row one without a label: whatever else is wrong with it comes of that.
            (self._look_at_labels if raw.target.ndim == 1 else self._look_at_targets)(raw.target)
            self._look_at_logits(raw.logits)
            self._look_at_both(raw.target, raw.logits)
        if raw.ids is not None and raw.ids.dtype.kind == "T":
            self.plain_ids = self.plain_ids and _plain(raw.ids)
        if raw.suspects is not None:
            self.suspects = (self.suspects or 0) + int(raw.suspects.sum())
        return raw if raw.groups is None else raw._replace(groups=self._numbered(raw.groups))

    def _tell(
        self,
        faults: Faults,
        bad: NDArray[np.bool_],
        value: Callable[[int, int], Any],
        reason: str,
        columns: tuple[str, ...] | None = None,
    ) -> None:
        """Bad ones among the rows that are used, by their place in the block."""
        columns = self.mapping.target[:1] if columns is None else columns
        if len(bad) == self._size:
            faults.add(bad, columns, value, reason)
        elif bad.any():
            whole = np.zeros((self._size, *bad.shape[1:]), bool)
            whole[self._used] = bad
            place = {int(row): n for n, row in enumerate(self._used)}
            faults.add(whole, columns, lambda i, k: value(place[i], k), reason)

    def _numbered(self, groups: Groups) -> Groups | None:
        names, codes = groups
        for name in names:
            self.groups.setdefault(name, len(self.groups))
        group = self.mapping.group
        if len(self.groups) > limits.GROUPS and group in self.mapping.by_name:
            self.faults.unusable[str(group)] = f"it has more than {limits.GROUPS} different values, which are no groups"
            self.groups = dict(list(self.groups.items())[:1])
            return None
        if len(self.groups) > limits.GROUPS:
            raise too_many_groups(str(group))
        if str(group) in self.faults.unusable:
            return None
        number = np.array([self.groups[name] for name in names], np.int32)
        return tuple(self.groups), number[codes]

    def _look_at_logits(self, z: NDArray[Any]) -> None:
        def value(i: int, k: int) -> Any:
            return z[i, k]

        names, given = self.mapping.logits, self.mapping.given
        finite = np.isfinite(z)
        bad = ~finite
        if given == "probabilities" or finite.all():
            self._tell(self.faults, bad, value, "expected a finite number", names)
        else:
            masked = z == -np.inf
            self.infinite += int(masked.sum())
            self._tell(self.faults, bad & ~masked, value, "expected a finite number, or −inf for a class that is masked", names)
            self._tell(self.faults, masked.all(1), lambda i, _: z[i, 0], "all classes are masked", names[:1])
        low, high = float(z[finite].min(initial=np.inf)), float(z[finite].max(initial=-np.inf))
        self.lowest = min(self.lowest, low)
        self.whole = self.whole and given in BY_CONTENT and bool((z == np.floor(z)).all())
        if given != "probabilities" and not (self.unit and finite.all() and low >= -INSIDE and high <= 1 + INSIDE):
            self.unit = False
            return
        if finite.all():
            self._look_at_probabilities(z, value)

    def _look_at_probabilities(self, z: NDArray[Any], value: Callable[[int, int], Any]) -> None:
        self.resolution.add(z)
        beyond = np.maximum(-z, z - 1)
        allowed = max(INSIDE, self.resolution.stored.above)
        self._tell(self.faults, beyond > allowed, value, "a probability lies in [0, 1]", self.mapping.logits)
        self.zeros += int((z <= 0).sum())
        self.ones += int((z >= 1).sum())
        noise = (beyond > 0) & (beyond <= allowed)
        if noise.any():
            self.outside += int(noise.sum())
            self.excess = max(self.excess, float(beyond[noise].max()))
        names = (f"sum of {self.mapping.logits[0]} …",)
        if self.mapping.renormalize:
            self._tell(self.faults, z.sum(1) <= 0, lambda *_: 0, "there is nothing to divide by", names)
        self.sums.add(z, self.resolution.decimals, lambda faults, bad, sums: self._tell(
            faults.beside(self.faults), bad, lambda i, _: sums[i], "expected a sum of 1", names
        ))  # fmt: skip

    def _look_at_labels(self, y: NDArray[Any]) -> None:
        C, first = self.shape.classes, self.mapping.first_label
        nothing = y == BACKGROUND
        self.background += int(nothing.sum())
        whole = y == np.floor(y)
        self.written_as_float |= y.dtype.kind == "f"
        if C > 1:
            good = (whole & (y >= 0) & (y < C)) | nothing
            expected = f"expected a whole number from {first} to {C - 1 + first}, the number of the class"
        else:
            good = (y == -1) | ((y >= 0) & (y <= 1)) | nothing
            expected = "expected 0 or 1 (or −1 or +1)" if not first else "expected 1 or 2"
        self._tell(self.faults, ~good, lambda i, _: y[i] + first, expected)
        for label in np.unique(y[~good & whole])[:ODD].tolist() if not good.all() else ():
            if len(self.odd) < ODD:
                self.odd[label + first] = self.odd.get(label + first, 0) + 1
        if C > 1:
            self.counts += np.bincount(y[good & ~nothing].astype(np.int64), minlength=C)
            return
        self.minus.beside(self.faults)
        self._tell(self.minus, y == -1, lambda i, _: y[i], "labels are 0 and 1, or −1 and +1, not both")
        self.zero |= bool((y == 0).any())
        self.between |= bool((~whole & good).any())
        known = y[good & ~nothing]
        positive = float(known[known > 0].sum())
        self.counts += (len(known) - positive, positive)

    def _look_at_both(self, y: NDArray[Any], z: NDArray[Any]) -> None:
        """What the label says of the logits."""
        if y.ndim == 2:
            masked = (y > 0) & (z == -np.inf) if self.infinite else np.zeros(len(y), bool)
        elif self.shape.classes == 1:
            named, masked = (y >= -1) & (y <= 1), (y > 0) & (z[:, 0] == -np.inf)
        else:
            named, masked = (y >= 0) & (y < self.shape.classes) & (y == np.floor(y)), np.zeros(z.shape, bool)
            rows = np.flatnonzero(named) if self.infinite else np.zeros(0, np.int64)
            true = y[rows].astype(np.int64)
            masked[rows, true] = z[rows, true] == -np.inf
        self._tell(self.faults, masked, lambda i, k: z[i, k], MASKED, self.mapping.logits)
        if y.ndim == 1 and self.probable:
            self._look_at_true(y, z, named)

    def _look_at_true(self, y: NDArray[Any], z: NDArray[Any], named: NDArray[np.bool_]) -> None:
        """What is known of the probability of the true class."""
        if self.shape.classes > 1:
            rows = np.flatnonzero(named)
            with np.errstate(all="ignore"):  # numbers that are no probabilities are refused elsewhere
                p = z[rows, y[rows].astype(np.int64)] / np.maximum(z[rows].sum(1, dtype=np.float64), 1e-300)
        else:
            p = np.where(y > 0, z[:, 0], 1 - z[:, 0])[named].astype(np.float64)
        known = p > 0
        self.true_zeros += int((~known).sum())
        self.true_nll -= float(np.log(np.minimum(p[known], 1)).sum())

    def _look_at_targets(self, t: NDArray[Any]) -> None:
        self._tell(self.faults, np.isnan(t), lambda *_: None, "missing; expected a target in [0, 1]", self.mapping.target)
        self._tell(
            self.faults, ~((t >= 0) & (t <= 1)), lambda i, k: t[i, k], "expected a target in [0, 1]", self.mapping.target
        )
        self.between |= bool(((t != 0) & (t != 1)).any())
        self.several |= task_of(self.shape.classes, t) == "multi-label"
        self.one_hot = self.one_hot and not self.between and bool((t.sum(1) == 1).all())
        self.counts += t.sum(0, dtype=np.float64)


def too_many_groups(column: str) -> FileProblem:
    """What a column has that is none of groups."""
    remedies = (
        Remedy("It names the rows.", f"--id {quote(column)} --group none", (("id", column), ("group", None))),
        Remedy("Leave it out.", "--group none", (("group", None),)),
    )
    why = f"Column {column!r} has more than {limits.GROUPS} different groups; map it as the id, or leave it out."
    return FileProblem(why, (), 0, remedies)


def _plain(ids: NDArray[Any]) -> bool:
    """Whether texts are whole numbers as one writes them, so that nothing is lost if they are taken for such."""
    text = pa.array(ids.astype(object), pa.string())
    try:
        return bool(pc.all(pc.equal(pc.cast(pc.cast(text, pa.int64()), pa.string()), text)).as_py())
    except pa.ArrowInvalid:
        return False
