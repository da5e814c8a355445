"""Is a gradient right? The formula, autograd, and difference quotients at all step sizes, for each logit of a sample."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ..evaluation.evaluate import curvature, evaluate
from ..evaluation.result import Evaluation
from ..evaluation.setting import Array, Setting, as_targets
from ..losses import LossSpec
from ..naming.snippet import run, snippet

Reals: TypeAlias = NDArray[np.floating]
"""Numbers in the precision that is looked at."""

PRECISIONS = ("float64", "float32")
"""In which a gradient can be checked."""

SMALLEST, PER_DECADE = 1e-16, 8
"""The least step that is tried, and how many there are until it is tenfold."""

NEIGHBOURS = 3
"""On either side: a single point may be right by luck."""

SLACK, ULPS = 16, 64
"""How many times what theory says a quotient may be off, and how many ε autograd."""


class Scheme(NamedTuple):
    """A difference quotient at each step (H,): its value, its error, and the part of that which the theory says is cut off.

    `best`: the step to rely on, None where there is none. `predicted`: the step at which what is cut off and what is rounded
    add up to the least; nan where nothing is cut off, or the step would be longer than 1.
    """

    quotient: Array
    error: Array
    cut: Array
    best: int | None
    predicted: float

    @property
    def exact(self) -> bool:
        """Whether no step makes any error."""
        return self.best is not None and not self.error.any()


class Check(NamedTuple):
    """∂ℓ/∂z_k of one sample in one precision, four times.

    truth: the closed form in float64 at the numbers as this precision holds them. It is the reference, because against 50
    digits it is right to 8 ulp of max(|truth|, 1). formula, autograd, loss: in this precision, autograd's by the PyTorch
    program of `snippet`. spacing: from z_k to the next number. h (H,): the steps that this precision can take from z_k,
    rising; none where that number is too far away. rounding (H,): what rounding of the loss makes of a quotient, ε ℓ/h.
    last_place: the error up to which two numbers agree. near_1: the same where both are made of numbers near 1 (times
    weights, over temperature). least: the smallest number that has all its digits.

    All errors are relative to |truth|, and absolute (nats per unit of logit) where that is 0.
    """

    k: int
    truth: float
    formula: float
    autograd: float
    loss: float
    spacing: float
    h: Array
    rounding: Array
    forward: Scheme
    central: Scheme
    last_place: float
    near_1: float
    least: float

    @property
    def relative(self) -> bool:
        """Whether errors are relative."""
        return self.truth != 0

    def off(self, value: float) -> float:
        """The error of a value."""
        return abs(value - self.truth) / (abs(self.truth) or 1.0)

    @property
    def underflows(self) -> bool:
        """Whether the gradient is smaller than this precision has digits for."""
        return 0 < abs(self.truth) < self.least

    @property
    def autograd_agrees(self) -> bool:
        """Whether it agrees with the formula, to its own last digits or to those of numbers near 1."""
        return self.off(self.autograd) <= max(self.last_place, self.near_1)

    @property
    def coarse(self) -> bool:
        """Whether autograd has only the digits of numbers near 1, and of the smaller gradient fewer than differences find."""
        return self.autograd_agrees and self.off(self.autograd) > self.last_place ** (2 / 3)

    def agrees(self, scheme: Scheme) -> bool:
        """Whether a quotient is off by no more than its step explains."""
        at = scheme.best
        return at is not None and bool(scheme.error[at] <= SLACK * (scheme.cut[at] + self.rounding[at]) + self.last_place)

    @property
    def slopes(self) -> tuple[float, float] | None:
        """The slopes to the left and to the right where these are two different ones, at the best forward step: a kink."""
        at = self.forward.best
        if at is None or self.agrees(self.forward):
            return None
        right = float(self.forward.quotient[at])
        left = 2 * float(self.central.quotient[at]) - right
        return (left, right) if abs(right - left) > 0.1 * max(abs(right), abs(left)) else None


def checks(setting: Setting, dtype: str) -> tuple[Check, ...]:
    """The gradient by formula, autograd and difference quotients, for every logit of a sample. Computed on the CPU.

    Args:
        setting: a loss, finite logits (C,) and targets (C,).
        dtype: one of `PRECISIONS`, in which loss, formula, autograd and quotients are computed.

    Returns:
        One check a logit; its reference is the closed form in float64.

    Reference:
        Press et al. 2007, Numerical Recipes, section 5.7: the best step of a quotient.

    Example:
        >>> from lossviz import loss
        >>> first, *_ = checks(Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0)), "float64")
        >>> first.autograd_agrees, first.agrees(first.central)
        (True, True)
    """
    z, t = (np.array(x, dtype) for x in (setting.logits, setting.targets))
    sample, double = (_Sample(setting.spec, x, t.astype(np.float64)) for x in (z, z.astype(np.float64)))
    ours, truth = (one.evaluated(one.z[None]).grad[0].double().numpy() for one in (sample, double))
    program = snippet(setting.spec, torch.from_numpy(z[None]), sample.targets(1))
    autograd = run(program).grad[0]
    return tuple(_check(sample, double, k, *map(float, at)) for k, at in enumerate(zip(truth, ours, autograd, strict=True)))


class _Sample(NamedTuple):
    """A loss, logits (C,) in the precision that is looked at, and targets (C,) that it can hold."""

    spec: LossSpec
    z: Reals
    t: Array

    def evaluated(self, rows: Reals) -> Evaluation:
        """The loss at other logits (R, C)."""
        return evaluate(self.spec, torch.from_numpy(rows), self.targets(len(rows)), device="cpu")

    def targets(self, rows: int) -> NDArray[np.generic]:
        return as_targets(self.spec, np.repeat(self.t[None], rows, 0))

    def moved(self, k: int, places: Reals) -> Reals:
        """Logits (R, C), the k-th of them at each of R places."""
        rows = np.repeat(self.z[None], len(places), 0)
        rows[:, k] = places
        return rows


def _check(sample: _Sample, double: _Sample, k: int, truth: float, formula: float, autograd: float) -> Check:
    z, unit, info = sample.z[k], abs(truth) or 1.0, np.finfo(sample.z.dtype)
    eps, least, h = float(info.eps), float(info.tiny), steps(z)
    loss, forward, central = _quotients(sample, k, h)
    noise, wide = eps * abs(loss) + least, h.astype(np.float64)
    second, third = (abs(derivative) for derivative in _higher_derivatives(double, k))
    return Check(
        k=k,
        truth=truth,
        formula=formula,
        autograd=autograd,
        loss=loss,
        spacing=float(np.spacing(np.abs(z))),
        h=wide,
        rounding=noise / wide / unit,
        forward=_scheme(forward, truth, second / 2 * wide, (2 * noise / second) ** (1 / 2) if second else math.nan),
        central=_scheme(central, truth, third / 6 * wide**2, (3 * noise / third) ** (1 / 3) if third else math.nan),
        last_place=ULPS * eps,
        near_1=(ULPS * eps * _factor(sample.spec) + least) / unit,
        least=least,
    )


class _Quotient(NamedTuple):
    """A quotient at each step (H,), and whether the two losses in it are the same."""

    value: Reals
    unmoved: NDArray[np.bool_]


def _quotients(sample: _Sample, k: int, h: Reals) -> tuple[float, _Quotient, _Quotient]:
    """The loss, and its forward and central quotients, every operation in the sample's precision."""
    z = sample.z[k]
    right, left = z + h, z - h
    losses = sample.evaluated(sample.moved(k, np.concatenate((right, left, [z])))).loss.numpy()
    up, down, at = losses[: len(h)], losses[len(h) : -1], losses[-1]
    with np.errstate(invalid="ignore", over="ignore"):
        forward = _Quotient((up - at) / (right - z), up == at)
        central = _Quotient((up - down) / (right - left), up == down)
    return float(at), forward, central


