"""What does a loss want predicted where the truth is uncertain? The p that minimises it, and the way back.

Everything is reduced to two outcomes, class k against the rest. For a sigmoid that is what the loss is made of. For softmax
and log-probabilities the rest is one class, with weight and α of the likeliest of the others, and label smoothing is over
the two. Temperature moves logits, not probabilities, and plays no part.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..evaluation.devices import working_dtype
from ..evaluation.evaluate import evaluate
from ..evaluation.setting import Array, Setting
from ..losses import LOSSES, LossSpec
from .curves import probability
from .root_search import crossings

QUANTITIES = ("optimum", "recovery")
"""The p that minimises the loss for a truth, and the truth behind a p."""

ODDS = np.linspace(-60, 60, 481)
"""Log-odds at which a minimum is looked for first."""

PREDICTED = np.unique(np.concatenate((np.linspace(-20, 20, 161), np.log(1 / np.linspace(0.98, 0.02, 97) - 1))))
"""Log-odds of the predictions from which a line is drawn."""

TRUTHS = np.linspace(0, 1, 201)
"""True probabilities between which a way back is looked for."""


class Optimum(NamedTuple):
    """Where the truth has probability eta (R,): the p (R,) that minimises the loss, and the loss (R,) there.

    p is 0 or 1 where the loss falls all the way, and nan where the loss is the same whatever is predicted.
    """

    eta: Array
    p: Array
    loss: Array


def optimum(setting: Setting, k: int, points: int = 201) -> Optimum:
    """The minimiser of the loss over predictions for class k, for `points` true probabilities from 0 to 1.

    The true probability is given to the loss as a soft target. For losses that are linear in the target (cross-entropy and
    the per-term form, with any smoothing and weights) that is the expected loss of hard labels drawn with it.
    """
    return _Pair(_two(setting, k), setting.device).optimum(np.linspace(0, 1, points))


def drawn(setting: Setting, k: int) -> Optimum:
    """The minimiser as a line to draw: at true probabilities that lie dense where it moves fast.

    Where the loss is linear in the target the line is found from the other side, p by p, and nothing is searched.
    """
    pair = _Pair(_two(setting, k), setting.device)
    eta, linear = pair.level(PREDICTED)
    inside = (eta > 0) & (eta < 1)
    if not linear or not inside.any():
        return pair.optimum(TRUTHS)
    ends = pair.optimum(np.array([0.0, 1.0]))
    inner = Optimum(eta[inside], probability(PREDICTED[inside]), pair.values(PREDICTED[inside], eta[inside])[0])
    return Optimum(*(np.concatenate((end[:1], middle, end[1:])) for end, middle in zip(ends, inner, strict=True)))


def threshold(setting: Setting, k: int, labels: bool = False) -> float:
    """The true probability above which more than ½ is predicted: 0 if always, 1 if never, nan if nothing is preferred.

    `labels`: the truth comes as hard labels drawn with that probability, and not as a soft target.
    """
    pair = _Pair(_two(setting, k), setting.device)
    eta, linear = pair.level(np.zeros(1))
    if not linear and not labels:
        eta = crossings(pair.over_half, np.array([0.0]), np.array([1.0]), np.array([True]))
    return float(eta.clip(0, 1)[0])


class _Pair(NamedTuple):
    """A loss of two outcomes, of whose log-odds it is a function."""

    spec: LossSpec
    device: str

    def values(self, odds: Array, eta: Array) -> tuple[Array, Array]:
        """Loss and gradient at odds for true probability eta, which broadcast against each other."""
        odds, eta = np.broadcast_arrays(odds, eta)
        z, t = odds.reshape(-1, 1), eta.reshape(-1, 1)
        if self.spec.activation == "softmax":
            z, t = np.concatenate((z, 0 * eta.reshape(-1, 1)), 1), np.concatenate((t, 1 - t), 1)
        ev = evaluate(self.spec, z, t, self.device, working_dtype(self.device))
        value, grad = (x.cpu().double().numpy().reshape(odds.shape) for x in (ev.loss, ev.grad[:, 0]))
        return value, grad

    def gradient(self, odds: Array, eta: Array) -> Array:
        """The gradient alone."""
        return self.values(odds, eta)[1]

    def optimum(self, eta: Array) -> Optimum:
        """The lowest of a grid, and from there to where the gradient changes its sign."""
        values = self.values(ODDS, eta[:, None])[0]
        lowest = values.argmin(1)
        inside = lowest.clip(1, len(ODDS) - 2)
        odds = crossings(lambda x: self.gradient(x, eta[:, None]), ODDS[inside - 1], ODDS[inside + 1], inside > 0)
        odds = np.where(lowest == 0, -np.inf, np.where(lowest == len(ODDS) - 1, np.inf, odds))
        p = np.where(values.max(1) == values.min(1), np.nan, probability(odds))
        return Optimum(eta, p, self.values(odds, eta)[0])

    def level(self, odds: Array) -> tuple[Array, bool]:
        """The true probability at which a loss linear in the target is level at odds, and whether the loss is linear."""
        yes, no, some = (self.gradient(odds, np.array(eta)) for eta in (1.0, 0.0, 0.25))
        linear = np.abs(some - 0.25 * yes - 0.75 * no) <= 1e-12 * (np.abs(yes) + np.abs(no))
        return np.divide(no, no - yes, out=np.full_like(odds, np.nan), where=no != yes), bool(linear.all())

    def over_half(self, eta: Array) -> Array:
        """How far the minimiser is above ½, for true probabilities of any shape."""
        return self.optimum(eta.ravel()).p.reshape(eta.shape) - 0.5


def _two(setting: Setting, k: int) -> LossSpec:
    """The loss between class k and the rest."""
    spec, z = setting.spec, list(setting.logits)
    kept = {name: v for name, v in spec.parameters if v is not None and name not in ("temperature", "ignore_index")}
    if spec.activation == "sigmoid":
        kept = {name: (v[k],) if isinstance(v, tuple) else v for name, v in kept.items()}
    else:
        rest = max((i for i in range(len(z)) if i != k), key=z.__getitem__, default=k)
        kept = {name: (v[k], v[rest]) if isinstance(v, tuple) else v for name, v in kept.items()}
    if LOSSES[spec.key].targets == "any":
        return LOSSES[spec.key].spec(spec.activation, **kept)
    return LOSSES["cross-entropy"].spec("sigmoid" if spec.activation == "sigmoid" else "softmax", **kept)
