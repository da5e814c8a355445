"""Which axis of an array is the class, and how arrays of more than two axes become rows."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import ColumnMapping
from .problems import FileProblem

Shapes = dict[str, tuple[int, ...]]


class Layout(NamedTuple):
    """How the mapped arrays become rows.

    items: along the first axis. rows_per_item: pixels or tokens of each. classes: values of a row of logits; targets: of a row
    of targets. axis: of the classes, where an array has one. per_item: arrays with one value for an item, which all its rows
    share. flat: arrays without an axis of classes.
    """

    items: int
    rows_per_item: int
    classes: int
    targets: int
    axis: int
    per_item: frozenset[str]
    flat: frozenset[str]
    notes: tuple[str, ...] = ()

    @property
    def samples(self) -> int:
        """Rows in all."""
        return self.items * self.rows_per_item

    def rows(self, name: str, block: NDArray[Any]) -> NDArray[Any]:
        """Some items of an array as rows: (n,) or (n, C)."""
        if name in self.per_item:
            return np.repeat(block.reshape(len(block)), self.rows_per_item)
        if block.ndim < 3:
            return block.reshape(-1) if name in self.flat else block
        if name in self.flat:
            return block.reshape(-1)
        moved = np.moveaxis(block, self.axis, -1)
        return moved.reshape(-1, moved.shape[-1])


def infer_layout(shapes: Shapes, mapping: ColumnMapping) -> Layout:
    """By the shapes of the mapped arrays; FileProblem if they do not go together, or could in two ways."""
    _check_lengths(shapes, mapping)
    if all(len(shape) <= 2 for shape in shapes.values()):
        return _table(shapes, mapping)
    if len(mapping.logits) > 1 or len(mapping.target) > 1:
        raise FileProblem("Several arrays are mapped and some of them have columns; expected one (N, C), or C of (N,).")
    return _grid(shapes, mapping)


def _check_lengths(shapes: Shapes, mapping: ColumnMapping) -> None:
    first = mapping.logits[0]
    for name, shape in shapes.items():
        if not shape or 0 in shape[1:]:
            raise FileProblem(f"Array {name!r} has shape {shape}; expected (N,) or (N, C).")
        if shape[0] != (shapes[first] or (0,))[0]:
            rows = f"{shape[0]:,} rows, and {first!r} has {shapes[first][0] if shapes[first] else 0:,}"
            raise FileProblem(f"Array {name!r} has {rows}; expected equally many.")
    if not shapes[first][0]:
        raise FileProblem("The file has no rows.")


def _table(shapes: Shapes, mapping: ColumnMapping) -> Layout:
    classes, targets = (_width(names, shapes) for names in (mapping.logits, mapping.target))
    for name in _side_arrays(mapping):
        if len(shapes[name]) == 2 and shapes[name][1] != 1:
            raise FileProblem(f"Array {name!r} has shape {shapes[name]}; expected (N,), one value per row.")
    return Layout(shapes[mapping.logits[0]][0], 1, classes, targets, 1, frozenset(), frozenset(_side_arrays(mapping)))


def _width(names: tuple[str, ...], shapes: Shapes) -> int:
    if len(names) > 1 and any(len(shapes[name]) > 1 for name in names):
        raise FileProblem("Several arrays are mapped and some of them have columns; expected one (N, C), or C of (N,).")
    return len(names) if len(names) > 1 or len(shapes[names[0]]) == 1 else shapes[names[0]][1]


def _grid(shapes: Shapes, mapping: ColumnMapping) -> Layout:
    (logits,), (target,) = mapping.logits, mapping.target
    z, y = shapes[logits], shapes[target]
    axis = _axis(logits, z, target, y)
    grid = z[:axis] + z[axis + 1 :]
    flat: set[str] = {target} if len(y) < len(z) else set()
    per_item: set[str] = set()
    for name in _side_arrays(mapping):
        shape = shapes[name]
        if shape not in (grid, grid[:1], (*grid[:1], 1)):
            raise FileProblem(f"Array {name!r} has shape {shape}; expected {grid}, or ({grid[0]},) for all rows of an item.")
        (flat if shape == grid else per_item).add(name)
    rows, where = math.prod(grid), "last" if axis == len(z) - 1 else "second"
    kind = "class" if z[axis] == 1 else "classes"
    note = f"Array {logits!r} of shape {z} was read as {rows:,} rows of {z[axis]:,} {kind}: its {where} axis is the class."
    targets = 1 if len(y) < len(z) else z[axis]
    return Layout(z[0], rows // z[0], z[axis], targets, axis, frozenset(per_item), frozenset(flat), (note,))


def _axis(logits: str, z: tuple[int, ...], target: str, y: tuple[int, ...]) -> int:
    """The axis of the classes: the second or the last, whichever the targets lack."""
    if len(z) < 3:
        raise FileProblem(f"Array {target!r} has shape {y}, and {logits!r} has {z}; expected {z[:1]} or {z}.")
    axes = [axis for axis in (1, len(z) - 1) if y in (z[:axis] + z[axis + 1 :], (*z[:axis], *z[axis + 1 :], 1))]
    if y == z:
        axes = [axis for axis in (1, len(z) - 1) if z[axis] == 1]
    if len(axes) == 1:
        return axes[0]
    shapes = f"Array {logits!r} has shape {z} and {target!r} has {y}"
    if axes or y == z:
        raise FileProblem(f"{shapes}: the classes could be the second axis or the last. {FLATTEN}")
    raise FileProblem(f"{shapes}; expected (N,) or (N, C), or targets without the axis of the classes. {FLATTEN}")


FLATTEN = "Save the logits as (rows, classes) and the labels as (rows,)."


def _side_arrays(mapping: ColumnMapping) -> list[str]:
    return [name for name in (mapping.id, mapping.group, mapping.suspect) if name is not None]
