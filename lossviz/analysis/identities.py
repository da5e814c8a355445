"""Statements about losses, both sides of each computed on the present logits, and a knob that tries to break them.

Some of the statements are wrong, and said all the same: their two sides are not equal, and that is the point. The left side is
computed by lossviz, the right one by another route: PyTorch's own functions and autograd where there are any.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from ..evaluate import evaluate
from ..losses import loss
from .sample import Array

Sides = Callable[["Point", Array], tuple[Array, Array]]


class Knob(NamedTuple):
    """What is turned: its symbol, from where to where, and where it rests, which is where nothing has been tried yet."""

    symbol: str
    means: str
    low: float
    high: float
    rest: float


class Point(NamedTuple):
    """Finite logits (C,) with C ≥ 2, the index y of the class that is true, and targets (C,) that sum to 1."""

    z: Array
    y: int
    t: Array


class Identity(NamedTuple):
    """left and right name the two sides. `true`: they are equal, whatever the knob; or, with `at_rest`, where it rests."""

    key: str
    title: str
    left: str
    right: str
    why: str
    knob: Knob
    sides: Sides
    true: bool = True
    at_rest: bool = False


class Checked(NamedTuple):
    """Both sides along the knob (K,), and how many floating-point numbers of float64 lie between them."""

    knob: Array
    left: Array
    right: Array
    ulps: Array

    @property
    def equal(self) -> NDArray[np.bool_]:
        """Whether each pair differs by no more than rounding does: by 1e-11 of its size."""
        size = np.maximum(np.abs(self.left), np.abs(self.right))
        with np.errstate(invalid="ignore"):
            found: NDArray[np.bool_] = np.isfinite(size) & (np.abs(self.left - self.right) <= 1e-11 * size)
        return found


def point(logits: tuple[float, ...], targets: tuple[float, ...]) -> Point:
    """The present sample as these statements take it.

    A single logit gets a second one of 0, which changes no probability; infinite ones are taken for ±1000; targets that sum
    to no 1 are divided by their sum, and where none is positive the last class is the true one.
    """
    z, t = np.clip(np.array(logits), -1000, 1000), np.array(targets)
    if len(z) == 1:
        z, t = np.array([z[0], 0.0]), np.array([t[0], 1 - t[0]])
    t = t / t.sum() if t.sum() > 0 else np.eye(len(z))[-1]
    return Point(z, int(t.argmax()), t)


def checked(identity: Identity, here: Point, knob: Array) -> Checked:
    """Both sides at these positions of the knob."""
    left, right = identity.sides(here, knob)
    return Checked(knob, left, right, ulps(left, right))


def positions(knob: Knob, points: int = 101) -> Array:
    """Even positions, the one at rest among them."""
    even = np.linspace(knob.low, knob.high, points)
    even[np.abs(even - knob.rest).argmin()] = knob.rest
    return even


def ulps(a: Array, b: Array) -> Array:
    """How many steps of float64 lie between two numbers; through 0, where signs differ."""
    first, second = (_ordered(x) for x in (a, b))
    found: Array = np.abs(first - second)
    return found


def _ordered(x: Array) -> Array:
    """The number's place among all numbers of float64, as a float: exact up to 2^53 steps from 0, and near enough beyond."""
    bits = np.ascontiguousarray(x, np.float64).view(np.int64)
    size = (bits & np.int64(0x7FFFFFFFFFFFFFFF)).astype(object)
    return np.where(bits < 0, -size, size)


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


def _ce_nll(here: Point, knob: Array) -> tuple[Array, Array]:
    z = _rows(here, knob) * knob[:, None]
    return _ce(z, _labels(here, knob)), -_torch(z).log_softmax(1)[:, here.y].numpy()


def _two_classes(here: Point, knob: Array) -> tuple[Array, Array]:
    z = _rows(here, knob)
    z[:, here.y] += knob
    own, others = _margin(here)
    probs = evaluate(loss("cross-entropy"), z, _labels(here, knob)).probs.numpy()[:, here.y]
    return probs, torch.sigmoid(_torch(own - others + knob)).numpy()


def _logistic(here: Point, knob: Array) -> tuple[Array, Array]:
    own, others = _margin(here)
    z = (own - others) * knob
    right = F.binary_cross_entropy_with_logits(_torch(z), torch.ones(len(knob), dtype=torch.float64), reduction="none")
    return evaluate(loss("logistic"), z, np.ones(len(knob), int)).loss.numpy(), right.numpy()


def _gamma(here: Point, knob: Array) -> tuple[Array, Array]:
    left = [float(evaluate(loss("focal", gamma=float(g)), here.z[None], [here.y]).loss[0]) for g in knob]
    right = F.cross_entropy(_torch(here.z[None]), torch.tensor([here.y])).numpy()
    return np.array(left), np.repeat(right, len(knob))


