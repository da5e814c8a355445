"""Whom a loss listens to: the share of all loss, or of all gradient, that each group of samples has, by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...analysis.training import Record
from ...evaluation.setting import Array
from ...texts import say
from ..batch.marks import WORDS, note
from ..frames import Played, Trace, frames, single
from ..theme import GREY, GREY_DARK, layout
from .epochs import FEW, axis, epoch_line, epoch_marker, seed_curves, values_in_words
from .lines import LegendEntry

GROUP_PHRASES = (say("mislabeled samples"), say("samples of the rare class"), say("all other samples"))
"""GROUPS as a sentence has them."""

GROUP_NAMES = (say("mislabeled"), say("rare class"), say("others"))
"""GROUPS as headings."""

PANEL, NAME = 180, 34
"""Pixels of height for a group, and what its name takes of them."""


def figure(lines: Sequence[LegendEntry], record: Record, samples: Array, of: str, at: int) -> Played:
    """A panel for each group that the experiment has; the mean over seeds and, of few losses, from the lowest to the highest.

    `samples`: what share of the samples each group has, from `analysis.training.groups`. `of`: "loss" or "gradient".
    """
    shares = 100 * (record.runs.loss_share if of == "loss" else record.runs.grad_share)
    groups = np.flatnonzero(samples).tolist()
    panels = [_Panel(lines, record, shares[..., g], 100 * float(samples[g]), g, n) for n, g in enumerate(groups)]
    static_traces = [trace for panel in panels for trace in panel.static_traces()]
    frame_traces = [
        [*static_traces, *(t for panel in panels for t in panel.frame_traces(e))] for e in range(len(record.epochs))
    ]
    titles = [_title(lines, epoch, shares[e], samples, of) for e, epoch in enumerate(record.epochs)]
    alone = say("All samples are alike: no wrong label, and no rare class.") if len(panels) == 1 else ""
    figure_layout = layout(
        titles[at],
        xaxis=axis(record.epochs, record.experiment.epochs) | {"anchor": panels[-1].place},
        **{panel.place.replace("y", "yaxis"): panel.height(len(panels)) for panel in panels},
        annotations=[*(panel.name(len(panels)) for panel in panels), *note(alone)],
        hovermode="closest",
        showlegend=True,
        height=PANEL * max(2, len(panels)) + 160,
    )
    return Played(frame_traces[at], figure_layout, frames(frame_traces, titles))


class _Panel:
    """Group g's panel, the n-th from above: its shares (E, L, S) and what it has of the samples, in percent."""

    def __init__(
        self, lines: Sequence[LegendEntry], record: Record, shares: Array, sample_share: float, g: int, n: int
    ) -> None:
        self.lines, self.record, self.shares, self.sample_share, self.g, self.n = lines, record, shares, sample_share, g, n
        self.place = f"y{n + 1}" if n else "y"
        shown = shares if len(lines) <= FEW else shares.mean(-1)
        self.ends = [0.0, 1.06 * max(sample_share, float(np.nanmax(shown, initial=1.0)))]

    def height(self, count: int) -> dict[str, Any]:
        """The panel's axis."""
        top = 1 - self.n / count
        domain = [top - 1 / count, top - NAME / (PANEL * count)]
        return {"range": self.ends, "domain": domain, "ticksuffix": "%", "nticks": 5, "zeroline": False}

    def name(self, count: int) -> dict[str, Any]:
        """Above the panel, whom it is about."""
        text = say("<b>{group}</b>, {share:.3g}% of the samples", group=GROUP_NAMES[self.g], share=self.sample_share)
        place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "yanchor": "bottom", "showarrow": False}
        return place | {"y": self.height(count)["domain"][1], "text": text}

    def static_traces(self) -> list[Trace]:
        """What is the same in all epochs."""
        ends = [self.record.epochs[0], self.record.epochs[-1]]
        sample_share = {
            "uid": f"samples-{self.g}",
            "type": "scatter",
            "mode": "lines",
            "x": ends,
            "y": single([self.sample_share] * 2),
            "yaxis": self.place,
            "name": say("their share of the samples"),
            "legendgroup": "samples",
            "legendrank": 2000,
            "showlegend": self.n == 0,
            "line": {"color": GREY, "width": 2.5, "dash": "2px 4px"},
            "meta": {"dark": {"line.color": GREY_DARK}},
            "hovertemplate": say("%{y:.3g}% of the samples<extra></extra>"),
        }
        shown = {"yaxis": self.place, "showlegend": self.n == 0}
        return [sample_share, *seed_curves(self.lines, self.record.epochs, self.shares, f"-{self.g}", **shown)]

    def frame_traces(self, e: int) -> list[Trace]:
        """The epoch on show."""
        epoch, mean = self.record.epochs[e], self.shares[e].mean(-1)
        dots = [
            epoch_marker(line, f"here-{self.g}-{line.slot}", epoch, float(y), yaxis=self.place)
            for line, y in zip(self.lines, mean, strict=True)
        ]
        return [epoch_line(epoch, self.ends, f"now-{self.g}", yaxis=self.place), *dots]


def _title(lines: Sequence[LegendEntry], epoch: int, shares: Array, samples: Array, of: str) -> str:
    """What the first group has: of all samples, and of each loss."""
    if (samples > 0).sum() < 2:
        return say("Epoch {epoch}: all samples are of one group, which has all of the {of}", epoch=epoch, of=WORDS[of])
    g = int(np.flatnonzero(samples)[0])
    return say(
        "Epoch {epoch}: of the {of}, {group} ({share:.3g}% of all) have {values}",
        epoch=epoch,
        of=WORDS[of],
        group=GROUP_PHRASES[g],
        share=100 * samples[g],
        values=values_in_words(lines, shares[..., g].mean(-1)),
    )
