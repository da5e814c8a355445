"""What every loss keeps to, over the registry: purity, blocks, dtypes, shapes, symmetries, devices."""

from __future__ import annotations

import dataclasses
import itertools
import pickle
import random as python_random
from typing import Any

import numpy as np
import pytest
import torch

import lossviz
from lossviz.evaluation import result
from lossviz.evaluation.devices import devices

from .. import drawn

N, C = 23, 3
FORMS = ("per-term", "mixed", "exp-ce", "quality")


def specs() -> list[Any]:
    """Every loss with every activation (and form), bare and with its parameters set."""
    specs = []
    for key, kind in lossviz.LOSSES.items():
        names = {p.name for p in kind.parameters}
        full = {"weight": (0.5, 2.0, 1.0), "alpha": (0.2, 0.5, 0.9), "label_smoothing": 0.1, "temperature": 1.3, "gamma": 1.5}
        for activation in kind.activations:
            for form in FORMS if "soft_form" in names else (None,):
                own = {"soft_form": form} if form else {}
                specs.append(lossviz.loss(key, activation, **own))
                specs.append(lossviz.loss(key, activation, **own, **{n: v for n, v in full.items() if n in names}))
    return specs


def words(spec: Any) -> str:
    return "-".join([spec.key, spec.activation, spec.soft_form, "bare" if spec.temperature == 1 and not spec.weight else "set"])


def inputs(spec: Any, dtype: str = "float64", rows: int = N, soft: bool = False) -> tuple[np.ndarray, np.ndarray]:
    rng = drawn.generator(words(spec), dtype, rows, soft)
    z = rng.normal(0, 3, (rows, 1 if spec.key == "logistic" else C)).astype(dtype)
    if spec.key == "logistic":
        return z, rng.choice([-1, 1], rows)
    if soft and lossviz.LOSSES[spec.key].targets == "any":
        return z, drawn.soft(rows, C, dtype, rng, distribution=spec.activation == "softmax")
    return z, rng.integers(C, size=rows)


every_spec = pytest.mark.parametrize("spec", specs(), ids=words)


@every_spec
@pytest.mark.parametrize("soft", [False, True])
def test_nothing_outside_is_touched(spec: Any, soft: bool) -> None:
    z, t = (torch.from_numpy(x) for x in inputs(spec, soft=soft))
    before = z.clone(), t.clone()
    state = torch.get_rng_state(), python_random.getstate(), torch.get_default_dtype(), torch.get_num_threads()
    ev = lossviz.evaluate(spec, z, t)
    for read in (ev.probs, ev.reduce("mean"), ev.reduced_grad("mean"), ev.reduce("mean", "positives")):
        assert not read.requires_grad
    assert torch.equal(z, before[0]) and torch.equal(t, before[1])
    after = torch.get_rng_state(), python_random.getstate(), torch.get_default_dtype(), torch.get_num_threads()
    assert torch.equal(state[0], after[0]) and state[1:] == after[1:]


@every_spec
def test_a_formula_leaves_its_outcomes_alone(spec: Any) -> None:
    from lossviz.losses.outcomes import Outcomes

    rng = drawn.generator("formula", words(spec))
    p = torch.from_numpy(rng.uniform(0.01, 0.99, 40))
    for soft in (False, True):
        if soft:
            both = torch.stack([p, 1 - p])
            t = torch.from_numpy(rng.uniform(0, 1, 40))
            outcomes = Outcomes(both, both.flip(0), -both.log(), torch.stack([t, 1 - t]), torch.full_like(both, 0.7), True)
        else:
            one = p[None]
            outcomes = Outcomes(one, 1 - one, -one.log(), None, torch.full_like(one, 0.7), True)
        before = [x.clone() for x in outcomes[:5] if x is not None]
        kind = lossviz.LOSSES[spec.key]
        kind.formula(outcomes, **{name: getattr(spec, name) for name in kind.own_parameters})
        assert all(torch.equal(a, b) for a, b in zip(before, (x for x in outcomes[:5] if x is not None), strict=True))


