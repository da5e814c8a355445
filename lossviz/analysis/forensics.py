"""At which value does a training run stand still? What a loss comes to under the common mistakes, and which of them is near.

Every value is computed from its formula. A candidate is a hint: many roads lead to ln 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

FLT_MIN = 2.0**-126
"""The smallest normal number of float32."""

CLASSES = (2, 3, 4, 5, 10, 20, 50, 100, 1000)
"""Numbers of classes that are tried where none is given."""

NEAR = 0.02
"""Candidates further off than this, relative to the value, are not named."""


CATEGORICAL, BINARY, FOCAL, NLL = LOSSES = ("cross-entropy", "binary", "focal", "nll")
"""What a program may call for its loss."""

POWERS = {0: "", 1: "", 2: "²", 3: "³", 5: "⁵"}


class Candidate(NamedTuple):
    """value: what the loss would be. arithmetic: how it comes to that. says: what that means.

    losses: those under which it is met. card: a mistake's, or "".
    """

    value: float
    arithmetic: str
    says: str
    losses: tuple[str, ...] = LOSSES
    card: str = ""


class Match(NamedTuple):
    """A candidate, and how far it is off, relative to the value that was typed."""

    candidate: Candidate
    off: float


def matches(value: float, classes: int | None = None, batch: int | None = None, loss: str | None = None) -> list[Match]:
    """The candidates within 2 % of a stuck loss, the nearest first.

    `classes`, `batch`, `loss`: C, N and one of LOSSES, where they are known. nan, infinite and negative values have candidates
    of their own.
    """
    if math.isnan(value) or math.isinf(value) or value < 0:
        return [Match(one, 0.0) for one in _odd(value) if _met(one, loss)]
    found: dict[tuple[float, str], Match] = {}
    for one in _candidates(classes, batch):
        off = abs(one.value - value) / max(abs(value), 1e-12)
        if off <= NEAR and _met(one, loss):
            found.setdefault((round(one.value, 12), one.says), Match(one, off))
    return sorted(found.values(), key=lambda match: match.off)


def _met(one: Candidate, loss: str | None) -> bool:
    return loss is None or loss in one.losses


def _odd(value: float) -> Iterator[Candidate]:
    if math.isnan(value):
        says = "A saturated focal loss as usually written."
        yield Candidate(math.nan, "0 · ∞ in the gradient of (1 − p)ᵞ at p = 1, 0 < γ < 1", says, (FOCAL,), "focal")
        says = "Every sample of a batch is ignored (ignore_index), and a mean has none to divide by."
        yield Candidate(math.nan, "0 / 0", says, (CATEGORICAL, NLL))
        yield Candidate(math.nan, "∞ − ∞, or log of a negative number", "Infinite logits, a learning rate too high, or fp16.")
    elif value == math.inf:
        says = "A logarithm of a probability that has been rounded to 0: take the loss from logits."
        yield Candidate(math.inf, "−ln 0", says, card="bce")
        yield Candidate(math.inf, "a sum above 65 504", "An overflow in float16: compute losses in float32.")
    else:
        yield from _negative(value)


def _negative(value: float) -> Iterator[Candidate]:
    if value >= -1:
        says = "NLLLoss is given probabilities: it wants their logarithms."
        yield Candidate(value, f"−p instead of −ln p: p is {-value:g}", says, (NLL,), "nll")
    says = "NLLLoss is given logits: put log_softmax before it."
    yield Candidate(value, f"−z of the true class: z is {-value:g}", says, (NLL,), "nll-logits")
    says = "Targets outside 0 to 1: labels −1 and 1, or a mask of 0 and 255."
    yield Candidate(value, "−t ln p − (1 − t) ln(1 − p) has no least value if t > 1 or t < 0", says, (BINARY, FOCAL))


def _candidates(classes: int | None, batch: int | None) -> Iterator[Candidate]:
    yield from _coin()
    yield from _clamps()
    for c in (classes,) if classes else CLASSES:
        yield from _of_classes(c)
        if batch and batch > 1:
            yield from _of_batch(c, batch)


def _coin() -> Iterator[Candidate]:
    """One yes-or-no question."""
    ln, e, twice = math.log, math.e, "sigmoid-twice"
    chance = "A coin's guess: p = ½ for one yes-or-no question. Nothing has been learned, or all logits are 0."
    yield Candidate(ln(2), "ln 2", chance, (CATEGORICAL, BINARY, NLL))
    for value, text, says in (
        (ln(2), "ln(1 + e⁰)", "negatives: the least that is left for t = 0"),
        (ln(1 + 1 / e), "ln(1 + e⁻¹)", "positives: the least that is left for t = 1"),
        (ln(1 + e), "ln(1 + e)", "negatives: the most that t = 0 can reach"),
    ):
        yield Candidate(value, text, f"Sigmoid before BCEWithLogitsLoss, {says}.", (BINARY,), twice)
    for gamma in (1, 2, 3, 5):
        text = f"(1 − ½){POWERS[gamma]} ln 2"
        yield Candidate(0.5**gamma * ln(2), text, f"Focal loss with γ = {gamma} at p = ½.", (FOCAL,))
    for gamma in (0, 2):
        balanced = f"Focal loss with α = 0.25, γ = {gamma}"
        factor = f" · (1 − ½){POWERS[gamma]}" if gamma else ""
        yield Candidate(0.25 * 0.5**gamma * ln(2), f"0.25{factor} ln 2", f"{balanced} at p = ½, on positives.", (FOCAL,))
        factor = f" · (1 − 1e-4){POWERS[gamma]}" if gamma else ""
        says = f"{balanced} whose probabilities are clamped at 1e-4."
        yield Candidate(0.25 * (1 - 1e-4) ** gamma * -ln(1e-4), f"0.25{factor} · (−ln 1e-4)", says, (FOCAL,))


def _clamps() -> Iterator[Candidate]:
    """Where a precision or a clamp ends, and 0."""
    ln, sigmoids = math.log, (BINARY, FOCAL)
    for value, text, says, losses in (
        (-ln(2.0**-23), "−ln 2⁻²³", "float32's p next to 1: 1 − p has one digit left.", sigmoids),
        (-ln(1e-7), "−ln 1e-7", "Keras clips probabilities at 1e-7: from_logits=True avoids it.", LOSSES),
        (-ln(1e-8), "−ln 1e-8", "An epsilon of 1e-8 within the logarithm.", LOSSES),
        (-ln(1e-12), "−ln 1e-12", "An epsilon of 1e-12 within the logarithm.", LOSSES),
        (-ln(1e-32), "−ln 1e-32", "A clamp at 1e-32.", LOSSES),
        (-ln(FLT_MIN), "−ln FLT_MIN", "Caffe's clamp: the smallest normal number of float32.", LOSSES),
    ):
        yield Candidate(value, text, says, losses)
    says = "BCELoss clamps its logarithm at −100: the sigmoid before it has become 0 or 1."
    yield Candidate(100.0, "−max(ln p, −100)", says, sigmoids, "bce")
    yield Candidate(0.0, "−ln 1", "Every sample is right and sure; or all are ignored; or γ or a weight has silenced them.")


def _of_classes(c: int) -> Iterator[Candidate]:
    """What depends on C."""
    ln, softmax = math.log, (CATEGORICAL, NLL)
    if c > 2:
        yield Candidate(ln(c), f"ln {c}", f"Chance among {c} classes: p = 1/{c} for each. Nothing has been learned.", softmax)
        says = f"Chance among {c} classes, divided by N·C instead of N: a mean over one-hot targets, or kornia's."
        yield Candidate(ln(c) / c, f"ln {c} / {c}", says, (*softmax, FOCAL))
    says = f"Softmax before CrossEntropyLoss: with probabilities for logits no lower loss exists for {c} classes."
    yield Candidate(ln(1 + (c - 1) / math.e), f"ln(1 + {c - 1}/e)", says, (CATEGORICAL,), "softmax-twice")
    for epsilon in (0.05, 0.1, 0.2):
        yield _smoothed(c, epsilon)
    for gamma in (1, 2, 5):
        says = f"Softmax focal loss with γ = {gamma} at uniform probabilities, {c} classes."
        yield Candidate((1 - 1 / c) ** gamma * ln(c), f"(1 − 1/{c}){POWERS[gamma]} ln {c}", says, (FOCAL,))
    yield Candidate(c * ln(2), f"{c} ln 2", f"{c} sigmoids at p = ½, summed over classes.", (BINARY,))


def _smoothed(c: int, epsilon: float) -> Candidate:
    top, rest = 1 - epsilon + epsilon / c, epsilon / c
    entropy = -top * math.log(top) - (c - 1) * rest * math.log(rest)
    says = f"Label smoothing ε = {epsilon:g}, {c} classes: the least there is. It is no mistake."
    return Candidate(entropy, f"entropy of ({top:g}, {rest:g}, …)", says, (CATEGORICAL,))


def _of_batch(c: int, n: int) -> Iterator[Candidate]:
    """Chance, reduced otherwise than meant."""
    losses = (CATEGORICAL, BINARY, NLL) if c == 2 else (CATEGORICAL, NLL)
    chance, text = f"Chance among {c} classes", f"ln {c}"
    yield Candidate(math.log(c) / n, f"{text} / {n}", f"{chance}, divided by the batch once more than meant.", losses)
    yield Candidate(n * math.log(c), f"{n} {text}", f"{chance}, summed over the batch instead of averaged.", losses)
