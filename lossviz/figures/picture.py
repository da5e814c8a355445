"""A figure and what goes with it when it is shown."""

from __future__ import annotations

from typing import NamedTuple

import plotly.graph_objects as go


class Picture(NamedTuple):
    """A figure with the text that stands for it where it cannot be seen; `wide` ones take a row of their own."""

    figure: go.Figure
    alt: str
    wide: bool = False

    @property
    def title(self) -> str:
        """The title above the figure."""
        return str(self.figure.layout.title.text)
