"""What "When focal loss hurts" says, and the program for it: with the trainings that its pictures are of."""

from __future__ import annotations

import numpy as np

import lossviz
from lossviz.analysis import optimum
from lossviz.analysis.batch.suspects import suspects
from lossviz.analysis.training import contrast, estimate
from lossviz.analysis.training.reference_results import reference_results
from lossviz.data import digits
from lossviz.evaluation.result import Evaluation
from lossviz.evaluation.setting import Setting

from .claims import Claim, Fact, Proof, scene
from .engine import EARLY, curve, multiplier, pinned, ranking, sample, trained, underconfident

NAME = "when-focal-hurts"


def link(number: int) -> str:
    return scene(NAME, number).link


def then(number: int) -> str:
    return scene(NAME, number).then


FAR = "/training?flips=far-from-boundary"
"""What the note of scene 5 lets choose."""


def losses() -> np.ndarray:
    """Cross-entropy of every digit."""
    rows = digits.batch().rows
    return lossviz.evaluate(lossviz.loss("cross-entropy"), rows.logits.astype(float), rows.targets).loss.numpy()


def reference_effect(key: str, number: int = 1) -> tuple[float, float, float]:
    """What a preset comes to over hundreds of other seeds."""
    results = reference_results(key)
    one, other = results.present["accuracy"], results.absent["accuracy"]
    estimates = estimate((one[1:] - one[:1]) - (other[1:] - other[:1]))
    return float(estimates.mean[number - 1]), float(estimates.low[number - 1]), float(estimates.high[number - 1])


def disagreement_answers() -> tuple[bool, ...]:
    """Among the samples with p_t below 1% are right labels and wrong ones, and all in all the model is not overconfident."""
    some = ranking(link(2), 0.0)
    wrong = some.wrong[some.p < 0.01]
    rows = digits.batch().rows
    p = lossviz.evaluate(lossviz.loss("cross-entropy"), rows.logits.astype(float), rows.targets).probs.numpy()
    over = p.max(1).mean() - (p.argmax(1) == rows.targets).mean() > 0.01
    return bool(wrong.all()), bool((~wrong).all()), bool(wrong.any() and not wrong.all()), bool(over)


def share_answers() -> tuple[bool, ...]:
    share = ranking(link(2), 2.0).share
    return abs(share - 25) < 5, abs(share - 45) < 5, abs(share - 62) < 1, share > 95


def one_class_answers() -> tuple[bool, ...]:
    query, effect = trained(then(3)), trained(then(3)).effect()[0]
    chance = query.mean("accuracy", 1) < 60
    return effect > 0.1, abs(effect) < 0.1, -1 < effect < -0.1 and not chance, chance


def interval_answers() -> tuple[bool, ...]:
    mean, low, high = reference_effect("gaussians-uniform")
    _, lower, upper = trained(link(4)).effect()
    inside = (lower <= trained(link(4)).seeds()) & (trained(link(4)).seeds() <= upper)
    return low <= 0 <= high, lower <= mean <= upper, bool(inside.mean() >= 0.95), lower > -0.1 and upper < 0.1


def near_boundary_answers() -> tuple[bool, ...]:
    effect, before = trained(then(5)).effect()[0], trained(then(3)).effect()[0]
    return effect > 0.1, before <= effect < -0.1, effect < before, abs(effect) < 0.1


def digits_answers() -> tuple[bool, ...]:
    one = trained(then(6))
    change = one.change("accuracy")
    _, low, high = one.effect()
    return change < -0.1, abs(change) < 0.1, change > 0.1, low < 0 < high


def gce_answers() -> tuple[bool, ...]:
    w = gce()
    return abs(w - 1) < 0.1, w > 2, abs(w - 0.04) < 0.005, w == 0


def gce() -> float:
    """GCE's gradient over cross-entropy's on the sample of scene 7."""
    label = float(pinned(then(7)).grad[0, 0])
    return label / float(cross_entropy().grad[0, 0])


def cross_entropy() -> Evaluation:
    ev = sample(link(7))
    return lossviz.evaluate(lossviz.loss("cross-entropy"), ev.logits, [0])


def calibration_answers() -> tuple[bool, ...]:
    one = trained(then(9))
    change, under = one.change("calibration"), underconfident(one.record, 1)
    return change < -0.1, abs(change) < 0.1, change > 0.1 and not under, change > 0.1 and under


def order_answers() -> tuple[bool, ...]:
    first, other = ranking(link(11), 0.0).wrong_among(95), ranking(then(11), 5.0).wrong_among(95)
    return other > first, other == first, other < first


