"""From logits to probabilities, accurate at both ends, and the gradient's way back.

Every activation here gives *outcomes*: K exclusive outcomes of M independent distributions, stored outcomes first, (K, M).
Softmax is one distribution over C classes per sample (K = C, M = N); a sigmoid is one distribution over {yes, no} per logit
(K = 2, M = N·C). A loss is written once, for outcomes, and serves both. With hard labels only the true outcome matters and
K = 1.

A loss answers with its *pull* on each outcome, g = −∂loss/∂log p ≥ 0, and the activation turns the pull into ∂loss/∂z:

    softmax   ∂log p_i/∂z_k = δ_ik − p_k   ⇒   ∂loss/∂z_k = p_k·Σ_{i≠k} g_i − g_k·(1 − p_k)
    sigmoid   ∂log p/∂z = 1 − p,  ∂log(1 − p)/∂z = −p   ⇒   ∂loss/∂z = g_no·p − g_yes·(1 − p)

Pulls g and g + c·p give the same gradient for any c, because probabilities sum to 1; a loss may choose the c that rounds best.

Nothing here is computed as 1 − p where p may be near 1, and no logarithm is taken of a number that was rounded near 1: the
complement q = 1 − p is a sum of the other probabilities, and −log p is log1p of a tail. That is what keeps the loss and the
gradient of a well-classified sample right relative to their own, tiny, size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ..losses.outcomes import Outcomes, no_nan


class Block(Protocol):
    """A block of B rows on its way through an activation."""

    outcomes: Outcomes

    def terms(self, x: Tensor) -> Tensor:
        """A per-outcome quantity (K, M) as one number per logit, (B, C)."""

    def per_row(self, x: Tensor) -> Tensor:
        """A number per row (B,), shaped so that it goes with the outcomes of that row."""

    def grad(self, pull: Tensor) -> Tensor:
        """∂loss/∂z from the pull on each outcome, (B, C); may overwrite the pull."""


class Rows(NamedTuple):
    """What an activation needs of a block: logits (B, C), targets (B, C) or labels (B,), weights, T, ε; `all_finite` as above.

    `weight` is a factor per outcome that broadcasts against (B, C): one for softmax, one for yes and one for no for sigmoid.
    `alpha`, of the same form, is a factor that a distribution's targets mix into one for all its outcomes.
    """

    z: Tensor
    target: Tensor
    weight: tuple[Tensor, ...] | None
    temperature: float
    smoothing: float
    all_finite: bool
    alpha: tuple[Tensor, ...] | None = None


def divided_by_temperature(x: Tensor, temperature: float) -> Tensor:
    """x/T, without a pass over x where T is 1."""
    return x if temperature == 1 else x / temperature


def _softplus(x: Tensor) -> Tensor:
    """log(1 + e^x). Above 40 it is x to the last bit of float64, and the threshold keeps e^x from overflowing."""
    return softplus(x, 1, 40)


def _nll(x: Tensor, p: Tensor, q: Tensor) -> Tensor:
    """−log p = log(1 + e^x) where p = σ(−x) and q = σ(x) are known.

    As one call where the number of calls is what costs; as max(x, 0) − log1p(−min(p, q)), which has no exponential left to
    take, where the number of numbers is.
    """
    if x.numel() < MANY:
        return _softplus(x)
    return torch.minimum(p, q).neg_().log1p_().neg_().add_(x.clamp_min(0))


MANY = 8_192
"""From here on passes over the numbers cost more than calls into torch."""


class Sigmoid:
    """All logits of a block, each with both its outcomes: for soft targets."""

    def __init__(self, rows: Rows) -> None:
        self.shape, self.temperature = rows.z.shape, rows.temperature
        x, t = divided_by_temperature(rows.z, rows.temperature).reshape(-1), rows.target.reshape(-1)
        p = torch.sigmoid(torch.stack((x, -x)))
        # Smoothed here, where both t and 1 − t are at hand: the complement of a smoothed t has lost digits.
        t = _smoothed(torch.stack((t, 1 - t)), rows.smoothing)
        weight, alpha = (
            None if each is None else torch.stack([w.expand(self.shape).reshape(-1) for w in each])
            for each in (rows.weight, rows.alpha)
        )
        weight = _with_mixed(weight, alpha, t)
        self.outcomes = Outcomes(p, p.flip(0), _softplus(torch.stack((-x, x))), t, weight, rows.all_finite)

    def terms(self, x: Tensor) -> Tensor:
        return x.sum(0).view(self.shape)

    def per_row(self, x: Tensor) -> Tensor:
        return x.repeat_interleave(self.shape[1])

    def grad(self, pull: Tensor) -> Tensor:
        yes, no = self.outcomes.p
        grad = torch.addcmul(pull[1] * yes, pull[0], no, value=-1).view(self.shape)
        return divided_by_temperature(grad, self.temperature)


class SigmoidHard:
    """All logits of a block with the one outcome their 0/1 targets say: half the work of `Sigmoid`, the same numbers."""

    def __init__(self, rows: Rows) -> None:
        self.t, self.temperature = rows.target, rows.temperature
        # −z on positives and z on negatives: the logit of the outcome that did not happen.
        flipped = torch.addcmul(rows.z, rows.z, rows.target, value=-2) if rows.all_finite else rows.z * (1 - 2 * rows.target)
        x = divided_by_temperature(flipped, rows.temperature)
        weight = None if rows.weight is None else torch.lerp(rows.weight[1], rows.weight[0], rows.target)
        p, q = (-x).sigmoid_(), torch.sigmoid(x)
        self.outcomes = Outcomes(p, q, _nll(x, p, q), None, weight, rows.all_finite)

    def terms(self, x: Tensor) -> Tensor:
        return x

    def per_row(self, x: Tensor) -> Tensor:
        return x[:, None]

    def grad(self, pull: Tensor) -> Tensor:
        grad = pull.mul_(self.outcomes.q)
        return divided_by_temperature(grad.addcmul_(grad, self.t, value=-2), self.temperature)


def _smoothed(t: Tensor, epsilon: float) -> Tensor:
    """(1 − ε)·t + ε/K for the targets t (K, M) of K outcomes."""
    return t if epsilon == 0 else torch.add(t.new_full((), epsilon / len(t)), t, alpha=1 - epsilon)


def _with_mixed(weight: Tensor | None, alpha: Tensor | None, t: Tensor) -> Tensor | None:
    """The weight of each outcome (K, M), with α mixed by the targets: Σ α t is the same for all outcomes of a distribution."""
    if alpha is None:
        return weight
    mixed = (alpha * t).sum(0, keepdim=True).expand_as(t)
    return mixed if weight is None else weight * mixed


def shifted_exp(z: Tensor, top: Tensor, temperature: float, all_finite: bool) -> tuple[Tensor, Tensor]:
    """s = (z − top)/T ≤ 0 and exp(s); top is the largest z of each distribution.

    The rounding error of the subtraction (Knuth's TwoSum recovers it exactly) is put back into exp: it would cost |s|/2 ulp.
    """
    s = z - top
    back = s - z
    lost = (z - (s - back)).sub_(back.add_(top))
    if not all_finite:
        # An infinite logit, or a difference past the largest float: the limit is exact, nothing was lost.
        s, lost = no_nan(s), no_nan(lost)
    s, lost = divided_by_temperature(s, temperature), divided_by_temperature(lost, temperature)
    e = s.exp()
    return s, torch.addcmul(e, e, lost)


def _sums_of_others(x: Tensor) -> Tensor:
    """Σ_{i≠k} x_i for every k, as sums from both sides: subtracting x_k from the whole sum could leave nothing."""
    others = torch.zeros_like(x)
    others[1:] = x[:-1].cumsum(0)
    others[:-1] += x[1:].flip(0).cumsum(0).flip(0)
    return others


class Softmax:
    """All classes of a block of samples: for soft targets."""

    def __init__(self, rows: Rows) -> None:
        self.temperature = rows.temperature
        z, t = rows.z.t().contiguous(), rows.target
        t = torch.nn.functional.one_hot(t, len(z)).to(z.dtype) if t.dim() == 1 else t
        top = z.argmax(0, keepdim=True)
        # The largest by its index: of several, the derivative of this one is to be that of the 1 below, which is none.
        s, e = shifted_exp(z, z.gather(0, top), rows.temperature, rows.all_finite)
        rest = e.scatter(0, top, 0.0).sum(0, keepdim=True)
        total = rest + 1
        p = e / total
        q = (1 - p).scatter_(0, top, rest / total)
        t = _smoothed(t.t(), rows.smoothing)
        weight, alpha = (None if each is None else each[0][:, None].expand_as(z) for each in (rows.weight, rows.alpha))
        self.outcomes = Outcomes(p, q, rest.log1p() - s, t, _with_mixed(weight, alpha, t), rows.all_finite)

    def terms(self, x: Tensor) -> Tensor:
        return x.t()

    def per_row(self, x: Tensor) -> Tensor:
        return x

    def grad(self, pull: Tensor) -> Tensor:
        grad = torch.addcmul(self.outcomes.p * _sums_of_others(pull), pull, self.outcomes.q, value=-1)
        return divided_by_temperature(grad, self.temperature).t()


class SoftmaxHard:
    """A block of samples with their true class only."""

    def __init__(self, rows: Rows) -> None:
        self.y, self.temperature = rows.target[:, None], rows.temperature
        s, e = shifted_exp(rows.z, rows.z.amax(1, keepdim=True), rows.temperature, rows.all_finite)
        true = e.gather(1, self.y)
        self.others = e.scatter_(1, self.y, 0.0)
        rest = self.others.sum(1, keepdim=True)
        self.total = rest + true
        # log1p of Σe − 1: if the true class is the largest, true is exactly 1 and the tail keeps its relative accuracy.
        nll = (rest + (true - 1)).log1p_().sub_(s.gather(1, self.y))
        weight = None if rows.weight is None else rows.weight[0][self.y].t()
        p, q = true / self.total, rest / self.total
        self.outcomes = Outcomes(p.t(), q.t(), nll.t(), None, weight, rows.all_finite)

    def terms(self, x: Tensor) -> Tensor:
        """Those of the true class alone, (B, 1): all others are 0."""
        return x.t()

    def per_row(self, x: Tensor) -> Tensor:
        return x

    def grad(self, pull: Tensor) -> Tensor:
        pull = pull.t()
        grad = self.others.mul_(pull / self.total).scatter_(1, self.y, -pull * self.outcomes.q.t())
        return divided_by_temperature(grad, self.temperature)


class ExpHard:
    """Log-probabilities that somebody else has made: p = exp(z), nothing is normalised."""

    def __init__(self, rows: Rows) -> None:
        self.z, self.y = rows.z, rows.target[:, None]
        nll = -self.z.gather(1, self.y).t()
        weight = None if rows.weight is None else rows.weight[0][self.y].t()
        self.outcomes = Outcomes((-nll).exp(), -(-nll).expm1(), nll, None, weight, rows.all_finite)

    def terms(self, x: Tensor) -> Tensor:
        """Those of the true class alone, (B, 1): all others are 0."""
        return x.t()

    def per_row(self, x: Tensor) -> Tensor:
        return x

    def grad(self, pull: Tensor) -> Tensor:
        return torch.zeros_like(self.z).scatter_(1, self.y, -pull.t())


BLOCKS: Mapping[tuple[str, bool], Callable[[Rows], Block]] = {
    ("softmax", False): Softmax,
    ("softmax", True): SoftmaxHard,
    ("sigmoid", False): Sigmoid,
    ("sigmoid", True): SigmoidHard,
    ("exp", True): ExpHard,
}
"""The block of an activation, by whether only the true outcomes count: class indices, or 0/1 targets of sigmoids."""


def probabilities(activation: str, z: Tensor, temperature: float) -> Tensor:
    """Probabilities (B, C) of logits (B, C), with small ones right relative to their own size."""
    if activation == "exp":
        return z.exp()
    if activation == "sigmoid":
        return torch.sigmoid(divided_by_temperature(z, temperature))
    e = shifted_exp(z, z.amax(1, keepdim=True), temperature, all_finite=False)[1]
    return e.div_(e.sum(1, keepdim=True))
