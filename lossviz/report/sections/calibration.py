"""Are the probabilities right?"""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.batch.calibration_sentences import calibrated, finding, of_bins, of_diagram, of_scores
from ...analysis.batch.calibration_table import bins_table, quantities, score_table
from ...analysis.batch.columns import columns_of
from ...analysis.batch.questions import QUESTIONS
from ...analysis.listing import table
from ...figures.batch import calibration as drawing
from ...figures.picture import Picture
from ..analyses import Analyses
from ..section import Section, Table


def calibration(analyses: Analyses) -> Iterator[Section]:
    """Reliability diagram, ECE and temperature; bins; Brier score and log loss."""
    result = analyses.calibration()
    diagram, temperature = result.calibration, result.temperature
    yield Section(
        "calibration",
        QUESTIONS["calibration"],
        headline=(finding(result)),
        sentences=(*calibrated(result),),
        name="calibration",
        figures=(
            Picture(drawing.reliability(diagram), f"reliability diagram, ECE {diagram.ece_debiased:.4f} debiased"),
            Picture(drawing.temperature(temperature), f"mean negative log-likelihood over T, lowest at {temperature.t:.3g}"),
        ),
        csv=lambda: table(quantities(result)),
        notes=(of_diagram(result),),
    )
    yield Section(
        "calibration",
        "How the choice of bins changes the calibration error",
        table=Table(columns_of(bins_table(result)), digits="%.4f"),
        conclusions=(of_bins(result),),
    )
    introduction, conclusion = of_scores(result)
    yield Section(
        "calibration",
        "Brier score and log loss, decomposed",
        sentences=(introduction,),
        table=Table(columns_of(score_table(result)), digits="%.4f"),
        conclusions=(conclusion,),
    )
