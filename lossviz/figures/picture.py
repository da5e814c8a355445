"""A figure and what goes with it when it is shown."""

from __future__ import annotations

import re
from typing import NamedTuple

from .frames import Played


class Picture(NamedTuple):
    """A figure with the text that stands for it where it cannot be seen; `wide` ones take a row of their own."""

    figure: Played
    alt: str
    wide: bool = False

    @property
    def text(self) -> str:
        """`alt` without the tags of Plotly's texts."""
        return re.sub(r"<[^>]*>", "", self.alt)
