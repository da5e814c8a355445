"""What torch's functional of that name does is the semantics; scikit-learn and torchvision's formula are other judges.

The numbers further down are known ones, to the digits they are known with.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import log_loss
from torch import Tensor

import lossviz

from .. import drawn

N, C = 9, 4
WEIGHT = (2.0, 4.0, 0.5, 6.0)
REDUCTIONS = ("mean", "sum", "none")


def logits(*words: object, shape: tuple[int, ...] = (N, C)) -> Tensor:
    z = torch.from_numpy(drawn.generator(*words).normal(0, 3, shape))
    assert z.unique().numel() == z.numel()
    return z


def labels(*words: object, high: int = C) -> Tensor:
    return torch.from_numpy(drawn.generator("labels", *words).integers(high, size=N))


def probabilities(*words: object) -> Tensor:
    return torch.from_numpy(drawn.soft(N, C, "float64", drawn.generator("soft", *words), distribution=True))


def agree(ev: Any, z: Tensor, theirs: Any) -> None:
    """Value and gradient of each reduction equal those of a function of the logits that torch differentiates."""
    for reduction in REDUCTIONS:
        leaf = z.clone().requires_grad_()
        value = theirs(leaf, reduction)
        (grad,) = torch.autograd.grad(value.sum(), leaf)
        torch.testing.assert_close(ev.reduce(reduction), value.detach(), rtol=1e-12, atol=1e-13)
        torch.testing.assert_close(ev.reduced_grad(reduction).view_as(grad), grad, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("weight", [None, WEIGHT])
@pytest.mark.parametrize("targets", ["labels", "some ignored", "ignored by 2", "probabilities"])
def test_cross_entropy(targets: str, weight: tuple[float, ...] | None, smoothing: float) -> None:
    z, y = logits("ce", targets, smoothing), labels(targets)
    options: dict[str, Any] = {}
    if targets == "some ignored":
        y[[1, 4, 5]] = -100
    if targets == "ignored by 2":
        y[0], options = 2, {"ignore_index": 2}
    if targets == "probabilities":
        y = probabilities(smoothing)
    spec = lossviz.loss("cross-entropy", weight=weight, label_smoothing=smoothing, **options)
    w = None if weight is None else torch.tensor(weight, dtype=z.dtype)
    agree(
        lossviz.evaluate(spec, z, y),
        z,
        lambda x, reduction: F.cross_entropy(x, y, w, reduction=reduction, label_smoothing=smoothing, **options),
    )


@pytest.mark.parametrize("key", ["cross-entropy", "nll"])
def test_a_batch_that_is_ignored_entirely(key: str) -> None:
    """The mean is nan and the sum 0, as in torch. So is the gradient of the mean: 0, where torch has 0 too or nan."""
    z, y = logits("all ignored").log_softmax(1), torch.full((N,), -100)
    ev = lossviz.evaluate(lossviz.loss(key), z, y)
    leaf = z.clone().requires_grad_()
    theirs = F.cross_entropy(leaf, y) if key == "cross-entropy" else F.nll_loss(leaf, y)
    (grad,) = torch.autograd.grad(theirs, leaf)
    assert math.isnan(theirs.item()) and math.isnan(ev.reduce().item())
    assert ev.reduce("sum").item() == 0 and not ev.grad.any()
    assert torch.equal(ev.reduced_grad(), torch.zeros_like(z))
    assert torch.equal(grad, torch.zeros_like(z)), "torch's gradient there"


@pytest.mark.parametrize("weight", [None, WEIGHT])
@pytest.mark.parametrize("ignored", [False, True])
def test_nll(ignored: bool, weight: tuple[float, ...] | None) -> None:
    z, y = logits("nll").log_softmax(1), labels("nll")
    y[3] = -100 if ignored else y[3]
    w = None if weight is None else torch.tensor(weight, dtype=z.dtype)
    spec = lossviz.loss("nll", weight=weight)
    agree(lossviz.evaluate(spec, z, y), z, lambda x, reduction: F.nll_loss(x, y, w, reduction=reduction))


@pytest.mark.parametrize("pos_weight", [None, 3.0, (0.5, 2.0, 1.0, 8.0)])
@pytest.mark.parametrize("weight", [None, WEIGHT])
@pytest.mark.parametrize("targets", ["multi-hot", "soft"])
def test_binary_cross_entropy(targets: str, weight: Any, pos_weight: Any) -> None:
    z = logits("bce", targets)
    t = torch.from_numpy(drawn.soft(N, C, "float64", drawn.generator(targets), distribution=False))
    t = t.round() if targets == "multi-hot" else t
    w = None if weight is None else torch.tensor(weight, dtype=z.dtype)
    pw = None if pos_weight is None else torch.tensor(pos_weight, dtype=z.dtype)
    spec = lossviz.loss("cross-entropy", "sigmoid", weight=weight, pos_weight=pos_weight)
    agree(
        lossviz.evaluate(spec, z, t),
        z,
        lambda x, reduction: F.binary_cross_entropy_with_logits(x, t, w, pos_weight=pw, reduction=reduction),
    )


def test_one_logit_a_sample() -> None:
    z, t = logits("one", shape=(N,)), labels("one", high=2).double()
    spec = lossviz.loss("cross-entropy", "sigmoid")
    for targets in (t, t.long(), t[:, None]):
        ev = lossviz.evaluate(spec, z, targets)
        agree(ev, z, lambda x, reduction: F.binary_cross_entropy_with_logits(x, t, reduction=reduction))


def test_logistic() -> None:
    z, y = logits("logistic", shape=(N,)), labels("logistic", high=2).double() * 2 - 1
    ev = lossviz.evaluate(lossviz.loss("logistic"), z, y)
    agree(ev, z, lambda x, reduction: F.soft_margin_loss(x, y, reduction=reduction))


def torchvision_focal(z: Tensor, t: Tensor, alpha: float, gamma: float, reduction: str) -> Tensor:
    """The widely used sigmoid focal loss: p_t mixed from both classes, α on positives unless it is negative."""
    prob = z.sigmoid()
    mixed = prob * t + (1 - prob) * (1 - t)
    value = F.binary_cross_entropy_with_logits(z, t, reduction="none") * (1 - mixed) ** gamma
    if alpha >= 0:
        value = value * (alpha * t + (1 - alpha) * (1 - t))
    return {"none": value, "sum": value.sum(), "mean": value.mean()}[reduction]


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0, 3.5])
# With soft targets torchvision mixes α as it mixes p_t; here α belongs to the outcomes, as everywhere else.
@pytest.mark.parametrize(("targets", "alpha"), [("hard", -1), ("hard", 0.25), ("hard", 0.9), ("soft", -1), ("soft", 0.5)])
def test_sigmoid_focal_of_torchvision(targets: str, gamma: float, alpha: float) -> None:
    z = logits("focal", targets, gamma)
    t = torch.from_numpy(drawn.soft(N, C, "float64", drawn.generator(targets, gamma), distribution=False))
    t = t.round() if targets == "hard" else t
    spec = lossviz.loss("focal", "sigmoid", gamma=gamma, alpha=None if alpha < 0 else alpha, soft_form="mixed")
    ev = lossviz.evaluate(spec, z, t)
    for reduction in REDUCTIONS:
        leaf = z.clone().requires_grad_()
        value = torchvision_focal(leaf, t, alpha, gamma, reduction)
        (grad,) = torch.autograd.grad(value.sum(), leaf)
        ours, push = ev.reduce(reduction, "elements"), ev.reduced_grad(reduction, "elements")
        torch.testing.assert_close(ours, value.detach(), rtol=1e-10, atol=1e-11)
        torch.testing.assert_close(push, grad, rtol=1e-10, atol=1e-11)


def test_log_loss_of_scikit_learn() -> None:
    z, y = logits("sklearn"), labels("sklearn")
    ev = lossviz.evaluate(lossviz.loss("cross-entropy"), z, y)
    assert ev.reduce().item() == pytest.approx(log_loss(y, ev.probs.numpy(), labels=list(range(C))), rel=1e-12)
    t = (y > 1).double()
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), z[:, 0], t)
    assert ev.reduce().item() == pytest.approx(log_loss(t, ev.probs[:, 0].numpy()), rel=1e-12)


# Known numbers.


def loss_of(spec: Any, z: Any, t: Any) -> float:
    return float(lossviz.evaluate(spec, z, t).reduce("sum"))


def pull(gamma: float, p: float) -> tuple[float, float]:
    """Loss and gradient of a positive with probability p."""
    ev = lossviz.evaluate(lossviz.loss("focal", "sigmoid", gamma=gamma), [math.log(p / (1 - p))], [1])
    return ev.loss.item(), ev.grad.item()


def multiplier(gamma: float, p: float) -> float:
    return pull(gamma, p)[1] / pull(0.0, p)[1]


def test_two_classes_are_one_sigmoid() -> None:
    softmax = lossviz.evaluate(lossviz.loss("cross-entropy"), [[1.3, -0.4]], [0])
    sigmoid = lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), [1.7], [1])
    assert softmax.probs[0, 0].item() == pytest.approx(0.84553, abs=5e-6)
    assert sigmoid.probs.item() == pytest.approx(softmax.probs[0, 0].item(), rel=1e-15)


def test_softmax_is_shift_invariant_and_sigmoids_are_not() -> None:
    z, softmax, sigmoid = np.array([[2.0, 1.0, 0.0]]), lossviz.loss("cross-entropy"), lossviz.loss("cross-entropy", "sigmoid")
    assert loss_of(softmax, z, [0]) == pytest.approx(0.4076, abs=5e-5)
    assert loss_of(softmax, z + 5, [0]) == pytest.approx(0.4076, abs=5e-5)
    assert loss_of(sigmoid, z, [0]) == pytest.approx(2.133, abs=5e-4)
    assert loss_of(sigmoid, z + 5, [0]) == pytest.approx(11.010, abs=5e-4)


def test_alpha_at_gamma_0_is_not_bce() -> None:
    z, t = np.array([0.3, -1.2, 2.0]), np.array([1, 0, 0])
    plain = loss_of(lossviz.loss("cross-entropy", "sigmoid"), z, t)
    half = loss_of(lossviz.loss("focal", "sigmoid", gamma=0.0, alpha=0.5), z, t)
    assert half == pytest.approx(plain / 2, rel=1e-15)
    assert loss_of(lossviz.loss("focal", "sigmoid", gamma=0.0, alpha=0.25), z, t) != pytest.approx(plain, rel=0.05)


def test_the_gradient_of_a_negative_has_the_other_sign() -> None:
    spec = lossviz.loss("focal", "sigmoid", gamma=2.0)
    assert lossviz.evaluate(spec, [0.0], [0]).grad.item() == pytest.approx(0.2983, abs=5e-5)
    assert lossviz.evaluate(spec, [0.0], [1]).grad.item() == pytest.approx(-0.2983, abs=5e-5)


@pytest.mark.parametrize(("gamma", "p"), [(2.0, 0.298), (5.0, 0.1968), (3.0, 0.2526)])
def test_the_multiplier_crosses_one(gamma: float, p: float) -> None:
    width = 5e-4 if gamma == 2 else 5e-5
    assert multiplier(gamma, p - width) > 1 > multiplier(gamma, p + width)


def test_the_multiplier_peaks() -> None:
    grid = np.linspace(0.01, 0.99, 981)
    values = [multiplier(2.0, p) for p in grid]
    assert max(values) == pytest.approx(1.225, abs=5e-4)
    assert grid[int(np.argmax(values))] == pytest.approx(0.104, abs=1e-3)


@pytest.mark.parametrize(("p", "loss", "grad"), [(0.9, 100, 34.5), (0.968, 977, 329), (0.5, 4, 1.68), (0.1, 1.2346, 1 / 1.22)])
def test_what_gamma_2_divides_by(p: float, loss: float, grad: float) -> None:
    assert pull(0.0, p)[0] / pull(2.0, p)[0] == pytest.approx(loss, rel=5e-3)
    assert pull(0.0, p)[1] / pull(2.0, p)[1] == pytest.approx(grad, rel=5e-3)


MINIMA = {
    "per-term": (0.750, 0.694, 0.579, 0.538, 0.0878),
    "mixed": (0.995, 0.986, 0.878, 0.724, 0.0054),
    "exp-ce": (0.950, 0.900, 0.700, 0.600, 0.0250),
    "quality": (0.950, 0.900, 0.700, 0.600, 0.0),
}


@pytest.mark.parametrize("form", MINIMA)
@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
def test_what_each_soft_form_is_minimised_by(form: str, activation: str) -> None:
    p = np.arange(0.5, 0.9995, 0.0005)
    z = np.log(p / (1 - p))
    spec = lossviz.loss("focal", activation, gamma=2.0, soft_form=form)
    for t, best in zip((0.95, 0.9, 0.7, 0.6), MINIMA[form], strict=False):
        targets = np.full_like(z, t)
        if activation == "softmax":
            ev = lossviz.evaluate(spec, np.stack([z, 0 * z], 1), np.stack([targets, 1 - targets], 1))
        else:
            ev = lossviz.evaluate(spec, z, targets)
        assert p[int(ev.loss.argmin())] == pytest.approx(best, abs=1e-3)
        assert t != 0.9 or ev.loss.min().item() == pytest.approx(MINIMA[form][4], abs=5e-5)


def test_weighted_means() -> None:
    """torch#25571: index targets divide by Σ w_y, the same targets as probabilities by N."""
    z, y = logits("25571", shape=(6, 3)), torch.tensor([0, 1, 2, 2, 1, 2])
    spec = lossviz.loss("cross-entropy", weight=(2.0, 4.0, 6.0))
    index, dense = lossviz.evaluate(spec, z, y).reduce(), lossviz.evaluate(spec, z, F.one_hot(y, 3).double()).reduce()
    assert dense.item() / index.item() == pytest.approx((2 + 4 + 6 + 6 + 4 + 6) / 6, rel=1e-14)
    one = [lossviz.evaluate(s, z[:1], y[:1]).reduce().item() for s in (spec, lossviz.loss("cross-entropy"))]
    assert one[0] == pytest.approx(one[1], rel=1e-14), "in a batch of one, weight has no effect"


