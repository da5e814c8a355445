"""Which samples drive the loss, and a card of one of them beside the bars."""

from __future__ import annotations

from ....analysis.batch.contributions import ranked_rows
from ....report.sections.samples import samples
from ...controls.batch import BatchView
from ...controls.field import control
from ...session import value
from . import selected_sample
from .cards import selected
from .section import draw_with_card


def choose(_: BatchView) -> tuple[str, str]:
    """Of the loss or of the gradient, and which loss ranks."""
    return str(control("by", bare=True)), str(control("under", bare=True, menu=True))


def draw(view: BatchView, by: str, under: str) -> None:
    """Bars of the samples with the largest share, at every γ; the card is of the one clicked, or of the topmost bar."""
    own, ce = view.analyses.all_stats((view.query.spec, view.query.ce))
    order = ranked_rows(own if under == "chosen" else ce, by)
    section = samples(view.query, view.analyses, by, under, selected(value("row"), order))
    draw_with_card(view.query, section, {0: "row"}, lambda: selected_sample.draw(view, order, "bar"))
