"""Softmax with hard labels, written for a compiler."""

from __future__ import annotations

import torch
from torch import Tensor

from ..losses.outcomes import Outcomes
from .activations import Rows, divided_by_temperature, shifted_exp


class SoftmaxRows:
    """The same as `activations.SoftmaxHard`, row by row and without indexing: what a compiler makes one pass, or two, out of.

    `factors` are the numbers per row that the gradient of many classes is made with. A compiler that is to return them
    computes them once for a row, and otherwise anew for every logit.
    """

    factors: tuple[Tensor, ...] = ()

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        z, y = rows.z, rows.target[:, None]
        self.true = torch.arange(z.shape[1], dtype=torch.int32, device=z.device) == y.int()
        self.top, rest = _largest_and_others(rows, self.true)
        s, true = self._exp(z.gather(1, y))
        self.total = rest + true
        nll = (rest + (true - 1)).log1p() - s
        weight = None if rows.weight is None else rows.weight[0][y].t()
        self.outcomes = Outcomes((true / self.total).t(), (rest / self.total).t(), nll.t(), None, weight, rows.all_finite)

    def _exp(self, z: Tensor) -> tuple[Tensor, Tensor]:
        return shifted_exp(z, self.top, self.rows.temperature, self.rows.all_finite)

    def terms(self, x: Tensor) -> Tensor:
        """Those of the true class alone, (B, 1): all others are 0."""
        return x.t()

    def per_row(self, x: Tensor) -> Tensor:
        return x

    def grad(self, pull: Tensor) -> Tensor:
        pull = divided_by_temperature(pull.t(), self.rows.temperature)
        of_others, of_true = pull / self.total, -pull * self.outcomes.q.t()
        if self.rows.z.shape[1] > WHOLE:
            self.factors = of_others, of_true
        return torch.where(self.true, of_true, self._exp(self.rows.z)[1] * of_others)


WHOLE = 32_768
"""So many classes are still in a GPU's cache when a program comes back to them for the next sum; more are summed in pieces."""

PIECE = 256
"""Classes that are read once for both the largest and the sum: a warp or a few keep them in registers."""


def _largest_and_others(rows: Rows, true: Tensor) -> tuple[Tensor, Tensor]:
    """max z and Σ exp((z − max z)/T) over all but the true class, (B, 1) each; of many classes piece by piece."""

    def sums(z: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
        top = z.amax(-1, keepdim=True)
        e = torch.where(true, 0.0, shifted_exp(z, top, rows.temperature, rows.all_finite)[1])
        return top, e.sum(-1, keepdim=True)

    z, whole = rows.z, rows.z.shape[1] // PIECE * PIECE
    if z.shape[1] <= WHOLE:
        return sums(z, true)
    parts = [sums(*(x[:, :whole].view(len(x), -1, PIECE) for x in (z, true)))]
    if whole < z.shape[1]:
        parts.append(sums(z[:, None, whole:], true[:, None, whole:]))
    tops, each = (torch.cat(x, 1).squeeze(2) for x in zip(*parts, strict=True))
    top = tops.amax(1, keepdim=True)
    return top, (each * shifted_exp(tops, top, rows.temperature, rows.all_finite)[1]).sum(1, keepdim=True)
