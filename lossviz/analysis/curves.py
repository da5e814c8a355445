"""What does a loss say along one logit, the others held? Its value, its push, and its push against cross-entropy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..evaluation.devices import working_dtype
from ..evaluation.evaluate import curvature, detached_gradient, evaluate
from ..evaluation.setting import Array, Setting, as_targets, baseline
from ..losses import LossSpec
from .root_search import crossings
from .sweep import grid, span

QUANTITIES = ("loss", "gradient", "multiplier", "curvature")
AXES = ("p_t", "logit", "margin")

SMALLEST = 1e-12
"""How near p comes to 0 and 1 before it is 0 and 1."""

CERTAIN = 700.0
"""Log-odds at which p or 1 − p is about the smallest number that has all its digits: the neighbour of an infinite logit."""

COARSE = 1e6
"""Log-odds beside which floats are too coarse to tell probabilities near 1 apart."""

ROUNDING = 1e-13
"""A multiplier as close to 1 as this may be 1."""


class Curve(NamedTuple):
    """One quantity along one logit, R points.

    x (R,) rises; y (R,) may be ±inf, and is nan where undefined; z (R,) is the moved logit. `at` is the present point.
    `detached` (R,): the same with the modulator held constant, None where that is not asked for or says nothing else.
    `raised` (n, 2): the intervals of x where the loss pushes harder than cross-entropy, told with the multiplier and the
    gradient. `minimum`: x and y of the lowest loss where that lies inside, told with the loss.
    """

    x: Array
    y: Array
    z: Array
    at: int
    detached: Array | None
    raised: Array
    minimum: tuple[float, float] | None


def axes(setting: Setting, k: int) -> tuple[str, ...]:
    """The axes that exist along logit k.

    The margin of a sigmoid needs a hard target. An infinite rival in a softmax leaves no probability to move and no margin;
    nor does one so large that floats around it are too coarse. Log-probabilities above 0 have no probability.
    """
    spec, z = setting.spec, setting.logits[k]
    if spec.activation == "sigmoid":
        return AXES if setting.targets[k] in (0, 1) else AXES[:2]
    others = _others(setting, k)
    rival = bool(len(others)) and abs(float(others.max())) <= COARSE * spec.temperature
    if spec.activation == "exp":
        return tuple(axis for axis, exists in zip(AXES, (z <= 0, True, rival), strict=True) if exists)
    return AXES if rival else ("logit",)


def curve(
    setting: Setting, k: int, axis: str, quantity: str, detached: bool = False, points: int = 241, log: bool = False
) -> Curve:
    """A quantity of `QUANTITIES` along logit k on one of `axes(setting, k)`, at about `points` points.

    "loss" is the whole sample's; "gradient" ∂ℓ/∂z_k; "curvature" ∂²ℓ/∂z_k²; "multiplier" the gradient over that of
    cross-entropy with the same weights, smoothing and temperature: w(p_t) for hard labels. p_t is the probability of class
    k, and of the truth for a sigmoid whose target is 0. `log` says that y is for a log axis: logits reach further.
    """
    line = _Line(setting, k, axis, baseline(setting.spec))
    x, z, at = line.probabilities(points) if axis == "p_t" else line.even(points, log)
    y = line.value(quantity, z)
    pushes = quantity in ("gradient", "multiplier") and not line.alike
    constant = line.with_constant_modulator(quantity, z) if detached and pushes and setting.spec.gamma != 0 else None
    raised = line.raised(x, z, y if quantity == "multiplier" else line.multiplier(z)) if pushes else np.empty((0, 2))
    return Curve(x, y, z, at, constant, raised, line.minimum(z, y) if quantity == "loss" else None)


class _Line(NamedTuple):
    """The way of one logit z_k through a setting, an axis beside it, and the cross-entropy to compare with."""

    setting: Setting
    k: int
    axis: str
    against: LossSpec

    @property
    def alike(self) -> bool:
        """Whether the loss is the cross-entropy itself."""
        return self.against == self.setting.spec

    def value(self, quantity: str, z: Array) -> Array:
        """One of `QUANTITIES` with the logit at each of z."""
        spec = self.setting.spec
        if quantity == "loss":
            return _array(evaluate(spec, *self._rows(z), **self._where()).loss)
        if quantity == "gradient":
            return self.gradient(spec, z)
        if quantity == "multiplier":
            return self.multiplier(z)
        return _array(curvature(spec, *self._rows(z), np.eye(len(self.setting.logits))[self.k], **self._where()))

    def gradient(self, spec: LossSpec, z: Array) -> Array:
        """∂loss/∂z_k."""
        return _array(evaluate(spec, *self._rows(z), **self._where()).grad[:, self.k])

    def multiplier(self, z: Array) -> Array:
        """The gradient over cross-entropy's. Where both vanish, at certainty, it is read off next to it."""
        ours, ce = self.both(z)
        near = self.finite(z)
        vanish = (np.abs(ce) < np.exp(-CERTAIN)) & (near != z)
        if vanish.any():
            ours[vanish], ce[vanish] = self.both(near[vanish])
        return _ratio(ours, ce)

    def both(self, z: Array) -> tuple[Array, Array]:
        """The gradient and cross-entropy's."""
        ce = self.gradient(self.against, z)
        return ce if self.alike else self.gradient(self.setting.spec, z), ce

    def excess(self, z: Array) -> Array:
        """Of the sign of multiplier − 1, but 0 where the multiplier has a pole: there it crosses as smoothly."""
        ours, ce = self.both(z)
        return (ours - ce) * ce

    def with_constant_modulator(self, quantity: str, z: Array) -> Array:
        """Gradient or multiplier with the modulator held constant."""
        z = z if quantity == "gradient" else self.finite(z)
        ours = _array(detached_gradient(self.setting.spec, *self._rows(z), **self._where())[:, self.k])
        return ours if quantity == "gradient" else _ratio(ours, self.gradient(self.against, z))

    def raised(self, x: Array, z: Array, multiplier: Array) -> Array:
        """The intervals of x (n, 2) in which the multiplier is above 1."""
        z, above = self.finite(z), _settled(multiplier)
        turns = np.flatnonzero(above[1:] != above[:-1])
        exact = crossings(self._by_row(self.excess), z[turns], z[turns + 1], above[turns + 1])
        ends = np.concatenate((x[:1][above[:1]], self.x(exact), x[-1:][above[-1:]]))
        return ends.reshape(-1, 2)

    def minimum(self, z: Array, y: Array) -> tuple[float, float] | None:
        """The lowest loss, if the gradient changes its sign there: its place and value."""
        i = int(np.argmin(y))
        if i in (0, len(y) - 1):
            return None
        around = np.sort(self.finite(z[[i - 1, i + 1]]))
        push = self._by_row(lambda inner: self.gradient(self.setting.spec, inner))
        falls, rises = push(around)
        if not falls < 0 < rises:
            return None
        exact = crossings(push, around[:1], around[1:], np.array([True]))
        return float(self.x(exact)[0]), float(self.value("loss", exact)[0])

    def even(self, points: int, log: bool) -> tuple[Array, Array, int]:
        """Even places of the logit or the margin, the logits there, and which of them is the present."""
        present, own = self.setting.logits[self.k], float(self.x(np.array([self.setting.logits[self.k]]))[0])
        reach = max(span(self.setting.logits), (30.0 if log else 10.0) * max(1.0, self.setting.spec.temperature))
        x, at = grid(-reach, reach, own if np.isfinite(own) else 0.0, points)
        if not np.isfinite(own):
            at = 0 if own < 0 else len(x)
            x = np.insert(x, at, own)
        z = x.copy() if self.axis == "logit" else self.sign * x + self._rival
        z[at] = present
        return x, z, at

    def probabilities(self, points: int) -> tuple[Array, Array, int]:
        """Probabilities from exactly 0 to exactly 1, the logits there, and which of them is the present."""
        present = np.array([self.setting.logits[self.k]])
        x, odds = _probabilities(points)
        own = self.sign * self.odds(present)[0]
        # Twins of the present leave: two points too close to tell apart, though of different z.
        apart = odds != own if np.isinf(own) else np.abs(odds - own) > 1e-9
        x, odds = x[apart], odds[apart]
        at = int(np.searchsorted(odds, own))
        return np.insert(x, at, self.x(present)), np.insert(self.logit(self.sign * odds), at, present), at

    @property
    def sign(self) -> int:
        """−1 where the axis runs against the logit: towards the truth of a sigmoid whose target is 0."""
        towards_no = self.setting.spec.activation == "sigmoid" and self.setting.targets[self.k] == 0
        return -1 if towards_no and self.axis != "logit" else 1

    def x(self, z: Array) -> Array:
        """Where on the axis a logit is."""
        if self.axis == "logit":
            return z
        if self.axis == "margin":
            return self.sign * (z - self._rival)
        return np.exp(z) if self._given_logs else probability(self.sign * self.odds(z))

    def odds(self, z: Array) -> Array:
        """log p/(1 − p) of class k."""
        if self._given_logs:
            with np.errstate(divide="ignore", invalid="ignore"):  # numbers that are no log-probabilities have no odds
                return z - np.log(-np.expm1(z))
        log_odds: Array = z / self.setting.spec.temperature - self._rest
        return log_odds

    def logit(self, odds: Array) -> Array:
        """The logit of log-odds; where log-probabilities are given, log p."""
        if self._given_logs:
            return np.negative(np.logaddexp(0, -odds))
        logits: Array = self.setting.spec.temperature * (odds + self._rest)
        return logits

    def finite(self, z: Array) -> Array:
        """Logits no further out than where probabilities still have ratios."""
        bounds = self.setting.spec.temperature * (np.array([-CERTAIN, CERTAIN]) + self._rest)
        return z.clip(*bounds) if np.isfinite(bounds).all() else z

    @property
    def _given_logs(self) -> bool:
        return self.setting.spec.activation == "exp"

    @property
    def _rival(self) -> float:
        """The logit at margin 0: the largest of the others."""
        return 0.0 if self.setting.spec.activation == "sigmoid" else float(_others(self.setting, self.k).max())

    @property
    def _rest(self) -> float:
        """log Σ_{i≠k} e^{z_i/T}, which is what z_k/T has to beat; 0 where there is nothing to beat."""
        others = _others(self.setting, self.k) / self.setting.spec.temperature
        return float(np.logaddexp.reduce(others)) if self.setting.spec.activation == "softmax" else 0.0

    def _rows(self, z: Array) -> tuple[Array, NDArray[np.generic]]:
        rows = np.repeat([self.setting.logits], len(z), 0)
        rows[:, self.k] = z
        return rows, as_targets(self.setting.spec, np.array([self.setting.targets])).repeat(len(z), 0)

    @staticmethod
    def _by_row(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
        """A function of logits (R,) as one of logits of any shape."""
        return lambda z: function(z.ravel()).reshape(z.shape)

    def _where(self) -> dict[str, Any]:
        return {"device": self.setting.device, "dtype": working_dtype(self.setting.device)}


def _array(x: Any) -> Array:
    array: Array = x.cpu().double().numpy() + 0.0  # no −0
    return array


def _ratio(a: Array, b: Array) -> Array:
    """a/b, nan where b is 0."""
    return np.divide(a, b, out=np.full_like(a, np.nan), where=b != 0) + 0.0


def _others(setting: Setting, k: int) -> Array:
    return np.array(setting.logits[:k] + setting.logits[k + 1 :])


def probability(odds: Array) -> Array:
    """p of log-odds, small ones right relative to their own size."""
    small = np.exp(-np.abs(odds))
    p: Array = np.where(odds < 0, small, 1.0) / (1 + small)
    return p


def _probabilities(points: int) -> tuple[Array, Array]:
    """About `points` probabilities, even inside and in even ratios towards both ends, and their log-odds.

    Each is known by the smaller of p and 1 − p, so that the log-odds near 1 are as good as those near 0.
    """
    step = 1 / (2 * round(points * 5 / 12))
    ratios = np.geomspace(SMALLEST, step, max(2, round(points / 12)), endpoint=False)
    low = np.concatenate(([0.0], ratios, np.round(np.arange(1, round(0.5 / step)) * step, 12)))
    with np.errstate(divide="ignore"):
        odds = np.log(low) - np.log1p(-low)
    return np.concatenate((low, [0.5], 1 - low[::-1])), np.concatenate((odds, [0.0], -odds[::-1]))


def _settled(multiplier: Array) -> NDArray[np.bool_]:
    """Whether each is above 1. Where rounding has the last word, or there is none, it is as at the nearest one that is sure."""
    sure = np.flatnonzero(np.abs(multiplier - 1) > ROUNDING)
    if len(sure) == 0:
        return np.zeros(len(multiplier), dtype=bool)
    places = np.arange(len(multiplier))
    after = np.searchsorted(sure, places).clip(max=len(sure) - 1)
    before = (after - 1).clip(min=0)
    nearest = np.where(places - sure[before] < np.abs(sure[after] - places), before, after)
    listens_more: NDArray[np.bool_] = multiplier[sure[nearest]] > 1
    return listens_more
