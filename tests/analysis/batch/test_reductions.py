"""What a mean divides by, against torch's functionals, against autograd, and against sums row by row."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from lossviz import LOSSES, evaluate, loss
from lossviz.analysis.batch.reductions import KEYS, USED_BY, Reduction, merge, reduction_sums, reductions, used_by
from lossviz.data.detector import detector
from lossviz.evaluation.result import NORMALIZERS, Evaluation
from lossviz.losses import LossSpec

from ... import specs
from ...drawn import alternating

CASES = [
    (key, activation, form, classes)
    for key, activation in specs.KINDS
    for form in specs.TARGETS[LOSSES[key].targets]
    for classes in ((1,) if LOSSES[key].targets == "signs" else (1, 4) if activation == "sigmoid" else (2, 4))
]
each = pytest.mark.parametrize(("key", "activation", "form", "classes"), CASES)


def data(key: str, form: str, classes: int, rows: int = 60, seed: int = 0) -> tuple[NDArray[Any], NDArray[Any]]:
    rng = specs.seeded("reductions", key, form, classes, rows, seed)
    z = specs.logits(key, rows, classes, rng)
    t = rng.integers(2, size=rows) if form == "labels" and classes == 1 else specs.targets(form, rows, classes, rng)
    return z, t


def all_of(spec: LossSpec, ev: Evaluation) -> dict[str, Reduction]:
    return {one.normalizer: one for one in reductions(reduction_sums(ev), spec)}


@each
def test_means_are_those_of_reduce(key: str, activation: str, form: str, classes: int) -> None:
    z, t = data(key, form, classes)
    for spec in (loss(key, activation), specs.drawn(key, activation, classes, specs.seeded(key, activation, form))):
        ev = evaluate(spec, z, t)
        result = all_of(spec, ev)
        assert tuple(result) == KEYS == (*NORMALIZERS, "sum")
        for name in NORMALIZERS:
            assert result[name].denominator == pytest.approx(ev.denominator(name), rel=1e-12)
            assert result[name].mean == pytest.approx(float(ev.reduce("mean", name)), rel=1e-12)
        assert (result["sum"].denominator, result["sum"].mean) == (1, pytest.approx(float(ev.reduce("sum")), rel=1e-12))


@each
def test_the_scale_is_that_of_the_gradient(key: str, activation: str, form: str, classes: int) -> None:
    z, t = data(key, form, classes)
    spec = specs.drawn(key, activation, classes, specs.seeded("scale", key, activation, form))
    ev = evaluate(spec, z, t)
    of_samples = ev.reduced_grad("mean", "samples").numpy()
    for name, one in all_of(spec, ev).items():
        grad = ev.reduced_grad("sum") if name == "sum" else ev.reduced_grad("mean", name)
        np.testing.assert_allclose(grad.numpy(), one.scale * of_samples, rtol=1e-12, atol=1e-300)
        assert one.norm == pytest.approx(np.linalg.norm(grad.numpy(), axis=1).sum(), rel=1e-11)
    assert all_of(spec, ev)["samples"].scale == 1


@pytest.mark.parametrize(("case", "cuts"), alternating(CASES, [(1,), (30,), (1, 2, 59), tuple(range(5, 60, 5))]))
def test_parts_add_up_to_one_pass(case: tuple[str, str, str, int], cuts: tuple[int, ...]) -> None:
    key, activation, form, classes = case
    z, t = data(key, form, classes)
    spec = specs.drawn(key, activation, classes, specs.seeded("parts", key, activation, form))
    whole = reduction_sums(evaluate(spec, z, t))
    apart = [reduction_sums(evaluate(spec, z[a:b], t[a:b])) for a, b in pairwise([0, *cuts, 60])]
    np.testing.assert_allclose(reduce(merge, apart), whole, rtol=1e-12)
    assert len(set(apart)) > 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_against_torch(dtype: type) -> None:
    rng = specs.seeded("torch", np.dtype(dtype).name)
    n, c = 50, 6
    z, y, several = rng.normal(0, 2, (n, c)).astype(dtype), rng.integers(c, size=n), rng.integers(2, size=(n, c)).astype(dtype)
    shares, w = rng.dirichlet(np.ones(c), n).astype(dtype), tuple(rng.uniform(0.5, 6, c).tolist())
    y[::7] = -100
    logits, weight = torch.from_numpy(z), torch.tensor(w, dtype=torch.from_numpy(z).dtype)
    labels, hot, soft = torch.from_numpy(y), torch.from_numpy(several), torch.from_numpy(shares)
    signs = (2 * hot[:, :1] - 1).long()
    cases = [
        (loss("cross-entropy", weight=w), z, y, F.cross_entropy(logits, labels, weight)),
        (loss("cross-entropy", weight=w), z, shares, F.cross_entropy(logits, soft, weight)),
        (loss("cross-entropy"), z, y, F.cross_entropy(logits, labels)),
        (loss("cross-entropy", "sigmoid"), z, several, F.binary_cross_entropy_with_logits(logits, hot)),
        (loss("cross-entropy", "sigmoid", weight=w), z, several, F.binary_cross_entropy_with_logits(logits, hot, weight)),
        (loss("nll", weight=w), logits.log_softmax(1).numpy(), y, F.nll_loss(logits.log_softmax(1), labels, weight)),
        (loss("logistic"), z[:, 0], signs[:, 0].numpy(), F.soft_margin_loss(logits[:, :1], signs.to(logits))),
    ]
    for spec, inputs, targets, expected in cases:
        result = all_of(spec, evaluate(spec, inputs, targets))
        assert result["torch"].mean == pytest.approx(float(expected), rel=1e-6 if dtype is np.float32 else 1e-12), spec.key
        same = next(name for name in KEYS[1:] if result[name].denominator == result["torch"].denominator)
        assert result[same].mean == result["torch"].mean


def test_index_and_probability_targets_of_one_truth() -> None:
    """Torch's two means of the same weighted loss: 1.0598 and 5.2992 (pytorch#25571), a factor of Σ w_y ÷ N."""
    w = (2.0, 4.0, 6.0)
    z, y = np.random.default_rng(25571).normal(size=(5, 3)), np.array([2, 2, 1, 2, 2])
    spec = loss("cross-entropy", weight=w)
    index, dense = (all_of(spec, evaluate(spec, z, t))["torch"] for t in (y, np.eye(3)[y]))
    assert (index.denominator, dense.denominator) == (28, 5)
    assert dense.mean / index.mean == pytest.approx(28 / 5, rel=1e-12)
    assert index.used_by == ("torch cross_entropy with class indices",)
    assert dense.used_by == ("torch cross_entropy with probability targets",)


