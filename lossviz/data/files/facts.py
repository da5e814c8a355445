"""What the rows of a file have in common, gathered block by block: it decides what the numbers mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..predictions import task_of
from . import limits
from .checks import Faults, FileProblem
from .columns import Mapping
from .table import Groups, Raw, Shape

SUM = 1e-3
"""By so much a row of probabilities may miss 1: half precision and three written decimals do."""


class Facts:
    """Facts about all rows so far; the wrong ones are among the faults."""

    def __init__(self, mapping: Mapping, shape: Shape, faults: Faults) -> None:
        if shape.targets not in (1, shape.classes):
            found = f"{shape.targets} targets a row and {shape.classes} logits"
            raise FileProblem(f"The file has {found}; expected one label a row, or a target for each logit.")
        self.mapping, self.shape, self.faults = mapping, shape, faults
        self.samples = 0
        self.unit = True
        """All logits lie in [0, 1]."""
        self.off_sum = Faults()
        self.zeros = self.ones = 0
        self.minus = Faults()
        self.zero = self.between = self.several = self.written_as_float = False
        self.one_hot = shape.targets > 1
        self.counts = np.zeros(max(2, shape.classes))
        self.groups: dict[str, int] = {}
        self.plain_ids = mapping.id is not None
        self.suspects: int | None = None if mapping.suspect is None else 0

    def add(self, raw: Raw) -> Raw:
        """Looks at the next rows; gives them back with groups numbered across blocks."""
        self.off_sum.start = self.minus.start = self.faults.start
        self.off_sum.seen, self.minus.seen = (self.faults.seen.copy() for _ in range(2))
        self.samples += len(raw.logits)
        self._look_at_logits(raw.logits)
        (self._look_at_labels if raw.target.ndim == 1 else self._look_at_targets)(raw.target)
        if raw.ids is not None and raw.ids.dtype.kind == "T":
            self.plain_ids = self.plain_ids and _plain(raw.ids)
        if raw.suspects is not None:
            self.suspects = (self.suspects or 0) + int(raw.suspects.sum())
        return raw if raw.groups is None else raw._replace(groups=self._numbered(raw.groups))

    def _numbered(self, groups: Groups) -> Groups:
        names, codes = groups
        for name in names:
            self.groups.setdefault(name, len(self.groups))
        limits.of_groups(len(self.groups), self.mapping.group)
        number = np.array([self.groups[name] for name in names], np.int32)
        return tuple(self.groups), number[codes]

    def _look_at_logits(self, z: NDArray[Any]) -> None:
        def value(i: int, k: int) -> Any:
            return z[i, k]

        names = self.mapping.logits
        self.faults.add(~np.isfinite(z), names, value, "expected a finite number")
        if self.mapping.given == "probabilities":
            self.faults.add((z < 0) | (z > 1), names, value, "a probability lies in [0, 1]")
            self.zeros += int((z == 0).sum())
            self.ones += int((z == 1).sum())
        elif not (self.unit and z.min() >= 0 and z.max() <= 1):
            self.unit = False
            return
        with np.errstate(invalid="ignore", over="ignore"):
            sums = z.sum(1, dtype=np.float64)
        columns = (f"sum of {names[0]} …",)
        self.off_sum.add(~(abs(sums - 1) <= SUM), columns, lambda i, _: sums[i], "expected a sum of 1")

    def _look_at_labels(self, y: NDArray[Any]) -> None:
        C = self.shape.classes
        whole = y == np.floor(y)
        self.written_as_float |= y.dtype.kind == "f"
        if C > 1:
            good = whole & (y >= 0) & (y < C)
            expected = f"expected a whole number from 0 to {C - 1}, the number of the class"
        else:
            good = (y == -1) | ((y >= 0) & (y <= 1))
            expected = "expected 0 or 1 (or −1 or +1)"
        name = self.mapping.target[:1]
        self.faults.add(~good, name, lambda i, _: y[i], expected)
        if C > 1:
            self.counts += np.bincount(y[good].astype(np.int64), minlength=C)
            return
        self.minus.add(y == -1, name, lambda i, _: y[i], "labels are 0 and 1, or −1 and +1, not both")
        self.zero |= bool((y == 0).any())
        self.between |= bool((~whole & good).any())
        positive = float(y[y > 0].sum())
        self.counts += (len(y) - positive, positive)

    def _look_at_targets(self, t: NDArray[Any]) -> None:
        self.faults.add(~((t >= 0) & (t <= 1)), self.mapping.target, lambda i, k: t[i, k], "expected a target in [0, 1]")
        self.between |= bool(((t != 0) & (t != 1)).any())
        self.several |= task_of(self.shape.classes, t) == "multi-label"
        self.one_hot = self.one_hot and not self.between and bool((t.sum(1) == 1).all())
        self.counts += t.sum(0, dtype=np.float64)


def _plain(ids: NDArray[Any]) -> bool:
    """Whether texts are whole numbers as one writes them, so that nothing is lost if they are taken for such."""
    text = pa.array(ids.astype(object), pa.string())
    try:
        return bool(pc.all(pc.equal(pc.cast(pc.cast(text, pa.int64()), pa.string()), text)).as_py())
    except pa.ArrowInvalid:
        return False
