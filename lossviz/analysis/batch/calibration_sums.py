"""What the answers about calibration are made of: predictions by cell of confidence, kept as sums.

The sums of any parts of the rows add up, and bins can be chosen afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import one_hot, softplus

from ...data.predictions import Predictions
from ...evaluation.activations import probabilities
from ...evaluation.setting import Array
from .counting_unit import tensor

CELLS = 1_500
"""Cells of confidence from 0 to 1: a hundred in each of 15 bins."""


class ReliabilitySums(NamedTuple):
    """Predictions by cell of confidence, those that came true in row 1 and those that did not in row 0; (2, CELLS) each.

    counts: how many; a soft target t counts t in row 1 and 1 − t in row 0. confidence, doubt, squares: the sums of their
    confidences p, of 1 − p, and of p².
    decisions (3,): how many decisions these are, the sum of the confidences in them, and how many are right. For softmax a
    prediction is a decision; for sigmoid the decision about an entry is yes if p > ½ and no otherwise, with confidence p or
    1 − p. log_loss (): Σ −log of what was given to what happened: p, or 1 − p where it did not come true.
    classes (2,): samples, and the sum of their Brier scores over all classes.
    """

    counts: Array
    confidence: Array
    doubt: Array
    squares: Array
    decisions: Array
    log_loss: Array
    classes: Array


Sums = TypeVar("Sums", bound=tuple[Any, ...])
"""What adds up: a named tuple of numbers and arrays."""


def merge(a: Sums, b: Sums) -> Sums:
    """The sums of the rows of both."""
    pairs: Iterable[tuple[Any, Any]] = zip(a, b, strict=True)
    return type(a)(*(x + y for x, y in pairs))


class _Scored(NamedTuple):
    """Predictions one by one, (M,) each: confidence p, 1 − p, the share that came true, and both logarithms."""

    p: Array
    q: Array
    true: Array
    log_p: Array
    log_q: Array


def reliability(block: Predictions, activation: str, device: str = "cpu") -> ReliabilitySums:
    """The cells of some rows.

    "softmax" and "exp": the prediction is a row's likeliest class, its confidence that class's probability, and what came true
    of it the class's target. "sigmoid": every entry is a prediction, with confidence p, of which its target came true.
    """
    z, targets = (tensor(x).to(device) for x in (block.logits, block.targets))
    entries = activation == "sigmoid"
    odds, true = _entries(z, targets) if entries else _likeliest(z, targets)
    scored = _scored(odds, true)
    brier = _brier(probabilities("sigmoid" if entries else "softmax", z, 1.0), targets)
    return _cells(scored, entries, np.array([len(block), brier]))


def _entries(z: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Log-odds of every entry, and its target."""
    classes = z.shape[1]
    if targets.dim() == 1 and classes > 1:
        targets = one_hot(targets, classes)
    return z, targets


def _likeliest(z: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Log-odds of the likeliest class against all others, log p/(1 − p), and what is true of it."""
    top, place = z.max(1)
    rest = z.scatter(1, place[:, None], -torch.inf).logsumexp(1)
    true = place == targets if targets.dim() == 1 else targets.gather(1, place[:, None])
    return top.double() - rest, true


def _scored(odds: Tensor, true: Tensor) -> _Scored:
    m = odds.reshape(-1).double()
    columns = (torch.sigmoid(m), torch.sigmoid(-m), true.reshape(-1).double(), -softplus(-m), -softplus(m))
    return _Scored(*(x.cpu().numpy() for x in columns))


def _brier(p: Tensor, targets: Tensor) -> float:
    """Σ over rows and classes of (p − label)²; of a target t that is no label, t (1 − p)² + (1 − t) p², as of a label drawn."""
    p = p.double()
    squares = float((p * p).sum())
    if targets.dim() == 1 and p.shape[1] > 1:
        return squares - 2 * float(p.gather(1, targets[:, None]).sum()) + len(p)
    t = targets.reshape(p.shape).double()
    return squares + float((t * (1 - 2 * p)).sum())


def _cells(scored: _Scored, entries: bool, classes: Array) -> ReliabilitySums:
    cell = np.minimum((scored.p * CELLS).astype(np.int64), CELLS - 1)
    shares = (1 - scored.true, scored.true)

    def by_cell(x: NDArray[np.float64] | float) -> Array:
        return np.array([np.bincount(cell, share * x, CELLS) for share in shares])

    sums = (by_cell(1.0), by_cell(scored.p), by_cell(scored.q), by_cell(scored.p**2))
    return ReliabilitySums(*sums, _decisions(scored, entries), _log_loss(scored), classes)


def _decisions(x: _Scored, entries: bool) -> Array:
    yes = (x.p > 0.5) | (not entries)
    sure, right = np.where(yes, x.p, x.q), np.where(yes, x.true, 1 - x.true)
    return np.array([len(x.true), sure.sum(), right.sum()])


def _log_loss(x: _Scored) -> Array:
    """Where nothing of a kind happened its logarithm does not count, be it infinite."""
    with np.errstate(invalid="ignore"):
        terms = np.where(x.true > 0, x.true * x.log_p, 0) + np.where(x.true < 1, (1 - x.true) * x.log_q, 0)
    return np.array(-terms.sum())
