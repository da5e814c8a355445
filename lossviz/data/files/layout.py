"""Which axis of an array is the class, and how arrays of more than two axes become rows."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...numbers import counted
from ...texts import joined, say
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


SEVERAL = say("Several arrays are mapped and some of them have columns; expected one (N, C), or C of (N,).")


def infer_layout(shapes: Shapes, mapping: ColumnMapping) -> Layout:
    """By the shapes of the mapped arrays; FileProblem if they do not go together, or could in two ways."""
    _check_lengths(shapes, mapping)
    if all(len(shape) <= 2 for shape in shapes.values()):
        return _table(shapes, mapping)
    if len(mapping.logits) > 1 or len(mapping.target) > 1:
        raise FileProblem(SEVERAL)
    return _grid(shapes, mapping)


def _check_lengths(shapes: Shapes, mapping: ColumnMapping) -> None:
    first = mapping.logits[0]
    for name, shape in shapes.items():
        if not shape or 0 in shape[1:]:
            raise FileProblem(say("Array {name!r} has shape {shape}; expected (N,) or (N, C).", name=name, shape=shape))
        if shape[0] != (shapes[first] or (0,))[0]:
            raise FileProblem(
                say(
                    "Array {name!r} has {rows:,} rows, and {first!r} has {expected:,}; expected equally many.",
                    name=name,
                    rows=shape[0],
                    first=first,
                    expected=shapes[first][0] if shapes[first] else 0,
                )
            )
    if not shapes[first][0]:
        raise FileProblem(say("The file has no rows."))


def _table(shapes: Shapes, mapping: ColumnMapping) -> Layout:
    classes, targets = (_width(names, shapes) for names in (mapping.logits, mapping.target))
    for name in _side_arrays(mapping):
        if len(shapes[name]) == 2 and shapes[name][1] != 1:
            raise FileProblem(
                say("Array {name!r} has shape {shape}; expected (N,), one value per row.", name=name, shape=shapes[name])
            )
    return Layout(shapes[mapping.logits[0]][0], 1, classes, targets, 1, frozenset(), frozenset(_side_arrays(mapping)))


def _width(names: tuple[str, ...], shapes: Shapes) -> int:
    if len(names) > 1 and any(len(shapes[name]) > 1 for name in names):
        raise FileProblem(SEVERAL)
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
            raise FileProblem(
                say(
                    "Array {name!r} has shape {shape}; expected {grid}, or ({items},) for all rows of an item.",
                    name=name,
                    shape=shape,
                    grid=grid,
                    items=grid[0],
                )
            )
        (flat if shape == grid else per_item).add(name)
    rows = math.prod(grid)
    values = {"name": logits, "shape": z, "rows": rows, "classes": counted(z[axis], "class", "classes")}
    note = (
        say("Array {name!r} of shape {shape} was read as {rows:,} rows of {classes}: its last axis is the class.", **values)
        if axis == len(z) - 1
        else say(
            "Array {name!r} of shape {shape} was read as {rows:,} rows of {classes}: its second axis is the class.", **values
        )
    )
    targets = 1 if len(y) < len(z) else z[axis]
    return Layout(z[0], rows // z[0], z[axis], targets, axis, frozenset(per_item), frozenset(flat), (note,))


def _axis(logits: str, z: tuple[int, ...], target: str, y: tuple[int, ...]) -> int:
    """The axis of the classes: the second or the last, whichever the targets lack."""
    if len(z) < 3:
        raise FileProblem(
            say(
                "Array {target!r} has shape {shape}, and {logits!r} has {expected}; expected {items} or {expected}.",
                target=target,
                shape=y,
                logits=logits,
                expected=z,
                items=z[:1],
            )
        )
    axes = [axis for axis in (1, len(z) - 1) if y in (z[:axis] + z[axis + 1 :], (*z[:axis], *z[axis + 1 :], 1))]
    if y == z:
        axes = [axis for axis in (1, len(z) - 1) if z[axis] == 1]
    if len(axes) == 1:
        return axes[0]
    values = {"logits": logits, "shape": z, "target": target, "other": y}
    if axes or y == z:
        fault = say(
            "Array {logits!r} has shape {shape} and {target!r} has {other}: the classes could be the second axis or the last.",
            **values,
        )
    else:
        fault = say(
            "Array {logits!r} has shape {shape} and {target!r} has {other}; expected (N,) or (N, C), or targets without the "
            "axis of the classes.",
            **values,
        )
    raise FileProblem(joined([fault, FLATTEN], " "))


FLATTEN = say("Save the logits as (rows, classes) and the labels as (rows,).")


def _side_arrays(mapping: ColumnMapping) -> list[str]:
    return [name for name in (mapping.id, mapping.group, mapping.suspect) if name is not None]
