"""From two classes to a vocabulary: loss, gradient and probabilities of labels against NumPy's extended precision.

Every number has 8 ulp of its own size, however small it is, down to where the precision itself ends. Extended precision has 11
bits more than float64 and 40 more than float32, and the reference is written as textbooks have it, with the largest logit
subtracted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import lossviz
from lossviz.evaluation import parallel, result
from lossviz.evaluation.evaluate import SeveralLosses

from .. import drawn

Array = np.ndarray[Any, Any]
ULPS = 8
ROWS = 12
SMALLEST = {"float32": 1e-30, "float64": 1e-290}


def bare(z: Array, _: Array) -> Array:
    return z


def sharp(z: Array, _: Array) -> Array:
    return z * 10


def extreme(z: Array, _: Array) -> Array:
    return z * 3e3


def ties(z: Array, _: Array) -> Array:
    return z.round()


def equal(z: Array, _: Array) -> Array:
    return np.full_like(z, 1.25)


def one_huge(z: Array, _: Array) -> Array:
    z = z.copy()
    z[:, 1] = np.linspace(30, 1000, len(z))
    return z


def true_is_top(z: Array, y: Array) -> Array:
    z = z.copy()
    z[np.arange(len(z)), y] = z.max(1) + np.linspace(0, 60, len(z))
    return z


def tiny_tails(z: Array, y: Array) -> Array:
    """Nothing above −5 but the true class, whose complement goes down to e^−40."""
    z = z - z.max(1, keepdims=True) - 5
    z[np.arange(len(z)), y] = np.linspace(-5, 35, len(z))
    return z


def far_below(z: Array, _: Array) -> Array:
    return z - np.linspace(0, 200, len(z))[:, None]


def far_above(z: Array, _: Array) -> Array:
    return z + np.linspace(0, 200, len(z))[:, None]


def hopeless(z: Array, y: Array) -> Array:
    """The true class is further and further down."""
    z = z.copy()
    z[np.arange(len(z)), y] = -np.linspace(0, 150, len(z))
    return z


SHAPES = (bare, sharp, extreme, ties, equal, one_huge, true_is_top, tiny_tails, far_below, far_above, hopeless)


def reference(z: Array, y: Array, gamma: float) -> tuple[Array, Array, Array]:
    """Loss (N,), gradient and probabilities (N, C) in extended precision."""
    z, rows = z.astype(np.longdouble), np.arange(len(z))
    s = z - z.max(1, keepdims=True)
    e = np.exp(s)
    others = e.copy()
    others[rows, y] = 0
    true, rest = e[rows, y], others.sum(1)
    p, q = true / (true + rest), rest / (true + rest)
    with np.errstate(divide="ignore"):
        nll = np.where(rest < true, np.log1p(rest / np.where(true > 0, true, 1)), np.log(true + rest) - s[rows, y])
    slope = q**gamma + (gamma * p * q ** (gamma - 1) * nll if gamma else 0)
    grad = others * (slope / (true + rest))[:, None]
    grad[rows, y] = -slope * q
    return q**gamma * nll, grad, e / (true + rest)[:, None]


def off(got: torch.Tensor, exact: Array, dtype: str) -> float:
    """The largest error in ulps of what is not too small."""
    big = np.abs(exact) >= SMALLEST[dtype]
    error = np.abs(got.numpy().astype(np.longdouble) - exact)
    small = error[~big].max(initial=0) / np.finfo(dtype).eps  # those have to be small themselves
    return float(max(small, (error[big] / np.abs(exact[big])).max(initial=0) / np.finfo(dtype).eps))


def check(spec: Any, z: Array, y: Array, dtype: str) -> None:
    ev = lossviz.evaluate(spec, z, y)
    exact = reference(z, y, spec.gamma)
    assert len(exact[0]) == len(z)
    for name, truth in zip(("loss", "grad", "probs"), exact, strict=True):
        assert off(getattr(ev, name), truth, dtype) <= ULPS, name
    for row in {0, len(z) - 1}:
        terms = ev.terms[row].clone()
        assert terms[y[row]] == ev.loss[row]
        terms[y[row]] = 0
        assert not terms.any()


@pytest.mark.parametrize(
    ("classes", "shape", "gamma", "dtype"),
    drawn.paired((2, 3, 10, 63, 64, 1000, 32_000, 128_256), SHAPES, (0.0, 1.0, 2.0, 5.0), ("float32", "float64")),
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_number_is_right_relative_to_its_own_size(classes: int, shape: Any, gamma: float, dtype: str) -> None:
    rng = drawn.generator("many", classes, shape.__name__, gamma, dtype)
    y = rng.integers(classes, size=ROWS)
    z = shape(rng.normal(0, 3, (ROWS, classes)), y).astype(dtype)
    check(lossviz.loss("focal", gamma=gamma), z, y, dtype)


def test_all_shapes_are_drawn() -> None:
    drawn_ones = drawn.paired((2, 3, 10, 63, 64, 1000, 32_000, 128_256), SHAPES, (0.0, 1.0, 2.0, 5.0), ("float32", "float64"))
    assert {shape for _, shape, _, _ in drawn_ones} == set(SHAPES)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("classes", [2, 7])
def test_a_row_that_needs_care_leaves_the_others_as_they_are(classes: int, dtype: str) -> None:
    rng = drawn.generator("care", classes, dtype)
    z, y = rng.normal(0, 3, (50, classes)).astype(dtype), rng.integers(classes, size=50)
    plain = lossviz.evaluate(lossviz.loss("focal"), z, y)
    z[7], z[8] = 1e4, -1e5
    z[9, (y[9] + 1) % classes] = -np.inf
    z[11, (y[11] + 1) % classes] = np.inf
    z[12, y[12]] = -np.inf
    ev = lossviz.evaluate(lossviz.loss("focal"), z, y)
    kept = np.setdiff1d(np.arange(50), [7, 8, 9, 11, 12])
    near = {"rtol": ULPS * float(np.finfo(dtype).eps), "atol": 0.0}
    torch.testing.assert_close(ev.grad[kept], plain.grad[kept], **near)
    torch.testing.assert_close(ev.loss[kept], plain.loss[kept], **near)
    assert torch.isinf(ev.loss[[11, 12]]).all() and torch.isfinite(ev.grad).all()
    even = (1 - 1 / classes) ** 2 * np.log(classes)
    assert ev.loss[[7, 8]].tolist() == pytest.approx([even, even], rel=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_row_among_many_is_named(bad: float) -> None:
    z, y = np.zeros((90_000, 3), "float32"), np.zeros(90_000, int)
    z[88_123] = bad
    with pytest.raises(lossviz.InputError, match="logits, row 88123"):
        lossviz.evaluate(lossviz.loss("cross-entropy"), z, y)
    y[88_123] = -100
    assert lossviz.evaluate(lossviz.loss("cross-entropy"), z, y).loss[88_123] == 0


@pytest.mark.parametrize("weight", [1e-30, 1e30])
@pytest.mark.parametrize("classes", [2, 3])
def test_weights_that_leave_the_exponentials_behind(weight: float, classes: int) -> None:
    """A pull far from 1 is not divided by a sum of exponentials far from 1."""
    z, y = np.array([[40.0, 30.0, 20.0][:classes], [-15.0, -16.0, -17.0][:classes]], "float32"), np.array([0, 0])
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", weight=(weight, 1.0, 1.0)[:classes]), z, y)
    truth = reference(z, y, 0.0)[1] * weight
    big = np.abs(truth) > 1e-37
    assert big.sum() > 2
    np.testing.assert_allclose(ev.grad.numpy()[big], truth[big].astype(float), rtol=1e-6)


@pytest.mark.parametrize("inference", [False, True])
def test_threads_of_our_own(inference: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as torch has, and each a torch of one thread; what torch would take elsewhere stays as it was."""
    monkeypatch.setattr(parallel, "SHARE", 1_000)
    z, y = 3 * torch.randn(4_000, 50), torch.randint(50, (4_000,))
    specs = lossviz.loss("focal"), lossviz.loss("focal", temperature=2.0), lossviz.loss("focal", "sigmoid")
    alone = [lossviz.evaluate(spec, z, y) for spec in specs]
    seen = set()

    def watched(count: int) -> Any:
        pool = POOL(count)
        seen.update(pool.submit(torch.get_num_threads).result() for _ in range(count))
        return pool

    POOL = parallel._pool
    monkeypatch.setattr(parallel, "_pool", watched)
    monkeypatch.setattr(result, "BLOCK", 20_000)
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with torch.inference_mode(inference):
            together = [lossviz.evaluate(spec, z, y) for spec in specs]
            probs = [ev.probs for ev in together]
        assert torch.get_num_threads() == 3 and seen == {1}
    finally:
        torch.set_num_threads(before)
    for a, b, p in zip(alone, together, probs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, rtol=1e-6, atol=1e-9)
        torch.testing.assert_close(a.probs, p, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("classes", [2, 5, 80])
def test_several_losses_of_the_same_logits(classes: int) -> None:
    """Each is what it is alone, whatever was asked before it, and none changes another."""
    rng = drawn.generator("several", classes)
    z, y = torch.from_numpy(rng.normal(0, 3, (40, classes))), torch.from_numpy(rng.integers(classes, size=40))
    z[3], z[4, y[4]] = 500.0, -300.0
    y[9] = -100
    specs = [lossviz.loss("focal", gamma=gamma) for gamma in (0.0, 1.0, 2.0, 5.0)]
    specs += [lossviz.loss("focal", gamma=2.0, weight=tuple(range(classes))), lossviz.loss("cross-entropy", ignore_index=1)]
    specs += [lossviz.loss("focal", "sigmoid"), lossviz.loss("cross-entropy", temperature=2.0), lossviz.loss("focal")]
    several = SeveralLosses(z, y.where(y >= 0, 1))
    evs = [several.evaluate(spec) for spec in specs]
    assert len(several.blocks) == 2
    for spec, ev in zip(specs, evs, strict=True):
        alone = lossviz.evaluate(spec, z, y.where(y >= 0, 1))
        for name in ("loss", "terms", "grad", "probs"):
            assert torch.equal(getattr(ev, name), getattr(alone, name)), (spec, name)


@pytest.mark.parametrize("spec", [lossviz.loss("focal"), lossviz.loss("focal", temperature=2.0), lossviz.loss("nll")])
def test_probabilities_of_the_true_classes(spec: Any) -> None:
    rng = drawn.generator("true", spec.key, spec.temperature)
    z, y = np.log(rng.dirichlet(np.ones(6), 40)), rng.integers(6, size=40)
    z[2] *= 100
    ev = lossviz.evaluate(spec, z, y)
    assert ev.true_probs is not None
    torch.testing.assert_close(ev.true_probs[:, 0], ev.probs[np.arange(40), y], rtol=1e-14, atol=0)