def test_a_detectors_positives() -> None:
    made = detector(separation=0.0, spread=0.0)
    spec = loss("focal", "sigmoid", gamma=2.0, alpha=0.25)
    parts = [
        reduction_sums(evaluate(spec, block.logits, block.targets))
        for block in (made.rows.rows(slice(i, i + 997)) for i in range(0, 100_000, 997))
    ]
    result = {one.normalizer: one for one in reductions(reduce(merge, parts), spec)}
    assert result["positives"].mean == pytest.approx(1.13, abs=5e-3)
    assert result["positives"].scale == 1000
    assert "RetinaNet (Lin et al. 2017)" in result["positives"].used_by


def test_positives_are_floored_once_and_at_the_end() -> None:
    spec = loss("focal", "sigmoid")
    none, some = (reduction_sums(evaluate(spec, np.zeros((4, 1)), t)) for t in (np.zeros(4, int), np.array([0, 0, 1, 1])))
    assert (none.positives, merge(none, none).positives, merge(none, some).positives) == (0, 0, 2)
    assert {one.normalizer: one.denominator for one in reductions(none, spec)}["positives"] == 1
    assert {one.normalizer: one.denominator for one in reductions(merge(none, some), spec)}["positives"] == 2


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_ignored_rows_count_nowhere(activation: str) -> None:
    rng = specs.seeded("ignored", activation)
    z, y = rng.normal(size=(20, 3)), rng.integers(3, size=20)
    spec = loss("cross-entropy", activation, weight=(1.0, 2.0, 5.0))
    kept = np.arange(20) % 3 != 0
    result, alone = reduction_sums(evaluate(spec, z, np.where(kept, y, -100))), reduction_sums(evaluate(spec, z[kept], y[kept]))
    np.testing.assert_allclose(result, alone, rtol=1e-12)
    assert result.samples == kept.sum()
    nothing = reductions(reduction_sums(evaluate(spec, z, np.full(20, -100))), spec)
    for one in nothing:
        assert np.isnan(one.mean) == (one.normalizer not in ("positives", "sum"))