def test_smoothing_with_weights_can_favour_the_wrong_class() -> None:
    """torch#104776: K = 2, ε = .1, w = (1, 100), y = 0: the optimum is (.160, .840); break-even is w = 19."""

    def best(weight: float) -> float:
        p = np.linspace(0.001, 0.999, 1997)
        z = np.stack([np.log(p / (1 - p)), 0 * p], 1)
        spec = lossviz.loss("cross-entropy", weight=(1.0, weight), label_smoothing=0.1)
        return float(p[int(lossviz.evaluate(spec, z, np.zeros(len(p), int)).loss.argmin())])

    assert best(100.0) == pytest.approx(0.160, abs=1e-3)
    assert best(19.0) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(("pos_weight", "eta"), [(3.0, 0.2), (0.5, 0.7)])
def test_pos_weight_moves_the_optimum(pos_weight: float, eta: float) -> None:
    p = np.linspace(0.001, 0.999, 1997)
    spec = lossviz.loss("cross-entropy", "sigmoid", pos_weight=pos_weight)
    ev = lossviz.evaluate(spec, np.log(p / (1 - p)), np.full(len(p), eta))
    assert p[int(ev.loss.argmin())] == pytest.approx(pos_weight * eta / (pos_weight * eta + 1 - eta), abs=1e-3)