def steps(z: np.floating) -> Reals:
    """Even ratios from 1e-16 to 1, as z's precision can step away from it: (z + h) − z, each once.

    Away from 0, where numbers are further apart than towards it: so z − h is a number of this precision as well.
    """
    ideal = np.geomspace(SMALLEST, 1, round(-np.log10(SMALLEST) * PER_DECADE) + 1).astype(z.dtype)
    representable = np.abs(z + np.copysign(ideal, z)) - np.abs(z)
    return np.unique(representable[representable > 0])


def _scheme(quotient: _Quotient, truth: float, cut: Array, predicted: float) -> Scheme:
    unit, value = abs(truth) or 1.0, quotient.value.astype(np.float64)
    error = np.abs(value - truth) / unit
    # Where the gradient is 0, the 0 of a step too small to change the loss is no merit; unless no step changes it.
    counted = error if quotient.unmoved.all() else np.where(quotient.unmoved, np.inf, error)
    return Scheme(value, error, cut / unit, _best(counted), predicted if predicted <= 1 else math.nan)


def _best(error: Array) -> int | None:
    """Of all stretches of neighbours the one whose largest error is least, and in it that largest."""
    known = np.where(np.isfinite(error), error, np.inf)
    if not np.isfinite(known).any():
        return None
    stretches = sliding_window_view(np.pad(known, NEIGHBOURS, constant_values=-np.inf), 2 * NEIGHBOURS + 1)
    middle = int(stretches.max(1).argmin())
    return middle - NEIGHBOURS + int(stretches[middle].argmax())


def _higher_derivatives(sample: _Sample, k: int) -> tuple[float, float]:
    """The second and third derivative along z_k, in float64; 0 where the precision cannot tell."""
    z = sample.z[k]
    step = 1e-5 * sample.spec.temperature
    places = np.array([z - step, z, z + step])
    direction = np.eye(len(sample.z))[k]
    low, second, high = curvature(sample.spec, sample.moved(k, places), sample.targets(3), direction, device="cpu").tolist()
    apart = places[2] - places[0]
    third = (high - low) / apart if apart else 0.0
    return (second, third) if np.isfinite((second, third)).all() else (0.0, 0.0)


def _factor(spec: LossSpec) -> float:
    """What stands before the probabilities in a gradient."""
    weights = (getattr(spec, name) for name in ("weight", "pos_weight"))
    largest = math.prod(max(1.0, float(np.max(weight))) for weight in weights if weight is not None)
    return largest / float(spec.temperature)
