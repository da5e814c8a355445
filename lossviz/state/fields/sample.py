"""The words that say which sample is looked at under which loss."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

from ...data import digits
from ...fields import Choice, Field, Number, Vector, sentence_case
from ...losses import LOSSES, Loss
from ...texts import joined, say


class Task(NamedTuple):
    """A kind of classification: how many logits, which activations make sense, and an example to start from.

    `several`: any number of classes may be true, rather than exactly one.
    """

    classes: tuple[int, int]
    activations: tuple[str, ...]
    logits: str
    targets: str
    several: bool


TASKS: dict[str, Task] = {
    "binary": Task((1, 1), ("sigmoid",), "1", "1", several=True),
    "two-logit": Task((2, 2), ("softmax", "sigmoid"), "1.3 -0.4", "1 0", several=False),
    "multi-class": Task((2, 10), ("softmax", "sigmoid"), "2 1 0", "1 0 0", several=False),
    "multi-label": Task((1, 10), ("sigmoid", "softmax"), "2 -1 0.5", "1 0 1", several=True),
}
"""The tasks, by the word that stands in a link."""

OWN, DIGIT = "own numbers", "real digit"


LARGEST, LARGEST_LOGIT = 1e5, 1e30
"""What a link may ask for. Losses take more, but the pictures of it would show where float32 ends."""


def _in_a_link(parameter: Number | Choice) -> Field:
    """One number or a list of them, and none so large or small that it can only be a mistake."""
    if isinstance(parameter, Choice):
        return parameter
    if not parameter.scalar:
        return Vector(parameter.name, parameter.label, "", parameter.help, low=0.0, high=LARGEST, symbol=parameter.symbol)
    low = max(parameter.low, 1 / LARGEST if parameter.open_low else -LARGEST)
    return replace(parameter, vector=False, low=low, open_low=False, high=min(parameter.high, LARGEST))


def _widened(one: Field, other: Field) -> Field:
    """A field that takes what either takes."""
    if isinstance(one, Number) and isinstance(other, Number):
        return replace(one, low=min(one.low, other.low), high=max(one.high, other.high))
    return one


@cache
def parameters_of(key: str) -> dict[str, Field]:
    """The parameters of a loss as fields, each as the loss declares it; a single sample has nothing to ignore."""
    return {p.name: _in_a_link(p) for p in LOSSES[key].parameters if p.name != "ignore_index"}


def _parameters() -> dict[str, Field]:
    """The parameters of all losses as one number, word or list each: what a word of a link may be, whatever the loss is."""
    words: dict[str, Field] = {}
    for key in LOSSES:
        for name, field in parameters_of(key).items():
            words[name] = _widened(words.get(name, field), field)
    return words


PARAMETERS = _parameters()


def _of_a_loss(kind: Loss) -> str:
    return say("**{loss}**: {summary}", loss=sentence_case(kind.name), summary=kind.summary)


SAMPLE: tuple[Field, ...] = (
    Choice(
        "task",
        "Task",
        tuple(TASKS),
        "multi-class",
        "One logit: yes or no, as in a detector. Two logits: the same with a logit for each answer. Multi-class: exactly one "
        "class is true, as with digits. Multi-label: any number of them, as with tags.",
        labels=("Binary, one logit", "Binary, two logits", "Multi-class", "Multi-label"),
    ),
    Choice(
        "loss",
        "Loss",
        tuple(LOSSES),
        "focal",
        joined((_of_a_loss(kind) for kind in LOSSES.values()), "  \n"),
        labels=tuple(sentence_case(kind.name) for kind in LOSSES.values()),
    ),
    Choice(
        "activation",
        "Activation",
        ("softmax", "sigmoid"),
        "softmax",
        "Softmax: probabilities sum to 1, for exactly one true class. Sigmoid: each logit has its own probability, for "
        "yes or no, or for several true classes.",
        labels=("Softmax", "Sigmoid"),
    ),
    Choice(
        "sample",
        "Sample",
        (DIGIT, OWN),
        DIGIT,
        "Handwritten digit: a real model's logits, right or wrong. My own numbers: type them, or paste what your program "
        "prints.",
        labels=("Handwritten digit", "My own numbers"),
    ),
    Number(
        "digit",
        "Digit number",
        "",
        184,
        "Which of the 1,797 digits, counted from 0.",
        low=0,
        high=digits.COUNT - 1,
        range_high=digits.COUNT - 1,
        step=1,
        integer=True,
    ),
    Choice(
        "target",
        "Targets",
        ("hard", "soft"),
        "hard",
        "Hard: 0 and 1, as in a labeled data set. Soft: anything in between, as from a teacher model or several annotators.",
        labels=("Hard", "Soft"),
    ),
    Vector(
        "logits",
        "Logits",
        "",
        "One number per class: 2 1 -0.5. Or paste a list as it is printed: tensor([2., 1., -0.5]). Empty: the sample's own.",
        -LARGEST_LOGIT,
        LARGEST_LOGIT,
        infinite=True,
        symbol="z",
    ),
    Vector(
        "targets",
        "Targets",
        "",
        "One number from 0 to 1 per class: 1 0 0. Or paste a list as it is printed. Empty: the sample's own.",
        0.0,
        1.0,
        symbol="t",
    ),
    *PARAMETERS.values(),
)
"""The words that say which sample is looked at under which loss."""