def test_softmax_before_cross_entropy() -> None:
    spec, z = lossviz.loss("cross-entropy"), np.array([[4.0, 1.0, 0.0]])
    twice = lossviz.evaluate(spec, z, [0]).probs
    assert loss_of(spec, z, [0]) == pytest.approx(0.0659, abs=5e-5)
    assert loss_of(spec, twice, [0]) == pytest.approx(0.5932, abs=5e-5)
    assert loss_of(spec, z, [2]) == pytest.approx(4.066, abs=5e-4)
    assert loss_of(spec, twice, [2]) == pytest.approx(1.512, abs=5e-4)
    assert lossviz.evaluate(spec, z, [2]).grad[0, 2].item() == pytest.approx(-0.983, abs=5e-4)
    for classes, floor in {2: 0.3133, 3: 0.5514, 4: 0.7437, 10: 1.4612, 1000: 5.9095}.items():
        assert loss_of(spec, np.eye(1, classes), [0]) == pytest.approx(floor, abs=5e-5)


def test_log_softmax_before_cross_entropy_is_harmless() -> None:
    spec, z = lossviz.loss("cross-entropy"), torch.tensor([[4.0, 1.0, 0.0]], dtype=torch.float64)
    assert loss_of(spec, z.log_softmax(1), [0]) == pytest.approx(loss_of(spec, z, [0]), rel=1e-14)


