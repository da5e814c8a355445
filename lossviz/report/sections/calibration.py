"""Are the probabilities right?"""

from __future__ import annotations

from collections.abc import Iterator

from ...analysis.batch.calibration_sentences import calibrated, finding, of_bins, of_diagram, of_scores
from ...analysis.batch.calibration_table import HEADINGS, bins_table, quantities, score_table
from ...analysis.batch.columns import columns_of
from ...analysis.batch.questions import QUESTIONS
from ...analysis.listing import table
from ...figures.batch import calibration as drawing
from ...figures.picture import Picture
from ...texts import say
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
            Picture(
                drawing.reliability(diagram),
                say("reliability diagram, ECE {error:.4f} debiased", error=diagram.ece_debiased),
            ),
            Picture(
                drawing.temperature(temperature),
                say("mean negative log-likelihood over T, lowest at {t:.3g}", t=temperature.t),
            ),
        ),
        csv=lambda: table(quantities(result)),
        notes=(of_diagram(result),),
    )
    yield Section(
        "calibration",
        say("How the choice of bins changes the calibration error"),
        table=Table(columns_of(bins_table(result)), digits="%.4f", headings=HEADINGS),
        conclusions=(of_bins(result),),
    )
    introduction, conclusion = of_scores(result)
    yield Section(
        "calibration",
        say("Brier score and log loss, decomposed"),
        sentences=(introduction,),
        table=Table(columns_of(score_table(result)), digits="%.4f", headings=HEADINGS),
        conclusions=(conclusion,),
    )
