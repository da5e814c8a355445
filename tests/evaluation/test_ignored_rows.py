"""Rows that are ignored may hold anything: the batch is worth what it is without them, and they have loss and gradient 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import lossviz
from lossviz import LOSSES
from lossviz.evaluation.evaluate import curvature, detached_gradient
from lossviz.evaluation.result import NORMALIZERS
from lossviz.naming.snippet import run

from .. import specs
from ..drawn import alternating

KINDS = [(key, activation) for key, activation in specs.KINDS if LOSSES[key].targets != "signs"]
"""The losses that take labels, of which some can be ignored."""

NAN, INF = np.nan, np.inf
ANYTHING = ([NAN] * 4, [INF] * 4, [-INF] * 4, [NAN, INF, -INF, 0.0], [INF, 0.0, INF, 1.0], [1e308, -1e308, NAN, 3.0])
AT = [0, 2, 3, 5, 8, 9]
"""Where these rows are among ten."""

NEAR: dict[str, dict[str, float]] = {"float32": {"rtol": 1e-5, "atol": 1e-9}, "float64": {"rtol": 1e-13, "atol": 1e-16}}
"""Other rows beside it may round a row otherwise: in another lane of the processor."""

each_kind = pytest.mark.parametrize(("key", "activation"), KINDS)


def parameters(key: str, activation: str) -> list[dict[str, Any]]:
    """Each parameter alone, and all that act around a loss together."""
    full = {"weight": (0.5, 2.0, 1.0, 3.0), "label_smoothing": 0.1, "temperature": 0.7, "alpha": (0.2, 0.5, 0.9, 0.4)}
    names = {field.name for field in specs.declared(key, activation)}
    return [*specs.switched_on(key, activation, 4), {name: value for name, value in full.items() if name in names}]


def batch(key: str, dtype: str, ignored: int) -> tuple[Any, Any, Any]:
    """Logits and labels of ten rows, and which of them count."""
    rng = specs.seeded("ignored", key, dtype)
    z, labels = specs.logits(key, 10, 4, rng).astype(dtype), rng.integers(4, size=10)
    labels = np.where(labels == ignored, (labels + 1) % 4, labels)
    with np.errstate(over="ignore"):
        z[AT] = np.array(ANYTHING).astype(dtype)
    labels[AT] = ignored
    return z, labels, labels != ignored


@pytest.mark.parametrize(("kind", "ignored", "dtype"), alternating(KINDS, [-100, 1], ["float32", "float64"]))
def test_they_are_not_there(kind: tuple[str, str], ignored: int, dtype: str) -> None:
    key, activation = kind
    z, labels, counts = batch(key, dtype, ignored)
    index = {"ignore_index": ignored} if any(p.name == "ignore_index" for p in LOSSES[key].parameters) else {}
    if ignored >= 0 and not index:
        return
    for extra in parameters(key, activation):
        spec = lossviz.loss(key, activation, **extra, **index)
        ev, without = lossviz.evaluate(spec, z, labels), lossviz.evaluate(spec, z[counts], labels[counts])
        for whole, part in ((ev.terms, without.terms), (ev.grad, without.grad), (ev.loss, without.loss)):
            torch.testing.assert_close(whole[counts], part, **NEAR[dtype])
            assert not whole[~counts].any() and str(whole.dtype) == f"torch.{dtype}"
        for normalizer in NORMALIZERS:
            torch.testing.assert_close(ev.reduce("mean", normalizer), without.reduce("mean", normalizer), **NEAR[dtype])
            mean = ev.reduced_grad("mean", normalizer)
            torch.testing.assert_close(mean[counts], without.reduced_grad("mean", normalizer), **NEAR[dtype])
            assert not mean[~counts].any()
        kept = detached_gradient(spec, z[counts], labels[counts])
        torch.testing.assert_close(detached_gradient(spec, z, labels)[counts], kept, **NEAR[dtype])
        assert not curvature(spec, z, labels, np.ones(4))[~counts].any()


@each_kind
def test_the_program_says_the_same(key: str, activation: str) -> None:
    z, labels, counts = batch(key, "float64", -100)
    for extra in parameters(key, activation):
        spec = lossviz.loss(key, activation, **extra)
        ran, ev = run(lossviz.snippet(spec, z, labels)), lossviz.evaluate(spec, z, labels)
        assert ran.loss == pytest.approx(float(ev.loss.sum()), rel=1e-10)
        np.testing.assert_allclose(ran.grad, ev.grad.numpy(), rtol=1e-9, atol=1e-12)
        assert not np.array(ran.grad)[~counts].any()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weight", [None, (0.5, 2.0, 1.0, 3.0)])
def test_means_are_those_of_torch(weight: tuple[float, ...] | None, smoothing: float) -> None:
    z, labels, counts = batch("cross-entropy", "float64", -100)
    leaf = torch.tensor(z, requires_grad=True)
    w = None if weight is None else torch.tensor(weight, dtype=torch.float64)
    F.cross_entropy(leaf[torch.tensor(counts)], torch.tensor(labels[counts]), w, label_smoothing=smoothing).backward()
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", weight=weight, label_smoothing=smoothing), z, labels)
    assert leaf.grad is not None
    torch.testing.assert_close(ev.reduced_grad("mean"), leaf.grad, rtol=1e-12, atol=1e-15)


@each_kind
def test_a_batch_of_nothing_else(key: str, activation: str) -> None:
    ev = lossviz.evaluate(lossviz.loss(key, activation), [[NAN, INF], [-INF, -INF]], [-100, -100])
    assert not ev.loss.any() and not ev.grad.any() and not ev.reduced_grad("mean").any()
    assert ev.reduce("mean").isnan() and ev.reduce("sum") == 0


def test_a_single_logit_a_row() -> None:
    ev = lossviz.evaluate(lossviz.loss("focal", "sigmoid"), [NAN, 1.0, INF, -INF], [-100, 1, -100, -100])
    alone = lossviz.evaluate(lossviz.loss("focal", "sigmoid"), [1.0], [1])
    assert ev.loss.tolist() == [0, float(alone.loss[0]), 0, 0]
    assert ev.reduce("mean") == alone.reduce("mean")
    assert ev.reduce("none").shape == (4,)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_probabilities_are_nan_where_there_are_none(activation: str) -> None:
    z = [[NAN, 0.0], [INF, INF], [-INF, -INF], [INF, 0.0], [2.0, 1.0], [1.0, 1.0]]
    probs = lossviz.evaluate(lossviz.loss("cross-entropy", activation), z, [-100, -100, -100, -100, 0, 1]).probs
    undefined = [0, 1, 2] if activation == "softmax" else [0]
    assert probs.isnan().any(1).nonzero().view(-1).tolist() == undefined
    assert probs[3, 0] == 1


def test_the_tensor_that_is_given_stays_as_it_is() -> None:
    z = torch.tensor([[NAN, 1.0], [0.0, 1.0]])
    lossviz.evaluate(lossviz.loss("focal"), z, [-100, 0])
    assert z[0, 0].isnan()


def test_rows_in_many_blocks() -> None:
    """More rows than a block has: nan in the last of them."""
    z = torch.randn(200_000, 3, generator=torch.Generator().manual_seed(5))
    labels = torch.arange(200_000) % 3
    plain = lossviz.evaluate(lossviz.loss("focal"), z, labels)
    z[199_999], labels[199_999] = NAN, -100
    ev = lossviz.evaluate(lossviz.loss("focal"), z, labels)
    torch.testing.assert_close(ev.grad[:-1], plain.grad[:-1], rtol=1e-5, atol=1e-12)
    assert ev.loss[-1] == 0 and not ev.grad[-1].any()