def test_nll_believes_what_it_is_given() -> None:
    z = torch.tensor([[4.0, 1.0, 0.0]], dtype=torch.float64)
    assert loss_of(lossviz.loss("nll"), z.softmax(1), [0]) == pytest.approx(-0.9362, abs=5e-5)
    assert loss_of(lossviz.loss("nll"), z, [0]) == -4.0


def test_sigmoid_twice_is_confined() -> None:
    spec, p = lossviz.loss("cross-entropy", "sigmoid"), np.array([0.0, 1.0])
    positive, negative = (lossviz.evaluate(spec, p, np.full(2, t)).loss.tolist() for t in (1, 0))
    assert positive == pytest.approx([0.6931, 0.3133], abs=5e-5)
    assert negative == pytest.approx([0.6931, 1.3133], abs=5e-5)


def test_where_bce_of_a_probability_dies_ours_does_not() -> None:
    z = torch.tensor([17.0], requires_grad=True)
    F.binary_cross_entropy(z.sigmoid(), torch.zeros(1)).backward()
    ev = lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), z, [0])
    assert z.grad is not None and z.grad.item() == 0
    assert (ev.loss.item(), ev.grad.item()) == (17.0, 1.0)


def test_where_the_usual_focal_loss_gives_nan_ours_does_not() -> None:
    z = torch.tensor([[20.0]], requires_grad=True)
    torchvision_focal(z, torch.ones(1, 1), -1, 0.5, "sum").backward()
    ev = lossviz.evaluate(lossviz.loss("focal", "sigmoid", gamma=0.5), z, [[1.0]])
    assert z.grad is not None and z.grad.isnan().all()
    assert ev.grad.dtype == torch.float32 and -1e-12 < ev.grad.item() < 0


