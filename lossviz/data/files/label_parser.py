"""Words that stand for labels: numbers, names of classes, true and false, and what stands where there is none."""

from __future__ import annotations

import math
import re
from typing import Any

from ...texts import say
from .columns import ColumnMapping, name_list

IGNORED = -100
"""The label that torch ignores."""

BLANK = ("", "nan", "na", "n/a", "null", "none", "<na>", "nat")
YES, NO = ("true", "t", "yes", "y", "positive", "pos"), ("false", "f", "no", "n", "negative", "neg")

BACKGROUND = -(2**40)
"""The number that stands for no class at all."""

IGNORE = object()
"""What a word means whose row is ignored."""


class LabelParser:
    """What a word for a label means."""

    def __init__(self, mapping: ColumnMapping, classes: int) -> None:
        self._mapping = mapping
        self._classes = {_key(name): k for k, name in enumerate(mapping.classes)}
        self._at_most_two = classes <= 2
        ignored = (*BLANK, *mapping.ignored, str(IGNORED))
        self._ignored = {_key(word) for word in ignored} - self._classes.keys()
        self.expected = (
            say("expected one of {names}", names=name_list(mapping.classes))
            if mapping.classes
            else say("not a number; {expected}", expected=expected_number(mapping, classes))
        )

    def number(self, word: str) -> Any:
        """The number of a class, IGNORE, or None if it means nothing."""
        if not self._mapping.classes and (match := NUMBERED_NAME.fullmatch(_key(word))):
            word = match[1]
        key = _key(word)
        if key in self._classes:
            return self._classes[key]
        if key in self._ignored:
            return IGNORE
        if self._mapping.background is not None and key == _key(self._mapping.background):
            return BACKGROUND
        number = parse_number(word)
        if number is not None and class_numbers(self._mapping.classes) is None:
            return number - self._mapping.first_label
        if self._at_most_two and key in (*YES, *NO):
            return int(key in YES)
        return None


# What Hugging Face (LABEL_2), caret (Class2) and others call a class that has a number only.
NUMBERED_NAME = re.compile(r"(?:class|label|cls|category|target)[ _.\-#]?([0-9]{1,6})")


def positive_first(classes: tuple[str, ...]) -> bool:
    """Whether the first of two classes is called the positive one, of which the number is 1 as a rule."""
    return len(classes) == 2 and _key(classes[0]) in YES and _key(classes[1]) in NO


def is_negative(name: str) -> bool:
    """Whether a class is called the negative one, or class 0."""
    return _key(name) in (*NO, _key("0"))


def _key(word: str) -> str:
    """What two spellings of a label have in common: case, spaces around it, and how a number is written."""
    number = parse_number(word)
    return word.strip().casefold() if number is None or math.isnan(number) else repr(float(number))


def parse_number(word: str | None) -> int | float | None:
    """The number that a word writes."""
    try:
        number = float((word or "x").replace("\u2212", "-"))
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def class_numbers(classes: tuple[str, ...]) -> list[int | float] | None:
    """Names of classes that are numbers themselves."""
    numbers = [parse_number(name) for name in classes]
    return [n for n in numbers if n is not None] if classes and None not in numbers else None


def expected_number(mapping: ColumnMapping, classes: int) -> str:
    """The numbers that labels may have, and what else would help."""
    return say(
        "expected the number of its class, {first} to {last}: give each class a number, or name the classes in the order of "
        "the columns",
        first=mapping.first_label,
        last=mapping.first_label + max(1, classes - 1),
    )
