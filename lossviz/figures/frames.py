"""Frames of a scrubber: of each trace only what changes between them is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Trace = dict[str, Any]


def frames(drawn: Sequence[Sequence[Trace]], titles: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Plotly's frames of pictures that have the same traces in the same order; none if nothing changes.

    `titles`: one for each frame, where they are not all the same.
    """
    changing = {i: _changing([traces[i] for traces in drawn]) for i in range(len(drawn[0]))}
    moving = [i for i, names in changing.items() if names]
    if not moving and len(set(titles or [])) < 2:
        return []
    return [
        {
            "name": str(n),
            "data": [{"type": traces[i]["type"], **{name: traces[i][name] for name in changing[i]}} for i in moving],
            "traces": moving,
            **({"layout": {"title": {"text": titles[n]}}} if titles else {}),
        }
        for n, traces in enumerate(drawn)
    ]


def _changing(versions: Sequence[Trace]) -> list[str]:
    """The properties of a trace that are not the same in all frames."""
    first = versions[0]
    return [name for name in first if any(not _same(first[name], other[name]) for other in versions[1:])]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a is b or (a.shape == b.shape and np.array_equal(a, b, equal_nan=True))
    return bool(a == b)


def single(x: Any) -> Any:
    """What is only drawn is sent as float32; a number too small for it is gone from any picture."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(x, dtype=np.float64).astype(np.float32)


def finite(y: Any) -> Any:
    """Plotly takes nan, a gap, but no infinity."""
    return np.where(np.isfinite(y), y, np.nan)
