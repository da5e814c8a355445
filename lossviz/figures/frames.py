"""A figure with the frames that a scrubber plays: of each trace only what changes between them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from ..languages import localized
from ..texts import Lookup

Trace = dict[str, Any]


class Played(NamedTuple):
    """A figure and the frames that a scrubber plays, as the plain properties that Plotly knows by these names."""

    data: Sequence[Trace]
    layout: dict[str, Any]
    frames: Sequence[dict[str, Any]]

    @property
    def title(self) -> str:
        """The title above the figure."""
        return str(self.layout["title"]["text"])

    def figure(self) -> go.Figure:
        """For a notebook, with every property checked."""
        return go.Figure(self.data, self.layout, self.frames)

    def json(self, lookup: Lookup = str) -> str:
        """For the player. Checking fifty frames takes longer than all of their numbers did: tests have done it."""
        return json.dumps(localized(self._asdict(), lookup), default=_typed, allow_nan=False)


@cache
def blank() -> go.Figure:
    """A figure with nothing in it, which makes a page load Plotly."""
    return Played([{"type": "scatter"}], {"height": 60}, []).figure()


def _typed(array: Any) -> dict[str, str]:
    """An array as Plotly's JSON has it: the bytes of its numbers."""
    encoded = {"dtype": f"{array.dtype.kind}{array.dtype.itemsize}", "bdata": b64encode(array.tobytes()).decode()}
    return encoded | ({"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {})


def frames(
    drawn: Sequence[Sequence[Trace]], titles: Sequence[str] | None = None, layouts: Sequence[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Plotly's frames of pictures that have the same traces in the same order; none if nothing changes.

    `titles`: one for each frame, where they are not all the same. `layouts`: what else of the layout each frame has its own
    of, such as the texts of an axis; it is put over the figure's layout, and lists in it take the place of the figure's.
    """
    changing = {i: _changing([traces[i] for traces in drawn]) for i in range(len(drawn[0]))}
    moving = [i for i, names in changing.items() if names]
    looks = _looks(len(drawn), titles, layouts)
    if not moving and all(look == looks[0] for look in looks):
        return []
    return [
        {
            "name": str(n),
            "data": [{"type": traces[i]["type"], **{name: traces[i][name] for name in changing[i]}} for i in moving],
            "traces": moving,
            **({"layout": looks[n]} if looks[n] else {}),
        }
        for n, traces in enumerate(drawn)
    ]


def _looks(count: int, titles: Sequence[str] | None, layouts: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """What of the layout changes, for each frame; of `layouts` nothing where they are all the same."""
    own = layouts if layouts and any(layout != layouts[0] for layout in layouts[1:]) else [{}] * count
    return [{**({"title": {"text": titles[n]}} if titles else {}), **own[n]} for n in range(count)]


def _changing(versions: Sequence[Trace]) -> list[str]:
    """The properties of a trace that are not the same in all frames."""
    first = versions[0]
    if all(other is first for other in versions):
        return []
    return [name for name in first if any(not _same(first[name], other[name]) for other in versions[1:])]


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if isinstance(a, np.ndarray):
        # Equal bytes are equal numbers, nan among them; if 0 and −0 count as different, nothing is lost.
        return bool(a.shape == b.shape) and a.tobytes() == b.tobytes()
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)
    return bool(a == b)


def single(x: Any) -> Any:
    """What is only drawn is sent as float32, and infinities as the gaps that Plotly knows: nan."""
    with np.errstate(over="ignore", under="ignore"):
        small = np.asarray(x, dtype=np.float64).astype(np.float32)
    return np.where(np.isfinite(small), small, np.float32(np.nan))
