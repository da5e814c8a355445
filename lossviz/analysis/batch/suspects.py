"""Which labels are doubtful? Samples on which a high γ spends far more than their fair share.

Focal loss turns down what the model agrees with, so that under a high γ the loss is left to what it contradicts: wrong labels,
and samples unlike all others, among hard but right ones. It performs "the opposite role of a robust loss" (Lin et al. 2017).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..sample import Array
from .contributions import Contributions, Pair, described

HIGH = 5.0
"""The γ that is asked: the highest of the paper."""

SHOWN = 50

ROUNDING = 1e-6
"""Of equal losses in float32 none is above its fair share."""


class Suspects(NamedTuple):
    """Samples by their share of the loss under a high γ, the largest first.

    fair, ce_fair (K,): how many times its fair share 1/N of the loss a sample has, with the high γ and under cross-entropy.
    raised: fair ÷ ce_fair. marked: how many of those listed are known as suspects, and `known` how many there are in all;
    both None where none is known.
    """

    samples: Contributions
    fair: Array
    ce_fair: Array
    raised: Array
    marked: int | None
    known: int | None


def suspects(high: Pair) -> Suspects:
    """`high`: the loss with the high γ on the batch, and cross-entropy. Only samples above their fair share are listed."""
    found = described(high, high.tally.by_loss, SHOWN)
    n = float(high.tally.samples.counts)
    there = found.loss_share * n > 1 + ROUNDING
    kept = Contributions(*(_only(column, there) for column in found))
    fair, ce_fair = kept.loss_share * n, kept.ce_loss_share * n
    entries = high.tally.loss.counts.sum() / n  # of each sample, where these are counted
    known = round(float(high.tally.suspects.counts.sum() / entries))
    raised = np.divide(fair, ce_fair, out=np.full_like(fair, np.inf), where=ce_fair > 0)
    return Suspects(kept, fair, ce_fair, raised, int(kept.suspect.sum()) if known else None, known or None)


def _only(column: Any, there: NDArray[np.bool_]) -> Any:
    if isinstance(column, tuple):
        return tuple(x for x, kept in zip(column, there, strict=True) if kept)
    return column[there]
