"""What calibration and temperature say, in sentences."""

from __future__ import annotations

import numpy as np

from ...numbers import counted
from .calibration import Calibration
from .calibration_result import CalibrationResult
from .calibration_temperature import FEWEST, TEMPERATURES, Temperature

SMALL = 5e-5
"""A gap that would be written as 0.0000 or 0.0001."""


def calibrated(result: CalibrationResult) -> tuple[str, ...]:
    """Calibration error, the gap between confidence and accuracy, and the temperature."""
    diagram, warmth = result.calibration, result.temperature
    return (*_error(result), *_confidence(result), *of_temperature(warmth), *_disagreement(diagram, warmth))


def finding(result: CalibrationResult) -> str:
    """Confidence against accuracy and the error, in one sentence."""
    diagram = result.calibration
    return (
        f"With a mean confidence of {100 * diagram.certainty:.1f}% and an accuracy of {100 * diagram.accuracy:.1f}%, the "
        f"predictions are {_direction(diagram)}; the calibration error (ECE, debiased) is {diagram.ece_debiased:.4f}."
    )


def _error(result: CalibrationResult) -> tuple[str, str]:
    diagram = result.calibration
    what = "all predicted probabilities" if result.entries else "the confidence in the predicted class"
    begins = " The interval begins at 0: calibration may be perfect." if diagram.ece_low == 0 else ""
    return (
        f"Expected calibration error (ECE) of {what}, debiased: {diagram.ece_debiased:.4f}, 95% interval "
        f"{_between(diagram.ece_low, diagram.ece_high)} over {over(result)}, in {len(diagram.counts)} bins of "
        f"equal width.{begins}",
        f"As usually computed, including what chance adds, it is {diagram.ece:.4f}. At this size a perfectly calibrated model "
        f"would show {diagram.ece_calibrated:.4f} on average, and at most {diagram.ece_most:.4f} in 95% of such batches.",
    )


def over(result: CalibrationResult) -> str:
    """What an interval is over."""
    diagram = result.calibration
    samples = counted(diagram.samples, "sample")
    if _alone(result):
        return samples
    return f"{round(float(diagram.counts.sum())):,} entries of {samples}, each taken as independent"


def _alone(result: CalibrationResult) -> bool:
    """Whether each sample is a single prediction."""
    return round(float(result.calibration.counts.sum())) == result.calibration.samples


def _between(low: float, high: float) -> str:
    return f"[{low:.4f}, {high:.4f}]".replace("-", "−")


def _confidence(result: CalibrationResult) -> tuple[str, ...]:
    diagram = result.calibration
    who = "The decisions at 0.5 have" if result.entries else "The predictions have"
    sentence = (
        f"{who} a mean confidence of {diagram.certainty:.4f} and an accuracy of {diagram.accuracy:.4f}: "
        f"{leaning(diagram)}{_sure(result)}."
    )
    if not result.entries:
        return (sentence,)
    bias = diagram.mean - diagram.base_rate
    return (
        sentence,
        f"The mean predicted probability is {diagram.mean:.4f} and the share of positives {diagram.base_rate:.4f}: a bias of "
        f"{bias + 0.0:+.4f}.".replace("-", "−"),
    )


def _direction(diagram: Calibration) -> str:
    gap = diagram.certainty - diagram.accuracy
    if abs(gap) < SMALL:
        return "neither over- nor underconfident on average"
    return "overconfident" if gap > 0 else "underconfident"


def leaning(diagram: Calibration) -> str:
    """Whether decisions are more certain than right, on average."""
    gap = diagram.certainty - diagram.accuracy
    if abs(gap) < SMALL:
        return "neither over- nor underconfident on average"
    return f"{'over' if gap > 0 else 'under'}confident by {abs(gap):.4f}"


def _sure(result: CalibrationResult) -> str:
    """The interval of the gap, in the direction that `leaning` names."""
    diagram = result.calibration
    if abs(diagram.certainty - diagram.accuracy) < SMALL:
        return ""
    ends = (
        (diagram.gap_low, diagram.gap_high) if diagram.certainty > diagram.accuracy else (-diagram.gap_high, -diagram.gap_low)
    )
    return f", with at least 95% confidence {_between(*ends)}, over {over(result)}"


