"""A figure and what goes with it when it is shown."""

from __future__ import annotations

from typing import NamedTuple

from .frames import Played
from .text import unmarked


class Picture(NamedTuple):
    """A figure with the text that stands for it where it cannot be seen.

    `wide` ones take a row of their own; `paired` ones stand beside each other however large the type is. `sentences` say what
    is seen in it, one for each position of the scrubber or one for all; those of the first picture of a page are shown below
    the scrubber.
    """

    figure: Played
    alt: str
    wide: bool = False
    sentences: tuple[str, ...] = ()
    paired: bool = False

    @property
    def text(self) -> str:
        """`alt`, which is written as Plotly's texts are, as it is read aloud."""
        return unmarked(self.alt)
