"""The rows of many blocks as one array for each column."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ...texts import say
from .problems import FileProblem
from .reader import RawRows, Shape


class GrowingArray:
    """An array that is filled from the front; of a known length, or made half as long again when it is full."""

    def __init__(self, length: int | None, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self._array: NDArray[Any] = np.empty((length or 0, *shape), dtype)
        self._filled = 0

    def add(self, block: NDArray[Any]) -> None:
        end = self._filled + len(block)
        if end > len(self._array):
            self._resize(max(end, len(self._array) * 3 // 2))
        self._array[self._filled : end] = block
        self._filled = end

    def array(self) -> NDArray[Any]:
        """What was added, in one piece."""
        if self._filled < len(self._array):
            self._resize(self._filled)
        return self._array

    def _resize(self, length: int) -> None:
        # In place: the system moves the pages, and there are never two copies. No view of it exists yet.
        self._array.resize((length, *self._array.shape[1:]), refcheck=False)


class RowBuffer:
    """All rows of a file, added block by block. max_text: the most characters that their ids may have together."""

    def __init__(self, samples: int | None, shape: Shape, max_text: int) -> None:
        self.samples = 0
        self._text, self._max_text = 0, max_text
        target_shape = (shape.targets,) if shape.targets > 1 else ()
        self._logits = GrowingArray(samples, (shape.classes,), shape.dtype)
        # As floats labels are exact too, and may turn out to be soft.
        self._target = GrowingArray(samples, target_shape, shape.dtype if target_shape else np.float64)
        self._ids: list[NDArray[Any]] = []
        self._suspects: list[NDArray[np.bool_]] = []
        self._codes: list[NDArray[Any]] = []
        self._groups: tuple[str, ...] = ()
        self._rows: list[NDArray[np.int64]] = []

    def add(self, raw: RawRows) -> None:
        """The next rows."""
        self.samples += len(raw.logits)
        self._logits.add(raw.logits)
        self._target.add(raw.target)
        if raw.ids is not None:
            self._check_text(raw.ids)
            self._ids.append(raw.ids)
        if raw.suspects is not None:
            self._suspects.append(raw.suspects)
        if raw.groups is not None:
            self._groups, codes = raw.groups
            self._codes.append(codes)
        if raw.rows is not None:
            self._rows.append(raw.rows)

    def _check_text(self, ids: NDArray[Any]) -> None:
        """Texts take more than their places in an array, and a short file may hold a long one many times."""
        if ids.dtype.kind == "T":
            self._text += int(np.strings.str_len(ids).sum())
        if self._text > self._max_text:
            raise FileProblem(
                say(
                    "The ids have over {most:,} characters; map a column of shorter ones, or leave it out.",
                    most=self._max_text,
                )
            )

    def rows(self) -> RawRows:
        """All rows."""
        lists = (self._ids, self._suspects, self._codes, self._rows)
        ids, suspects, codes, rows = (np.concatenate(parts) if parts else None for parts in lists)
        groups = None if codes is None else (self._groups, codes)
        return RawRows(self._logits.array(), self._target.array(), ids, groups, suspects, None, rows)
