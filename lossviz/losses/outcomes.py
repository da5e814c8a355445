"""What a formula works on: outcomes with their probabilities, and how 0·∞ is kept 0."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Outcomes(NamedTuple):
    """K outcomes of M distributions: p, its complement q = 1 − p, nll = −log p, target t and weight; each (K, M).

    A softmax has a row for each class; a sigmoid has two, row 0 for yes and row 1 for no. t is None where there are only true
    outcomes (K = 1, all t = 1), which a loss with `outcomes="all"` never gets; weight is None where all weights are 1.
    `all_finite` promises that no number among them is infinite, which spares every product a look for 0·∞.
    """

    p: Tensor
    q: Tensor
    nll: Tensor
    t: Tensor | None
    weight: Tensor | None
    all_finite: bool

    def row(self, i: int) -> Outcomes:
        """The i-th outcome of every distribution alone: the yes (0) or the no (1) of a sigmoid."""
        p, q, nll, t, weight = (None if x is None else x[i : i + 1] for x in self[:5])
        assert p is not None and q is not None and nll is not None
        return Outcomes(p, q, nll, t, weight, self.all_finite)

    def times(self, a: Tensor, b: Tensor) -> Tensor:
        """a·b, with 0·∞ = 0."""
        return a * b if self.all_finite else no_nan(a * b)

    def share(self, x: Tensor) -> Tensor:
        """weight·t·x for a finite x: each outcome's part in something."""
        x = x if self.t is None else self.t * x
        return x if self.weight is None else self.weight * x

    def finite_nll(self) -> Tensor:
        """−log p with ∞ cut to the largest float, so that 0·(−log 0) is 0."""
        return self.nll if self.all_finite else clip_infinity(self.nll)


def no_nan(x: Tensor) -> Tensor:
    """0·∞ → 0. Logits are checked to be free of nan, so a nan here can be nothing else."""
    return torch.nan_to_num(x, nan=0.0, posinf=torch.inf, neginf=-torch.inf)


def clip_infinity(x: Tensor, headroom: float | Tensor = 1.0) -> Tensor:
    """x with ∞ cut to the largest float (over `headroom`), so that 0·x is 0."""
    return x.clamp(max=torch.finfo(x.dtype).max / headroom)
