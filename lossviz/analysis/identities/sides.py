"""Both sides of each statement along its knob: by lossviz on the left, by another route on the right."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from ...evaluation.evaluate import evaluate
from ...evaluation.setting import Array
from ...losses import loss
from .statement import Point


def _rows(here: Point, knob: Array) -> Array:
    return np.repeat(here.z[None], len(knob), 0)


def _ce(z: Array, targets: Array) -> Array:
    """Cross-entropy after softmax, by lossviz."""
    found: Array = evaluate(loss("cross-entropy"), z, targets).loss.numpy()
    return found


def _torch(z: Array) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(z))


def _labels(here: Point, knob: Array) -> Array:
    return np.full(len(knob), here.y)


def _margin(here: Point) -> tuple[Array, Array]:
    """The logit of the true class, and the logarithm of what the others add up to."""
    others = np.delete(here.z, here.y)
    top = others.max()
    return here.z[here.y], top + np.log(np.exp(others - top).sum())


def ce_nll(here: Point, knob: Array) -> tuple[Array, Array]:
    z = _rows(here, knob) * knob[:, None]
    return _ce(z, _labels(here, knob)), -_torch(z).log_softmax(1)[:, here.y].numpy()


def two_classes(here: Point, knob: Array) -> tuple[Array, Array]:
    z = _rows(here, knob)
    z[:, here.y] += knob
    own, others = _margin(here)
    probs = evaluate(loss("cross-entropy"), z, _labels(here, knob)).probs.numpy()[:, here.y]
    return probs, torch.sigmoid(_torch(own - others + knob)).numpy()


def logistic(here: Point, knob: Array) -> tuple[Array, Array]:
    own, others = _margin(here)
    z = (own - others) * knob
    right = F.binary_cross_entropy_with_logits(_torch(z), torch.ones(len(knob), dtype=torch.float64), reduction="none")
    return evaluate(loss("logistic"), z, np.ones(len(knob), int)).loss.numpy(), right.numpy()


def gamma(here: Point, knob: Array) -> tuple[Array, Array]:
    left = [float(evaluate(loss("focal", gamma=float(g)), here.z[None], [here.y]).loss[0]) for g in knob]
    right = F.cross_entropy(_torch(here.z[None]), torch.tensor([here.y])).numpy()
    return np.array(left), np.repeat(right, len(knob))


def alpha(here: Point, knob: Array) -> tuple[Array, Array]:
    t = np.eye(len(here.z))[here.y][None]
    left = [float(evaluate(loss("focal", "sigmoid", gamma=0.0, alpha=float(a)), here.z[None], t).loss[0]) for a in knob]
    right = F.binary_cross_entropy_with_logits(_torch(here.z[None]), _torch(t), reduction="sum").numpy()
    return np.array(left), np.repeat(right, len(knob))


def smoothing(here: Point, knob: Array) -> tuple[Array, Array]:
    left = [float(evaluate(loss("cross-entropy", label_smoothing=float(e)), here.z[None], [here.y]).loss[0]) for e in knob]
    mixed = (1 - knob[:, None]) * np.eye(len(here.z))[here.y] + knob[:, None] / len(here.z)
    return np.array(left), F.cross_entropy(_torch(_rows(here, knob)), _torch(mixed), reduction="none").numpy()


def kl(here: Point, knob: Array) -> tuple[Array, Array]:
    q = (1 - knob[:, None]) * here.t + knob[:, None] / len(here.z)
    log_p = _torch(_rows(here, knob)).log_softmax(1)
    divergence = F.kl_div(log_p, _torch(q), reduction="none").sum(1).numpy()
    return _ce(_rows(here, knob), q), divergence + torch.special.entr(_torch(q)).sum(1).numpy()


def piecewise(here: Point, knob: Array) -> tuple[Array, Array]:
    z = np.stack([knob, np.zeros_like(knob)], 1)
    s, yes = torch.sigmoid(_torch(knob)), here.y == 0
    return _ce(z, np.full(len(knob), 0 if yes else 1)), -(s.log() if yes else (-s).log1p()).numpy()


def shift_softmax(here: Point, knob: Array) -> tuple[Array, Array]:
    labels = _labels(here, knob)
    right = F.cross_entropy(_torch(_rows(here, knob)), torch.from_numpy(labels), reduction="none").numpy()
    return _ce(_rows(here, knob) + knob[:, None], labels), right


def shift_sigmoid(here: Point, knob: Array) -> tuple[Array, Array]:
    t = np.repeat(np.eye(len(here.z))[here.y][None], len(knob), 0)
    left = evaluate(loss("cross-entropy", "sigmoid"), _rows(here, knob) + knob[:, None], t).loss.numpy()
    right = F.binary_cross_entropy_with_logits(_torch(_rows(here, knob)), _torch(t), reduction="none").sum(1).numpy()
    return left, right


def p_minus_t(here: Point, knob: Array) -> tuple[Array, Array]:
    z = _rows(here, knob) * knob[:, None]
    left = evaluate(loss("cross-entropy"), z, _labels(here, knob)).grad.numpy()[:, here.y]
    leaf = _torch(z).requires_grad_()
    value = F.cross_entropy(leaf, torch.from_numpy(_labels(here, knob)), reduction="sum")
    return left, torch.autograd.grad(value, leaf)[0][:, here.y].numpy()


def sign(_: Point, knob: Array) -> tuple[Array, Array]:
    """The gradient for t = 1 with 1 − p put in for p, beside the gradient for t = 0."""
    spec = loss("focal", "sigmoid", gamma=2.0)
    mirrored = evaluate(spec, -knob, np.ones(len(knob), int)).grad.numpy()[:, 0]
    leaf = _torch(knob).requires_grad_()
    (right,) = torch.autograd.grad(((2 * F.logsigmoid(leaf)).exp() * F.softplus(leaf)).sum(), leaf)
    return mirrored, right.numpy()


def negatives(here: Point, knob: Array) -> tuple[Array, Array]:
    """The loss term of the strongest wrong class, and the gradient that its logit gets."""
    z = _rows(here, knob) * knob[:, None]
    wrong = int(np.where(np.arange(len(here.z)) == here.y, -np.inf, here.z).argmax())
    leaf = _torch(z).requires_grad_()
    value = F.cross_entropy(leaf, torch.from_numpy(_labels(here, knob)), reduction="sum")
    terms = evaluate(loss("cross-entropy"), z, _labels(here, knob)).terms.numpy()[:, wrong]
    return terms, torch.autograd.grad(value, leaf)[0][:, wrong].numpy()