@pytest.mark.parametrize(
    ("spec", "soft", "cut"),
    drawn.alternating(specs(), (False, True), [*itertools.product(("float32", "float64"), (1, 7, 60))]),
    ids=lambda value: words(value) if hasattr(value, "key") else str(value),
)
def test_blocks_change_nothing(spec: Any, soft: bool, cut: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    dtype, block = cut
    z, t = inputs(spec, dtype, rows=101, soft=soft)
    whole = lossviz.evaluate(spec, z, t)
    whole_probs = whole.probs
    monkeypatch.setattr(result, "BLOCK", block)
    parts = lossviz.evaluate(spec, z, t)
    one_ulp = torch.finfo(whole.grad.dtype).eps
    for a, b in ((whole.terms, parts.terms), (whole.grad, parts.grad), (whole.loss, parts.loss), (whole_probs, parts.probs)):
        # Vector and scalar instructions may differ in a last place, which sums of a few terms carry on.
        assert ((a - b).abs() <= 4 * one_ulp * a.abs().clamp(min=1)).all()


def test_a_batch_of_many_blocks_is_the_batch_of_its_rows() -> None:
    z = drawn.generator("many").normal(0, 3, (3 * result.BLOCK * torch.get_num_threads() + 5, 1)).astype("float32")
    t = (z > 0.3).astype("float32")
    spec = lossviz.loss("focal", "sigmoid", alpha=0.25)
    whole, some = lossviz.evaluate(spec, z, t), lossviz.evaluate(spec, z[-9:], t[-9:])
    torch.testing.assert_close(whole.grad[-9:], some.grad, rtol=1e-6, atol=0)
    torch.testing.assert_close(whole.probs[-9:], some.probs, rtol=1e-6, atol=0)


@every_spec
@pytest.mark.parametrize("soft", [False, True])
def test_rows_do_not_see_each_other(spec: Any, soft: bool) -> None:
    z, t = inputs(spec, soft=soft)
    order = drawn.generator("rows").permutation(N)
    whole, turned = lossviz.evaluate(spec, z, t), lossviz.evaluate(spec, z[order], t[order])
    torch.testing.assert_close(whole.grad[order], turned.grad, rtol=1e-13, atol=1e-15)
    torch.testing.assert_close(whole.loss[order], turned.loss, rtol=1e-13, atol=1e-15)


@every_spec
def test_classes_have_no_order(spec: Any) -> None:
    if spec.key == "logistic":
        pytest.skip("one logit")
    z, t = inputs(spec, soft=True)
    order = drawn.generator("classes").permutation(C)
    assert order.tolist() != sorted(order)
    parameters = {n: tuple(np.array(v)[order].tolist()) if isinstance(v, tuple) else v for n, v in spec.parameters}
    moved = t[:, order] if t.ndim == 2 else np.argsort(order)[t]
    whole = lossviz.evaluate(spec, z, t)
    turned = lossviz.evaluate(lossviz.loss(spec.key, spec.activation, **parameters), z[:, order], moved)
    torch.testing.assert_close(whole.grad[:, order], turned.grad, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(whole.loss, turned.loss, rtol=1e-13, atol=1e-14)


@every_spec
def test_dtype_and_shapes(spec: Any) -> None:
    z, t = inputs(spec)
    inputs_by_dtype = {
        torch.float64: (z, z.tolist(), torch.from_numpy(z), np.asfortranarray(z), z.astype(">f8")),
        torch.float32: (z.astype("float32"), torch.from_numpy(z).float(), np.repeat(z.astype("float32"), 2, 1)[:, ::2]),
    }
    inputs_by_dtype[torch.float64] += (z.round().astype(int), z.round().astype("int8").tolist())
    for dtype, forms in inputs_by_dtype.items():
        for form in forms:
            ev = lossviz.evaluate(spec, form, t)
            assert {x.dtype for x in (ev.probs, ev.terms, ev.grad, ev.loss, ev.reduce(), ev.reduced_grad())} == {dtype}
            assert ev.probs.shape == ev.terms.shape == ev.grad.shape == z.shape
            assert ev.loss.shape == (N,) and ev.reduce().shape == ()
            assert all(x.is_contiguous() for x in (ev.probs, ev.terms, ev.grad, ev.loss))
            torch.testing.assert_close(ev.loss, ev.terms.sum(1))
    assert lossviz.evaluate(spec, z.astype("float32"), t, dtype=torch.float64).grad.dtype == torch.float64
    assert lossviz.evaluate(spec, z.astype("float16"), t, dtype=torch.float32).grad.dtype == torch.float32


@every_spec
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(spec: Any, half: torch.dtype) -> None:
    z, t = inputs(spec)
    z = torch.from_numpy(z).to(half)
    ev, single = lossviz.evaluate(spec, z, t), lossviz.evaluate(spec, z.float(), t)
    for name in ("loss", "terms", "grad", "probs"):
        assert getattr(ev, name).dtype == torch.float32
        assert torch.equal(getattr(ev, name), getattr(single, name))


@every_spec
def test_a_spec_is_a_frozen_value(spec: Any) -> None:
    same = lossviz.loss(spec.key, spec.activation, **dict(spec.parameters))
    assert same == spec and hash(same) == hash(spec) and pickle.loads(pickle.dumps(spec)) == spec
    assert len({spec, same, lossviz.loss("cross-entropy", label_smoothing=0.37)}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.gamma = 3.0
    with pytest.raises(AttributeError):
        _ = spec.beta
    assert all(getattr(spec, name) == value for name, value in spec.parameters)


def test_numpy_logits_may_be_overwritten_and_tensors_may_not() -> None:
    z = np.array([1.0, 2.0])
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), z, [1, 0])
    z[:] = 0
    assert ev.probs[1, 0].item() == pytest.approx(0.880797, abs=1e-6)
    tensor = torch.tensor([1.0, 2.0])
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), tensor, [1, 0])
    tensor -= ev.grad[:, 0]
    with pytest.raises(lossviz.InputError, match="logits"):
        _ = ev.probs


