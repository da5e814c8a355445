"""`analysis.training.plane` drawn after training: where each loss's model of the first seed sees class 1, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...analysis.training.plane import DecisionRegions
from ...evaluation.setting import Array
from ..frames import Played, Trace, frames
from ..picture import Picture
from ..theme import layout
from .lines import LegendEntry
from .plane import (
    aspect_ratio,
    axes,
    bayes_boundary,
    boundary,
    format_percent,
    plane_layout,
    probability_heatmap,
    sample_markers,
    samples_in_words,
)


def together(regions: DecisionRegions, lines: Sequence[LegendEntry], at: int) -> Picture:
    """All losses' borders in one plane, over what the best rule says: where a loss has moved its border, it is seen at once."""
    samples = regions.plane.samples
    ground = probability_heatmap(regions.plane.x, regions.plane.y, regions.plane.truth, "true probability") | FAINT
    marks = [_without_narrow_legend(trace) for trace in sample_markers(samples)]
    static_traces = [ground, *marks, bayes_boundary(regions.plane)]
    frame_traces = [
        [*static_traces, *(_named_border(regions, line, n, e) for n, line in enumerate(lines))]
        for e in range(len(regions.epochs))
    ]
    wrong = f"{samples.total_wrong:,} of {samples.total:,} labels are wrong" if samples.total_wrong else "all labels are right"
    title = f"First seed: {wrong}"
    both = axes(regions.plane)
    both["xaxis"] |= {"title": {"text": "x₁"}}
    figure_layout = layout(
        title, **both, hovermode="closest", **beside_legend(plane_layout(aspect_ratio(regions.plane), LEGEND))
    )
    sentences = tuple(_accuracy_in_words(regions, e) for e in range(len(regions.epochs)))
    return Picture(Played(frame_traces[at], figure_layout, frames(frame_traces)), f"{title}. {sentences[at]}", False, sentences)


def _without_narrow_legend(trace: Trace) -> Trace:
    """Samples, of which a small screen's legend says nothing."""
    return trace | {"meta": trace["meta"] | {"narrow": {"showlegend": False}}}


FAINT = {"showscale": False, "opacity": 0.45}
"""A ground on which samples are what is seen."""

LEGEND = 180
"""Pixels for a legend at the right of a plane."""


def beside_legend(plane: dict[str, Any]) -> dict[str, Any]:
    """A plane's layout with its legend at the right, on a small screen below it."""
    right = {"orientation": "v", "x": 1.02, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "top"}
    below = {"orientation": "h", "x": 0, "xref": "container", "y": 0, "yref": "container", "yanchor": "bottom"}
    margin = plane["margin"] | {"b": 52}
    return plane | {
        "margin": margin,
        "legend": right | {"font": {"size": 13}},
        "narrow": plane["narrow"] | {"margin.b": 124} | {f"legend.{name}": value for name, value in below.items()},
    }


def _named_border(regions: DecisionRegions, line: LegendEntry, n: int, e: int) -> Trace:
    """A loss's border, with its model's accuracy in the legend."""
    light, dark = line.colours
    name = f"{line.label}: {format_percent(regions.accuracy[e, n])}"
    return boundary(f"border-{line.slot}", name, regions.boundaries[e][n], {"color": light, "width": 3.5}, dark)


def _accuracy_in_words(regions: DecisionRegions, e: int) -> str:
    """How many of the clean test samples the models of the first seed get right, and how many all seeds' do on average."""
    when = f"Epoch {regions.epochs[e]}" if regions.epochs[e] else "Before training"
    own = _span(regions.accuracy[e])
    if regions.seeds == 1:
        best = format_percent(regions.plane.bayes_accuracy)
        return f"{when}: clean accuracy {own}; the best possible is {best}."
    mean = _span(regions.mean_accuracy[e])
    return f"{when}: clean accuracy {own} for the first seed, {mean} on average over {regions.seeds} seeds."


def _span(shares: Array) -> str:
    """One share, or the least and the most of several."""
    low, high = format_percent(float(shares.min())), format_percent(float(shares.max()))
    return low if low == high else f"{low} to {high}"


def pictures(regions: DecisionRegions, lines: Sequence[LegendEntry], at: int) -> list[Picture]:
    """A picture for each loss, with a frame for each epoch, of which `at` is shown first."""
    samples_text = samples_in_words(regions.plane.samples)
    return [Picture(one := figure(regions, line, n, at), f"{one.title}; {samples_text}") for n, line in enumerate(lines)]


def figure(regions: DecisionRegions, line: LegendEntry, n: int, at: int) -> Played:
    """The n-th loss, which `line` names."""
    static_traces = [*sample_markers(regions.plane.samples), bayes_boundary(regions.plane)]
    frame_traces = [[_field(regions, n, e), *static_traces, _border(regions, line, n, e)] for e in range(len(regions.epochs))]
    titles = [
        f"{line.label}: {epoch_in_words(epoch)}, clean accuracy {_accuracy(regions, n, e)}"
        for e, epoch in enumerate(regions.epochs)
    ]
    figure_layout = layout(
        titles[at], **axes(regions.plane), hovermode="closest", **plane_layout(aspect_ratio(regions.plane), 100)
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _accuracy(regions: DecisionRegions, n: int, e: int) -> str:
    """That of the seed on show, and beside it the mean over seeds, of which all other pictures and the verdict speak."""
    own, mean = format_percent(regions.accuracy[e, n]), format_percent(regions.mean_accuracy[e, n])
    return own if regions.seeds == 1 else f"{own} for the first seed, {mean} on average over {regions.seeds}"


def epoch_in_words(epoch: int) -> str:
    """After which epoch, in words."""
    return f"epoch {epoch}" if epoch else "before training"


def _field(regions: DecisionRegions, n: int, e: int) -> Trace:
    return probability_heatmap(regions.plane.x, regions.plane.y, regions.probability[e, n], "the model")


def _border(regions: DecisionRegions, line: LegendEntry, n: int, e: int) -> Trace:
    """Where the model gives both classes the same probability, in its loss's colour."""
    light, dark = line.colours
    return boundary("border", "the model: p = ½", regions.boundaries[e][n], {"color": light, "width": 5}, dark)
