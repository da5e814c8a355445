"""Mistakes: the programs shown are the programs run, and they do what their cards say."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import torch

from lossviz import evaluate, loss
from lossviz.analysis.mistakes import CARDS, Card, CardResult, measure
from lossviz.analysis.mistakes import run_card as uncached
from lossviz.state.links import link_problems
from lossviz.state.sample import resolve


@cache
def card_run(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> CardResult:
    return uncached(CARDS[key], logits, targets)


def run_card(card: Card, logits: tuple[float, ...], targets: tuple[float, ...]) -> CardResult:
    """Both programs at all places, once for all tests that ask of one sample."""
    return card_run(card.key, logits, targets)


def sample(key: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    view = resolve({name: text if name != "gamma" else float(text) for name, text in CARDS[key].preset.items()})
    assert view.problems == ()
    return view.setting.logits, view.setting.targets


def example(key: str) -> CardResult:
    return run_card(CARDS[key], *sample(key))


def at_example(key: str) -> tuple[float, float, float, float]:
    """Loss and gradient of the wrong and of the right program at the card's example."""
    result = example(key)
    n = result.present
    return result.wrong.loss[n], result.wrong.grad[n], result.right.loss[n], result.right.grad[n]


EXPECTED = {
    "softmax-twice": (1.512, -0.0222, 4.066, -0.983),
    "log-softmax-twice": (0.0659, -0.0638, 0.0659, -0.0638),
    "nll": (-0.9362, -0.0597, 0.0659, -0.0638),
    "nll-logits": (-4.0, -1.0, 0.0659, -0.0638),
    "sigmoid-twice": (0.3181, -0.0048, 0.0181, -0.0180),
    "bce": (100.0, 0.0, 17.0, 1.0),
    "comparing": (0.1733, -0.2983, 0.6931, -0.5),
}


@pytest.mark.parametrize("key", EXPECTED)
def test_examples_have_the_numbers_of_the_field(key: str) -> None:
    assert at_example(key) == pytest.approx(EXPECTED[key], rel=5e-4, abs=6e-5)


@pytest.mark.parametrize("key", CARDS)
def test_a_card_is_whole(key: str) -> None:
    card = CARDS[key]
    assert 0 <= card.answer < len(card.choices) == len(set(card.choices)) >= 3
    assert card.question.endswith("?") and card.why.endswith(".")
    assert card.thread.startswith("https://github.com/")
    assert card.notice.rstrip("”").endswith(".")
    assert link_problems(card.preset) == []
    result = example(key)
    assert result.z[result.present] == pytest.approx(result.z.mean())
    assert len(set(np.round(result.right.loss, 9))) > 20, "else nothing moves"
    alike = [np.allclose(a, b, rtol=1e-12) for a, b in zip(result.wrong, result.right, strict=True)]
    assert all(alike) == card.harmless


@pytest.mark.parametrize("classes", [2, 3, 4, 10])
def test_softmax_twice_has_its_floor(classes: int) -> None:
    """ln(1 + (C − 1)/e), however sure the model is."""
    result = run_card(CARDS["softmax-twice"], (500.0, *(0.0,) * (classes - 1)), (1.0, *(0.0,) * (classes - 1)))
    assert result.wrong.loss[result.present] == pytest.approx(math.log(1 + (classes - 1) / math.e), rel=1e-12)
    assert result.right.loss[result.present] == pytest.approx(0, abs=1e-100)


def test_usual_focal_is_nan_where_it_saturates_and_the_other_is_right() -> None:
    result = example("focal")
    assert np.isnan(result.wrong.grad[result.present]) and np.isfinite(result.right.grad).all()
    ev = evaluate(loss("focal", "sigmoid", gamma=0.5), torch.tensor(result.z, dtype=torch.float64), np.ones(len(result.z), int))
    np.testing.assert_allclose(result.right.loss, ev.loss, rtol=2e-6)
    np.testing.assert_allclose(result.right.grad, ev.grad[:, 0], rtol=2e-6)


