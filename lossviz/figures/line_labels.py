"""Places for names in lines, like heights on a map: in a row, in a column or each by itself, where lines are farthest apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..evaluation.setting import Array

COLUMNS, ROWS = 81, 60
"""How many places are tried over the width and over the height."""

ENOUGH = 2.0
"""A label this many times as far from all other lines as it must be stands as well as any."""

TIDY = 0.9
"""What a place by itself is worth, by a place in a row or in a column."""

GAP = 6.0
"""Pixels between two labels side by side."""

TOUCH = 0.5
"""How near another line may pass the middle of a label, by the size of the type."""

LETTER = 0.47
"""The width of a letter, by the size of the type."""


class Box(NamedTuple):
    """The plot in pixels, and the size of its type."""

    width: float
    height: float
    size: float


@dataclass(frozen=True)
class Line:
    """A line with a name: pixels of a `Box`, x rising, y nan outside. `key` is what lines are told apart by."""

    key: Any
    text: str
    x: Array = field(compare=False)
    y: Array = field(compare=False)

    def at(self, x: Array) -> Array:
        """The height at places of any shape."""
        height: Array = np.interp(x, self.x, self.y, np.nan, np.nan)
        return height


class Label(NamedTuple):
    """Where a label has its middle, in pixels, and half its width."""

    x: float
    y: float
    half: float


@lru_cache(maxsize=512)
def places(lines: tuple[Line, ...], box: Box) -> tuple[Label, ...]:
    """A place for the label of each line; none at all if they do not all fit."""
    if not lines:
        return ()
    half = [half_width(line.text, box) for line in lines]
    with np.errstate(invalid="ignore"):
        candidates = np.concatenate((_columns(lines, box), _rows(lines, box), _by_itself(lines, half, box)))
        scores = _scores(lines, candidates, half, box)
    scores[-1] *= TIDY
    best = int(scores.clip(max=ENOUGH).argmax())
    rows = zip(candidates[best].tolist(), half, strict=True)
    return tuple(Label(x, y, width) for (x, y), width in rows) if scores[best] >= 1 else ()


@lru_cache(maxsize=8192)
def place_among(line: Line, others: tuple[Line, ...], labels: tuple[Label, ...], near: float, box: Box) -> Label | None:
    """A place for one more label among `labels` that stay where they are; the one nearest to x = `near` of those that are as
    good, and None if it has none."""
    half = half_width(line.text, box)
    x = np.linspace(0, box.width, COLUMNS // 2 + 1)
    at = np.stack((x, line.at(x)), 1)
    with np.errstate(invalid="ignore"):
        clear = _clearance(at, half, others, labels, box).clip(max=ENOUGH)
    if clear.max() < 1:
        return None
    best = np.flatnonzero(clear == clear.max())
    chosen = best[np.abs(x[best] - near).argmin()]
    return Label(float(at[chosen, 0]), float(at[chosen, 1]), half)


def half_width(text: str, box: Box) -> float:
    """Half the width of a label, in pixels."""
    return (LETTER * box.size * len(text) + 4) / 2


def _columns(lines: Sequence[Line], box: Box) -> Array:
    """All labels above each other: (columns, lines, 2)."""
    x = np.linspace(0, box.width, COLUMNS)
    return np.stack([np.stack((x, line.at(x)), 1) for line in lines], 1)


def _rows(lines: Sequence[Line], box: Box) -> Array:
    """All labels side by side, where each line comes through a height for the last time: (rows, lines, 2)."""
    heights = np.linspace(0, box.height, ROWS)
    return np.stack([np.stack((_last_crossing(line, heights), heights), 1) for line in lines], 1)


def _last_crossing(line: Line, heights: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        above = line.y > heights[:, None]
        turns = (above[:, 1:] != above[:, :-1]) & np.isfinite(line.y[1:] + line.y[:-1])
        last = turns.shape[1] - 1 - turns[:, ::-1].argmax(1)
        share = (heights - line.y[last]) / (line.y[last + 1] - line.y[last])
        x: Array = np.where(turns.any(1), line.x[last] + share * (line.x[last + 1] - line.x[last]), np.nan)
    return x


def _by_itself(lines: Sequence[Line], half: Sequence[float], box: Box) -> Array:
    """Each label where its own line is farthest from the others and from the labels before it: (1, lines, 2)."""
    x = np.linspace(0, box.width, COLUMNS)
    labels: list[Label] = []
    for i, line in enumerate(lines):
        at = np.stack((x, line.at(x)), 1)
        best = int(_clearance(at, half[i], [*lines[:i], *lines[i + 1 :]], labels, box).argmax())
        labels.append(Label(float(at[best, 0]), float(at[best, 1]), half[i]))
    return np.array([[label[:2] for label in labels]])


def _scores(lines: Sequence[Line], candidates: Array, half: Sequence[float], box: Box) -> Array:
    """How many times as far as it must be that label stands which is nearest to anything else; below 1, two overlap."""
    scores = np.full(len(candidates), np.inf)
    for i in range(len(lines)):
        clear = _clearance(candidates[:, i], half[i], [*lines[:i], *lines[i + 1 :]], (), box)
        for j in range(i):
            clear = np.where(_are_apart(candidates[:, i], half[i], candidates[:, j], half[j], box), clear, 0)
        scores = np.minimum(scores, clear)
    return scores


def _clearance(at: Array, half: float, others: Sequence[Line], labels: Sequence[Label], box: Box) -> Array:
    """How far the nearest other line passes a label at each place (N, 2), by the distance at which it just does not touch it.

    0 where the label would not be wholly in the plot, or would touch one of `labels`.
    """
    span = at[:, :1] + half * np.linspace(-1, 1, 7)
    clear = np.where(_is_inside(at, half, box), 4 * ENOUGH, 0)
    for other in others:
        distance = other.at(span) - at[:, 1:]
        passes = (distance[:, 1:] * distance[:, :-1] < 0).any(1)
        nearest = np.where(np.isnan(distance), np.inf, np.abs(distance)).min(1) / (TOUCH * box.size)
        clear = np.where(passes, 0, np.minimum(clear, nearest))
    for label in labels:
        clear = np.where(_are_apart(at, half, np.array(label[:2]), label.half, box), clear, 0)
    return clear


def _are_apart(at: Array, half: float, other: Array, other_half: float, box: Box) -> NDArray[np.bool_]:
    apart = np.abs(at - other)
    clear: NDArray[np.bool_] = (apart[:, 0] > half + other_half + GAP) | (apart[:, 1] > 1.3 * box.size)
    return clear


def _is_inside(at: Array, half: float, box: Box) -> NDArray[np.bool_]:
    x, y = at.T
    edge = 0.7 * box.size
    inside: NDArray[np.bool_] = (x >= half) & (x <= box.width - half) & (y >= edge) & (y <= box.height - edge)
    return inside
