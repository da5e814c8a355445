"""What "Focal loss in fifteen minutes" says, and the program for it."""

from __future__ import annotations

import math

import numpy as np

import lossviz
from lossviz.analysis import curves, optimum
from lossviz.evaluation.setting import Setting
from lossviz.state.pins import parse_pins

from .claims import Claim, Fact, Proof, scene
from .engine import anchors, curve, focal, multiplier, pinned, sample, setting, values

NAME = "focal-in-15"


def link(number: int) -> str:
    return scene(NAME, number).link


def then(number: int) -> str:
    return scene(NAME, number).then


def best(address: str, eta: float, gamma: float | None = None) -> float:
    """The p that the loss of a link asks for."""
    one = setting(address)
    spec = one.spec if gamma is None else one.spec.replace(gamma=gamma)
    minimizer = optimum.optimum(one._replace(spec=spec), 0, 1001)
    return float(minimizer.p[round(eta * 1000)])


def form(number: int) -> float:
    """The p that one of the pinned forms asks for where the target is 0.9."""
    pins, _ = parse_pins(values(link(9))["pins"])
    return float(optimum.optimum(setting(link(9))._replace(spec=pins[number].spec), 0, 1001).p[900])


def border(gamma: float) -> float:
    """The p_t below which focal loss pulls harder than cross-entropy."""
    one = setting(then(3))
    return float(curves.curve(one._replace(spec=one.spec.replace(gamma=gamma)), 0, "p_t", "multiplier").raised[0, 1])


def threshold(gamma: float) -> float:
    spec = setting(link(6)).spec.replace(gamma=gamma)
    return optimum.threshold(Setting(spec, (0.0,), (1.0,)), 0)


def over_cross_entropy(target: int, alpha: float = 0.25) -> float:
    ours, plain = (
        lossviz.evaluate(spec, [1.0], [target]).loss.item()
        for spec in (lossviz.loss("focal", "sigmoid", gamma=0.0, alpha=alpha), lossviz.loss("cross-entropy", "sigmoid"))
    )
    return ours / plain


def peak() -> tuple[float, float]:
    line = curve(then(3), "multiplier")
    highest = int(line.y.argmax())
    p = np.linspace(line.x[highest - 1], line.x[highest + 1], 401)
    w = [multiplier(float(x), 2.0) for x in p]
    return max(w), float(p[int(np.argmax(w))])


def gradient_ratio() -> float:
    return 1 / multiplier(0.9, 2.0)


def background() -> float:
    return anchors(then(7), 0.0).background(anchors(then(7), 0.0).loss) / 100


def without_spread() -> float:
    """The share in percent if every anchor began at p = 0.01 exactly."""
    negatives = 999 * -math.log(0.99)
    return 100 * negatives / (negatives - math.log(0.01))


def per_object(address: str) -> float:
    some = anchors(address, 0.0)
    return float(some.loss.sum() / some.objects.sum())


def near(x: float, *others: float, by: float = 0.5) -> tuple[bool, ...]:
    return tuple(abs(x - other) < by for other in others)


def threshold_answers() -> tuple[bool, ...]:
    thresholds = [threshold(gamma) for gamma in (0.0, 2.0, 5.0)]
    return *near(thresholds[0], 0.25, 0.5, 0.75, by=0.01), max(thresholds) - min(thresholds) > 1e-6


def background_answers() -> tuple[bool, ...]:
    share = background()
    return share > 0.99, 2 / 3 < share < 4 / 5, abs(share - 0.01) < 0.02, share < 1e-3


def prediction_answers() -> tuple[bool, ...]:
    p = best(then(8), 0.9)
    return p < 0.8, abs(p - 0.9) < 0.01, p > 0.95, p > 0.999


def below() -> bool:
    p = np.linspace(0.001, 0.999, 999)
    return all(focal(x, 2.0).loss < focal(x, 0.0).loss for x in p)


def no_hump() -> bool:
    one = setting(link(4))
    detached = curves.curve(one, 0, "p_t", "multiplier", detached=True).detached
    assert detached is not None
    return bool(np.nanmax(detached) <= 1)


def alike() -> bool:
    pins, _ = parse_pins(values(link(9))["pins"])
    losses = [lossviz.evaluate(pin.spec, [0.7], [1]).loss.item() for pin in pins]
    return max(abs(x - lossviz.evaluate(setting(link(9)).spec, [0.7], [1]).loss.item()) for x in losses) < 1e-12