def test_a_weight_inside_reads_another_probability() -> None:
    wrong, _, right, _ = at_example("weight-inside")
    assert wrong / right == pytest.approx(16.8, abs=0.05)
    (read,) = measure(CARDS["weight-inside"], *sample("weight-inside"))
    assert read == pytest.approx((0.9**5, 0.9), rel=1e-12)
    card = CARDS["weight-inside"]
    assert card.choices[card.answer] == f"{read[0]:.2f}" == "0.59"
    assert f" {read[1]:.1f} is read as {read[0]:.2f}," in card.why and f"is {wrong / right:.0f} times too large" in card.why


def test_words_of_floors_are_what_the_programs_come_to() -> None:
    """A sure hit, and one that is surely missed, in as many digits as are told."""
    twice, sigmoid = CARDS["softmax-twice"], CARDS["sigmoid-twice"]
    for classes in (3, 4, 10):
        result = run_card(twice, (500.0, *(0.0,) * (classes - 1)), (1.0, *(0.0,) * (classes - 1)))
        assert f"{result.wrong.loss[result.present]:.4f} for {classes}" in twice.notice
    ends = {x: run_card(sigmoid, (x,), (1.0,)) for x in (500.0, -500.0)}
    least, of_nothing = (result.wrong.loss[result.present] for result in ends.values())
    most = run_card(sigmoid, (500.0,), (0.0,)).wrong.loss[60]
    assert sigmoid.choices == ("0", f"{least:.4f}", f"{of_nothing:.4f}") and f"= {least:.4f}," in sigmoid.why
    assert f"between {least:.2f} and {most:.2f}," in sigmoid.notice
    assert f"and {math.exp(-least):.3f}:" in sigmoid.why and f"to {math.exp(-least):.2f}." in sigmoid.notice


def test_two_losses_of_one_prediction_are_told_as_they_are() -> None:
    focal, _, plain, _ = at_example("comparing")
    assert f"shows {focal:.2f}, one under cross-entropy {plain:.2f}." in CARDS["comparing"].question


def test_the_factor_on_the_mean_focuses_on_nothing() -> None:
    """The hard sample's share of the gradient: 78.7 % with focal loss by sample, 9.1 % with its factor on the mean."""
    p = torch.tensor([0.9] * 99 + [0.01], dtype=torch.float64)
    z = torch.log(p / (1 - p))
    shares = {}
    for gamma in (2.0, 0.0):
        grad = evaluate(loss("focal", "sigmoid", gamma=gamma), z, torch.ones(100, dtype=torch.int64)).grad.abs()
        shares[gamma] = float(grad[-1] / grad.sum())
    assert shares[2.0] == pytest.approx(0.787, abs=5e-4)
    assert shares[0.0] == pytest.approx(0.091, abs=5e-4)
    card_shares = measure(CARDS["mean-first"], *sample("mean-first"))
    assert card_shares == [pytest.approx((100 * shares[0.0], 100 * shares[2.0]), rel=1e-9)]
    card = CARDS["mean-first"]
    assert f" {card_shares[0][1]:.0f}% " in card.question
    assert card.choices[card.answer].startswith(f"{card_shares[0][0]:.0f}%,")
    # And the card's programs have the hard sample's gradient in just these two proportions to their loss's others.
    _, wrong, _, right = at_example("mean-first")
    ce_mean = (99 * -math.log(0.9) + -math.log(example_p())) / 100
    factor = (1 - math.exp(-ce_mean)) ** 2 + 2 * (1 - math.exp(-ce_mean)) * math.exp(-ce_mean) * ce_mean
    assert wrong == pytest.approx(factor * -(1 - example_p()) / 100, rel=1e-9)
    assert abs(right) > 10 * abs(wrong)


def example_p() -> float:
    result = example("mean-first")
    assert result.moved == 1 and result.z[result.present] == 0
    z = np.array(sample("mean-first")[0])
    return float(np.exp(z[1]) / np.exp(z).sum())