def _alpha(here: Point, knob: Array) -> tuple[Array, Array]:
    t = np.eye(len(here.z))[here.y][None]
    left = [float(evaluate(loss("focal", "sigmoid", gamma=0.0, alpha=float(a)), here.z[None], t).loss[0]) for a in knob]
    right = F.binary_cross_entropy_with_logits(_torch(here.z[None]), _torch(t), reduction="sum").numpy()
    return np.array(left), np.repeat(right, len(knob))


def _smoothing(here: Point, knob: Array) -> tuple[Array, Array]:
    left = [float(evaluate(loss("cross-entropy", label_smoothing=float(e)), here.z[None], [here.y]).loss[0]) for e in knob]
    mixed = (1 - knob[:, None]) * np.eye(len(here.z))[here.y] + knob[:, None] / len(here.z)
    return np.array(left), F.cross_entropy(_torch(_rows(here, knob)), _torch(mixed), reduction="none").numpy()


def _kl(here: Point, knob: Array) -> tuple[Array, Array]:
    q = (1 - knob[:, None]) * here.t + knob[:, None] / len(here.z)
    log_p = _torch(_rows(here, knob)).log_softmax(1)
    divergence = F.kl_div(log_p, _torch(q), reduction="none").sum(1).numpy()
    return _ce(_rows(here, knob), q), divergence + torch.special.entr(_torch(q)).sum(1).numpy()


def _piecewise(here: Point, knob: Array) -> tuple[Array, Array]:
    z = np.stack([knob, np.zeros_like(knob)], 1)
    s, yes = torch.sigmoid(_torch(knob)), here.y == 0
    return _ce(z, np.full(len(knob), 0 if yes else 1)), -(s.log() if yes else (-s).log1p()).numpy()


def _shift_softmax(here: Point, knob: Array) -> tuple[Array, Array]:
    labels = _labels(here, knob)
    right = F.cross_entropy(_torch(_rows(here, knob)), torch.from_numpy(labels), reduction="none").numpy()
    return _ce(_rows(here, knob) + knob[:, None], labels), right


def _shift_sigmoid(here: Point, knob: Array) -> tuple[Array, Array]:
    t = np.repeat(np.eye(len(here.z))[here.y][None], len(knob), 0)
    left = evaluate(loss("cross-entropy", "sigmoid"), _rows(here, knob) + knob[:, None], t).loss.numpy()
    right = F.binary_cross_entropy_with_logits(_torch(_rows(here, knob)), _torch(t), reduction="none").sum(1).numpy()
    return left, right


def _p_minus_t(here: Point, knob: Array) -> tuple[Array, Array]:
    z = _rows(here, knob) * knob[:, None]
    left = evaluate(loss("cross-entropy"), z, _labels(here, knob)).grad.numpy()[:, here.y]
    leaf = _torch(z).requires_grad_()
    value = F.cross_entropy(leaf, torch.from_numpy(_labels(here, knob)), reduction="sum")
    return left, torch.autograd.grad(value, leaf)[0][:, here.y].numpy()


def _sign(_: Point, knob: Array) -> tuple[Array, Array]:
    """The gradient for t = 1 with 1 − p put in for p, beside the gradient for t = 0."""
    spec = loss("focal", "sigmoid", gamma=2.0)
    mirrored = evaluate(spec, -knob, np.ones(len(knob), int)).grad.numpy()[:, 0]
    leaf = _torch(knob).requires_grad_()
    (right,) = torch.autograd.grad(((2 * F.logsigmoid(leaf)).exp() * F.softplus(leaf)).sum(), leaf)
    return mirrored, right.numpy()


def _negatives(here: Point, knob: Array) -> tuple[Array, Array]:
    """The loss term of the strongest wrong class, and the gradient that its logit gets."""
    z = _rows(here, knob) * knob[:, None]
    wrong = int(np.where(np.arange(len(here.z)) == here.y, -np.inf, here.z).argmax())
    leaf = _torch(z).requires_grad_()
    value = F.cross_entropy(leaf, torch.from_numpy(_labels(here, knob)), reduction="sum")
    terms = evaluate(loss("cross-entropy"), z, _labels(here, knob)).terms.numpy()[:, wrong]
    return terms, torch.autograd.grad(value, leaf)[0][:, wrong].numpy()


SCALE = Knob("s", "all logits times s", 0.0, 20.0, 1.0)
SHIFT = Knob("c", "added to all logits", -50.0, 50.0, 5.0)

