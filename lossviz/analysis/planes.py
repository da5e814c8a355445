"""Planes of samples: which logits stand at a point, and where the present sample lies."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..evaluation.setting import Array, Setting
from ..losses.parameters import GAMMA
from .sweep import span

KINDS = {"logits": 2, "gamma": 1, "simplex": 3}
"""The kinds of plane, in screen order, and how many classes each of them is about."""

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, math.sqrt(0.75)]])
"""Where a triangle with unit side has its three classes, (3, 2)."""

LEAST = 1e-9
"""The share that a class has at the edge of a triangle where it should have none, so that logits stay finite."""

FAR = 1e3
"""Further out than this a triangle is a point."""

PLACED = 1e-6
"""The least probability that a sample is put to by hand: what logits of six decimals still tell."""

ROUND = tuple(digit * 10.0**power for power in range(-3, 3) for digit in (1, 2, 2.5, 4, 5, 8))
"""Steps of an axis that people can read."""


class Plane(NamedTuple):
    """Which two numbers: `kind` is one of `KINDS`, `classes` are as many as that says.

    `component` is the k of the height "component". `reach` is how far logits go to either side; 0 is `sweep.span`, which
    depends on the sample, and would move under a scrubber.
    """

    kind: str
    classes: tuple[int, ...]
    component: int = 0
    reach: float = 0.0


def planes(setting: Setting) -> tuple[str, ...]:
    """The kinds of plane that exist for a setting."""
    softmax, classes = setting.spec.activation == "softmax", len(setting.logits)
    available = {
        "logits": classes >= 2,
        "gamma": setting.spec.has_gamma and not (softmax and classes == 1),
        "simplex": softmax and classes >= 3 and bool(np.isfinite(setting.logits).all()),
    }
    return tuple(kind for kind, exists in available.items() if exists)


def place(setting: Setting, plane: Plane, x: float, y: float) -> Setting:
    """The setting moved to a point of the plane, or to the nearest one that a sample can be put to by hand.

    Logits and γ keep within their axes and have six decimals; probabilities keep `PLACED` away from 0 and 1. A logit that
    no number would bring there stays.
    """
    if plane.kind == "logits":
        reach = _reach(setting, plane)
        return _moved(setting, plane, _of_logits(setting, plane, *np.clip([[x], [y]], -reach, reach)))
    if plane.kind == "gamma":
        low, high = _gammas(setting)
        setting = setting._replace(spec=setting.spec.replace(gamma=round(float(np.clip(y, low, high)), 6)))
        return _moved(setting, plane, _of_gamma(setting, plane, np.clip([x], PLACED, 1 - PLACED)))
    return _moved(setting, plane, rows_of_shares(setting, plane, from_plane(np.array([x]), np.array([y])), PLACED))


def to_plane(probs: Array) -> tuple[Array, Array]:
    """Probabilities (..., 3) as points of a triangle with unit side: the classes at (0, 0), (1, 0) and (½, √3/2)."""
    x, y = np.moveaxis(probs @ CORNERS, -1, 0)
    return x, y


def from_plane(x: Array, y: Array) -> Array:
    """Probabilities (..., 3) of a point; outside of the triangle those of the nearest point of it."""
    third = np.clip(y, -FAR, FAR) / CORNERS[2, 1]
    second = np.clip(x, -FAR, FAR) - third / 2
    free = np.stack((1 - second - third, second, third), -1)
    # The nearest distribution takes as much from every class, but from none more than it has.
    falling = -np.sort(-free, -1)
    excess = (falling.cumsum(-1) - 1) / np.arange(1, 4)
    left = np.maximum(free - excess.max(-1, keepdims=True), 0)
    shares: Array = left / left.sum(-1, keepdims=True)
    return shares


def _axis(low: float, high: float, points: int) -> Array:
    """About `points` values from low to high, of which 0 is one, in that round step which comes nearest."""
    ideal = (high - low) / (points - 1)
    steps = [s for s in ROUND if abs(high / s - round(high / s)) < 1e-9]
    step = min(steps, key=lambda s: abs(math.log(s / ideal)))
    values: Array = np.round(np.arange(round(low / step), round(high / step) + 1) * step, 6)
    return values


def _logit_axes(setting: Setting, plane: Plane, points: int) -> tuple[Array, Array]:
    reach = _reach(setting, plane)
    axis = _axis(-reach, reach, points)
    return axis, axis


def _reach(setting: Setting, plane: Plane) -> float:
    return plane.reach or span(setting.logits)


def _gamma_axes(setting: Setting, _: Plane, points: int) -> tuple[Array, Array]:
    return _axis(0.0, 1.0, points), _axis(*_gammas(setting), points)


def _box(_: Setting, __: Plane, points: int) -> tuple[Array, Array]:
    """The triangle's bounding box and one cell more on each side, corners on the grid."""
    across, up = points - 3, round((points - 3) * CORNERS[2, 1])
    return np.arange(-1, across + 2) / across, np.arange(-1, up + 2) * (CORNERS[2, 1] / up)


