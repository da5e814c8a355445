"""What "Ten names, one formula" says, and the program for it."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F

import lossviz
from lossviz.analysis.forensics import matches

from .claims import Claim, Proof, scene
from .engine import card, curve, pinned, sample, setting, value

NAME = "ten-names"


def link(number: int) -> str:
    return scene(NAME, number).link


def then(number: int) -> str:
    return scene(NAME, number).then


def p(address: str, k: int) -> float:
    return float(sample(address).probs[0, k])


def loss(address: str) -> float:
    return sample(address).loss.item()


def binary(z: float, target: int) -> float:
    return lossviz.evaluate(lossviz.loss("cross-entropy", "sigmoid"), [z], [target]).loss.item()


def entropy(*targets: float) -> float:
    """The lowest cross-entropy: of targets with themselves, by the engine."""
    z = np.log(np.maximum(targets, 1e-300))
    return lossviz.evaluate(lossviz.loss("cross-entropy"), [z], [list(targets)]).loss.item()


def smoothed(classes: int, epsilon: float = 0.1) -> tuple[float, ...]:
    return (1 - epsilon + epsilon / classes, *[epsilon / classes] * (classes - 1))


def softmax_floor() -> float:
    """The lowest cross-entropy of ten probabilities in place of logits."""
    return lossviz.evaluate(lossviz.loss("cross-entropy"), [[1.0] + 9 * [0.0]], [0]).loss.item()


def bce_loss(z: float) -> tuple[float, float]:
    logit = torch.tensor([z], requires_grad=True)
    value = F.binary_cross_entropy(logit.sigmoid(), torch.zeros(1))
    (grad,) = torch.autograd.grad(value, logit)
    return value.item(), grad.item()


def near(x: float, *others: float, by: float = 0.01) -> tuple[bool, ...]:
    return tuple(bool(abs(x - other) < by) for other in others)


def nll_answers() -> tuple[bool, ...]:
    answer = F.nll_loss(sample(link(2)).probs, torch.tensor([0])).item()  # no error
    return False, *near(answer, 0.066, -0.936), math.isnan(answer)


def shift_answers() -> tuple[bool, ...]:
    softmax = abs(loss(then(5)) - loss(link(5))) > 1e-9
    sigmoid = abs((pinned(then(5)).loss - pinned(link(5)).loss).item()) > 1e-9
    return not (softmax or sigmoid), softmax and sigmoid, softmax and not sigmoid, sigmoid and not softmax


def floor_answers() -> tuple[bool, ...]:
    """No logits are better than the limit, and some are as good as it."""
    targets = setting(then(6)).targets
    z = np.random.default_rng(0).normal(0, 8, (20_000, 3))
    smallest = lossviz.evaluate(lossviz.loss("cross-entropy"), z, np.tile(targets, (len(z), 1))).loss.min().item()
    limit = entropy(*targets)
    assert smallest > limit - 1e-9
    return *near(min(smallest, loss(then(6))), 0.0, limit, math.log(3), by=1e-3), not math.isfinite(limit)


def ratio_answers() -> tuple[bool, ...]:
    result = card(then(9))
    ratio = float(result.right.grad[result.present] / result.wrong.grad[result.present])
    return *near(1 / ratio, 1.0), ratio < 1, *near(ratio, 2.0, 44.0, by=0.5)


def first_cause(value: float) -> str:
    return str(matches(value, classes=10)[0].candidate.says).lower()


def cause_answers() -> tuple[bool, ...]:
    text = first_cause(value(then(10), "stuck"))
    return "softmax" in text, "learning rate" in text, "noise" in text, "smoothing" in text


def clamp_answers() -> tuple[bool, ...]:
    result = card(then(11))
    pair = float(result.wrong.loss[result.present]), float(result.wrong.grad[result.present])
    return pair == (17, 1), pair == (17, 0), pair == (100, 0), math.isinf(pair[0])


def odd_one_out() -> tuple[bool, ...]:
    """The gradient of a cross-entropy is p − q with one target q, whatever the logits are."""
    z = np.random.default_rng(0).normal(size=(50, 1))
    z3, first = np.hstack((z, np.zeros_like(z), -z)), np.zeros(50, dtype=int)
    smooth = lossviz.loss("cross-entropy", label_smoothing=0.1)
    logits = torch.tensor(z3, requires_grad=True)
    (grad,) = torch.autograd.grad(F.nll_loss(logits.log_softmax(1), torch.tensor(first), reduction="sum"), logits)
    softmax = torch.tensor(z3).softmax(1)
    of = {
        "focal": softmax - lossviz.evaluate(lossviz.loss("focal", gamma=2.0), z3, first).grad,
        "logistic": torch.tensor(z).sigmoid()
        - lossviz.evaluate(lossviz.loss("logistic"), z[:, 0], np.ones(50, dtype=int)).grad,
        "smoothed": softmax - lossviz.evaluate(smooth, z3, first).grad,
        "nll": softmax - grad,
    }
    return tuple(bool(q.std(0).max() > 1e-9) for q in of.values())


PROOF = Proof(
    claims=(
        Claim(1, "0.665", lambda: p(link(1), 0)),
        Claim(1, "0.26", lambda: p(then(1), 0)),
        Claim(1, "0.40", lambda: 2 / (2 + 3 + 0)),
        Claim(2, "0.936", lambda: p(link(2), 0)),
        Claim(2, "0.066", lambda: loss(link(2))),
        Claim(2, "−0.936", lambda: loss(then(2))),
        Claim(3, "0.3133", lambda: binary(1.0, 1)),
        Claim(3, "1.3133", lambda: binary(1.0, 0)),
        Claim(4, "0.401", lambda: p(link(4), 0)),
        Claim(4, "0.786", lambda: p(link(4), 1)),
        Claim(4, "0.846", lambda: p(then(4), 1)),
        Claim(4, "0.846", lambda: torch.tensor(1.3 + 0.4).sigmoid().item()),
        Claim(4, "0.662", lambda: p(link(4), 1) / (p(link(4), 0) + p(link(4), 1))),
        Claim(4, "1.7", lambda: float(np.diff(setting(link(4)).logits)[0])),
        Claim(5, "0.408", lambda: loss(link(5))),
        Claim(5, "0.408", lambda: loss(then(5))),
        Claim(5, "2.133", lambda: pinned(link(5)).loss.item()),
        Claim(5, "11.010", lambda: pinned(then(5)).loss.item()),
        Claim(6, "0.693", lambda: entropy(0.5, 0.0, 0.5)),
        Claim(6, "0.693", lambda: loss(then(6))),
        Claim(6, "1.099", lambda: math.log(3)),
        Claim(7, "0.0001", lambda: p(link(7), 0)),
        Claim(7, "−1", lambda: float(sample(link(7)).grad[0, 0])),
        Claim(7, "−10,000", lambda: -1 / p(link(7), 0), 1),
        Claim(7, "9.2", lambda: loss(link(7))),
        Claim(8, "0.933", lambda: smoothed(3)[0]),
        Claim(8, "0.033", lambda: smoothed(3)[1]),
        Claim(8, "28", lambda: smoothed(3)[0] / smoothed(3)[1]),
        Claim(8, "3.33", lambda: minimum()[0]),
        Claim(8, "3.33", lambda: math.log(28)),
        Claim(8, "0.29", lambda: minimum()[1]),
        Claim(8, "0.802", lambda: entropy(0.7, 0.2, 0.1)),
        Claim(9, "0.936", lambda: p(link(9), 0)),
        Claim(9, "−0.983", lambda: float(sample(link(9)).grad[0, 2])),
        Claim(9, "−0.983", lambda: right_and_wrong(9)[1]),
        Claim(9, "4.07", lambda: right_and_wrong(9)[0]),
        Claim(9, "1.51", lambda: right_and_wrong(9)[2]),
        Claim(9, "−0.022", lambda: right_and_wrong(9)[3]),
        Claim(9, "44", lambda: right_and_wrong(9)[1] / right_and_wrong(9)[3]),
        Claim(9, "0.94", lambda: p(link(9), 0)),
        Claim(9, "0.05", lambda: p(link(9), 1)),
        Claim(9, "0.02", lambda: p(link(9), 2)),
        Claim(9, "1.461", softmax_floor),
        Claim(10, "2.3026", lambda: math.log(10)),
        Claim(10, "2.30", lambda: math.log(10)),
        Claim(10, "1.4612", softmax_floor, 1),  # 1.46115: the page rounds to four digits, too
        Claim(10, "1.46", softmax_floor),
        Claim(10, "0.5003", lambda: entropy(*smoothed(10))),
        Claim(10, "0.6931", lambda: math.log(2)),
        Claim(11, "17", lambda: loss(link(11))),
        Claim(11, "17", lambda: right_and_wrong(11)[0]),
        Claim(11, "1", lambda: right_and_wrong(11)[1]),
        Claim(11, "100", lambda: right_and_wrong(11)[2]),
        Claim(11, "0", lambda: right_and_wrong(11)[3]),
        Claim(11, "100", lambda: bce_loss(17.0)[0]),
        Claim(11, "15.94", lambda: bce_loss(16.0)[0]),
    ),
    answers={
        1: lambda: near(p(then(1), 0), 0.665, 0.40, 0.26, 0.0),
        2: nll_answers,
        4: lambda: near(p(then(4), 1), 0.786, 0.662, 0.846, 1.0),
        5: shift_answers,
        6: floor_answers,
        7: lambda: near(float(sample(then(7)).grad[0, 0]), -10_000, -1, 0, -9.2),
        9: ratio_answers,
        10: cause_answers,
        11: clamp_answers,
        12: odd_one_out,
    },
    places={8: lambda: minimum()[0]},
    plain={
        1: "2 1 3 0",
        2: "1 0",
        3: "0 1",
        4: "1 0.4 1.3",
        5: "2 1 0 7 6 5",
        6: "0 2 1 3",
        7: "0 1",
        8: "0.1 0.10 0.7 0.2 0 1",
        9: "0 1 2 10 9",
        10: "0.1 0.9 10 1 9",
        11: "0 1 16 32 100",
        12: "1 2",
    },
)


def minimum() -> tuple[float, float]:
    lowest = curve(then(8), "loss").minimum
    assert lowest is not None
    return lowest


def right_and_wrong(number: int) -> tuple[float, float, float, float]:
    """Loss and gradient of the right program of a card, and of the wrong one."""
    result = card(then(number))
    sides = [(float(one.loss[result.present]), float(one.grad[result.present])) for one in (result.right, result.wrong)]
    return *sides[0], *sides[1]