IDENTITIES: dict[str, Identity] = {
    one.key: one
    for one in (
        Identity(
            "ce-nll",
            "Cross-entropy is NLL after log-softmax",
            "cross-entropy of the logits",
            "NLL of log-softmax",
            "PyTorch's CrossEntropyLoss is these two, one after the other. For a large s a sure sample's loss is below the "
            "last digit of its log-softmax: the right side becomes 0, the left one does not.",
            SCALE,
            _ce_nll,
        ),
        Identity(
            "two-classes",
            "A softmax over two classes is a sigmoid of the difference",
            "softmax probability of the true class",
            "sigmoid of its lead",
            "With more than two classes the lead is that over the log-sum-exp of all others.",
            Knob("c", "added to the true class's logit", -40.0, 40.0, 0.0),
            _two_classes,
        ),
        Identity(
            "logistic",
            "Logistic loss is binary cross-entropy",
            "log(1 + e⁻ʸᶻ)",
            "BCE of the same logit",
            "Labels ±1 instead of 0 and 1 fold its two cases into one formula.",
            Knob("s", "the margin times s", -20.0, 20.0, 1.0),
            _logistic,
        ),
        Identity(
            "gamma-0",
            "Focal loss with γ = 0 is cross-entropy",
            "focal loss",
            "cross-entropy",
            "At γ = 0 the factor (1 − p)⁰ is 1. Turn γ, and it is focal loss.",
            Knob("γ", "focusing", 0.0, 5.0, 0.0),
            _gamma,
            at_rest=True,
        ),
        Identity(
            "alpha",
            "With γ = 0, sigmoid focal loss is BCE whatever α is",
            "α-balanced loss, γ = 0",
            "BCE",
            "Wrong: α weights positives and 1 − α negatives, so even α = ½ is only half of it; torchvision's default is 0.25.",
            Knob("α", "class balance", 0.0, 1.0, 0.25),
            _alpha,
            true=False,
        ),
        Identity(
            "smoothing",
            "Label smoothing is cross-entropy with mixed targets",
            "label_smoothing = ε",
            "targets (1 − ε) t + ε/C",
            "The loss is the same; only the target moved. (ε/C, not ε/(C − 1).)",
            Knob("ε", "label smoothing", 0.0, 1.0, 0.1),
            _smoothing,
        ),
        Identity(
            "kl",
            "Soft-target cross-entropy is KL divergence plus entropy",
            "cross-entropy with targets q",
            "KL(q‖p) + H(q)",
            "The entropy does not depend on the logits: both have the same gradient, and distillation may use either.",
            Knob("u", "targets mixed with uniform", 0.0, 1.0, 0.3),
            _kl,
        ),
        Identity(
            "piecewise",
            "For two classes: −log s if t = 1, −log(1 − s) if t = 0",
            "softmax of (z, 0)",
            "the two cases",
            "The same function. But computed from s it loses digits, and at z ≈ 37 all of them: 1 − s is 0.",
            Knob("z", "the logit", -40.0, 40.0, 1.0),
            _piecewise,
        ),
        Identity(
            "shift-softmax",
            "Softmax does not feel a shift of all logits",
            "cross-entropy of z + c",
            "cross-entropy of z",
            "Only differences count: a softmax over C classes has C − 1 degrees of freedom.",
            SHIFT,
            _shift_softmax,
        ),
        Identity(
            "shift-sigmoid",
            "One-vs-rest sigmoids do not feel a shift of all logits",
            "sum of BCE at z + c",
            "sum of BCE at z",
            "Wrong: each sigmoid asks about its own logit, and there is no other to compare it with.",
            SHIFT,
            _shift_sigmoid,
            true=False,
        ),
        Identity(
            "p-minus-t",
            "The gradient is p − t",
            "p − t of the true class",
            "autograd of F.cross_entropy",
            "Autograd takes 1 from p, and for a sure sample loses digits; the left side adds up the other probabilities.",
            SCALE,
            _p_minus_t,
        ),
        Identity(
            "sign",
            "For t = 0, put 1 − p for p into the focal gradient of t = 1",
            "the gradient of t = 1 at 1 − p",
            "autograd for t = 0",
            "Wrong, and found in the wild: the size is right and the sign is not. The inner derivative of 1 − p is −1.",
            Knob("z", "the logit, γ = 2", -6.0, 6.0, 0.0),
            _sign,
            true=False,
        ),
        Identity(
            "negatives",
            "Wrong classes have no loss term, so they get no gradient",
            "loss term of the strongest wrong class",
            "gradient at its logit",
            "Wrong: softmax divides by the sum of all, so every logit is in the true class's term. The gradient is its p.",
            SCALE,
            _negatives,
            true=False,
        ),
    )
}
"""All of them by key, in screen order."""
