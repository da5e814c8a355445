"""How much the losses differ from the first, by epoch, with intervals; seed_rows.py has the seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...analysis.training import MEASURES, Contrast, Estimate, estimate
from ...analysis.training.percentage_points import NOTHING, format_signed, format_size
from ...evaluation.setting import Array
from ...fields import sentence_case
from ...texts import say, then
from ..batch.marks import note
from ..frames import Played, Trace, frames
from ..theme import GREY, GREY_DARK, layout, see_through
from .epochs import (
    NONE,
    axis,
    band,
    band_key,
    curve,
    epoch_line,
    epoch_marker,
    late_range,
    nonbreaking_estimate,
    nonbreaking_label,
    runaways,
)
from .lines import LegendEntry


class SeedDifferences(NamedTuple):
    """What is drawn: losses, the first of which the others differ from; the epochs; differences by seed of a measure.

    seeds: their numbers. cause: what the counterpart is without, in words ("the noise"). margin: the smallest difference that
    matters, in points. last: the epoch at which the experiment ends.
    """

    lines: Sequence[LegendEntry]
    epochs: tuple[int, ...]
    seeds: Sequence[int]
    contrast: Contrast
    measure: str
    cause: str
    margin: float
    last: int = 0

    @property
    def what(self) -> str:
        """The measure in words."""
        return MEASURES[self.measure].title

    @property
    def effect(self) -> Estimate:
        """What a claim is about, by epoch."""
        return estimate(self.contrast.effect)


def by_epoch(comparison: SeedDifferences, at: int) -> Played:
    """What is judged, by epoch: of each loss but the first the mean over seeds and its 95% interval.

    `at`: which of the epochs is on show; there is a frame for each.
    """
    estimates, lines = comparison.effect, comparison.lines
    ends = late_range(comparison.epochs, estimates.mean, estimates.low, estimates.high, margins(comparison))
    static_traces = [
        margin_band(comparison, [comparison.epochs[0], comparison.epochs[-1]], upright=False),
        _zero(lines[0], comparison.epochs),
    ]
    static_traces += [t for n, line in enumerate(lines[1:]) for t in _curve_with_band(line, comparison.epochs, estimates, n)]
    static_traces += [band_key(lines[1:], say("95% interval, each epoch by itself"))]
    static_traces += [
        runaways(line, f"off-{line.slot}", comparison.epochs, estimates.mean[:, n], ends) for n, line in enumerate(lines[1:])
    ]
    frame_traces = [
        [
            *static_traces,
            epoch_line(epoch, ends),
            *(epoch_marker(line, f"here-{line.slot}", epoch, estimates.mean[e, n]) for n, line in enumerate(lines[1:])),
        ]
        for e, epoch in enumerate(comparison.epochs)
    ]
    titles = _titles(comparison, estimates)
    is_difference = comparison.contrast.counterpart is None
    words = say("difference in points") if is_difference else say("effect of {cause} in points", cause=comparison.cause)
    figure_layout = layout(
        titles[at],
        xaxis=axis(comparison.epochs, comparison.last),
        yaxis={"title": {"text": words}, "range": ends, "zeroline": False},
        annotations=note(nothing_to_compare(comparison, estimates), 0.72),
        hovermode="closest",
        showlegend=True,
        height=400 + 22 * len(lines),
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def margins(comparison: SeedDifferences) -> Array:
    """The ends of what is too small to matter, by epoch (E, 2)."""
    return np.array([[-comparison.margin, comparison.margin]] * len(comparison.epochs))


def _titles(comparison: SeedDifferences, estimates: Estimate) -> list[str]:
    """What each epoch shows: the difference of one loss that is judged, or of several how many are beyond the margin."""
    what = then(comparison.what, sentence_case)
    if len(comparison.lines) < 2:
        return [say("{measure}: only one loss, nothing to compare it with", measure=what)] * len(comparison.epochs)
    if np.isnan(estimates.mean).all():
        return [say("{measure}: nothing to compare", measure=what)] * len(comparison.epochs)
    texts = [_epoch_text(estimates.at(e), comparison.margin) for e in range(len(comparison.epochs))]
    return [_title(comparison, epoch, text) for epoch, text in zip(comparison.epochs, texts, strict=True)]


def _title(comparison: SeedDifferences, epoch: int, text: str) -> str:
    values = {"epoch": epoch, "measure": comparison.what, "loss": nonbreaking_label(comparison.lines[0]), "difference": text}
    if comparison.contrast.counterpart is None:
        return say("Epoch {epoch}, {measure} relative to {loss}: {difference}", **values)
    return say(
        "Epoch {epoch}, effect of {cause} on {measure} relative to {loss}: {difference}", cause=comparison.cause, **values
    )


def _epoch_text(estimates: Estimate, margin: float) -> str:
    """The difference of one loss after an epoch; of several how many are beyond the margin."""
    return _one_loss(estimates) if len(estimates.mean) == 1 else _several_losses(estimates, margin)


def _one_loss(estimates: Estimate) -> str:
    mean, ends = nonbreaking_estimate(*(float(x[0]) for x in estimates[2:5]))
    if not ends:
        return say("{mean}\u00a0points (no interval)", mean=mean)
    return say("{mean}\u00a0points{interval}", mean=mean, interval=ends)


def _several_losses(estimates: Estimate, margin: float) -> str:
    if np.isnan(estimates.low).all():
        low, high = format_signed(np.nanmin(estimates.mean)), format_signed(np.nanmax(estimates.mean))
        return say("{low} to {high}\u00a0points (no intervals)", low=low, high=high)
    least = max(margin, NOTHING)
    down, up = int((estimates.high < -least).sum()), int((estimates.low > least).sum())
    below, above = ("0", "0") if margin < NOTHING else (f"−{format_size(margin)}", f"+{format_size(margin)}")
    return say(
        "{down} of {losses}\u00a0losses below {below}\u00a0points, {up} above {above}",
        down=down,
        losses=len(estimates.mean),
        below=below,
        up=up,
        above=above,
    )


def nothing_to_compare(comparison: SeedDifferences, estimates: Estimate) -> str:
    """Why there is nothing to draw; "" where there is."""
    if len(comparison.lines) < 2:
        return say("Choose a second loss to compare.")
    return NONE if np.isnan(estimates.mean).all() else ""


def margin_band(comparison: SeedDifferences, span: Sequence[float], upright: bool) -> Trace:
    """The band of differences that are too small to matter."""
    ends, across = [span[0], span[1], span[1], span[0]], [-comparison.margin] * 2 + [comparison.margin] * 2
    return {
        "uid": "margin",
        "type": "scatter",
        "mode": "none",
        "x": across if upright else ends,
        "y": ends if upright else across,
        "fill": "toself",
        "fillcolor": see_through(GREY, 0.22),
        "meta": {"dark": {"fillcolor": see_through(GREY_DARK, 0.26)}},
        "hoverinfo": "skip",
        "name": say("too small to matter, ±{margin} points", margin=format_size(comparison.margin)),
        "visible": comparison.margin > 0,
        "legendrank": 2000,
    }


def _zero(first: LegendEntry, epochs: Sequence[int]) -> Trace:
    """The first loss, from which nothing differs less than itself."""
    return curve(first, "zero", [epochs[0], epochs[-1]], np.zeros(2), "", hoverinfo="skip")


def _curve_with_band(line: LegendEntry, epochs: Sequence[int], estimates: Estimate, n: int) -> list[Trace]:
    mean, low, high = (x[:, n] for x in estimates[2:5])
    hover = say("<b>%{customdata[0]} points</b>%{customdata[1]}")
    texts = [list(nonbreaking_estimate(*row)) for row in zip(mean.tolist(), low.tolist(), high.tolist(), strict=True)]
    return [
        band(line, f"band-{line.slot}", epochs, low, high, legendgroup=f"loss-{line.slot}"),
        curve(line, f"mean-{line.slot}", epochs, mean, hover, customdata=texts, legendgroup=f"loss-{line.slot}"),
    ]
