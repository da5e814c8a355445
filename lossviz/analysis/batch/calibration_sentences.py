"""What calibration and temperature say, in sentences."""

from __future__ import annotations

import numpy as np

from ...numbers import counted
from .calibration import Calibration
from .calibration_result import Answer
from .calibration_temperature import FEWEST, TEMPERATURES, Temperature

SMALL = 5e-5
"""A gap that would be written as 0.0000 or 0.0001."""


def calibrated(found: Answer) -> tuple[str, ...]:
    """Calibration error, the gap between confidence and accuracy, and the temperature."""
    told, warmth = found.calibration, found.temperature
    return (*_error(found), *_confidence(found), *of_temperature(warmth), *_disagreement(told, warmth))


def _error(found: Answer) -> tuple[str, str]:
    told = found.calibration
    what = "all predicted probabilities" if found.entries else "the confidence in the predicted class"
    begins = " The interval begins at 0: calibration may be perfect." if told.ece_low == 0 else ""
    return (
        f"Expected calibration error (ECE) of {what}, debiased: {told.ece_debiased:.4f}, 95% interval "
        f"{_between(told.ece_low, told.ece_high)} over {over(found)}, in {len(told.counts)} bins of equal width.{begins}",
        f"As it is usually written, with what chance adds, it is {told.ece:.4f}. At this size a perfectly calibrated model "
        f"would show {told.ece_calibrated:.4f} on average, and no more than {told.ece_most:.4f} in 95% of such batches.",
    )


def over(found: Answer) -> str:
    """What an interval is over."""
    told = found.calibration
    samples = counted(told.samples, "sample")
    if _alone(found):
        return samples
    return f"{round(float(told.counts.sum())):,} entries of {samples}, each taken as independent"


def _alone(found: Answer) -> bool:
    """Whether each sample is a single prediction."""
    return round(float(found.calibration.counts.sum())) == found.calibration.samples


def _between(low: float, high: float) -> str:
    return f"[{low:.4f}, {high:.4f}]".replace("-", "−")


def _confidence(found: Answer) -> tuple[str, ...]:
    told = found.calibration
    who = "The decisions at 0.5 have" if found.entries else "The predictions have"
    sentence = (
        f"{who} a mean confidence of {told.certainty:.4f} and an accuracy of {told.accuracy:.4f}: "
        f"{leaning(told)}{_sure(found)}."
    )
    if not found.entries:
        return (sentence,)
    bias = told.mean - told.base_rate
    return (
        sentence,
        f"The mean predicted probability is {told.mean:.4f} and the share of positives {told.base_rate:.4f}: a bias of "
        f"{bias + 0.0:+.4f}.".replace("-", "−"),
    )


def leaning(found: Calibration) -> str:
    """Whether decisions are more certain than right, on average."""
    gap = found.certainty - found.accuracy
    if abs(gap) < SMALL:
        return "neither over- nor underconfident on average"
    return f"{'over' if gap > 0 else 'under'}confident by {abs(gap):.4f}"


def _sure(found: Answer) -> str:
    """The interval of the gap, in the direction that `leaning` names."""
    told = found.calibration
    if abs(told.certainty - told.accuracy) < SMALL:
        return ""
    ends = (told.gap_low, told.gap_high) if told.certainty > told.accuracy else (-told.gap_high, -told.gap_low)
    return f", with at least 95% confidence {_between(*ends)}, over {over(found)}"


def of_temperature(best: Temperature) -> tuple[str, ...]:
    """The best temperature, how sure one can be of it, and what it gains."""
    reach = f"95% interval [{temperatures(best).replace(' to ', ', ')}] over {counted(best.samples, 'sample')}"
    ends = {
        "lowest": f"lowest temperature tried, T = {best.t:.3g}: hardly any decision is wrong",
        "highest": f"highest temperature tried, T = {best.t:.3g}: the logits say nothing about the labels",
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
        return f"What T gains on other samples cannot be told: with fewer than {FEWEST} nothing is cross-fitted."
    fell = f"falls by {best.gain:.4f}" if best.gain >= 0 else f"rises by {-best.gain:.4f}"
    verdict = ""
    if best.gain_low <= 0 <= best.gain_high:
        verdict = "; they do not tell whether T helps on others"
    elif best.gain_high < 0:
        verdict = "; a T that is fitted like this does harm"
    return (
        f"Cross-fitted, with each fifth of the samples under a T that was fitted to the other four, the mean NLL {fell}; "
        f"95% interval of the gain {_between(best.gain_low, best.gain_high)} over {counted(best.samples, 'sample')}{verdict}."
    )


def _disagreement(found: Calibration, best: Temperature) -> tuple[str, ...]:
    """Both are sums of what is over- or understated; the NLL weighs it by the logit."""
    gap = found.certainty - found.accuracy
    if abs(gap) < SMALL or abs(best.t - 1) < 5e-3 or (gap > 0) == (best.t > 1):
        return ()
    return (
        f"T {'above' if best.t > 1 else 'below'} 1 says the opposite of that average, because the NLL weighs predictions by "
        "their logits and so looks mostly at the most confident ones.",
    )


def of_diagram(found: Answer) -> str:
    """What the intervals in the diagram are."""
    held = int((found.calibration.counts > 0).sum())
    return (
        f"The frequencies’ intervals are Wilson’s, 95% for each bin by itself: of {counted(held, 'bin')} with predictions, "
        f"{0.05 * held:.1g} would miss by chance on average."
    )


def of_bins(found: Answer) -> str:
    """What bins do to the error."""
    values = [one.debiased for one in found.binned]
    return (
        "An ECE is the error of its bins: gaps of both signs within one cancel, and more bins let chance add more. Over the "
        f"same {_number(found)}, debiased, it runs from {min(values):.4f} to {max(values):.4f} as the bins change."
    )


def of_scores(found: Answer) -> tuple[str, str]:
    """What Brier score and log loss are made of."""
    what = "the predicted class is right"
    if found.entries:
        what = "a sample is positive" if _alone(found) else "an entry is true"
    return (
        f"Both judge calibration and sharpness together. The table is about the event that {what}, in means over "
        f"{_number(found)}.{_of_samples(found)}",
        "Reliability is what miscalibration costs: 0 is perfect, and chance adds to it as to the ECE. Resolution is what "
        "telling predictions apart gains. Uncertainty is the score of always saying how often it happens overall. Within bins "
        f"is what {found.scores.bins} bins of equal width do not see.",
    )


def _of_samples(found: Answer) -> str:
    """The scores over all classes, where these are more than one prediction."""
    if found.entries and _alone(found):
        return ""
    least = "" if found.entries else " (0 to 2)"
    return (
        f" Over all classes together, a sample’s mean Brier score is {found.scores.classes:.4f}{least} and its mean NLL "
        f"{found.temperature.nll_at_1:.4f}."
    )


def _number(found: Answer) -> str:
    return over(found).removesuffix(", each taken as independent")