@pytest.mark.parametrize(
    ("spec", "z", "y", "value"),
    [
        (lossviz.loss("focal", gamma=2.0), np.zeros((1, 10)), [0], 1.8651),
        (lossviz.loss("focal", "sigmoid", gamma=2.0), np.zeros(1), [1], 0.1733),
    ],
)
def test_plateaus(spec: Any, z: Any, y: Any, value: float) -> None:
    assert loss_of(spec, z, y) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(("classes", "floor"), [(10, 0.5003), (1000, 1.0148)])
def test_the_floor_of_label_smoothing(classes: int, floor: float) -> None:
    q = np.full(classes, 0.1 / classes)
    q[0] += 0.9
    spec = lossviz.loss("cross-entropy", label_smoothing=0.1)
    assert loss_of(spec, np.log(q)[None], [0]) == pytest.approx(floor, abs=5e-5)


def test_a_thousand_to_one() -> None:
    """100 positives and 99 900 negatives that all have the probability p₀."""

    def shares(prior: float, **options: float) -> tuple[float, float]:
        b = math.log(prior / (1 - prior))
        spec = lossviz.loss("focal", "sigmoid", **{"gamma": 0.0, **options})
        ev = lossviz.evaluate(spec, np.full(100_000, b), (np.arange(100_000) < 100).astype(float))
        return (ev.loss[100:].sum() / ev.loss.sum()).item(), ev.reduce("mean", "positives").item()

    assert math.log(0.01 / 0.99) == pytest.approx(-4.595, abs=5e-4)
    assert shares(0.5) == pytest.approx((0.9990, 693), rel=5e-4)
    assert shares(0.01) == pytest.approx((0.6856, 14.65), rel=5e-4)
    assert shares(0.01, gamma=2.0, alpha=0.25) == pytest.approx((0.0007, 1.13), rel=6e-2)


@pytest.mark.parametrize(("gamma", "p"), [(2.0, 0.694), (5.0, 0.597)])
def test_focal_is_not_proper(gamma: float, p: float) -> None:
    grid = np.arange(0.5, 0.95, 0.0005)
    ev = lossviz.evaluate(lossviz.loss("focal", "sigmoid", gamma=gamma), np.log(grid / (1 - grid)), np.full(len(grid), 0.9))
    assert grid[int(ev.loss.argmin())] == pytest.approx(p, abs=1e-3)


def test_binary_recovery() -> None:
    """h(v) = v/w(v); η = h(p)/(h(p) + h(1 − p)) gives back .9 from .6942."""
    h = [v / multiplier(2.0, v) for v in (0.6942, 1 - 0.6942)]
    assert h[0] / sum(h) == pytest.approx(0.9, abs=5e-5)
