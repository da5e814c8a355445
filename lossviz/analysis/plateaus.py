"""Values at which a loss stands still: what it comes to where nothing is learned, at a floor, at a clamp, under a mistake.

Every value is computed from its formula. A candidate is a hint: many roads lead to ln 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ..texts import say

CLASSES = (2, 3, 4, 5, 10, 20, 50, 100, 1000)
"""Numbers of classes that are tried where none is given."""

FEW = 12
"""Up to so many classes the plateau of guessing is apart from its neighbours, and is named where it is near, too."""

MOST_CLASSES = 1_000_000
"""A loss beyond the logarithm of this is no guess among classes."""

VOCABULARIES = {
    32_000: say("Llama 2’s and Mistral’s vocabulary"),
    50_257: say("GPT-2’s vocabulary"),
    128_256: say("Llama 3’s vocabulary"),
    151_936: say("Qwen 2’s vocabulary"),
    256_000: say("Gemma’s vocabulary"),
}
"""Vocabularies by their sizes: an untrained language model starts at their logarithm."""

CATEGORICAL, BINARY, FOCAL, NLL = LOSSES = ("cross-entropy", "binary", "focal", "nll")
"""What a program may call for its loss."""

NO_NUMBERS = ("nan", "inf")
"""What a loss becomes when it is no number."""

POWERS = {0: "", 1: "", 2: "²", 3: "³", 5: "⁵"}


class Candidate(NamedTuple):
    """value: what the loss would be. arithmetic: how it comes to that. says: what that means.

    losses: those under which it is met. card: a mistake's, or "". rank: the place among those that round to the same digits.
    """

    value: float
    arithmetic: str
    says: str
    losses: tuple[str, ...] = LOSSES
    card: str = ""
    rank: int = 1


def candidates(classes: int | None, batch: int | None) -> Iterator[Candidate]:
    """All of known value; `classes` and `batch`: C and N, where they are known."""
    yield from _coin()
    yield from _clamps()
    yield from _nothing()
    for c in (classes,) if classes else CLASSES:
        yield from _of_classes(c)
        if batch and batch > 1:
            yield from _of_batch(c, batch)
    if not classes:
        for c in range(2, FEW + 1):
            yield from _chance(c)
        for size, vocabulary in VOCABULARIES.items():
            yield from _of_vocabulary(size, vocabulary)


def chance(low: float, high: float) -> Candidate | None:
    """Guessing among any number of classes whose loss is from low to high; None if no number of classes has such a loss."""
    if low > math.log(MOST_CLASSES):
        return None
    least, most = math.ceil(math.exp(max(low, math.log(2)))), math.floor(math.exp(min(high, math.log(MOST_CLASSES))))
    if least > most or least < 3:
        return None
    if least == most:
        return next(_chance(least))
    c = round(math.exp((low + high) / 2))
    says = say(
        "Chance level for {least:,} to {most:,} classes, which all round to this value. Nothing has been learned.",
        least=least,
        most=most,
    )
    return Candidate(math.log(c), f"ln {c}", says, (CATEGORICAL, NLL), rank=2)


def abnormal(value: float) -> Iterator[Candidate]:
    """What may be behind nan, an infinite or a negative loss."""
    if math.isnan(value):
        says = say("A saturated focal loss as usually written.")
        text = say("0 · ∞ in the gradient of (1 − p)ᵞ at p = 1, 0 < γ < 1")
        yield Candidate(math.nan, text, says, (FOCAL,), "focal")
        says = say("Every sample of a batch is ignored (ignore_index), so the mean is 0/0.")
        yield Candidate(math.nan, "0 / 0", says, (CATEGORICAL, NLL))
        says = say("Infinite logits: too high a learning rate, or float16.")
        yield Candidate(math.nan, say("∞ − ∞, or log of a negative number"), says)
    elif value == math.inf:
        says = say("The logarithm of a probability that was rounded to 0: compute the loss from logits.")
        yield Candidate(math.inf, "−ln 0", says, card="bce")
        yield Candidate(math.inf, say("a sum above 65 504"), say("An overflow in float16: compute losses in float32."))
    else:
        yield from _negative(value)


def _negative(value: float) -> Iterator[Candidate]:
    if value >= -1:
        says = say("NLLLoss gets probabilities: it expects their logarithms.")
        yield Candidate(value, say("−p instead of −ln p: p is {p:g}", p=-value), says, (NLL,), "nll")
    says = say("NLLLoss gets logits: apply log_softmax first.")
    yield Candidate(value, say("−z of the true class: z is {z:g}", z=-value), says, (NLL,), "nll-logits")
    says = say("Targets outside 0 to 1: labels −1 and 1, or a mask of 0 and 255.")
    text = say("−t ln p − (1 − t) ln(1 − p) has no minimum if t > 1 or t < 0")
    yield Candidate(value, text, says, (BINARY, FOCAL))


def _coin() -> Iterator[Candidate]:
    """One yes-or-no question."""
    ln, e, twice = math.log, math.e, "sigmoid-twice"
    chance = say("A coin flip: p = ½ for one yes-or-no question. Nothing has been learned, or all logits are 0.")
    yield Candidate(ln(2), "ln 2", chance, (CATEGORICAL, BINARY, NLL), rank=0)
    says = say("A preference loss (DPO) before its first step: policy and reference agree, every margin is 0. Not a mistake.")
    yield Candidate(ln(2), "−ln σ(0)", says, (BINARY,))
    for value, text, says in (
        (ln(2), "ln(1 + e⁰)", say("Sigmoid before BCEWithLogitsLoss, negatives: the lowest loss possible for t = 0.")),
        (ln(1 + 1 / e), "ln(1 + e⁻¹)", say("Sigmoid before BCEWithLogitsLoss, positives: the lowest loss possible for t = 1.")),
        (ln(1 + e), "ln(1 + e)", say("Sigmoid before BCEWithLogitsLoss, negatives: the highest loss possible for t = 0.")),
    ):
        yield Candidate(value, text, says, (BINARY,), twice)
    for gamma in (1, 2, 3, 5):
        text = f"(1 − ½){POWERS[gamma]} ln 2"
        yield Candidate(0.5**gamma * ln(2), text, say("Focal loss with γ = {gamma} at p = ½.", gamma=gamma), (FOCAL,))
    for gamma in (0, 2):
        says = say("Focal loss with α = 0.25, γ = {gamma} at p = ½, on positives.", gamma=gamma)
        factor = f" · (1 − ½){POWERS[gamma]}" if gamma else ""
        yield Candidate(0.25 * 0.5**gamma * ln(2), f"0.25{factor} ln 2", says, (FOCAL,))
        factor = f" · (1 − 1e-4){POWERS[gamma]}" if gamma else ""
        says = say("Focal loss with α = 0.25, γ = {gamma} whose probabilities are clamped at 1e-4.", gamma=gamma)
        yield Candidate(0.25 * (1 - 1e-4) ** gamma * -ln(1e-4), f"0.25{factor} · (−ln 1e-4)", says, (FOCAL,))


def _clamps() -> Iterator[Candidate]:
    """Where a precision or a clamp ends."""
    sigmoids = (BINARY, FOCAL)
    for exponent, says in CLAMPED.items():
        yield Candidate(-math.log(float(f"1e-{exponent}")), f"−ln 1e-{exponent}", says)
    for exponent, text, says, losses in (
        (23, "2⁻²³", say("float32's p next to 1: 1 − p has one digit left."), sigmoids),
        (
            52,
            "2⁻⁵²",
            say("float64's eps: scikit-learn's log_loss clips to it; or p next to 1, where 1 − p has one digit left."),
            LOSSES,
        ),
        (24, "2⁻²⁴", say("The smallest number of float16: a smaller probability is 0 there."), LOSSES),
        (126, "FLT_MIN", say("Caffe's clamp: the smallest normal number of float32."), LOSSES),
        (149, "2⁻¹⁴⁹", say("The smallest number of float32: a smaller probability is 0, and its loss infinite."), LOSSES),
        (1022, "DBL_MIN", say("The smallest normal number of float64."), LOSSES),
        (1074, "2⁻¹⁰⁷⁴", say("The smallest number of float64: a smaller probability is 0, and its loss infinite."), LOSSES),
    ):
        yield Candidate(exponent * math.log(2), f"−ln {text}", says, losses)
    says = say("BCELoss clamps its logarithm at −100: the sigmoid before it has become 0 or 1.")
    yield Candidate(100.0, "−max(ln p, −100)", says, sigmoids, "bce")


CLAMPED = {
    exponent: say(
        "Probabilities are clamped at {epsilon}, or an epsilon of {epsilon} is added inside the logarithm.",
        epsilon=f"1e-{exponent}",
    )
    for exponent in (4, 5, 6, 8, 9, 10, 12, 16, 32)
} | {
    7: say("Keras clips probabilities at 1e-7: from_logits=True avoids it."),
    15: say("Probabilities are clamped at 1e-15, as Kaggle's log loss and scikit-learn's before version 1.2 do."),
}
"""Powers of ten at which programs clamp probabilities."""


def _nothing() -> Iterator[Candidate]:
    """A loss of exactly 0."""
    says = say(
        "Every row is ignored: all labels are −100 (ignore_index), or a mask is all zeros, and the loss is a sum of nothing."
    )
    yield Candidate(0.0, say("a sum of nothing"), says)
    yield Candidate(0.0, "−ln 1", say("Every sample is right with full confidence; or γ or a weight has zeroed the loss."))


def _chance(c: int) -> Iterator[Candidate]:
    """Guessing among three or more classes; that among two is a coin's."""
    says = say("Chance level for {c:,} classes: p = 1/{c} for each. Nothing has been learned.", c=c)
    if c > 2:
        yield Candidate(math.log(c), f"ln {c}", says, (CATEGORICAL, NLL), rank=0)


