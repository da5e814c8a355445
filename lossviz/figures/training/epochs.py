"""What the pictures of a training share: an axis of epochs, a mark at the one on show, bands, and how a number is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.training import percentage_points
from ...evaluation.setting import Array
from ...texts import joined, say, then
from ..frames import Trace, single
from ..theme import GREY, GREY_DARK, GROUND, GROUND_DARK, see_through
from .lines import LegendEntry

FEW = 3
"""With more losses than these the bands of their seeds would hide each other."""

FARTHER = 3.0
"""An early epoch may be so many times as far from 0 as the last one before it runs off the plot."""

NONE = say("At least one seed has no wrong label.")
"""Why there is nothing to see of how many are memorised."""


def axis(epochs: Sequence[int], last: int = 0) -> dict[str, Any]:
    """Along the epochs that were measured and on to the `last`, with room for a marker at both ends."""
    end = max(last, epochs[-1])
    room = 0.02 * max(1, end - epochs[0])
    return {"title": {"text": say("epoch")}, "range": [epochs[0] - room, end + room], "zeroline": False}


def shared_range(*values: Array, farther: float = FARTHER) -> list[float]:
    """The range of a height in all epochs, the first axis: all of the last one, and what is not much farther from 0.

    On the way losses can be apart by tens of points, beside which the few that are left at the end could not be seen.
    """
    late = np.concatenate([x[-1].ravel() for x in values])
    every = np.concatenate([x.ravel() for x in values])
    most = farther * float(np.abs(late[np.isfinite(late)]).max(initial=0))
    shown = every[np.isfinite(every) & (np.abs(every) <= most)]
    low, high = float(shown.min(initial=0)), float(shown.max(initial=0))
    room = 0.08 * (high - low) or 1.0
    return [low - room, high + room]


LATE = 0.4
"""The share of the epochs that the height of a picture is made for: what is chaos at first runs off it."""


def late_range(epochs: Sequence[int], *values: Array, low: float = -np.inf, high: float = np.inf) -> list[float]:
    """The range of a height, epochs first: all of the later epochs, 0 or other ends only where they are in it."""
    late = np.asarray(epochs) >= (1 - LATE) * epochs[-1]
    every = np.concatenate([x[late].ravel() for x in values])
    finite = every[np.isfinite(every)]
    bottom, top = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    room = 0.12 * (top - bottom) or 1.0
    return [max(low, bottom - room), min(high, top + room)]


def runaways(line: LegendEntry, uid: str, epochs: Sequence[int], y: Array, ends: Sequence[float], **more: Any) -> Trace:
    """Triangles at the edge of the picture, at the epochs where a loss's line runs off it."""
    light, dark = line.colours
    below, above = y < ends[0], y > ends[1]
    out = below | above
    x = np.asarray(epochs, np.float64)
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "markers",
        "x": single(x[out]),
        "y": np.where(above, ends[1], ends[0])[out].tolist(),  # in full precision: what is off the axis is not drawn
        "name": line.label,
        "marker": {"color": light, "size": 9, "symbol": np.where(above, "triangle-up", "triangle-down")[out].tolist()},
        "meta": {"dark": {"marker.color": dark}},
        "cliponaxis": False,
        "customdata": np.round(y[out], 2).tolist(),
        "hovertemplate": say("epoch %{x}: <b>%{customdata}</b>, off the plot<extra>%{fullData.name}</extra>"),
        "showlegend": False,
        "legendgroup": f"loss-{line.slot}",
        **more,
    }


def epoch_line(epoch: int, ends: Sequence[float], uid: str = "now", **more: Any) -> Trace:
    """A vertical line at the epoch on show."""
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "lines",
        "x": [epoch, epoch],
        "y": list(ends),
        "line": {"color": GREY, "width": 1.5},
        "meta": {"dark": {"line.color": GREY_DARK}},
        "hoverinfo": "skip",
        "showlegend": False,
        **more,
    }


def band(line: LegendEntry, uid: str, epochs: Sequence[int], low: Array, high: Array, **more: Any) -> Trace:
    """The ground between two lines; none where either is nan."""
    finite = np.isfinite(low) & np.isfinite(high)
    x = np.asarray(epochs, np.float64)[finite]
    light, dark = line.colours
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "none",
        "x": single(np.concatenate((x, x[::-1]))),
        "y": single(np.concatenate((low[finite], high[finite][::-1]))),
        "fill": "toself",
        "fillcolor": see_through(light, 0.2),
        "meta": {"dark": {"fillcolor": see_through(dark, 0.26)}},
        "hoverinfo": "skip",
        "showlegend": False,
        **more,
    }


