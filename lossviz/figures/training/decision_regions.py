"""`analysis.training.plane` drawn after training: where each loss's model of the first seed sees class 1, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

from ...analysis.training.plane import DecisionRegions
from ..frames import Played, Trace, frames
from ..picture import Picture
from ..theme import layout
from . import plane
from .lines import Line


def pictures(found: DecisionRegions, lines: Sequence[Line], at: int) -> list[Picture]:
    """A picture for each loss, with a frame for each epoch, of which `at` is shown first."""
    told = plane.told(found.plane.points)
    return [Picture(one := figure(found, line, n, at), f"{one.title}; {told}") for n, line in enumerate(lines)]


def figure(found: DecisionRegions, line: Line, n: int, at: int) -> Played:
    """The n-th loss, which `line` names."""
    still = [*plane.samples(found.plane.points), plane.best(found.plane)]
    drawn = [[_field(found, n, e), *still, _border(found, line, n, e)] for e in range(len(found.epochs))]
    titles = [f"{line.label}: {when(epoch)}, clean accuracy {_accuracy(found, n, e)}" for e, epoch in enumerate(found.epochs)]
    look = layout(titles[at], **plane.axes(found.plane), hovermode="closest", **plane.room(plane.steepness(found.plane), 100))
    return Played(drawn[at], look, frames(drawn, titles))


def _accuracy(found: DecisionRegions, n: int, e: int) -> str:
    """That of the seed on show, and beside it the mean over seeds, of which all other pictures and the verdict speak."""
    own, mean = plane.percent(found.accuracy[e, n]), plane.percent(found.mean[e, n])
    return own if found.seeds == 1 else f"{own} for this first seed, {mean} on average over {found.seeds}"


def when(epoch: int) -> str:
    """After which epoch, in words."""
    return f"epoch {epoch}" if epoch else "before training"


def _field(found: DecisionRegions, n: int, e: int) -> Trace:
    return plane.field(found.plane.x, found.plane.y, found.share[e, n], "the model")


def _border(found: DecisionRegions, line: Line, n: int, e: int) -> Trace:
    """Where the model gives both classes the same probability, in its loss's colour."""
    light, dark = line.colours
    return plane.border("border", "the model: p = ½", found.borders[e][n], {"color": light, "width": 5}, dark)
