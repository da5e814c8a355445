"""Which classes, sides or groups dominate, with a card of one of them beside the bars."""

from __future__ import annotations

from ....analysis.batch.counting_unit import partitions
from ....analysis.batch.parts import parts
from ....report.sections.parts import division
from ....state.batch import splits
from ...controls.batch import BatchView
from ...controls.field import control, undrawn
from ...session import reset
from . import selected_part
from .cards import selected
from .section import draw_with_card


def choose(view: BatchView) -> tuple[str]:
    """How the batch is divided."""
    return (choose_split(view),)


def choose_split(view: BatchView) -> str:
    """How the batch is divided: a choice only where there is one. Another division has other parts."""
    offered = splits(view.query.survey)
    if len(offered) == 1:
        return offered[0]
    return str(control("split", offered, bare=True, on_change=lambda: reset("part")))


def draw(view: BatchView, split: str) -> None:
    """Shares of the parts; the card is of the one clicked, or of the topmost bars."""
    wanted = undrawn("part")
    own, ce = view.analyses.all_stats((view.query.spec, view.query.ce))
    order = parts(own, ce, partitions(view.query.survey)[split]).numbers
    section = division(view.query, view.analyses, split, selected(wanted, order))
    draw_with_card(view.query, section, {0: "part"}, lambda: selected_part.draw(view, split, wanted, order))