def _gammas(_: Setting) -> tuple[float, float]:
    """The same for every loss, so that one without γ can stand beside: level along it."""
    return GAMMA.range_low, GAMMA.range_high


def _of_logits(setting: Setting, plane: Plane, x: Array, y: Array) -> Array:
    """Rows (R, C) of the sample with its two logits at x and y, each (R,)."""
    return _with(setting, plane.classes, np.stack((x, y), 1))


def _of_gamma(setting: Setting, plane: Plane, x: Array, _: Array | None = None) -> Array:
    """Rows (R, C) in which the class has p_t = x (R,): z_k = T·(log odds + log Σ_others e^{z/T}), or log p itself.

    Nothing exists, and rows hold nan, where others at infinity leave the class no choice of p.
    """
    with np.errstate(divide="ignore"):
        odds = np.log(x) - np.log1p(-x)
        if setting.spec.activation == "exp":
            return _with(setting, plane.classes[:1], np.log(x)[:, None])
    k, z = plane.classes[0], np.array(setting.logits) / setting.spec.temperature
    if setting.spec.activation == "softmax":
        others = np.logaddexp.reduce(np.delete(z, k))
        odds = odds + (others if np.isfinite(others) else np.nan)
    odds = -odds if _says_no(setting, k) else odds
    return _with(setting, (k,), setting.spec.temperature * odds[:, None])


def _of_plane(setting: Setting, plane: Plane, x: Array, y: Array) -> Array:
    return rows_of_shares(setting, plane, from_plane(x, y))


def rows_of_shares(setting: Setting, plane: Plane, shares: Array, least: float = LEAST) -> Array:
    """Rows (R, C) in which three classes divide as in `shares` (R, 3) the probability that they have together now."""
    clipped = np.maximum(shares, least)
    clipped = clipped / clipped.sum(1, keepdims=True)
    temperature = setting.spec.temperature
    together = np.logaddexp.reduce(np.array(setting.logits)[list(plane.classes)] / temperature)
    return _with(setting, plane.classes, temperature * (np.log(clipped) + together))


def _with(setting: Setting, classes: tuple[int, ...], columns: Array) -> Array:
    """The sample's logits (R, C) with some classes' replaced by columns (R, K)."""
    rows = np.repeat([setting.logits], len(columns), 0)
    rows[:, list(classes)] = columns
    return rows


def _moved(setting: Setting, plane: Plane, rows: Array) -> Setting:
    """The setting with the plane's logits as in the only row (1, C)."""
    logits = list(setting.logits)
    for k in plane.classes:
        if not np.isnan(rows[0, k]):
            logits[k] = round(float(rows[0, k]), 6) + 0.0  # no −0
    return setting._replace(logits=tuple(logits))


def _says_no(setting: Setting, k: int) -> bool:
    """Whether the truth about a class is that it is not there: its p_t is 1 − p."""
    return setting.spec.activation == "sigmoid" and setting.targets[k] == 0


def _here_logits(setting: Setting, plane: Plane, _: Array) -> tuple[float, float]:
    i, j = plane.classes
    return setting.logits[i], setting.logits[j]


def _here_gamma(setting: Setting, plane: Plane, probs: Array) -> tuple[float, float]:
    p = float(probs[plane.classes[0]])
    return 1 - p if _says_no(setting, plane.classes[0]) else p, setting.spec.gamma


def _here_simplex(setting: Setting, plane: Plane, _: Array) -> tuple[float, float]:
    z = np.array(setting.logits)[list(plane.classes)] / setting.spec.temperature
    e = np.exp(z - z.max())
    x, y = to_plane(e / e.sum())
    return float(x), float(y)


AXES: dict[str, Callable[[Setting, Plane, int], tuple[Array, Array]]] = {
    "logits": _logit_axes,
    "gamma": _gamma_axes,
    "simplex": _box,
}
"""The axes x (M,) and y (N,) of each kind of plane."""


ROWS: dict[str, Callable[[Setting, Plane, Array, Array], Array]] = {
    "logits": _of_logits,
    "gamma": _of_gamma,
    "simplex": _of_plane,
}
"""The rows of logits (R, C) at points x (R,), y (R,) of each kind of plane."""


PRESENT_POINT: dict[str, Callable[[Setting, Plane, Array], tuple[float, float]]] = {
    "logits": _here_logits,
    "gamma": _here_gamma,
    "simplex": _here_simplex,
}
"""Where the present sample, whose probabilities are (C,), lies on each kind of plane."""
