"""The map of names: regions, and in each rows of places, gathered from what the losses declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..losses import LOSSES
from ..losses.places import MapEntry
from ..texts import say


class Region(NamedTuple):
    """An activation and the terms that count after it, in LaTeX; rows of places by what they have in common."""

    title: str
    terms: str
    rows: Mapping[str, tuple[str, ...]]


HEADINGS = {
    "softmax": (
        say("Softmax, with a term for each true class"),
        r"-\sum_i w_i\, t_i\, (1 - p_i)^{\gamma} \log p_i",
    ),
    "sigmoid": (
        say("Sigmoid, with a yes and a no term for each class"),
        r"\begin{aligned}-\sum_i w_i \big[ & t_i (1 - p_i)^{\gamma} \log p_i \\"
        r" & + (1 - t_i)\, p_i^{\gamma} \log (1 - p_i) \big]\end{aligned}",
    ),
    "no activation": (say("No built-in activation"), ""),
    "no logarithm": (say("Something other than a logarithm"), ""),
}
"""Region → its title and its terms; where they are empty, those of its losses stand side by side."""


def _entries(word: str) -> list[MapEntry]:
    """The places of a region, those of a row together."""
    entries = [entry for kind in LOSSES.values() for entry in kind.map_entries() if entry.region == word]
    rows = list(dict.fromkeys(entry.row for entry in entries))
    return sorted(entries, key=lambda entry: rows.index(entry.row))


ENTRIES: dict[str, MapEntry] = {entry.key: entry for word in HEADINGS for entry in _entries(word)}
"""All places by the word of a link, in the order of the map."""


def _region(word: str) -> Region:
    title, terms = HEADINGS[word]
    rows: dict[str, tuple[str, ...]] = {}
    for entry in _entries(word):
        rows[entry.row] = (*rows.get(entry.row, ()), entry.key)
    return Region(title, terms or r",\quad ".join(e.formula for e in _entries(word) if e.formula), rows)


REGIONS: tuple[Region, ...] = tuple(map(_region, HEADINGS))
"""The map: columns, and in each rows of places."""
