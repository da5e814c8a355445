"""`analysis.training.plane` drawn after training: where each loss's model of the first seed sees class 1, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.training.plane import DecisionRegions
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
    return own if regions.seeds == 1 else f"{own} for this first seed, {mean} on average over {regions.seeds}"


def epoch_in_words(epoch: int) -> str:
    """After which epoch, in words."""
    return f"epoch {epoch}" if epoch else "before training"


def _field(regions: DecisionRegions, n: int, e: int) -> Trace:
    return probability_heatmap(regions.plane.x, regions.plane.y, regions.probability[e, n], "the model")


def _border(regions: DecisionRegions, line: LegendEntry, n: int, e: int) -> Trace:
    """Where the model gives both classes the same probability, in its loss's colour."""
    light, dark = line.colours
    return boundary("border", "the model: p = ½", regions.boundaries[e][n], {"color": light, "width": 5}, dark)