def of_temperature(best: Temperature) -> tuple[str, ...]:
    """The best temperature, how sure one can be of it, and what it gains."""
    reach = f"95% interval [{temperatures(best).replace(' to ', ', ')}] over {counted(best.samples, 'sample')}"
    ends = {
        "lowest": f"lowest temperature tried, T = {best.t:.3g}: hardly any decision is wrong",
        "highest": f"highest temperature tried, T = {best.t:.3g}: the logits carry no information about the labels",
    }
    if best.end:
        return (f"The mean NLL still falls at the {ends[best.end]} ({reach}).", _gain(best))
    return (
        f"Dividing the logits by T = {best.t:.3g} ({reach}) minimizes the mean NLL: {best.nll_at_1:.4f} → "
        f"{best.nll_best:.4f}, {best.nll_at_1 - best.nll_best:.4f} less on the samples that T was fitted to.",
        _gain(best),
    )


def temperatures(best: Temperature) -> str:
    """T's interval, where it ends within what was tried."""
    low = f"{best.low:.3g}" if best.low > 0 else f"below {TEMPERATURES[0]:g}"
    high = f"{best.high:.3g}" if np.isfinite(best.high) else f"above {TEMPERATURES[-1]:g}"
    return f"{low} to {high}"


def _gain(best: Temperature) -> str:
    if not np.isfinite(best.gain):
        return f"What T gains on other samples is unknown: cross-fitting needs at least {FEWEST} samples."
    fell = f"falls by {best.gain:.4f}" if best.gain >= 0 else f"rises by {-best.gain:.4f}"
    verdict = ""
    if best.gain_low <= 0 <= best.gain_high:
        verdict = ", which leaves open whether T helps on other samples"
    elif best.gain_high < 0:
        verdict = "; a T fitted like this does harm"
    return (
        f"Cross-fitted, with each fifth of the samples at a T fitted to the other four, the mean NLL {fell}; "
        f"95% interval of the gain {_between(best.gain_low, best.gain_high)} over {counted(best.samples, 'sample')}{verdict}."
    )


def _disagreement(diagram: Calibration, best: Temperature) -> tuple[str, ...]:
    """Both are sums of what is over- or understated; the NLL weighs it by the logit."""
    gap = diagram.certainty - diagram.accuracy
    if abs(gap) < SMALL or abs(best.t - 1) < 5e-3 or (gap > 0) == (best.t > 1):
        return ()
    return (
        f"T {'above' if best.t > 1 else 'below'} 1 says the opposite of that average, because the NLL weights "
        "predictions by their logits, and so mostly reflects the most confident ones.",
    )


def of_diagram(result: CalibrationResult) -> str:
    """What the intervals in the diagram are."""
    filled = int((result.calibration.counts > 0).sum())
    return (
        f"The frequencies’ intervals are Wilson’s, 95% for each bin alone: of {counted(filled, 'bin')} with "
        f"predictions, {0.05 * filled:.1g} would miss by chance on average."
    )


def of_bins(result: CalibrationResult) -> str:
    """What bins do to the error."""
    values = [one.debiased for one in result.binned]
    return (
        "An ECE depends on its bins: gaps of opposite sign within a bin cancel, and more bins let chance add more. On "
        f"the same {_number(result)}, the debiased ECE ranges from {min(values):.4f} to {max(values):.4f} across these bins."
    )


def of_scores(result: CalibrationResult) -> tuple[str, str]:
    """What Brier score and log loss are made of."""
    what = "the predicted class is right"
    if result.entries:
        what = "a sample is positive" if _alone(result) else "an entry is true"
    return (
        f"Both scores judge calibration and sharpness together. The table is about the event that {what}, averaged over "
        f"{_number(result)}.{_of_samples(result)}",
        "Reliability is the cost of miscalibration: 0 is perfect, and chance adds to it as to the ECE. Resolution is "
        "the gain from predictions that differ. Uncertainty is the score of always predicting the overall frequency. "
        f"Within bins is what {result.scores.bins} bins of equal width cannot see.",
    )


def _of_samples(result: CalibrationResult) -> str:
    """The scores over all classes, where these are more than one prediction."""
    if result.entries and _alone(result):
        return ""
    least = "" if result.entries else " (0 to 2)"
    return (
        f" Over all classes together, a sample’s mean Brier score is {result.scores.classes:.4f}{least} and its mean NLL "
        f"{result.temperature.nll_at_1:.4f}."
    )


def _number(result: CalibrationResult) -> str:
    return over(result).removesuffix(", each taken as independent")
