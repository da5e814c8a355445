"""`analysis.training.grid` drawn: a map of γ and the noise rate, the difference in each cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...analysis.training import MEASURES
from ...analysis.training.grid import Grid
from ...analysis.training.intervals import FEWEST
from ...analysis.training.percentage_points import NOTHING, format_signed, format_size
from ...fields import sentence_case
from ...texts import say, then
from ..batch.cells import ink
from ..batch.marks import note
from ..frames import Played, Trace, single
from ..theme import DIVERGING, DIVERGING_DARK, GROUND, GROUND_DARK, INK, PAPER, layout
from .epochs import nonbreaking_estimate, nonbreaking_interval

LEAST = 0.5
"""Points to which the colours reach at least, so that next to nothing does not look like much."""


def figure(grid: Grid, measure: str, first: str, margin: float) -> Played:
    """The map of a measure's differences to the loss called `first`.

    Cells whose interval, with all others at once, is beyond ± margin have a frame and bold type.
    """
    title, clear = _title(grid, measure, first, margin), grid.beyond(margin)
    look = layout(
        title,
        xaxis=_axis(say("focusing γ"), [f"{gamma:g}" for gamma in grid.gammas]),
        yaxis=_axis(say("noise rate"), [f"{100 * rate:g}%" for rate in grid.rates]),
        annotations=note(say("Nothing to compare in any cell.") if np.isnan(grid.mean).all() else ""),
        hovermode="closest",
        showlegend=bool(clear.any()),
        height=64 * max(len(grid.rates), 3) + 150,
    )
    return Played([_cells(grid), *_frames(clear, margin), _numbers(grid, clear)], look, [])


def _axis(title: str, texts: list[str]) -> dict[str, Any]:
    """Cells stand side by side whatever their values are, so that each has room for its number."""
    ends = [-0.5, len(texts) - 0.5]
    ticks = {"tickvals": list(range(len(texts))), "ticktext": texts, "ticks": ""}
    return {"title": {"text": title}, "range": ends, "showgrid": False, "zeroline": False, **ticks}


def _title(grid: Grid, measure: str, first: str, margin: float) -> str:
    text, chance = summary(grid, measure, first, margin), chance_in_words(grid)
    return say("{summary} ({chance})", summary=text, chance=chance) if chance else text


def chance_in_words(grid: Grid) -> str:
    """What the intervals hold for, and how many cells would differ by chance; nothing where there is no interval."""
    if not grid.cells:
        return ""
    return say(
        "95% intervals for all cells at once; one cell at a time, {cells:.2g} would look different by chance alone",
        cells=grid.by_chance,
    )


def summary(grid: Grid, measure: str, first: str, margin: float) -> str:
    """In how many cells the difference to the loss called `first` is beyond ± margin."""
    word = then(MEASURES[measure].title, sentence_case)
    if np.isnan(grid.mean).all():
        return say("{measure} over γ and the noise rate: nothing to compare", measure=word)
    if not grid.cells:
        return say(
            "{measure}, focal loss minus {first}: no cell has an interval, which takes at least {seeds} seeds with different "
            "results",
            measure=word,
            first=first,
            seeds=FEWEST,
        )
    least = max(margin, NOTHING)
    down, up = (int(x.sum()) or say("none") for x in (grid.high < -least, grid.low > least))
    below, above = ("0", "0") if margin < NOTHING else (f"−{format_size(margin)}", f"+{format_size(margin)}")
    return say(
        "{measure}, focal loss minus {first}, is below {below} points in {down} of {cells} cells and above {above} in {up}",
        measure=word,
        first=first,
        below=below,
        down=down,
        cells=grid.cells,
        above=above,
        up=up,
    )


def _ends(grid: Grid) -> float:
    return max(LEAST, float(np.abs(grid.mean[np.isfinite(grid.mean)]).max(initial=0)))


def _cells(grid: Grid) -> Trace:
    most = _ends(grid)
    texts = [
        [
            say("γ = {gamma:g}, noise rate {rate:g}%<br>{result}", gamma=g, rate=100 * r, result=_exact(grid, i, j))
            for j, g in enumerate(grid.gammas)
        ]
        for i, r in enumerate(grid.rates)
    ]
    return {
        "uid": "cells",
        "type": "heatmap",
        "z": single(grid.mean),
        "zmin": -most,
        "zmax": most,
        "colorscale": DIVERGING,
        "colorbar": {"title": {"text": say("points"), "side": "top"}, "thickness": 14},
        "xgap": 2,
        "ygap": 2,
        "hovertext": texts,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": {"dark": {"colorscale": DIVERGING_DARK}, "narrow": {"showscale": False}},
    }


def _exact(grid: Grid, i: int, j: int) -> str:
    mean, low, high, alone_low, alone_high = (float(x[i, j]) for x in grid[3:])
    if np.isnan(mean):
        return say("nothing to compare")
    if np.isnan(low):
        return say("<b>{mean} points</b>, no interval", mean=format_signed(mean))
    centre, ends = nonbreaking_estimate(mean, low, high)
    return say(
        "<b>{mean} points</b>{interval} for all {cells} cells at once<br>this cell by itself: {alone}",
        mean=centre,
        interval=ends,
        cells=grid.cells,
        alone=nonbreaking_interval(alone_low, alone_high),
    )


def _numbers(grid: Grid, clear: NDArray[np.bool_]) -> Trace:
    """Each cell's number, black or white by what is behind it; bold where the interval is beyond what matters."""
    rows, columns = (place.ravel() for place in np.indices(grid.mean.shape))
    shares = (grid.mean.ravel() / _ends(grid) + 1) / 2
    light, on_dark = (
        [ink(scale, share, ground) for share in shares]
        for scale, ground in ((DIVERGING, GROUND), (DIVERGING_DARK, GROUND_DARK))
    )
    words = [
        "–" if np.isnan(x) else f"<b>{format_signed(x)}</b>" if sure else format_signed(x)
        for x, sure in zip(grid.mean.flat, clear.flat, strict=True)
    ]
    return {
        "uid": "numbers",
        "type": "scatter",
        "mode": "text",
        "x": single(columns),
        "y": single(rows),
        "text": words,
        "textfont": {"size": 16, "color": light},
        "meta": {"dark": {"textfont.color": on_dark}, "narrow": {"textfont.size": 13}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _frames(clear: NDArray[np.bool_], margin: float) -> list[Trace]:
    """A frame in each cell that is clear, as one line with gaps, over a wider one in the page's colour."""
    i, j = (place[..., None] for place in np.nonzero(clear))
    x = (j + 0.44 * np.array([-1, 1, 1, -1, -1, np.nan])).ravel()
    y = (i + 0.42 * np.array([-1, -1, 1, 1, -1, np.nan])).ravel()
    shared = {"type": "scatter", "mode": "lines", "x": single(x), "y": single(y), "hoverinfo": "skip"}
    name = (
        say("the 95% interval, for all cells at once, lies beyond ±{margin} points", margin=format_size(margin))
        if margin >= NOTHING
        else say("the 95% interval, for all cells at once, excludes 0")
    )
    halo = {
        "uid": "halo",
        "line": {"color": PAPER, "width": 5},
        "showlegend": False,
        "meta": {"dark": {"line.color": GROUND_DARK}},
    }
    line = {"uid": "clear", "line": {"color": INK, "width": 2.5}, "name": name, "meta": {"dark": {"line.color": PAPER}}}
    return [shared | halo, shared | line | {"showlegend": bool(clear.any())}]
