"""Are the probabilities right, and what does a mean divide by?"""

from __future__ import annotations

from ....report.sections.calibration import calibration
from ....report.sections.reductions import reduced
from ...controls.batch import BatchView
from .section import draw_section


def draw_calibration(view: BatchView) -> None:
    """Reliability diagram, ECE, temperature, Brier score and log loss; of the logits as they came, whatever the loss."""
    for n, section in enumerate(calibration(view.analyses)):
        draw_section(view.query, section, first=n == 0)


def draw_reductions(view: BatchView) -> None:
    """What each library's mean would be on this batch."""
    draw_section(view.query, reduced(view.query, view.analyses))
