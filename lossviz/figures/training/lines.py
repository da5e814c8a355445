"""The losses of an experiment as every picture of it tells them apart."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..theme import DASHES, shade


class LegendEntry(NamedTuple):
    """A loss by its legend, its key in the registry, and its place among those compared: 0 is what the others differ from."""

    label: str
    key: str
    slot: int

    @property
    def colours(self) -> tuple[str, str]:
        """On a light and on a dark page."""
        return shade(self.key, self.slot)

    def style(self, width: float = 3) -> dict[str, Any]:
        """`line` and `meta` of a trace."""
        light, dark = self.colours
        line = {"color": light, "width": width, "dash": DASHES[self.slot]}
        return {"line": line, "meta": {"dark": {"line.color": dark, "marker.color": dark}}}
