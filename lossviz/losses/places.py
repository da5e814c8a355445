"""A loss's places on the map of names: settings that have a name, what people use them for, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

Words: TypeAlias = Mapping[str, str | float]
"""Words of a link, with their values."""


class MapEntry(NamedTuple):
    """One place on the map: `key` is its word in a link, `region` and `row` say where it stands.

    `words` are the settings, as a link has them; that of the loss goes without saying. `use`: what it is typically for.
    `origin`: where it comes from. `formula` is what a region of several formulas shows of this one.
    """

    key: str
    region: Literal["softmax", "sigmoid", "no activation", "no logarithm"]
    row: str
    words: Words
    use: str
    origin: str
    formula: str = ""


SOFTMAX: Words = {"sample": "own numbers", "activation": "softmax"}
"""Several classes of which one is true, after a softmax."""

BINARY: Words = {"task": "binary", "activation": "sigmoid"}
"""One yes-or-no question."""

MULTI_LABEL: Words = {"task": "multi-label", "activation": "sigmoid"}
"""Several yes-or-no questions."""
