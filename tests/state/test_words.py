"""The words of a link are promises: what a link may say today it may say for ever, and a default never changes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lossviz.fields import Number
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
