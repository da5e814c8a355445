"""The losses of an experiment as every picture of it tells them apart, and the sentence below a picture."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...losses import LossSpec
from ...texts import say
from ..frames import Played
from ..picture import Picture
from ..theme import DASHES, gamma_shade, shade


class LegendEntry(NamedTuple):
    """A loss by its legend, its key in the registry, its place among those compared, and its γ.

    The others differ from the one at place 0.
    """

    label: str
    key: str
    slot: int
    gamma: float = 0.0

    @property
    def colours(self) -> tuple[str, str]:
        """On a light and on a dark page."""
        return line_colours(self.key, self.slot, self.gamma)

    def style(self, width: float = 3) -> dict[str, Any]:
        """`line` and `meta` of a trace."""
        light, dark = self.colours
        line = {"color": light, "width": width, "dash": DASHES[self.slot]}
        return {"line": line, "meta": {"dark": {"line.color": dark, "marker.color": dark}}}


def legend_entry(spec: LossSpec, label: str, slot: int) -> LegendEntry:
    """A loss of an experiment, by its name and its place among those compared."""
    return LegendEntry(label, spec.key, slot, float(spec.gamma))


def line_colours(key: str, slot: int, gamma: float) -> tuple[str, str]:
    """The colour of a loss's line on a light and on a dark page: of focal losses, the family's own by γ."""
    return gamma_shade(gamma) if key == "focal" and gamma > 0 else shade(key, slot)


def captioned(figure: Played, title: str, wide: bool = False) -> Picture:
    """A picture with a title that stands still, and below it what each of its frames shows, which was its title."""
    own = [frame.get("layout", {}).get("title", {}).get("text", figure.title) for frame in figure.frames]
    sentences = tuple(say("{text}.", text=text) for text in (own or [figure.title]))
    frames = [frame | {"layout": _without_title(frame.get("layout", {}))} for frame in figure.frames]
    layout = figure.layout | {"title": {"text": title}}
    return Picture(Played(figure.data, layout, frames), say("{text}.", text=figure.title), wide, sentences)


def _without_title(layout: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in layout.items() if name != "title"}
