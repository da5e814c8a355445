"""`analysis.training.plane` drawn after training: where each loss's model of the first seed sees class 1, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...analysis.training.plane import DecisionRegions, PlaneSamples
from ...evaluation.setting import Array
from ...texts import say
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
    ground = probability_heatmap(regions.plane.x, regions.plane.y, regions.plane.truth, say("true probability")) | FAINT
    marks = [_without_narrow_legend(trace) for trace in sample_markers(samples)]
    static_traces = [ground, *marks, bayes_boundary(regions.plane)]
    frame_traces = [
        [*static_traces, *(_named_border(regions, line, n, e) for n, line in enumerate(lines))]
        for e in range(len(regions.epochs))
    ]
    title = _title(samples)
    both = axes(regions.plane)
    both["xaxis"] |= {"title": {"text": "x₁"}}
    figure_layout = layout(
        title, **both, hovermode="closest", **beside_legend(plane_layout(aspect_ratio(regions.plane), LEGEND))
    )
    sentences = tuple(_accuracy_in_words(regions, e) for e in range(len(regions.epochs)))
    return Picture(
        Played(frame_traces[at], figure_layout, frames(frame_traces)),
        say("{title}. {sentence}", title=title, sentence=sentences[at]),
        False,
        sentences,
    )


def _title(samples: PlaneSamples) -> str:
    if not samples.total_wrong:
        return say("First seed: all labels are right")
    return say("First seed: {wrong:,} of {all:,} labels are wrong", wrong=samples.total_wrong, all=samples.total)


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
    name = say("{loss}: {accuracy}", loss=line.label, accuracy=format_percent(regions.accuracy[e, n]))
    return boundary(f"border-{line.slot}", name, regions.boundaries[e][n], {"color": light, "width": 3.5}, dark)


def _accuracy_in_words(regions: DecisionRegions, e: int) -> str:
    """How many of the clean test samples the models of the first seed get right, and how many all seeds' do on average."""
    when = say("Epoch {epoch}", epoch=regions.epochs[e]) if regions.epochs[e] else say("Before training")
    own = _span(regions.accuracy[e])
    if regions.seeds == 1:
        best = format_percent(regions.plane.bayes_accuracy)
        return say("{when}: clean accuracy {own}; the best possible is {best}.", when=when, own=own, best=best)
    return say(
        "{when}: clean accuracy {own} for the first seed, {mean} on average over {seeds} seeds.",
        when=when,
        own=own,
        mean=_span(regions.mean_accuracy[e]),
        seeds=regions.seeds,
    )


def _span(shares: Array) -> str:
    """One share, or the least and the most of several."""
    low, high = format_percent(float(shares.min())), format_percent(float(shares.max()))
    return low if low == high else say("{low} to {high}", low=low, high=high)


def pictures(regions: DecisionRegions, lines: Sequence[LegendEntry], at: int) -> list[Picture]:
    """A picture for each loss, with a frame for each epoch, of which `at` is shown first."""
    figures = [figure(regions, line, n, at) for n, line in enumerate(lines)]
    samples = samples_in_words(regions.plane.samples)
    return [Picture(one, say("{title}; {samples}", title=one.title, samples=samples)) for one in figures]


def figure(regions: DecisionRegions, line: LegendEntry, n: int, at: int) -> Played:
    """The n-th loss, which `line` names."""
    static_traces = [*sample_markers(regions.plane.samples), bayes_boundary(regions.plane)]
    frame_traces = [[_field(regions, n, e), *static_traces, _border(regions, line, n, e)] for e in range(len(regions.epochs))]
    titles = [
        say(
            "{loss}: {when}, clean accuracy {accuracy}",
            loss=line.label,
            when=epoch_in_words(epoch),
            accuracy=_accuracy(regions, n, e),
        )
        for e, epoch in enumerate(regions.epochs)
    ]
    figure_layout = layout(
        titles[at], **axes(regions.plane), hovermode="closest", **plane_layout(aspect_ratio(regions.plane), 100)
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


def _accuracy(regions: DecisionRegions, n: int, e: int) -> str:
    """That of the seed on show, and beside it the mean over seeds, of which all other pictures and the verdict speak."""
    own, mean = format_percent(regions.accuracy[e, n]), format_percent(regions.mean_accuracy[e, n])
    if regions.seeds == 1:
        return own
    return say("{own} for the first seed, {mean} on average over {seeds}", own=own, mean=mean, seeds=regions.seeds)


def epoch_in_words(epoch: int) -> str:
    """After which epoch, in words."""
    return say("epoch {epoch}", epoch=epoch) if epoch else say("before training")


def _field(regions: DecisionRegions, n: int, e: int) -> Trace:
    return probability_heatmap(regions.plane.x, regions.plane.y, regions.probability[e, n], say("the model"))


def _border(regions: DecisionRegions, line: LegendEntry, n: int, e: int) -> Trace:
    """Where the model gives both classes the same probability, in its loss's colour."""
    light, dark = line.colours
    return boundary("border", say("the model: p = ½"), regions.boundaries[e][n], {"color": light, "width": 5}, dark)
