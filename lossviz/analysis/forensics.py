"""At which value does a training run stand still? What a loss comes to under the common mistakes, and which of them is near.

Every value is computed from its formula. A candidate is a hint: many roads lead to ln 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

FLT_MIN = 2.0**-126
"""The smallest normal number of float32."""

CLASSES = (2, 3, 4, 5, 10, 20, 50, 100, 1000)
"""Numbers of classes that are tried where none is given."""

NEAR = 0.02
"""Candidates further off than this, relative to the value, are not named."""


class Candidate(NamedTuple):
    """value: what the loss would be. arithmetic: how it comes to that. says: what that means. card: a mistake's, or ""."""

    value: float
    arithmetic: str
    says: str
    card: str = ""


class Match(NamedTuple):
    """A candidate, and how far it is off, relative to the value that was typed."""

    candidate: Candidate
    off: float


def matches(value: float, classes: int | None = None, batch: int | None = None) -> list[Match]:
    """The candidates within 2 % of a stuck loss, the nearest first. `classes`, `batch`: C and N, where they are known.

    nan, infinite and negative values have candidates of their own.
    """
    if math.isnan(value) or math.isinf(value) or value < 0:
        return [Match(one, 0.0) for one in _odd(value)]
    found: dict[tuple[float, str], Match] = {}
    for one in _candidates(classes, batch):
        off = abs(one.value - value) / max(abs(value), 1e-12)
        if off <= NEAR:
            found.setdefault((round(one.value, 12), one.says), Match(one, off))
    return sorted(found.values(), key=lambda match: match.off)


def _odd(value: float) -> Iterator[Candidate]:
    if math.isnan(value):
        yield Candidate(
            math.nan,
            "0 · ∞ in the gradient of (1 − p)ᵞ at p = 1, 0 < γ < 1",
            "A saturated focal loss as usually written.",
            "focal",
        )
        yield Candidate(
            math.nan, "0 / 0", "Every sample of a batch is ignored (ignore_index), and a mean has none to divide by."
        )
        yield Candidate(math.nan, "∞ − ∞, or log of a negative number", "Infinite logits, a learning rate too high, or fp16.")
    elif math.isinf(value):
        yield Candidate(
            math.inf, "−ln 0", "A logarithm of a probability that has been rounded to 0: take the loss from logits.", "bce"
        )
        yield Candidate(math.inf, "a sum above 65 504", "An overflow in float16: compute losses in float32.")
    else:
        if value >= -1:
            says = "NLLLoss is given probabilities: it wants their logarithms."
            yield Candidate(value, "−p instead of −ln p, between −1 and 0", says, "nll")
        yield Candidate(value, "−z of the true class", "NLLLoss is given logits: put log_softmax before it.", "nll")


def _candidates(classes: int | None, batch: int | None) -> Iterator[Candidate]:
    yield from _fixed()
    for c in (classes,) if classes else CLASSES:
        yield from _of_classes(c)
    if batch and batch > 1:
        yield Candidate(
            math.log(2) / batch, f"ln 2 / {batch}", "Chance at two classes, divided by the batch once more than meant."
        )


def _fixed() -> Iterator[Candidate]:
    """What depends on no number of classes."""
    ln, e = math.log, math.e
    chance = "A coin's guess: p = ½ for one yes-or-no question. Nothing has been learned, or all logits are 0."
    yield Candidate(ln(2), "ln 2", chance)
    yield Candidate(
        ln(2), "ln(1 + e⁰)", "Sigmoid before BCEWithLogitsLoss, negatives: the least that is left for t = 0.", "sigmoid-twice"
    )
    yield Candidate(
        ln(1 + 1 / e), "ln(1 + e⁻¹)", "Sigmoid before BCEWithLogitsLoss, positives: the least that is left.", "sigmoid-twice"
    )
    yield Candidate(ln(1 + e), "ln(1 + e)", "Sigmoid before BCEWithLogitsLoss: the most that t = 0 can reach.", "sigmoid-twice")
    for gamma in (1, 2, 3, 5):
        yield Candidate(0.5**gamma * ln(2), f"(1 − ½)^{gamma} ln 2", f"Focal loss with γ = {gamma} at p = ½.")
    for gamma in (0, 2):
        yield Candidate(
            0.25 * 0.5**gamma * ln(2), f"0.25 · (1 − ½)^{gamma} ln 2", f"The same with α = 0.25, γ = {gamma}, on positives."
        )
        clamped = 0.25 * (1 - 1e-4) ** gamma * -ln(1e-4)
        says = f"A focal loss with α = 0.25, γ = {gamma} whose probabilities are clamped at 1e-4."
        yield Candidate(clamped, f"0.25 · (1 − 1e-4)^{gamma} · (−ln 1e-4)", says)
    for value, text, says in (
        (-ln(2.0**-23), "−ln 2⁻²³", "float32's p next to 1: 1 − p has one digit left."),
        (-ln(1e-7), "−ln 1e-7", "Keras clips probabilities at 1e-7: from_logits=True avoids it."),
        (-ln(1e-8), "−ln 1e-8", "An epsilon of 1e-8 within the logarithm."),
        (-ln(1e-12), "−ln 1e-12", "An epsilon of 1e-12 within the logarithm."),
        (-ln(1e-32), "−ln 1e-32", "A clamp at 1e-32."),
        (-ln(FLT_MIN), "−ln FLT_MIN", "Caffe's clamp: the smallest normal number of float32."),
        (100.0, "−max(ln p, −100)", "BCELoss clamps its logarithm at −100: the sigmoid before it has become 0 or 1."),
    ):
        yield Candidate(value, text, says, "bce" if value == 100 else "")
    yield Candidate(0.0, "−ln 1", "Every sample is right and sure; or all are ignored; or γ or a weight has silenced them.")


def _of_classes(c: int) -> Iterator[Candidate]:
    """What depends on C."""
    ln, e = math.log, math.e
    if c > 2:
        yield Candidate(ln(c), f"ln {c}", f"Chance among {c} classes: p = 1/{c} for each. Nothing has been learned.")
        yield Candidate(
            ln(c) / c, f"ln {c} / {c}", "The same, divided by N·C instead of N (kornia's mean, or a mean over one-hot)."
        )
    floor = ln(1 + (c - 1) / e)
    says = f"Softmax before CrossEntropyLoss: with probabilities for logits no lower loss exists for {c} classes."
    yield Candidate(floor, f"ln(1 + {c - 1}/e)", says, "softmax-twice")
    for epsilon in (0.05, 0.1, 0.2):
        top, rest = 1 - epsilon + epsilon / c, epsilon / c
        entropy = -top * ln(top) - (c - 1) * rest * ln(rest)
        text = f"entropy of ({top:g}, {rest:g}, …)"
        yield Candidate(entropy, text, f"Label smoothing ε = {epsilon:g}, {c} classes: the least there is. It is no mistake.")
    for gamma in (1, 2, 5):
        yield _uniform(c, gamma, ln)
    if c > 1:
        yield Candidate(c * ln(2), f"{c} ln 2", f"{c} sigmoids at p = ½, summed over classes.")


def _uniform(c: int, gamma: int, ln: Callable[[float], float]) -> Candidate:
    value = (1 - 1 / c) ** gamma * ln(c)
    return Candidate(
        value, f"(1 − 1/{c})^{gamma} ln {c}", f"Softmax focal loss with γ = {gamma} at uniform probabilities, {c} classes."
    )
