"""Both sides of each statement along its knob: by lossviz on the left, by another route on the right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from ...evaluation.evaluate import evaluate
from ...evaluation.setting import Array
from ...losses import loss
from .statement import FiniteSample


def _rows(sample: FiniteSample, knob: Array) -> Array:
    return np.repeat(sample.z[None], len(knob), 0)


def _ce(z: Array, targets: Array) -> Array:
    """Cross-entropy after softmax, by lossviz."""
    losses: Array = evaluate(loss("cross-entropy"), z, targets).loss.numpy()
    return losses


def _torch(z: Array) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(z))


def _labels(sample: FiniteSample, knob: Array) -> Array:
    return np.full(len(knob), sample.y)


def _margin(sample: FiniteSample) -> tuple[Array, Array]:
    """The logit of the true class, and the logarithm of what the others add up to."""
    others = np.delete(sample.z, sample.y)
    top = others.max()
    return sample.z[sample.y], top + np.log(np.exp(others - top).sum())


class LogSoftmaxSteps(NamedTuple):
    """What lies between logits and NLL at K positions of the scale: logits and log-probabilities (K, C), the true class y."""

    logits: Array
    log_probs: Array
    y: int

    def at(self, n: int) -> tuple[Array, Array]:
        """Logits and log-probabilities (C,) at one position."""
        return self.logits[n], self.log_probs[n]


def steps_between(sample: FiniteSample, knob: Array) -> LogSoftmaxSteps:
    """The step in between: log-probabilities of all classes, of which NLL picks one.

    Args:
        sample: what `sample_of` makes of logits and targets.
        knob: (K,), what the logits are multiplied by.

    Returns:
        Logits and log-probabilities, (K, C).

    Example:
        >>> steps = steps_between(FiniteSample(np.array([2.0, 1.0, 0.0]), 0, np.array([1.0, 0.0, 0.0])), np.array([1.0]))
        >>> steps.log_probs.round(4).tolist()
        [[-0.4076, -1.4076, -2.4076]]
    """
    z = _rows(sample, knob) * knob[:, None]
    return LogSoftmaxSteps(z, _torch(z).log_softmax(1).numpy(), sample.y)


def ce_nll(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    z = _rows(sample, knob) * knob[:, None]
    return _ce(z, _labels(sample, knob)), -_torch(z).log_softmax(1)[:, sample.y].numpy()


def two_classes(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    z = _rows(sample, knob)
    z[:, sample.y] += knob
    own, others = _margin(sample)
    probs = evaluate(loss("cross-entropy"), z, _labels(sample, knob)).probs.numpy()[:, sample.y]
    return probs, torch.sigmoid(_torch(own - others + knob)).numpy()


def logistic(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    own, others = _margin(sample)
    z = (own - others) * knob
    right = F.binary_cross_entropy_with_logits(_torch(z), torch.ones(len(knob), dtype=torch.float64), reduction="none")
    return evaluate(loss("logistic"), z, np.ones(len(knob), int)).loss.numpy(), right.numpy()


def gamma(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    left = [float(evaluate(loss("focal", gamma=float(g)), sample.z[None], [sample.y]).loss[0]) for g in knob]
    right = F.cross_entropy(_torch(sample.z[None]), torch.tensor([sample.y])).numpy()
    return np.array(left), np.repeat(right, len(knob))


def alpha(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    t = np.eye(len(sample.z))[sample.y][None]
    left = [float(evaluate(loss("focal", "sigmoid", gamma=0.0, alpha=float(a)), sample.z[None], t).loss[0]) for a in knob]
    right = F.binary_cross_entropy_with_logits(_torch(sample.z[None]), _torch(t), reduction="sum").numpy()
    return np.array(left), np.repeat(right, len(knob))


def smoothing(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    left = [float(evaluate(loss("cross-entropy", label_smoothing=float(e)), sample.z[None], [sample.y]).loss[0]) for e in knob]
    mixed = (1 - knob[:, None]) * np.eye(len(sample.z))[sample.y] + knob[:, None] / len(sample.z)
    return np.array(left), F.cross_entropy(_torch(_rows(sample, knob)), _torch(mixed), reduction="none").numpy()


def kl(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    q = (1 - knob[:, None]) * sample.t + knob[:, None] / len(sample.z)
    log_p = _torch(_rows(sample, knob)).log_softmax(1)
    divergence = F.kl_div(log_p, _torch(q), reduction="none").sum(1).numpy()
    return _ce(_rows(sample, knob), q), divergence + torch.special.entr(_torch(q)).sum(1).numpy()


def piecewise(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    z = np.stack([knob, np.zeros_like(knob)], 1)
    s, yes = torch.sigmoid(_torch(knob)), sample.y == 0
    return _ce(z, np.full(len(knob), 0 if yes else 1)), -(s.log() if yes else (-s).log1p()).numpy()


def shift_softmax(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    labels = _labels(sample, knob)
    right = F.cross_entropy(_torch(_rows(sample, knob)), torch.from_numpy(labels), reduction="none").numpy()
    return _ce(_rows(sample, knob) + knob[:, None], labels), right


def shift_sigmoid(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    t = np.repeat(np.eye(len(sample.z))[sample.y][None], len(knob), 0)
    left = evaluate(loss("cross-entropy", "sigmoid"), _rows(sample, knob) + knob[:, None], t).loss.numpy()
    right = F.binary_cross_entropy_with_logits(_torch(_rows(sample, knob)), _torch(t), reduction="none").sum(1).numpy()
    return left, right


def p_minus_t(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    z = _rows(sample, knob) * knob[:, None]
    left = evaluate(loss("cross-entropy"), z, _labels(sample, knob)).grad.numpy()[:, sample.y]
    leaf = _torch(z).requires_grad_()
    value = F.cross_entropy(leaf, torch.from_numpy(_labels(sample, knob)), reduction="sum")
    return left, torch.autograd.grad(value, leaf)[0][:, sample.y].numpy()


def sign(_: FiniteSample, knob: Array) -> tuple[Array, Array]:
    """The gradient for t = 1 with 1 − p put in for p, beside the gradient for t = 0."""
    spec = loss("focal", "sigmoid", gamma=2.0)
    mirrored = evaluate(spec, -knob, np.ones(len(knob), int)).grad.numpy()[:, 0]
    leaf = _torch(knob).requires_grad_()
    (right,) = torch.autograd.grad(((2 * F.logsigmoid(leaf)).exp() * F.softplus(leaf)).sum(), leaf)
    return mirrored, right.numpy()


def negatives(sample: FiniteSample, knob: Array) -> tuple[Array, Array]:
    """The loss term of the strongest wrong class, and the gradient that its logit gets."""
    z = _rows(sample, knob) * knob[:, None]
    wrong = int(np.where(np.arange(len(sample.z)) == sample.y, -np.inf, sample.z).argmax())
    leaf = _torch(z).requires_grad_()
    value = F.cross_entropy(leaf, torch.from_numpy(_labels(sample, knob)), reduction="sum")
    terms = evaluate(loss("cross-entropy"), z, _labels(sample, knob)).terms.numpy()[:, wrong]
    return terms, torch.autograd.grad(value, leaf)[0][:, wrong].numpy()
