"""What does a loss look like over two numbers: two logits, a probability and γ, or the probabilities of three classes?

The present sample lies on every such surface: all that is not on an axis is held as it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..evaluation.setting import Array, Setting
from .planes import AXES, PRESENT_POINT, ROWS, Plane, rows_of_shares, to_plane
from .sample import EvaluatedRows, parts

HEIGHTS = ("loss", "norm", "component")
"""What a surface may show: ℓ, ‖∂ℓ/∂z‖ over all logits, ∂ℓ/∂z_k."""


class Surface(NamedTuple):
    """Heights (N, M) over the axes x (M,) and y (N,): ±inf where a limit is, nan where nothing exists.

    `present` is the (x, y, height) of the present sample, which may lie outside of the axes or at infinity.
    """

    x: Array
    y: Array
    values: Array
    present: tuple[float, float, float]


class Sheet(NamedTuple):
    """A surface with a place for each of its points: x, y and values, all (N, M)."""

    x: Array
    y: Array
    values: Array
    present: tuple[float, float, float]


class Arrows(NamedTuple):
    """Arrows from (x, y) to (x + dx, y + dy), each (K,)."""

    x: Array
    y: Array
    dx: Array
    dy: Array


def surface(setting: Setting, plane: Plane, height: str, points: int = 61) -> Surface:
    """Heights over a plane, on about `points` values a side: as many as make a round step.

    logits: x = z_i, y = z_j over [−r, r] with r = `reach`, whatever they are now. gamma: x = p_t of the class over
    [0, 1], ends included as limits; y = γ over its slider. simplex: the plane of `to_plane`, one cell more on each side than
    its triangle; outside of it the heights are those of the nearest point of it, so that contours run straight into the edge,
    and on its edges the class that has no probability has `LEAST` of it.
    """
    x, y = AXES[plane.kind](setting, plane, points)
    across, up = (a.ravel() for a in np.meshgrid(x, y))
    rows = ROWS[plane.kind](setting, plane, across, up)
    values = heights(setting, plane, height, rows, up if plane.kind == "gamma" else None)
    return Surface(x, y, values.reshape(len(y), len(x)), present(setting, plane, height))


def triangle(setting: Setting, plane: Plane, height: str, points: int = 61) -> Sheet:
    """The triangle of a "simplex" plane and nothing beside it: probabilities (1 − s, s(1 − t), st) for s down, t across."""
    unit = np.linspace(0, 1, points)
    t, s = (a.ravel() for a in np.meshgrid(unit, unit))
    shares = np.stack((1 - s, s * (1 - t), s * t), 1)
    values = heights(setting, plane, height, rows_of_shares(setting, plane, shares))
    x, y = to_plane(shares)
    x, y, values = (a.reshape(points, points) for a in (x, y, values))
    return Sheet(x, y, values, present(setting, plane, height))


def arrows(setting: Setting, plane: Plane, points: int = 11) -> Arrows:
    """Where gradient descent on the two logits of a "logits" plane would go, −∂ℓ/∂z, on a coarse grid.

    The longest is 0.9 of the grid's step. Lengths go with the square root of ‖∂ℓ/∂z‖ in the plane, so that a gradient a
    hundredth of the largest still has a tenth of its arrow. No gradient, no length.
    """
    axis, _ = AXES["logits"](setting, plane, points)
    x, y = (a.ravel() for a in np.meshgrid(axis, axis))
    at_cells = _parts(setting, ROWS["logits"](setting, plane, x, y))
    down = -at_cells.grad[:, list(plane.classes)]
    norm = np.hypot(down[:, 0], down[:, 1])
    unit = down / np.where(norm > 0, norm, 1)[:, None]
    length = 0.9 * (axis[1] - axis[0]) * np.sqrt(norm / (norm.max() or 1))
    return Arrows(x, y, *(unit * length[:, None]).T)


def present(setting: Setting, plane: Plane, height: str) -> tuple[float, float, float]:
    """The present sample's (x, y, height)."""
    point = _parts(setting, np.array([setting.logits]))
    x, y = PRESENT_POINT[plane.kind](setting, plane, point.probs[0])
    return x, y, float(_height(point, plane, height)[0])


def heights(setting: Setting, plane: Plane, height: str, logits: Array, gammas: Array | None = None) -> Array:
    """Heights (R,) of rows of logits (R, C), each under its own γ if given and had; nan for rows that hold nan."""
    inside = ~np.isnan(logits).any(1)
    values = np.full(len(logits), np.nan)
    if inside.any():
        values[inside] = _height(_parts(setting, logits[inside], None if gammas is None else gammas[inside]), plane, height)
    return values


def _parts(setting: Setting, logits: Array, gammas: Array | None = None) -> EvaluatedRows:
    targets = np.repeat([setting.targets], len(logits), 0)
    sweep = None if gammas is None or not setting.spec.has_gamma else ("gamma", gammas)
    return parts(setting, setting.spec, logits, targets, sweep)


def _height(evaluated: EvaluatedRows, plane: Plane, height: str) -> Array:
    if height == "loss":
        return evaluated.loss
    if height == "norm":
        lengths: Array = np.hypot.reduce(evaluated.grad, 1)  # not a root of squares, which may be 0 or infinite
        return lengths
    return evaluated.grad[:, plane.component]