@pytest.mark.parametrize(("n", "gamma", "times"), [(0, 2.0, 1.9), (1, 5.0, 3.6)])
def test_a_focal_loss_pulls_less_on_average(n: int, gamma: float, times: float) -> None:
    """Margins from N(1.5, 1.5), integrated by Simpson's rule over ten deviations to either side."""
    m = np.linspace(-13.5, 16.5, 20_001)
    density = np.exp(-0.5 * ((m - 1.5) / 1.5) ** 2) / (1.5 * math.sqrt(2 * math.pi))
    rule = np.where(np.arange(len(m)) % 2, 4.0, 2.0)
    rule[[0, -1]] = 1.0
    pulls = [evaluate(loss("focal", "sigmoid", gamma=g), m, np.ones(len(m), int)).grad[:, 0].abs() for g in (gamma, 0.0)]
    expected = [float((np.asarray(pull) * density * rule).sum() * (m[1] - m[0]) / 3) for pull in pulls]
    pair = measure(CARDS["comparing"], *sample("comparing"))[n]
    assert pair == pytest.approx(expected, rel=2e-4), "even quantiles cut the tails"
    assert pair[1] / pair[0] == pytest.approx(times, abs=0.05)


@pytest.mark.parametrize("key", CARDS)
def test_every_sample_has_its_measures(key: str) -> None:
    """One class, ten, no target, infinite logits: numbers, or nan where the program itself has none."""
    card = CARDS[key]
    for logits, targets in (((1.0,), (1.0,)), ((0.0,) * 10, (0.0,) * 10), ((math.inf, 0.0), (0.5, 0.5)), ((1e30, 0), (0, 1))):
        assert len(measure(card, logits, targets)) == len(card.measures)


@pytest.mark.parametrize("key", CARDS)
def test_a_single_logit_is_two_for_a_softmax(key: str) -> None:
    card = CARDS[key]
    assert card.softmax == (card.preset.get("task") != "binary" and "sigmoid" not in card.wrong)
    one = run_card(card, (1.5,), (1.0,))
    assert np.isfinite(one.right.loss).all() and len(one.all_grads[0]) == (2 if card.softmax else 1)
    if card.softmax:
        np.testing.assert_array_equal(one.right.loss, run_card(card, (0.0, 1.5), (0.0, 1.0)).right.loss)


def test_soft_targets_are_taken_by_both_programs_that_take_targets() -> None:
    """Binary terms on a softmax beside the cross-entropy of the same targets, not of the likeliest class."""
    result = run_card(CARDS["binary-on-softmax"], (2.0, 1.0, 0.0), (0.5, 0.3, 0.2))
    log_p = np.array([2.0, 1.0, 0.0]) - np.logaddexp.reduce([2.0, 1.0, 0.0])
    assert result.right.loss[result.present] == pytest.approx(-(np.array([0.5, 0.3, 0.2]) * log_p).sum(), rel=1e-12)


def test_sigmoid_without_negatives_pushes_nothing_down() -> None:
    result = example("categorical-on-sigmoid")
    wrong, right = result.all_grads
    others = np.arange(3) != result.moved
    assert (wrong[others] == 0).all() and (right[others] > 0.5).all()


def test_binary_terms_on_softmax_come_on_top_and_double_two_classes() -> None:
    result = example("binary-on-softmax")
    p = np.exp([4.0, 1.0, 0.0]) / np.exp([4.0, 1.0, 0.0]).sum()
    on_top = -np.log(1 - p[:2]).sum()
    assert result.wrong.loss[result.present] == pytest.approx(result.right.loss[result.present] + on_top, rel=1e-12)
    two = run_card(CARDS["binary-on-softmax"], (1.3, -0.4), (0.0, 1.0))
    np.testing.assert_allclose(two.wrong.loss, 2 * two.right.loss, rtol=1e-9)
