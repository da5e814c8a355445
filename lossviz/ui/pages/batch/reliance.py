"""Are the probabilities right, and what does a mean divide by?"""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from ....analysis.batch.calibration import Calibration, calibration
from ....analysis.batch.calibration import best_temperature as best
from ....analysis.batch.calibration_sentences import calibrated
from ....analysis.batch.reductions import OVER, reductions
from ....analysis.listing import listing, table
from ....figures.batch import calibration as drawing
from ....figures.picture import Picture
from ....report import calibrating
from ...batch_controls import Asked
from ...exhibit import exhibit
from .shared import told


def reliable(asked: Asked) -> None:
    """Reliability diagram, ECE, and the temperature that minimises the NLL; of the logits as they came, whatever the loss."""
    activation = "sigmoid" if asked.spec.activation == "sigmoid" else "softmax"
    with st.spinner("Computing the loss at 33 temperatures", show_time=False):
        cells, tempered = asked.held.answer(("calibration", activation), partial(calibrating, asked.held.batch, activation))
    found, warmth = asked.held.answer(("calibrated", activation), lambda: (calibration(cells), best(tempered)))
    for sentence in calibrated(found, warmth, activation == "sigmoid"):
        st.markdown(sentence)
    pictures = [
        Picture(drawing.reliability(found), f"reliability diagram, ECE {found.ece:.4f}"),
        Picture(drawing.temperature(warmth), f"mean negative log-likelihood over T, lowest at {warmth.t:.3g}"),
    ]
    exhibit("calibration", pictures, None, told(asked), partial(_csv, found))


def _csv(found: Calibration) -> str:
    header = ("bin from", "bin to", "count", "mean confidence", "frequency", "95 % low", "95 % high")
    columns = (found.edges[:-1], found.edges[1:], found.counts, found.confidence, found.frequency, found.low, found.high)
    return listing(header, [((), columns)])


USERS = "who does this"


def reduced(asked: Asked) -> None:
    """What each library's mean would be on this batch."""
    (tally,) = asked.tallies((asked.spec,))
    rows: list[dict[str, Any]] = [
        {
            "a mean over": OVER[one.normalizer],
            "divides by": one.denominator,
            "mean loss": one.mean,
            "mean length of the gradient": one.norm,
            "× the gradient of the mean over samples": one.scale,
            USERS: "; ".join(one.used_by),
        }
        for one in reductions(tally.sums, asked.spec)
    ]
    st.markdown(
        "A *mean* is a sum divided by something, and libraries do not agree by what. The gradient is divided with it: a change "
        "of library can be a change of the learning rate by the factor in the fifth column."
    )
    number = st.column_config.NumberColumn(format="%.6g")
    numbers = {name: number for name, value in rows[0].items() if isinstance(value, float)}
    st.dataframe(
        [{name: row[name] for name in rows[0] if name != USERS} for row in rows], hide_index=True, column_config=numbers
    )
    st.markdown("\n".join(f"- {row['a mean over']}: {row[USERS]}" for row in rows if row[USERS]))
    st.download_button(
        "Reductions (CSV)",
        partial(table, rows),
        "lossviz-reductions.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/table:",
    )