@pytest.mark.parametrize(("rows", "classes"), [(1, 1), (1, 4), (3, 1000)])
def test_few_and_many(rows: int, classes: int) -> None:
    for activation in ("softmax", "sigmoid")[classes == 1 :]:
        spec = loss("focal", activation, gamma=2.0)
        z, t = data("focal", "labels", classes, rows)
        ev = evaluate(spec, z, t)
        result = all_of(spec, ev)
        assert (result["samples"].denominator, result["elements"].denominator) == (rows, rows * classes)
        assert result["elements"].scale == pytest.approx(1 / classes)
        assert result["samples"].mean == pytest.approx(float(ev.loss.mean()), rel=1e-12)


def test_sums_are_wide() -> None:
    """20 million positives of which float32 would lose count."""
    spec = loss("cross-entropy", "sigmoid")
    one = reduction_sums(evaluate(spec, np.zeros((1000, 1), np.float32), np.ones(1000, int)))
    many = one
    for _ in range(15):
        many = merge(many, many)
    assert many.positives == many.samples == 1000 * 2**15
    weighted = loss("nll", weight=(0.1, 0.7))
    result = reduction_sums(evaluate(weighted, np.full((3000, 2), -0.7, np.float32), np.arange(3000) % 2))
    assert result.weights == pytest.approx(1200, rel=1e-14)


def test_soft_positives_are_summed_in_float64() -> None:
    t = specs.seeded("soft positives").random((200_001, 1)).astype(np.float32)
    result = reduction_sums(evaluate(loss("cross-entropy", "sigmoid"), np.zeros_like(t), t))
    assert result.positives == pytest.approx(t.sum(dtype=np.float64), rel=1e-13)
    assert result.positives != t.sum()


def test_who_does_it() -> None:
    assert set(USED_BY) <= set(specs.KINDS)
    for (key, activation), users in USED_BY.items():
        spec = loss(key, activation)
        assert set(users) <= set(KEYS) - {"torch"}
        for indexed in (True, False) if LOSSES[key].targets == "any" else (key == "nll",):
            of_torch = used_by(spec, "torch", indexed)
            assert bool(of_torch) == (key in ("cross-entropy", "nll", "logistic"))
            assert all(any(name in names for names in users.values()) for name in of_torch)
    assert used_by(loss("cross-entropy", "sigmoid"), "torch", False) == ("torch binary_cross_entropy_with_logits",)
    assert used_by(loss("focal"), "elements", True) == ("kornia focal_loss",)
    assert used_by(loss("focal"), "weights", True) == ()


def functional(name: str) -> Any:
    return getattr(F, name.split()[1].split("(")[0])


def test_torch_has_what_is_said_of_it() -> None:
    names = [name for users in USED_BY.values() for some in users.values() for name in some if name.startswith("torch ")]
    assert len(names) == 9
    assert all(callable(functional(name)) for name in names)
