"""The 2×2 of activations and terms: against mpmath's minima, PyTorch's losses, and what is known of each pair."""

from __future__ import annotations

from functools import cache

import mpmath
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lossviz.analysis.pairing import PAIRS, Trajectory, objection, trajectories, two_logits, verdict

SAMPLES = {
    "one class": ((4.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "two of four": ((1.0, 0.5, -1.0, 2.0), (1.0, 1.0, 0.0, 0.0)),
    "soft": ((2.0, 0.0, 1.0), (0.7, 0.2, 0.1)),
    "soft, another sum": ((1.0, 2.0, 3.0), (0.9, 0.3, 0.0)),
    "none": ((1.0, 2.0, 3.0), (0.0, 0.0, 0.0)),
    "far out": ((1000.0, -1000.0), (0.0, 1.0)),
}
sampled = pytest.mark.parametrize("name", SAMPLES)


@cache
def four(name: str, steps: int = 60) -> tuple[dict[tuple[str, str], Trajectory], np.ndarray]:
    z, t = two_logits(*SAMPLES[name])
    return dict(zip(PAIRS, trajectories(z, t, 0.5, steps), strict=True)), t


@sampled
def test_each_starts_as_pytorch_has_it(name: str) -> None:
    pairs, t = four(name)
    z = torch.tensor(SAMPLES[name][0], dtype=torch.float64, requires_grad=True)
    soft, own = torch.tensor(t), torch.sigmoid(z.detach())
    ce = F.cross_entropy(z[None], soft[None], reduction="sum")
    bce = F.binary_cross_entropy_with_logits(z, soft, reduction="sum")
    for pair, value in ((("softmax", "categorical"), ce), (("sigmoid", "binary"), bce)):
        assert pairs[pair].loss[0] == pytest.approx(float(value.detach()), rel=1e-12, abs=1e-12)
        np.testing.assert_allclose(pairs[pair].start, torch.autograd.grad(value, z)[0].numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(pairs["sigmoid", "binary"].probs[0], own.numpy(), rtol=1e-12)
    if name != "far out":
        p = torch.softmax(z.detach(), 0)
        mixed = F.binary_cross_entropy(p, soft, reduction="sum")
        assert pairs["softmax", "binary"].loss[0] == pytest.approx(float(mixed), rel=1e-12)


@pytest.mark.parametrize("name", ["one class", "soft, another sum", "far out"])
def test_a_step_is_a_step_of_gradient_descent(name: str) -> None:
    z, t = two_logits(*SAMPLES[name])
    for pair, trajectory in zip(PAIRS, trajectories(z, t, 0.5, 1), strict=True):
        moved = dict(zip(PAIRS, trajectories(z - 0.5 * trajectory.start, t, 0.5, 0), strict=True))[pair]
        np.testing.assert_allclose(trajectory.probs[1], moved.probs[0], rtol=1e-12)
        assert trajectory.loss[1] == pytest.approx(moved.loss[0], rel=1e-12)


@sampled
def test_where_the_four_end(name: str) -> None:
    pairs, t = four(name)
    if t.sum():
        np.testing.assert_allclose(pairs["softmax", "categorical"].limit, t / t.sum(), atol=1e-4)
    np.testing.assert_allclose(pairs["sigmoid", "binary"].limit, t, atol=1e-4)
    lonely = pairs["sigmoid", "categorical"]
    np.testing.assert_allclose(lonely.limit[t > 0], 1.0, atol=1e-4)
    assert (lonely.start[t == 0] == 0).all() and (lonely.probs[:, t == 0] == lonely.probs[0, t == 0]).all()
    for trajectory in pairs.values():
        assert trajectory.floor <= trajectory.loss.min() + 1e-9, "descent gets below the floor"


def test_binary_terms_on_a_softmax_end_where_mpmath_says() -> None:
    """Minimum of −Σ t log p + (1 − t) log(1 − p) over the simplex, targets (0.9, 0.3, 0): p₃ = 0, a root in p₁."""
    pairs, _ = four("soft, another sum")
    with mpmath.workdps(30):

        def slope(p: mpmath.mpf) -> mpmath.mpf:
            return mpmath.diff(
                lambda x: -sum(t * mpmath.log(q) + (1 - t) * mpmath.log(1 - q) for t, q in ((0.9, x), (0.3, 1 - x))), p
            )

        root = float(mpmath.findroot(slope, (0.6, 0.9)))
    np.testing.assert_allclose(pairs["softmax", "binary"].limit, [root, 1 - root, 0], atol=1e-4)


def test_with_no_positive_a_softmax_is_pushed_to_uniform_by_binary_terms() -> None:
    pairs, _ = four("none")
    np.testing.assert_allclose(pairs["softmax", "binary"].limit, 1 / 3, atol=1e-5)
    assert (pairs["softmax", "categorical"].start == 0).all()


@pytest.mark.parametrize(
    ("name", "pair", "says"),
    [
        ("one class", ("softmax", "categorical"), "Every p goes to its target. The loss can go to 0."),
        ("one class", ("sigmoid", "categorical"), "Nothing pushes classes 0, 1: p stays where it is. The loss can go to 0."),
        ("one class", ("softmax", "binary"), "Every p goes to its target. The loss can go to 0."),
        ("two of four", ("softmax", "categorical"), "p goes to t/Σt"),
        ("two of four", ("softmax", "categorical"), "No loss below 1.386 exists."),
        ("two of four", ("sigmoid", "binary"), "Every p goes to its target. The loss can go to 0."),
        ("soft", ("sigmoid", "categorical"), "p of classes 0, 1, 2 goes to 1"),
        ("soft", ("sigmoid", "binary"), "Every p goes to its target. No loss below 1.436 exists."),
        ("soft, another sum", ("softmax", "binary"), "p goes to 0.8, 0.2, 0, which are not the targets."),
        ("none", ("softmax", "categorical"), "Nothing pushes classes 0, 1, 2: p stays where it is."),
    ],
)
def test_verdicts(name: str, pair: tuple[str, str], says: str) -> None:
    pairs, t = four(name)
    assert says in verdict(pairs[pair], t)


def test_a_single_logit_has_a_second_one_of_zero() -> None:
    z, t = two_logits((1.3,), (1.0,))
    assert z.tolist() == [0.0, 1.3] and t.tolist() == [0.0, 1.0]
    assert two_logits((np.inf, -np.inf), (1.0, 0.0))[0].tolist() == [1000.0, -1000.0]


def test_enormous_steps_stay_numbers() -> None:
    z, t = two_logits(*SAMPLES["soft"])
    for trajectory in trajectories(z, t, 1e4, 200):
        assert np.isfinite(trajectory.probs).all() and np.isfinite(trajectory.loss).all()


@pytest.mark.parametrize(
    ("name", "pair", "says"),
    [
        ("one class", ("softmax", "binary"), "still wrong: softmax already pushes the other classes down"),
        ("soft", ("softmax", "binary"), "with several true classes p could not reach its targets"),
        ("far out", ("softmax", "binary"), "exactly half of it"),
        ("two of four", ("softmax", "binary"), "cannot answer yes or no for each class: that takes sigmoids"),
        ("one class", ("sigmoid", "categorical"), "Only true classes have a term"),
        ("two of four", ("sigmoid", "binary"), ""),
        ("one class", ("softmax", "categorical"), ""),
    ],
)
def test_what_is_wrong_with_a_mistake_is_said_also_where_it_reaches_its_targets(
    name: str, pair: tuple[str, str], says: str
) -> None:
    pairs, t = four(name)
    words = objection(pair, pairs, t)
    assert says in words and bool(words) == bool(says)
    if "begins at" in words and name != "far out":
        z = torch.tensor(SAMPLES[name][0], dtype=torch.float64)
        mixed = F.binary_cross_entropy(z.softmax(0), torch.tensor(t), reduction="sum")
        plain = F.cross_entropy(z[None], torch.tensor(t)[None])
        assert f"begins at {float(mixed):.4g}, cross-entropy at {float(plain):.4g}" in words


def test_where_every_class_is_true_yes_to_everything_is_right_by_chance() -> None:
    t = np.ones(3)
    pairs = dict(zip(PAIRS, trajectories(np.array([1.0, 0.0, -1.0]), t, 0.5, 1), strict=True))
    assert "It is still wrong: only true classes have a term, and here every class is true" in objection(
        ("sigmoid", "categorical"), pairs, t
    )
