"""The vocabulary of parameters: what one is called, may be, and means.

A field is declared once. The same declaration validates arguments of `lossviz.loss`, becomes a widget and a slider on the
page, a word in the URL, and the inputs that tests draw. A field has a *domain* (what is valid) and, for numbers, a *range*
(what a slider spans): gamma may be any number from 0 up, its slider stops at 5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from .errors import InputError, unknown_name
from .printouts import rows
from .texts import Message, joined, say, then

Value: TypeAlias = "float | int | str | bool | tuple[float, ...] | None"


def _message(text: str) -> Message:
    return text if isinstance(text, Message) else Message(text)


@dataclass(frozen=True)
class Number:
    """A real number in [low, high], or one such number per class.

    `scalar` and `vector` say which of the two forms is accepted; `optional` admits None, which means "off".
    `range_low`, `range_high` and `step` describe the slider, which sticks at its `stops`. `open_low` excludes `low` itself
    from the domain. `high_under` are activations under which `high` is another.
    """

    name: str
    label: str
    symbol: str
    default: Value
    help: str
    low: float = -math.inf
    high: float = math.inf
    range_low: float = 0.0
    range_high: float = 1.0
    step: float = 0.05
    stops: tuple[float, ...] = ()
    open_low: bool = False
    integer: bool = False
    optional: bool = False
    scalar: bool = True
    vector: bool = False
    activations: tuple[str, ...] | None = None
    high_under: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        self.__dict__.update(label=_message(self.label), help=_message(self.help))

    def under(self, activation: str) -> Number:
        """The declaration as it is with an activation."""
        high = dict(self.high_under).get(activation, self.high)
        return self if high == self.high else replace(self, high=high)

    def check(self, value: Any) -> Value:
        """`value` as a float, an int, a tuple of floats or None; InputError if it is outside the domain."""
        if value is None and self.optional:
            return None
        if hasattr(value, "tolist"):
            value = value.tolist()
        if isinstance(value, Sequence) and not isinstance(value, str):
            return self._check_vector(value)
        if not self.scalar:
            raise InputError(self.name, repr(value)[:80], self.expected)
        return self._check_one(value)

    def _check_vector(self, values: Iterable[Any]) -> tuple[float, ...]:
        values = tuple(values)
        if not self.vector or not values:
            raise InputError(self.name, repr(values)[:80], self.expected)
        return tuple(float(self._check_one(value, row)) for row, value in enumerate(values))

    def _check_one(self, value: Any, row: int | None = None) -> float | int:
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        if number is None or not self.contains(number):
            raise InputError(self.name, repr(value)[:80], self.expected, row)
        return int(number) if self.integer else float(number)

    def contains(self, number: float) -> bool:
        """Whether a finite number lies in the domain."""
        try:
            number = float(number)
        except OverflowError:
            return False
        above = number > self.low if self.open_low else number >= self.low
        whole = not self.integer or number.is_integer()
        return math.isfinite(number) and above and number <= self.high and whole

    @property
    def expected(self) -> str:
        """The domain in words, as error messages print it."""
        one = say("a whole number") if self.integer else say("a finite number")
        bounds = [f"{'>' if self.open_low else '≥'} {self.low:g}"] if math.isfinite(self.low) else []
        bounds += [f"≤ {self.high:g}"] if math.isfinite(self.high) else []
        if bounds:
            one = say("{number} {bounds}", number=one, bounds=joined(bounds, " and "))
        forms = [one] if self.scalar else []
        forms += [say("one value per class, each {number}", number=one)] if self.vector else []
        forms += [say("None (off)")] if self.optional else []
        return joined(forms, ", or ")

    def samples(self) -> tuple[float, ...]:
        """Scalar values that tests and sweeps should try: both ends of the slider, its middle and the default."""
        middle = (self.range_low + self.range_high) / 2
        values = {self.range_low, middle, self.range_high, self.default}
        return tuple(sorted(float(v) for v in values if isinstance(v, int | float) and self.contains(v)))


def sentence_case(text: str) -> str:
    """The text with a capital at its beginning, where that is a Latin letter: a capital α would be read as an A.

    Example:
        >>> sentence_case("focal loss"), sentence_case("α-balanced")
        ('Focal loss', 'α-balanced')
    """
    return then(text, _sentence_case)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].isascii() else text


@dataclass(frozen=True)
class Choice:
    """One word out of a few.

    `labels` are what a person reads for each of them, in their order; without any, the words themselves. `renamed`: words that
    links from before may have, and what they are called now.
    """

    name: str
    label: str
    options: tuple[str, ...]
    default: str
    help: str
    symbol: str = ""
    activations: tuple[str, ...] | None = None
    renamed: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.__dict__.update(label=_message(self.label), help=_message(self.help), labels=tuple(map(_message, self.labels)))

    def label_of(self, option: str) -> str:
        """What a person reads for an option."""
        return self.labels[self.options.index(option)] if self.labels and option in self.options else option

    def under(self, _: str) -> Choice:
        """The declaration as it is with any activation."""
        return self

    def check(self, value: Any) -> Value:
        """`value` itself; InputError with the nearest option if it is not one of them."""
        if not isinstance(value, str) or value not in self.options:
            raise unknown_name(self.name, value, self.options)
        return value

    def samples(self) -> tuple[str, ...]:
        """Every option."""
        return self.options


LONGEST_TEXT = 100_000
"""Characters of a list of numbers, with all that a program prints around it."""


@dataclass(frozen=True)
class Vector:
    """A short list of numbers written as text, `2 1 -0.5`: logits, targets, class weights in a link, or pasted.

    `infinite` admits inf and -inf beside the numbers from low to high.
    """

    name: str
    label: str
    default: str
    help: str
    low: float = -math.inf
    high: float = math.inf
    infinite: bool = False
    longest: int = 10
    symbol: str = ""

    def __post_init__(self) -> None:
        self.__dict__.update(label=_message(self.label), help=_message(self.help))

    def parse(self, text: str) -> tuple[float, ...]:
        """The numbers in `text`, none if it is blank; InputError names the position and the value that is wrong.

        A list may be as a program prints it: `tensor([2., 1.], device='cuda:0')`.
        """
        if not isinstance(text, str):
            raise InputError(self.name, repr(text)[:40], say("numbers written as text, such as '2 1 -0.5'"))
        if len(text) > LONGEST_TEXT:
            raise InputError(self.name, say("{n:,} characters", n=len(text)), say("at most {most:,}", most=LONGEST_TEXT))
        words, *others = rows(text)
        if others:
            raise InputError(self.name, say("{n} rows", n=len(others) + 1), say("one row of numbers"))
        if len(words) > self.longest:
            raise InputError(self.name, say("{n} values", n=len(words)), say("at most {most:,}", most=self.longest))
        return tuple(self._number(word, row) for row, word in enumerate(words))

    def _number(self, word: str, row: int) -> float:
        try:
            number = float(word)
        except ValueError:
            raise self._error(repr(word)[:40], row) from None
        if not (self.infinite if math.isinf(number) else self.low <= number <= self.high):
            raise self._error(word[:40], row)
        return number

    def _error(self, value: str, row: int) -> InputError:
        where = say("{argument}, value {number}", argument=self.name, number=row + 1)
        expected = say("a number")
        if math.isfinite(self.low):
            expected = say("a number from {low:g} to {high:g}", low=self.low, high=self.high)
        return InputError(where, value, say("{number}, inf or -inf", number=expected) if self.infinite else expected)

    @staticmethod
    def text(values: Iterable[float]) -> str:
        """The text that `parse` reads back, exactly and as short as it goes: `2 1 0.25`."""
        return " ".join(repr(float(v)).removesuffix(".0") for v in values)


@dataclass(frozen=True)
class Text:
    """Words that a reader of their own understands, such as the list of pinned settings; `blank` stands for none in a link."""

    name: str
    label: str
    help: str
    default: str = ""
    longest: int = 2000
    symbol: str = ""
    blank: str = ""

    def __post_init__(self) -> None:
        self.__dict__.update(label=_message(self.label), help=_message(self.help))

    def check(self, value: Any) -> Value:
        """`value` itself; InputError if it is no text, or far too long."""
        if not isinstance(value, str) or len(value) > self.longest:
            raise InputError(self.name, repr(value)[:40], say("at most {most} characters of text", most=self.longest))
        return value


Field: TypeAlias = Number | Choice | Vector | Text
