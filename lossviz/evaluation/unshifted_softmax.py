"""Softmax with hard labels from the exponentials of the logits as they are, for rows where all of these are ordinary numbers.

Subtracting the largest logit is what keeps exp from overflowing, and it rounds: a logit far below the largest loses digits
that then have to be put back. Without it there is nothing to put back and no largest to look for: a row is read once, and four
passes of a cache's speed make its gradient. Sums of exponentials tell which rows are not to be had so (`far`).
"""

from __future__ import annotations

import math
from copy import copy

import torch
from torch import Tensor

from ..losses.outcomes import Outcomes
from .activations import Rows

LEAST = math.exp(-18)
"""The least Σ exp z: whatever exp has no digits for is then below 1e-30 in float32 as a probability, and 1e-299 in float64."""

FEW = 64
"""Fewer classes are summed as a product with ones, which is faster and with so few as exact."""


class UnshiftedSoftmax:
    """A block of samples with their true class only, of finite logits at a temperature of 1; the gradient goes into `out`.

    What it says of rows that are `far` is of no use. None of them is far if that is None.
    """

    def __init__(self, rows: Rows, out: Tensor) -> None:
        self.y, self.out, self.e = rows.target[:, None], out, torch.exp(rows.z, out=out)
        true, rest = self.true_and_rest()
        self.total, odds = rest + true, rest / true
        self.far = _far(self.total, odds)
        p, q = true / self.total, rest / self.total
        self.outcomes = Outcomes(p.t(), q.t(), odds.log1p_().t(), None, self.weight(rows), self.far is None)

    def weight(self, rows: Rows) -> Tensor | None:
        """The weights of the true classes, (1, B)."""
        return None if rows.weight is None else rows.weight[0][self.y].t()

    def again(self, rows: Rows, out: Tensor) -> UnshiftedSoftmax:
        """The same logits and labels for another loss, whose gradient goes elsewhere."""
        other = copy(self)
        other.out, other.outcomes = out, self.outcomes._replace(weight=self.weight(rows))
        return other

    def true_and_rest(self) -> tuple[Tensor, Tensor]:
        """exp z of the true class, whose place in `e` is 0 from then on, and the sum over all others, (B, 1) each."""
        true = self.e.gather(1, self.y)
        self.e.scatter_(1, self.y, true.new_zeros(1, 1).expand_as(true))
        return true, _row_sums(self.e)

    def terms(self, x: Tensor) -> Tensor:
        """Those of the true class alone, (B, 1): all others are 0."""
        return x.t()

    def per_row(self, x: Tensor) -> Tensor:
        return x

    def grad(self, pull: Tensor) -> Tensor:
        pull = pull.t()
        factor = pull / self.total
        if _ordinary(factor):
            torch.mul(self.e, factor, out=self.out)
        else:
            torch.div(self.e, self.total, out=self.out).mul_(pull)
        return self.out.scatter_(1, self.y, -pull * self.outcomes.q.t())


class UnshiftedPair(UnshiftedSoftmax):
    """The same for two classes, of which one is all the rest: nothing to sum up, and gradients that differ in their sign."""

    def true_and_rest(self) -> tuple[Tensor, Tensor]:
        # By columns, and with a factor of 0 or 1, by which lerp chooses exactly: indices and masks cost several times that.
        self.second = self.y.to(self.e.dtype)
        first, second = (self.e[:, k : k + 1].contiguous() for k in (0, 1))
        return torch.lerp(first, second, self.second), torch.lerp(second, first, self.second)

    def grad(self, pull: Tensor) -> Tensor:
        first = (pull.t() * self.outcomes.q.t()).mul_(self.second * 2 - 1)
        self.out[:, :1] = first
        self.out[:, 1:] = first.neg_()
        return self.out


def unshifted(rows: Rows, out: Tensor) -> UnshiftedSoftmax:
    """The block for so many classes."""
    return (UnshiftedPair if out.shape[1] == 2 else UnshiftedSoftmax)(rows, out)


def _row_sums(x: Tensor) -> Tensor:
    classes = x.shape[1]
    return x @ x.new_ones(classes, 1) if classes < FEW else x.sum(1, keepdim=True)


def _far(total: Tensor, odds: Tensor) -> Tensor | None:
    """The rows (B,) with a logit that is not finite or whose exponential overflows or lacks digits; None if there are none.

    A sum that is neither small nor large has none that is large or nan; one that is too small to have all its digits is
    then not among the probabilities that count. Only the true class has to have them all.
    """
    info = torch.finfo(total.dtype)
    # exp z of the true class is total/(1 + odds): the limit of the odds keeps it from losing digits, too.
    most, steepest = info.max**0.55, LEAST / (16 * info.tiny)
    if total.amin().item() >= LEAST and total.amax().item() <= most and odds.amax().item() <= steepest:
        return None
    far: Tensor = ~((total >= LEAST) & (total <= most) & (odds <= steepest))[:, 0]
    return far


def _ordinary(factor: Tensor) -> bool:
    """Whether all these numbers are far from both ends of what their precision can say."""
    info = torch.finfo(factor.dtype)
    size = factor.abs()
    return size.amin().item() >= info.tiny * 8 and size.amax().item() <= info.max**0.4