@pytest.mark.parametrize("key", ["cross-entropy", "focal"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shift", [5.0, -1e3, 2.0**30])
def test_softmax_does_not_see_a_shift(key: str, form: str, shift: float) -> None:
    spec = lossviz.loss(key, **({"soft_form": form} if key == "focal" else {}))
    z, t = inputs(spec, soft=True)
    z = np.round(z * 64) / 64  # so that the shift itself rounds nothing
    a, b = lossviz.evaluate(spec, z, t), lossviz.evaluate(spec, z + shift, t)
    torch.testing.assert_close(a.loss, b.loss, rtol=1e-14, atol=1e-15)
    torch.testing.assert_close(a.grad, b.grad, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
def test_two_classes_are_a_sigmoid_of_the_difference(form: str, gamma: float) -> None:
    rng = drawn.generator("two", form, gamma)
    z, t = rng.normal(0, 3, (N, 2)), rng.uniform(0, 1, N)
    two = lossviz.evaluate(lossviz.loss("focal", gamma=gamma, soft_form=form), z, np.stack([t, 1 - t], 1))
    one = lossviz.evaluate(lossviz.loss("focal", "sigmoid", gamma=gamma, soft_form=form), z[:, 0] - z[:, 1], t)
    torch.testing.assert_close(two.loss, one.loss, rtol=1e-10, atol=1e-13)
    torch.testing.assert_close(two.grad[:, 0], one.grad[:, 0], rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(two.grad[:, 1], -one.grad[:, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
def test_all_forms_agree_for_hard_labels(activation: str, gamma: float) -> None:
    rng = drawn.generator("agree", activation, gamma)
    z, y = rng.normal(0, 3, (N, C)), rng.integers(C, size=N)
    labels, *others = (
        lossviz.evaluate(lossviz.loss("focal", activation, gamma=gamma, soft_form=form), z, targets)
        for form in FORMS
        for targets in (y, np.eye(C)[y])
    )
    for other in others:
        torch.testing.assert_close(labels.loss, other.loss, rtol=1e-13, atol=1e-15)
        torch.testing.assert_close(labels.grad, other.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("key", ["cross-entropy", "focal", "quality-focal", "logistic"])
def test_one_logit_a_sample(key: str) -> None:
    z, t = np.array([0.3, -2.0, 5.0]), np.array([-1, 1, 1]) if key == "logistic" else np.array([0, 1, 1])
    spec = lossviz.loss(key, None if key == "logistic" else "sigmoid")
    flat, column = lossviz.evaluate(spec, z, t), lossviz.evaluate(spec, z[:, None], t[:, None] * 1.0)
    assert flat.grad.shape == (3, 1) and flat.reduce("none").shape == (3,)
    assert torch.equal(flat.grad, column.grad) and torch.equal(flat.loss, column.loss)


@every_spec
def test_an_empty_batch(spec: Any) -> None:
    """As in torch: nothing to sum, no mean."""
    z, t = inputs(spec)
    ev = lossviz.evaluate(spec, z[:0], t[:0])
    assert ev.grad.shape == ev.probs.shape == (0, z.shape[1]) and ev.loss.shape == (0,)
    assert ev.reduce("sum").item() == 0 and ev.reduce("mean").isnan() and ev.reduced_grad("mean").shape == ev.grad.shape


@every_spec
@pytest.mark.parametrize("device", devices())
def test_devices(spec: Any, device: str) -> None:
    z, t = inputs(spec, "float32")
    ours, moved = lossviz.evaluate(spec, z, t), lossviz.evaluate(spec, z, t, device=device)
    assert moved.grad.device == torch.device(device)
    for name in ("probs", "terms", "grad", "loss"):
        torch.testing.assert_close(getattr(moved, name).cpu(), getattr(ours, name), rtol=1e-5, atol=1e-6)


def test_the_device_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = lossviz.loss("cross-entropy")
    assert lossviz.evaluate(spec, [[1.0, 2.0]], [0]).grad.device.type == "cpu"
    monkeypatch.setenv("LOSSVIZ_DEVICE", "meta-physical")
    with pytest.raises(lossviz.InputError, match=r"device: found 'meta-physical'; expected one of cpu"):
        lossviz.evaluate(spec, [[1.0, 2.0]], [0])
    assert lossviz.evaluate(spec, torch.ones(1, 2), [0]).grad.device.type == "cpu", "a tensor stays where it is"
    assert lossviz.evaluate(spec, [[1.0, 2.0]], [0], device="cpu").grad.device.type == "cpu"
    monkeypatch.setenv("LOSSVIZ_DEVICE", devices()[-1])
    assert str(lossviz.evaluate(spec, np.ones((1, 2), "float32"), [0]).grad.device) == devices()[-1]


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "meta", "", "cpu:1:2", 7, None])
def test_unknown_devices(device: Any) -> None:
    with pytest.raises(lossviz.InputError, match="device"):
        lossviz.evaluate(lossviz.loss("cross-entropy"), [[1.0, 2.0]], [0], device=device)


def test_inference_mode() -> None:
    with torch.inference_mode():
        ev = lossviz.evaluate(lossviz.loss("focal"), torch.zeros(2, 3), [0, 1])
    assert ev.probs.shape == (2, 3)