PROOF = Proof(
    claims=(
        Claim(1, "100,000", lambda: len(anchors(link(1), 0.0).loss)),
        Claim(1, "100", lambda: anchors(link(1), 0.0).objects.sum()),
        Claim(1, "0.1%", lambda: 100 - anchors(link(1), 0.0).background(anchors(link(1), 0.0).loss)),
        Claim(1, "806", lambda: per_object(link(1))),
        Claim(2, "0.9", lambda: float(sample(link(2)).probs[0, 0])),
        Claim(2, "100", lambda: (sample(link(2)).loss / pinned(link(2), 2).loss).item()),
        Claim(2, "34", gradient_ratio, 1),
        Claim(2, "34.5", gradient_ratio),
        Claim(2, "0.010", lambda: (1 - 0.9) ** 2),
        Claim(2, "0.019", lambda: -2 * 0.9 * (1 - 0.9) * math.log(0.9)),
        Claim(2, "0.029", lambda: multiplier(0.9, 2.0)),
        Claim(3, "0.9", lambda: float(sample(link(3)).probs[0, 0])),
        Claim(3, "0.298", lambda: border(2.0)),
        Claim(3, "0.03", lambda: multiplier(0.9, 2.0)),
        Claim(3, "0.6", lambda: multiplier(0.5, 2.0)),
        Claim(3, "1.22", lambda: multiplier(0.1, 2.0)),
        Claim(3, "1.22", lambda: peak()[0]),
        Claim(3, "0.104", lambda: peak()[1]),
        Claim(4, "0.42", lambda: border(0.5)),
        Claim(4, "0.20", lambda: border(5.0)),
        Claim(5, "38%", lambda: anchors(link(5), 0.0).hardest(0.1, ~anchors(link(5), 0.0).objects)),
        Claim(5, "94%", lambda: anchors(link(5), 2.0).hardest(0.1, ~anchors(link(5), 2.0).objects)),
        Claim(5, "99.3%", lambda: anchors(link(5), 2.0).hardest(0.01)),
        Claim(6, "0.75", lambda: threshold(0.0)),
        Claim(6, "0.75", lambda: over_cross_entropy(0)),
        Claim(6, "0.25", lambda: over_cross_entropy(1)),
        Claim(7, "99.9%", lambda: anchors(link(7), 0.0).background(anchors(link(7), 0.0).loss)),
        Claim(7, "99.9%", lambda: anchors(link(7), 0.0).background(np.ones(100_000))),
        Claim(7, "−4.6", lambda: -math.log(99)),
        Claim(7, "4.6", lambda: focal(0.01, 0.0).loss.item()),
        Claim(7, "0.01", lambda: -math.log(0.99)),
        Claim(7, "999", lambda: (~anchors(then(7), 0.0).objects).sum() / anchors(then(7), 0.0).objects.sum()),
        Claim(7, "69%", without_spread),
        Claim(7, "78%", lambda: 100 * background()),
        Claim(7, "806", lambda: per_object(link(7))),
        Claim(7, "21", lambda: per_object(then(7))),
        Claim(7, "94%", lambda: anchors(then(7), 0.0).background(anchors(then(7), 0.0).norm)),
        Claim(7, "12%", lambda: anchors(then(7), 2.0).background(anchors(then(7), 2.0).norm)),
        Claim(8, "0.9", lambda: best(link(8), 0.9)),
        Claim(8, "0.694", lambda: best(then(8), 0.9)),
        Claim(8, "0.69", lambda: best(then(8), 0.9)),
        Claim(8, "0.60", lambda: best(then(8), 0.9, 5.0)),
        Claim(9, "0.69", lambda: best(link(9), 0.9)),
        Claim(9, "0.986", lambda: form(0)),
        Claim(9, "0.9", lambda: form(1)),
        Claim(9, "0.9", lambda: form(2)),
    ),
    answers={
        2: lambda: near(gradient_ratio(), 100, 34, 10, 1, by=1),
        6: threshold_answers,
        7: background_answers,
        8: prediction_answers,
    },
    places={3: lambda: border(2.0)},
    plain={
        1: "",
        2: "1 0 2 5 10",
        3: "1 2 0.1 0.9",
        4: "5",
        5: "2 1 4",
        6: "0 1 2 0.50 34.0",
        7: "0.99 99 1 2 3 4 5 100",
        8: "0 2 5 1 0.8 0.95 2021",
        9: "",
    },
    facts=(
        Fact(3, "focal loss is below cross-entropy everywhere", below),
        Fact(4, "with a constant factor there is no hump", no_hump),
        Fact(6, "with α = ½ it is half of BCE", lambda: abs(over_cross_entropy(1, 0.5) - 0.5) < 1e-12),
        Fact(
            8, "the decision at ½ stays", lambda: all(abs(best(then(8), 0.5, gamma) - 0.5) < 1e-9 for gamma in (0.0, 2.0, 5.0))
        ),
        Fact(9, "for hard labels the forms agree", alike),
    ),
)
