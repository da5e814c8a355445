"""Are the probabilities right, and what does a mean divide by?"""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from ....analysis.batch.calibration_result import CalibrationResult, calibration_result
from ....analysis.batch.calibration_sentences import calibrated, of_bins, of_diagram, of_scores
from ....analysis.batch.calibration_table import bins_table, quantities, score_table
from ....analysis.batch.reductions import OVER, reductions
from ....analysis.listing import table
from ....figures.batch import calibration as drawing
from ....figures.picture import Picture
from ....report import calibrating
from ...components.figure_panel import show_figures
from ...controls.batch import Asked
from .shares import told


def reliable(asked: Asked) -> None:
    """Reliability diagram, ECE, temperature, Brier score and log loss; of the logits as they came, whatever the loss."""
    activation = "sigmoid" if asked.spec.activation == "sigmoid" else "softmax"
    with st.spinner("Computing the loss at 33 temperatures", show_time=False):
        cells, sums = asked.held.answer(("calibration", activation), partial(calibrating, asked.held.batch, activation))
    found: CalibrationResult = asked.held.answer(
        ("calibrated", activation), lambda: calibration_result(cells, sums, activation == "sigmoid")
    )
    for sentence in calibrated(found):
        st.markdown(sentence)
    told_of, warmth = found.calibration, found.temperature
    pictures = [
        Picture(drawing.reliability(told_of), f"reliability diagram, ECE {told_of.ece_debiased:.4f} debiased"),
        Picture(drawing.temperature(warmth), f"mean negative log-likelihood over T, lowest at {warmth.t:.3g}"),
    ]
    show_figures("calibration", pictures, None, told(asked), lambda: table(quantities(found)))
    st.caption(of_diagram(found))
    st.markdown("##### What the choice of bins does to it")
    _shown(bins_table(found))
    st.markdown(of_bins(found))
    st.markdown("##### Brier score and log loss, taken apart")
    before, after = of_scores(found)
    st.markdown(before)
    _shown(score_table(found))
    st.markdown(after)


def _shown(rows: list[dict[str, Any]]) -> None:
    number = st.column_config.NumberColumn(format="%.4f")
    st.dataframe(rows, hide_index=True, column_config={name: number for name, x in rows[0].items() if isinstance(x, float)})


USERS = "who does this"


def reduced(asked: Asked) -> None:
    """What each library's mean would be on this batch."""
    (stats,) = asked.all_stats((asked.spec,))
    rows: list[dict[str, Any]] = [
        {
            "a mean over": OVER[one.normalizer],
            "divides by": one.denominator,
            "mean loss": one.mean,
            "mean length of the gradient": one.norm,
            "× the gradient of the mean over samples": one.scale,
            USERS: "; ".join(one.used_by),
        }
        for one in reductions(stats.sums, asked.spec)
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
