"""The words of a link are promises: what a link may say today it may say for ever, and a default never changes."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lossviz.fields import Choice, Field, Number
from lossviz.state.fields import FIELDS

WORDS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "words_of_links.json").read_text("utf-8"))
"""Every word with its default, and its options or its bounds."""


def in_order(known: Iterable[str], options: Iterable[str]) -> bool:
    """Whether all that are known are among the options, in their order; a new loss may bring more."""
    rest = iter(options)
    return all(word in rest for word in known)


def test_no_word_is_missing_or_has_another_place() -> None:
    assert in_order(WORDS, FIELDS)


@pytest.mark.parametrize("name", WORDS)
def test_options_bounds_and_default_are_what_they_were(name: str) -> None:
    word, field = WORDS[name], FIELDS[name]
    assert field.default == word["default"]
    assert in_order(word.get("options", ()), getattr(field, "options", ()))
    assert word.get("renamed", []) == [list(pair) for pair in getattr(field, "renamed", ())]
    if isinstance(field, Number):
        assert (field.low, field.high) == (word["low"], word["high"])


def test_the_order_of_options_is_looked_at() -> None:
    assert in_order("ac", "abc")
    assert not in_order("ca", "abc")
    assert not in_order("ad", "abc")


WITHOUT_WIDGET = {"place"}
"""What is clicked on a map, where each place has its title."""


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_everything_a_person_can_choose_has_a_label_of_its_own(field: Field) -> None:
    assert field.label and field.label == field.label.strip()
    assert not _is_of_links(field.label)
    if isinstance(field, Choice) and field.name not in WITHOUT_WIDGET:
        is_said_so = all(re.fullmatch(r"\d|b?float\d\d", option) for option in field.options)
        assert len(field.labels) == len(field.options) or is_said_so
        labels = [field.label_of(option) for option in field.options]
        assert len(set(labels)) == len(labels)
        assert [label for label in labels if not label.strip() or _is_of_links(label)] == []


def _is_of_links(label: str) -> bool:
    """Whether this is a word as links and code have it rather than one that people say."""
    return re.fullmatch(r"[a-z]\w*([-_+]\w+)+", label) is not None


def test_a_label_that_is_a_word_of_links_is_seen() -> None:
    assert all(_is_of_links(word) for word in ("softmax-twice", "p_t-gamma", "generalized-cross-entropy"))
    assert not any(_is_of_links(word) for word in ("3-D", "float32", "Soft-label form", "Cross-entropy", "log"))