def equal_shares() -> bool:
    wrong = trained(then(3)).record.runs.grad_share[-1].mean(1)[:, 0]
    return bool(wrong.max() - wrong.min() < 0.01)


def intervals_miss() -> bool:
    pairs = ((link(4), "gaussians-uniform"), (then(3), "gaussians-one-class"))
    return not any(low <= reference_effect(key)[0] <= high for at, key in pairs for _, low, high in [trained(at).effect()])


def ahead_without_noise() -> bool:
    one = trained(then(6))
    assert one.counterpart is not None and one.record.epochs[1] == EARLY
    return bool(contrast(one.counterpart, None, "accuracy").differences[1].mean() > 0.5)


def behind_without_noise() -> bool:
    counterpart = trained(link(8)).counterpart
    assert counterpart is not None
    behind = contrast(counterpart, None, "accuracy").differences[-1].mean(-1)[1:]
    return bool((behind < 0).all() and (behind > -1).all())


def doubtful_digits() -> bool:
    rows = suspects(digits.batch(), "softmax").errors.row
    return len(rows) == 4 and 5 in rows


def share(gamma: float) -> float:
    return ranking(link(2), gamma).share


PROOF = Proof(
    claims=(
        Claim(1, "5", lambda: digits.digit(5).label),
        Claim(1, "9", lambda: sample(link(1)).probs.argmax().item()),
        Claim(1, "0.90", lambda: sample(link(1)).probs.max().item()),
        Claim(1, "4.97", lambda: sample(link(1)).loss.item()),
        Claim(1, "1,797", lambda: digits.COUNT),
        Claim(1, "1%", lambda: 100 * sample(link(1)).probs[0, 5].item()),
        Claim(2, "1,797", lambda: len(ranking(link(2), 0.0).loss)),
        Claim(2, "95", lambda: ranking(link(2), 0.0).wrong.sum()),
        Claim(2, "5.3%", lambda: 100 * ranking(link(2), 0.0).wrong.mean()),
        Claim(2, "45%", lambda: share(0.0)),
        Claim(2, "52", lambda: share(0.5)),
        Claim(2, "56", lambda: share(1.0)),
        Claim(2, "62%", lambda: share(2.0)),
        Claim(2, "66", lambda: share(3.0)),
        Claim(2, "71%", lambda: share(5.0)),
        Claim(3, "0.39", lambda: -trained(then(3)).effect()[0], 1),
        Claim(3, "0.28", lambda: -trained(then(3)).effect()[2], 1),
        Claim(3, "0.49", lambda: -trained(then(3)).effect()[1], 1),
        Claim(4, "+0.037", lambda: trained(link(4)).effect()[0], 1),
        Claim(4, "−0.007", lambda: trained(link(4)).effect()[1], 1),
        Claim(4, "+0.086", lambda: trained(link(4)).effect()[2], 1),
        Claim(4, "−0.019", lambda: reference_effect("gaussians-uniform")[0]),
        Claim(4, "−0.029", lambda: reference_effect("gaussians-uniform")[1]),
        Claim(4, "−0.010", lambda: reference_effect("gaussians-uniform")[2]),
        Claim(4, "−0.51", lambda: reference_effect("gaussians-one-class")[0]),
        Claim(4, "400", lambda: len(reference_results("gaussians-uniform").seeds)),
        Claim(4, "0.1", lambda: trained(link(4)).query.margin),
        Claim(5, "96%", lambda: trained(then(5)).mean("memorised"), 1),
        Claim(5, "0.6", lambda: multiplier(0.5, 2.0)),
        Claim(5, "0.3", lambda: float(curve(link(7), "multiplier").raised[0, 1])),
        Claim(5, "+0.42", lambda: trained(then(5)).effect()[0], 1),
        Claim(5, "0.33", lambda: trained(then(5)).effect()[1], 1),
        Claim(5, "0.50", lambda: trained(then(5)).effect()[2], 1),
        Claim(5, "0.77", lambda: trained(then(5)).effect(number=2)[0], 1),
        Claim(5, "−1.4", lambda: trained(FAR).effect()[0], 1),
        Claim(5, "−2.2", lambda: trained(FAR).effect(number=2)[0], 1),
        Claim(6, "94.3%", lambda: trained(then(6)).mean("accuracy"), 1),
        Claim(6, "92.5%", lambda: trained(then(6)).mean("accuracy", 1), 1),
        Claim(6, "8.2%", lambda: trained(then(6)).mean("memorised"), 2),
        Claim(6, "12.7%", lambda: trained(then(6)).mean("memorised", 1), 2),
        Claim(6, "1.5", lambda: -trained(then(6)).effect()[0], 1),
        Claim(6, "0.9", lambda: -trained(then(6)).effect()[2], 1),
        Claim(6, "2.0", lambda: -trained(then(6)).effect()[1], 1),
        Claim(6, "1.2", lambda: trained(then(6)).change("accuracy", epoch=1), 1),
        Claim(7, "0.01", lambda: float(sample(link(7)).probs[0, 0])),
        Claim(7, "1.07", lambda: float(sample(link(7)).grad[0, 0] / cross_entropy().grad[0, 0])),
        Claim(7, "0.04", gce),
        Claim(7, "0.04", lambda: 0.01**0.7),
        Claim(8, "87.1%", lambda: trained(link(8)).mean("accuracy"), 2),
        Claim(8, "83.5%", lambda: trained(link(8)).mean("accuracy", 1), 2),
        Claim(8, "93.2%", lambda: trained(link(8)).mean("accuracy", 2), 2),
        Claim(8, "93.9%", lambda: trained(link(8)).mean("accuracy", 3), 2),
        Claim(9, "0.7%", lambda: trained(then(9)).mean("calibration"), 1),
        Claim(9, "14.5%", lambda: trained(then(9)).mean("calibration", 1), 1),
        Claim(9, "24.3%", lambda: trained(then(9)).mean("calibration", 2), 1),
        Claim(
            9, "0.69", lambda: optimum.optimum(Setting(lossviz.loss("focal", "sigmoid", gamma=2.0), (0.0,), (1.0,)), 0, 11).p[9]
        ),
        Claim(10, "12.2%", lambda: trained(link(10)).mean("calibration"), 2),
        Claim(10, "7.6%", lambda: trained(link(10)).mean("calibration", 1), 2),
        Claim(11, "95", lambda: ranking(link(11), 0.0).wrong.sum()),
        Claim(11, "92", lambda: ranking(link(11), 0.0).wrong_among(95)),
        Claim(11, "92", lambda: ranking(then(11), 5.0).wrong_among(95)),
        Claim(12, "5", lambda: digits.digit(5).label),
    ),
    answers={
        1: disagreement_answers,
        2: share_answers,
        3: one_class_answers,
        4: interval_answers,
        5: near_boundary_answers,
        6: digits_answers,
        7: gce_answers,
        9: calibration_answers,
        11: order_answers,
    },
    places={},
    plain={
        1: "",
        2: "0 1 2 3 5 25 95",
        3: "2",
        4: "2 95 0",
        5: "1 2 5",
        6: "2 10",
        7: "0 0.7 1 2",
        8: "40 2",
        9: "2 5 0.9",
        10: "60 2 3 2020 50 10 4.35 1.48",
        11: "5",
        12: "",
    },
    facts=(
        Fact(1, "its loss is the largest of all", lambda: abs(losses().max() - sample(link(1)).loss.item()) < 1e-3),
        Fact(
            1, "focal loss pulls a little harder", lambda: 1 < sample(then(1)).grad.norm() / sample(link(1)).grad.norm() < 1.1
        ),
        Fact(2, "the twenty with the largest loss are flagged", lambda: ranking(link(2), 0.0).wrong_among(20) == 20),
        Fact(2, "almost nine times their share", lambda: 8 < share(0.0) / (100 * ranking(link(2), 0.0).wrong.mean()) < 9),
        Fact(3, "after training the shares of the gradient are nearly equal", equal_shares),
        Fact(4, "the known results are outside of both intervals", intervals_miss),
        Fact(5, "far from the boundary is the worst of all", lambda: trained(FAR).effect()[0] < trained(then(3)).effect()[0]),
        Fact(6, "early it is ahead without noise, too", ahead_without_noise),
        Fact(
            6,
            "early the noise changes nothing that can be seen",
            lambda: -1 < trained(then(6)).effect(epoch=1)[1] < 0 < trained(then(6)).effect(epoch=1)[2],
        ),
        Fact(8, "without noise both are behind", behind_without_noise),
        Fact(9, "accuracy hardly differs", lambda: abs(trained(then(9)).change("accuracy", 2)) < 0.1),
        Fact(10, "both are overconfident", lambda: not any(underconfident(trained(link(10)).record, one) for one in (0, 1))),
        Fact(12, "four labels look wrong, the first scene's among them", doubtful_digits),
    ),
)
