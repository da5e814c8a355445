"""One class, side or group of the batch: its shares, how it is predicted, and the way to its samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....analysis.batch.class_table import class_table, pair_table
from ....analysis.batch.counting_unit import partitions
from ....analysis.batch.parts import parts
from ....analysis.batch.sample_filter import SampleFilter
from ....state.batch import unit
from ....texts import joined, say
from ... import elements as st
from ...components.markdown import literal
from ...controls.batch import BatchView
from ...session import assign
from .cards import markdown_table, place, selected, steps

CONFUSIONS = 3
"""So many kinds of wrong decisions are named."""


KINDS = {"side": say("side"), "class": say("class"), "group": say("group")}
"""What a part is called, by how the batch is divided."""


def draw(view: BatchView, split: str, wanted: float | None, order: Sequence[int]) -> None:
    """The card of a part: the one clicked, or the first of the bars."""
    number = selected(wanted, order)
    names = partitions(view.query.survey)[split].names
    if number is None:
        return
    if number >= len(names):
        st.warning(_no_part(split, number, len(names)))
        return
    with st.container(border=True, key="card"):
        st.caption(joined((x for x in (KINDS[split], place(number, order, "bar")) if x), " · "))
        st.markdown(say("### {name}", name=literal(names[number], 200)))
        st.markdown(_shares(view, split, number))
        if split == "class":
            st.markdown(_decisions(view, number))
        with st.container(horizontal=True, gap="small"):
            steps("part", number, order)
            if split != "side":
                st.button("Show its samples", on_click=_open, args=(split, names, number), icon=":material/list:")


def _no_part(split: str, number: int, count: int) -> str:
    """A link may have a number that no part has."""
    match split:
        case "side":
            return say(
                "part: found {number}; expected a number below {count}, the number of sides.", number=number, count=count
            )
        case "class":
            return say(
                "part: found {number}; expected a number below {count}, the number of classes.", number=number, count=count
            )
    return say("part: found {number}; expected a number below {count}, the number of groups.", number=number, count=count)


def _shares(view: BatchView, split: str, number: int) -> str:
    """Its shares as a table."""
    query = view.query
    own, ce = view.analyses.all_stats((query.spec, query.ce))
    every = len(partitions(query.survey)[split].names)
    shares = parts(own, ce, partitions(query.survey)[split], own, every)
    at = shares.numbers.index(number)
    counts = f"{100 * shares.counts[at]:.1f}%"
    rows = [
        (unit(query.survey), counts, counts),
        (say("loss"), f"**{100 * shares.loss[at]:.1f}%**", f"{100 * shares.ce_loss[at]:.1f}%"),
        (say("gradient"), f"**{100 * shares.norm[at]:.1f}%**", f"{100 * shares.ce_norm[at]:.1f}%"),
    ]
    return markdown_table((say("share"), query.brief(query.scrub.at), say("cross-entropy")), rows)


def _decisions(view: BatchView, number: int) -> str:
    """Recall, precision, and what it is taken for."""
    sums, survey = view.analyses.class_sums(), view.query.survey
    table = class_table(sums, survey)
    recall, precision = (float(np.asarray(table[name])[number]) for name in ("recall (%)", "precision (%)"))
    lines = [
        say("Recall **{recall}**, precision **{precision}**.", recall=_percent(recall), precision=_percent(precision)),
    ]
    pairs = pair_table(sums, survey, SampleFilter(label=number))
    wrong = list(zip(pairs["guess"], np.asarray(pairs["samples"]).tolist(), strict=True))[:CONFUSIONS]
    if wrong and survey.task != "multi-label":
        guesses = (say("{guess} ({count:,})", guess=literal(guess, 60), count=count) for guess, count in wrong)
        lines.append(say("Mistaken for: {guesses}.", guesses=joined(guesses)))
    return joined(lines, "  \n")


def _percent(number: float) -> str:
    return "–" if np.isnan(number) else f"{number:.1f}%"


def _open(split: str, names: Sequence[str], number: int) -> None:
    """The class table with the filter of this part."""
    word = "of_group" if split == "group" else "of_class"
    assign({"ask": "classes", word: names[number] if split == "group" else str(number)})
