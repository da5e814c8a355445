"""The samples a loss listens to most, those whose labels are doubtful, and a look at one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from ....analysis.batch.contributions import Contributions, Pair, contributions
from ....analysis.batch.suspects import HIGH, Suspects, suspects
from ....analysis.listing import listing, table
from ....batches import at_gamma, focal_of
from ....figures.batch import contributions as drawing
from ....figures.picture import Picture
from ...batch_controls import Asked
from ...controls import control
from ...exhibit import exhibit
from ...session import assign
from . import picked
from .shared import moving, told


def samples(asked: Asked) -> None:
    """Bars of the samples with the largest share, at every γ."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="picture"):
        by, under = control("by"), control("under")
    tallies = asked.tallies((*asked.specs, asked.ce))
    pairs = [Pair(spec, tally, asked.ce, tallies[-1]) for spec, tally in zip(asked.specs, tallies, strict=False)]
    frames = [contributions(pair, by, under) for pair in pairs]
    titles = [_carried(asked, frame, by, n) for n, frame in enumerate(frames)]
    at = asked.moves.at
    figure = drawing.figure(frames, at, by, titles, asked.spec.key, asked.names)
    csv = partial(_csv, asked, frames)
    exhibit("samples", [Picture(figure, titles[at], wide=True)], moving(asked), told(asked), csv, picks=[0])
    st.caption("A click on a bar, or a row number below, looks at one sample.")
    picked.draw(asked)


def _carried(asked: Asked, frame: Contributions, by: str, n: int) -> str:
    share = frame.loss_share if by == "loss" else frame.norm_share
    number = f"{len(frame.row)} of {asked.survey.samples:,} samples".replace(",", "\u202f")
    return f"{asked.brief(asked.specs[n])}: {number} carry {100 * share.sum():.3g} % of the {by}"


def doubtful(asked: Asked) -> None:
    """Samples that have far more than their share of the loss under a high γ."""
    high = at_gamma(focal_of(asked.spec), HIGH)
    tally, ce = asked.tallies((high, asked.ce))
    found = suspects(Pair(high, tally, asked.ce, ce))
    listed = found.samples
    st.markdown(
        f"Under γ = {HIGH:g} the loss is left to what the model contradicts: labels that are wrong, and samples unlike the "
        "rest. It is a list to look at, not a verdict: hard but right samples are on it too."
    )
    if found.known:
        st.markdown(f"**{found.marked}** of these {len(listed.row)} are among the {found.known} marked suspects of the batch.")
    rows = [_row(found, n) for n in range(len(listed.row))]
    for row in rows if found.known is None else ():
        del row["suspect"]
    if not rows:
        st.info("No sample has more than its fair share of the loss.")
        return
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(
        rows,
        hide_index=True,
        column_config={name: number for name, value in rows[0].items() if isinstance(value, float)},
        key="suspects",
        on_select=partial(_pick, listed.row.tolist()),
        selection_mode="single-row",
    )
    st.download_button(
        "Suspects (CSV)",
        partial(table, rows),
        "lossviz-suspects.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/table:",
    )
    picked.draw(asked)


def _row(found: Suspects, n: int) -> dict[str, Any]:
    listed = found.samples
    return {
        "row": int(listed.row[n]),
        "name": listed.name[n],
        "label": listed.label[n],
        "the model says": listed.guess[n],
        "p_t": float(listed.p_t[n]),
        f"× its fair share, γ = {HIGH:g}": float(found.fair[n]),
        "× its fair share, cross-entropy": float(found.ce_fair[n]),
        "raised by": float(found.raised[n]),
        "suspect": bool(listed.suspect[n]),
    }


def _pick(rows: Sequence[int]) -> None:
    """The row of the table that was chosen becomes the sample that is looked at."""
    chosen = st.session_state["suspects"].selection.rows
    assign({"row": rows[chosen[0]] if chosen else None})


def _csv(asked: Asked, frames: Sequence[Contributions]) -> str:
    header = ("γ", "loss function", "row", "name", "label", "the model says", *NUMBERS)
    blocks = (
        (
            (
                asked.specs[n].gamma,
                asked.named(asked.specs[n]),
                int(frame.row[i]),
                frame.name[i],
                frame.label[i],
                frame.guess[i],
            ),
            tuple(getattr(frame, name)[i : i + 1] for name in NUMBERS),
        )
        for n, frame in enumerate(frames)
        for i in range(len(frame.row))
    )
    return listing(header, blocks)


NUMBERS = ("p_t", "loss", "norm", "ce_loss", "ce_norm", "loss_share", "norm_share", "ce_loss_share", "ce_norm_share")
