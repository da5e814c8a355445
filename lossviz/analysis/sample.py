"""What does this loss do to one sample? And to many variants of it at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..evaluation.devices import working_dtype
from ..evaluation.evaluate import evaluate, evaluate_along
from ..evaluation.setting import Array, Setting, as_targets, baseline
from ..losses import LossSpec


class SampleTable(NamedTuple):
    """R variants of a sample with C classes. Per class (R, C): probs, terms, grad and cross-entropy's terms and grad.

    Per variant (R,): loss, norm (of the gradient), p_t, and loss and norm of cross-entropy with the same weights, smoothing
    and temperature. `loss_factor` and `norm_factor` are this loss's over cross-entropy's; nan where both are 0, and
    `norm_factor` also where one is at its minimum, beside which any gradient is enormous. `resting` tells which is: 1 this
    loss, 2 cross-entropy, 3 both, 0 none.
    """

    probs: Array
    terms: Array
    grad: Array
    ce_terms: Array
    ce_grad: Array
    loss: Array
    norm: Array
    p_t: Array
    ce_loss: Array
    ce_norm: Array
    loss_factor: Array
    norm_factor: Array
    resting: Array

    def rows(self, rows: slice) -> SampleTable:
        """Some of the variants."""
        return SampleTable(*(column[rows] for column in self))


def sample(setting: Setting) -> SampleTable:
    """The one-row table of a setting."""
    return table(setting, np.array([setting.logits]), np.array([setting.targets]))


class EvaluatedRows(NamedTuple):
    """What a loss says about R variants, as arrays: probs, terms and grad (R, C), loss (R,)."""

    probs: Array
    terms: Array
    grad: Array
    loss: Array


def table(setting: Setting, logits: Array, targets: Array) -> SampleTable:
    """Evaluate R variants (R, C) of a sample under the setting's loss and under its cross-entropy baseline."""
    spec = setting.spec
    ours = parts(setting, spec, logits, targets)
    against = baseline(spec)
    ce = ours if against == spec else parts(setting, against, logits, targets)

    def pulls(rows: NDArray[np.intp]) -> Pulls:
        own, plain = (pull(setting, one, logits[rows], targets[rows]) for one in (spec, against))
        return own, plain

    return compare(ours, ce, p_t(spec, ours.probs, targets), pulls)


def parts(
    setting: Setting, spec: LossSpec, logits: Array, targets: Array, sweep: tuple[str, Array] | None = None
) -> EvaluatedRows:
    """`evaluate` on the setting's device, with arrays in and out; `along`: a parameter and its value for each row."""
    where: dict[str, Any] = {"device": setting.device, "dtype": working_dtype(setting.device)}
    wanted = as_targets(spec, targets)
    ev = evaluate_along(spec, *sweep, logits, wanted, **where) if sweep else evaluate(spec, logits, wanted, **where)
    return EvaluatedRows(*(x.cpu().double().numpy() for x in (ev.probs, ev.terms, ev.grad, ev.loss)))


def pull(
    setting: Setting, spec: LossSpec, logits: Array, targets: Array, sweep: tuple[str, Array] | None = None
) -> Array | None:
    """What pulls at each logit (R, C), not counting that it pulls both ways: Σ t |∂ℓ/∂z| over the hard labels.

    None where labels are hard: there nothing pulls the other way, and a gradient is small only because a sample is sure.
    """
    smoothing = spec.label_smoothing
    outcomes = spec.outcomes(targets.shape[1])
    t = targets * (1 - smoothing) + smoothing / outcomes
    hard = np.isin(t, (0.0, 1.0)).all() and (spec.per_logit or (t.sum(1) <= 1).all())
    if hard or spec.activation == "exp":
        return None
    plain = spec.replace(label_smoothing=0.0) if smoothing else spec
    ends = np.eye(targets.shape[1]) if spec.activation == "softmax" else np.array([[1.0], [0.0]]) + 0 * targets[:1]
    shares = t.T[:, :, None] if spec.activation == "softmax" else np.stack((t, 1 - t))
    every = np.tile(logits, (len(ends), 1)), np.repeat(ends, len(logits), axis=0)
    tiled = None if sweep is None else (sweep[0], np.tile(sweep[1], len(ends)))
    # All hard labels in one batch: a call for each would take longer than all else on the page.
    grad = parts(setting, plain, *every, tiled).grad.reshape(len(ends), *logits.shape)
    pulling: Array = (np.abs(grad) * shares).sum(0)
    return pulling


Pulls: TypeAlias = tuple[Array | None, Array | None]
"""What pulls at the logits under a loss and under cross-entropy, as `pull` has it."""


def compare(ours: EvaluatedRows, ce: EvaluatedRows, true: Array, pulls: Callable[[NDArray[np.intp]], Pulls]) -> SampleTable:
    """The table of a loss and of cross-entropy on the same variants; `true` is p_t, `pulls` gives those of some variants."""
    norm, ce_norm = _norm(ours.grad), _norm(ce.grad)
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = ours.loss / ce.loss, norm / ce_norm
    resting = np.zeros_like(norm)
    # A minimum shows as a ratio far from 1, or as two small gradients; only there does anybody look closer.
    far = np.flatnonzero(~(np.abs(factors[1] - 1.65) < 1.35) | (np.maximum(norm, ce_norm) < SMALL))
    if len(far):
        rests = [_at_rest(x[far], own) for x, own in zip((norm, ce_norm), pulls(far), strict=True)]
        resting[far] = rests[0] + 2 * rests[1]
        factors[1][resting > 0] = np.nan
    numbers = ours.loss, norm, true, ce.loss, ce_norm
    return SampleTable(ours.probs, ours.terms, ours.grad, ce.terms, ce.grad, *numbers, *factors, resting)


SMALL = 0.02
"""Gradients below this may both be those of minima."""

AT_REST = 0.01
"""A gradient that is less than this of what pulls at the logits is that of a minimum: the rest has cancelled."""


def _at_rest(norm: Array, pulls: Array | None) -> Array:
    return np.zeros_like(norm) if pulls is None else (norm < AT_REST * _norm(pulls)).astype(float)


def _norm(grad: Array) -> Array:
    """Length of each row; in units of its largest number, whose square might otherwise be 0 or infinite."""
    unit = np.abs(grad).max(axis=1, keepdims=True)
    unit[unit == 0] = 1
    lengths: Array = np.linalg.norm(grad / unit, axis=1) * unit[:, 0]
    return lengths


def p_t(spec: LossSpec, probs: Array, targets: Array) -> Array:
    """The probability given to what is true: Σ t p; with several sigmoids, that of the class where it is lowest."""
    if not spec.per_logit:
        with np.errstate(invalid="ignore"):  # what is given as a log-probability may have any exponential: 0·∞ is 0
            shares = np.where(targets == 0, 0.0, targets * probs)
        p_true: Array = shares.sum(1)
    else:
        p_true = (targets * probs + (1 - targets) * (1 - probs)).min(1)
    return p_true