def _of_vocabulary(size: int, vocabulary: str) -> Iterator[Candidate]:
    """A language model that guesses, and the floor of its label smoothing."""
    says = say(
        "Chance level for {size:,} tokens, {vocabulary}. Before the first step this is not a mistake.",
        size=size,
        vocabulary=vocabulary,
    )
    yield Candidate(math.log(size), f"ln {size}", says, (CATEGORICAL, NLL), rank=0)
    says = say(
        "Label smoothing ε = {epsilon:g}, {size:,} tokens, {vocabulary}: the lowest loss possible. This is not a mistake.",
        epsilon=0.1,
        size=size,
        vocabulary=vocabulary,
    )
    yield _smoothed(size, 0.1)._replace(says=says)


def _of_classes(c: int) -> Iterator[Candidate]:
    """What depends on C."""
    ln, softmax = math.log, (CATEGORICAL, NLL)
    yield from _chance(c)
    if c > 2:
        says = say(
            "Chance level for {c:,} classes, divided by N·C instead of N: a mean over one-hot targets, or kornia's.", c=c
        )
        yield Candidate(ln(c) / c, f"ln {c} / {c}", says, (*softmax, FOCAL))
    says = say("Softmax before CrossEntropyLoss: with probabilities as logits, no lower loss exists for {c:,} classes.", c=c)
    yield Candidate(ln(1 + (c - 1) / math.e), f"ln(1 + {c - 1}/e)", says, (CATEGORICAL,), "softmax-twice")
    for epsilon in (0.05, 0.1, 0.2):
        yield _smoothed(c, epsilon)
    for gamma in (1, 2, 5):
        says = say("Softmax focal loss with γ = {gamma} at uniform probabilities, {c:,} classes.", gamma=gamma, c=c)
        yield Candidate((1 - 1 / c) ** gamma * ln(c), f"(1 − 1/{c}){POWERS[gamma]} ln {c}", says, (FOCAL,))
    yield Candidate(c * ln(2), f"{c} ln 2", say("{c:,} sigmoids at p = ½, summed over classes.", c=c), (BINARY,))


def _smoothed(c: int, epsilon: float) -> Candidate:
    top, rest = 1 - epsilon + epsilon / c, epsilon / c
    entropy = -top * math.log(top) - (c - 1) * rest * math.log(rest)
    says = say(
        "Label smoothing ε = {epsilon:g}, {c:,} classes: the lowest loss possible. This is not a mistake.", epsilon=epsilon, c=c
    )
    return Candidate(entropy, say("entropy of ({top:g}, {rest:g}, …)", top=top, rest=rest), says, (CATEGORICAL,))


def _of_batch(c: int, n: int) -> Iterator[Candidate]:
    """Chance, reduced otherwise than meant."""
    losses = (CATEGORICAL, BINARY, NLL) if c == 2 else (CATEGORICAL, NLL)
    says = say("Chance level for {c:,} classes, divided by the batch size once too often.", c=c)
    yield Candidate(math.log(c) / n, f"ln {c} / {n}", says, losses)
    says = say("Chance level for {c:,} classes, summed over the batch instead of averaged.", c=c)
    yield Candidate(n * math.log(c), f"{n} ln {c}", says, losses)