def band_key(lines: Sequence[LegendEntry], text: str, **more: Any) -> Trace:
    """What the bands of all losses are, in the legend; it draws nothing else."""
    light, dark = lines[0].colours if lines else (GREY, GREY_DARK)
    return {
        "uid": "band-key",
        "type": "scatter",
        "mode": "none",
        "x": single([np.nan] * 2),
        "y": single([np.nan] * 2),
        "fill": "toself",
        "fillcolor": see_through(light, 0.2),
        "meta": {"dark": {"fillcolor": see_through(dark, 0.26)}},
        "hoverinfo": "skip",
        "name": text,
        "showlegend": bool(lines),
        "legendrank": 1999,
        **more,
    }


def curve(line: LegendEntry, uid: str, epochs: Sequence[int], y: Array, hover: str, **more: Any) -> Trace:
    """A loss's number by epoch."""
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "lines",
        "x": single(epochs),
        "y": single(y),
        "name": line.label,
        "hovertemplate": say("epoch %{{x}}: {text}<extra>%{{fullData.name}}</extra>", text=hover),
        **line.style(4 if line.slot == 0 else 3),
        **more,
    }


def seed_curves(lines: Sequence[LegendEntry], epochs: Sequence[int], values: Array, uid: str = "", **more: Any) -> list[Trace]:
    """Of each loss's shares in percent, values (E, L, S), the mean over seeds; of few losses, a band around it of all seeds."""
    traces: list[Trace] = []
    for line, own in zip(lines, values.swapaxes(0, 1), strict=True):
        group, low, high = {"legendgroup": f"loss-{line.slot}"}, own.min(-1), own.max(-1)
        texts = [[f"{a:.3g}", f"{b:.3g}"] for a, b in zip(low, high, strict=True)]
        hover = say("<b>%{y:.3g}%</b> (seeds %{customdata[0]} to %{customdata[1]}%)")
        mean = curve(line, f"mean{uid}-{line.slot}", epochs, own.mean(-1), hover, customdata=texts, **group, **more)
        spread = band(line, f"band{uid}-{line.slot}", epochs, low, high, **group, **more | {"showlegend": False})
        traces = [spread, *traces, mean] if len(lines) <= FEW else [*traces, mean]
    key = {"uid": f"band-key{uid}", **more}
    return [*traces, band_key(lines, say("lowest to highest seed"), **key)] if len(lines) <= FEW else traces


def epoch_marker(line: LegendEntry, uid: str, epoch: int, y: float, **more: Any) -> Trace:
    """A marker on a loss's line, at the epoch on show."""
    light, dark = line.colours
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "markers",
        "x": single([epoch]),
        "y": single([y]),
        "name": line.label,
        "marker": {"color": light, "size": 12, "line": {"color": GROUND, "width": 2}},
        "meta": {"dark": {"marker.color": dark, "marker.line.color": GROUND_DARK}},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": f"loss-{line.slot}",
        **more,
    }


def values_in_words(lines: Sequence[LegendEntry], values: Array, unit: str = "%") -> str:
    """A number of each loss in words, for a title: both of two, of more the least and the most."""
    finite = [(float(x), nonbreaking_label(line)) for x, line in zip(values, lines, strict=True) if np.isfinite(x)]
    if not finite:
        return say("unknown")
    digits = 3 if len({format_number(x) for x, _ in finite}) > 1 else 5  # so that what differs is not told as equal
    if len(finite) > 2:
        (low, lowest), (high, highest) = min(finite), max(finite)
        return say(
            "from {low} ({lowest}) to {high} ({highest})",
            low=f"{format_number(low, digits)}{unit}",
            lowest=lowest,
            high=f"{format_number(high, digits)}{unit}",
            highest=highest,
        )
    return joined([say("{number} with {loss}", number=f"{format_number(x, digits)}{unit}", loss=label) for x, label in finite])


def format_number(x: float, digits: int = 3) -> str:
    """So many digits, and a minus that is one."""
    return f"{x:.{digits}g}".replace("-", "−", x < 0)


def nonbreaking_label(line: LegendEntry) -> str:
    """A loss in a title, which is broken into rows between words but not within γ = 2."""
    return then(line.label, _unbroken)


def _unbroken(text: str) -> str:
    return text.replace(" = ", "\u00a0=\u00a0")


def nonbreaking_interval(low: float, high: float) -> str:
    """An interval by itself, which is not broken into rows."""
    return percentage_points.format_interval(low, high).replace(" ", "\u00a0")


def nonbreaking_estimate(mean: float, low: float, high: float) -> tuple[str, str]:
    """A mean and what follows it: its interval, which is not broken into rows, or nothing."""
    centre, ends = percentage_points.format_estimate(mean, low, high)
    return centre, ends and " " + ends.replace(" ", "\u00a0")
