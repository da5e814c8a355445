"""What calibration and temperature say, in sentences."""

from __future__ import annotations

import numpy as np

from ...numbers import counted, minus
from ...texts import joined, say
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
    values = {"confidence": 100 * diagram.certainty, "accuracy": 100 * diagram.accuracy, "error": diagram.ece_debiased}
    gap = diagram.certainty - diagram.accuracy
    if diagram.ece_low == 0:
        return say(
            "With a mean confidence of {confidence:.1f}% and an accuracy of {accuracy:.1f}%, there is no evidence of "
            "miscalibration: the calibration error (ECE, debiased) is {error:.4f}, and its 95% interval begins at 0.",
            **values,
        )
    if abs(gap) < SMALL:
        return say(
            "With a mean confidence of {confidence:.1f}% and an accuracy of {accuracy:.1f}%, the predictions are neither over- "
            "nor underconfident on average; the calibration error (ECE, debiased) is {error:.4f}.",
            **values,
        )
    if gap > 0:
        return say(
            "With a mean confidence of {confidence:.1f}% and an accuracy of {accuracy:.1f}%, the predictions are "
            "overconfident; the calibration error (ECE, debiased) is {error:.4f}.",
            **values,
        )
    return say(
        "With a mean confidence of {confidence:.1f}% and an accuracy of {accuracy:.1f}%, the predictions are "
        "underconfident; the calibration error (ECE, debiased) is {error:.4f}.",
        **values,
    )


def _error(result: CalibrationResult) -> tuple[str, str]:
    diagram = result.calibration
    begins = [say("The interval begins at 0: calibration may be perfect.")] if diagram.ece_low == 0 else []
    usual = say(
        "As usually computed, including what chance adds, it is {error:.4f}. At this size a perfectly calibrated model "
        "would show {calibrated:.4f} on average, and at most {most:.4f} in 95% of such batches.",
        error=diagram.ece,
        calibrated=diagram.ece_calibrated,
        most=diagram.ece_most,
    )
    return joined([_debiased(result), *begins], " "), usual


def _debiased(result: CalibrationResult) -> str:
    diagram = result.calibration
    values = {
        "error": diagram.ece_debiased,
        "interval": _between(diagram.ece_low, diagram.ece_high),
        "samples": over(result),
        "bins": len(diagram.counts),
    }
    if result.entries:
        return say(
            "Expected calibration error (ECE) of all predicted probabilities, debiased: {error:.4f}, 95% interval {interval} "
            "over {samples}, in {bins} bins of equal width.",
            **values,
        )
    return say(
        "Expected calibration error (ECE) of the confidence in the predicted class, debiased: {error:.4f}, 95% interval "
        "{interval} over {samples}, in {bins} bins of equal width.",
        **values,
    )


def over(result: CalibrationResult) -> str:
    """What an interval is over."""
    if _alone(result):
        return _number(result)
    return say("{entries}, each taken as independent", entries=_number(result))


def _alone(result: CalibrationResult) -> bool:
    """Whether each sample is a single prediction."""
    return round(float(result.calibration.counts.sum())) == result.calibration.samples


def _between(low: float, high: float) -> str:
    return minus(f"[{low:.4f}, {high:.4f}]")


def _confidence(result: CalibrationResult) -> tuple[str, ...]:
    diagram = result.calibration
    values = {"confidence": diagram.certainty, "accuracy": diagram.accuracy, "leaning": _leaning(result)}
    if not result.entries:
        return (
            say(
                "The predictions have a mean confidence of {confidence:.4f} and an accuracy of {accuracy:.4f}: {leaning}.",
                **values,
            ),
        )
    return (
        say(
            "The decisions at 0.5 have a mean confidence of {confidence:.4f} and an accuracy of {accuracy:.4f}: {leaning}.",
            **values,
        ),
        say(
            "The mean predicted probability is {mean:.4f} and the share of positives {positives:.4f}: a bias of {bias}.",
            mean=diagram.mean,
            positives=diagram.base_rate,
            bias=minus(f"{diagram.mean - diagram.base_rate + 0.0:+.4f}"),
        ),
    )


def _leaning(result: CalibrationResult) -> str:
    """Whether decisions are more certain than right, on average, and the interval of the gap in that direction."""
    diagram = result.calibration
    gap = diagram.certainty - diagram.accuracy
    if abs(gap) < SMALL:
        return say("neither over- nor underconfident on average")
    ends = (diagram.gap_low, diagram.gap_high) if gap > 0 else (-diagram.gap_high, -diagram.gap_low)
    values = {"gap": abs(gap), "interval": _between(*ends), "samples": over(result)}
    if gap > 0:
        return say("overconfident by {gap:.4f}, with at least 95% confidence {interval}, over {samples}", **values)
    return say("underconfident by {gap:.4f}, with at least 95% confidence {interval}, over {samples}", **values)


def of_temperature(best: Temperature) -> tuple[str, ...]:
    """The best temperature, how sure one can be of it, and what it gains."""
    low, high = _ends(best)
    values = {"t": best.t, "low": low, "high": high, "samples": counted(best.samples, "sample")}
    if best.end == "lowest":
        return (
            say(
                "The mean NLL still falls at the lowest temperature tried, T = {t:.3g}: hardly any decision is wrong "
                "(95% interval [{low}, {high}] over {samples}).",
                **values,
            ),
            _gain(best),
        )
    if best.end == "highest":
        return (
            say(
                "The mean NLL still falls at the highest temperature tried, T = {t:.3g}: the logits carry no information about "
                "the labels (95% interval [{low}, {high}] over {samples}).",
                **values,
            ),
            _gain(best),
        )
    return (
        say(
            "Dividing the logits by T = {t:.3g} (95% interval [{low}, {high}] over {samples}) minimizes the mean NLL: "
            "{at_1:.4f} → {best:.4f}, {less:.4f} less on the samples that T was fitted to.",
            at_1=best.nll_at_1,
            best=best.nll_best,
            less=best.nll_at_1 - best.nll_best,
            **values,
        ),
        _gain(best),
    )


def temperatures(best: Temperature) -> str:
    """T's interval, where it ends within what was tried."""
    low, high = _ends(best)
    return say("{low} to {high}", low=low, high=high)


def _ends(best: Temperature) -> tuple[str, str]:
    low = f"{best.low:.3g}" if best.low > 0 else say("below {t:g}", t=TEMPERATURES[0])
    high = f"{best.high:.3g}" if np.isfinite(best.high) else say("above {t:g}", t=TEMPERATURES[-1])
    return low, high


def _gain(best: Temperature) -> str:
    if not np.isfinite(best.gain):
        return say("What T gains on other samples is unknown: cross-fitting needs at least {fewest} samples.", fewest=FEWEST)
    interval = say(
        "95% interval of the gain {interval} over {samples}",
        interval=_between(best.gain_low, best.gain_high),
        samples=counted(best.samples, "sample"),
    )
    if best.gain_low <= 0 <= best.gain_high:
        interval = say("{interval}, which leaves open whether T helps on other samples", interval=interval)
    elif best.gain_high < 0:
        interval = say("{interval}; a T fitted like this does harm", interval=interval)
    if best.gain >= 0:
        return say(
            "Cross-fitted, with each fifth of the samples at a T fitted to the other four, the mean NLL falls by {gain:.4f}; "
            "{interval}.",
            gain=best.gain,
            interval=interval,
        )
    return say(
        "Cross-fitted, with each fifth of the samples at a T fitted to the other four, the mean NLL rises by {loss:.4f}; "
        "{interval}.",
        loss=-best.gain,
        interval=interval,
    )


def _disagreement(diagram: Calibration, best: Temperature) -> tuple[str, ...]:
    """Both are sums of what is over- or understated; the NLL weighs it by the logit."""
    gap = diagram.certainty - diagram.accuracy
    if abs(gap) < SMALL or abs(best.t - 1) < 5e-3 or (gap > 0) == (best.t > 1):
        return ()
    if best.t > 1:
        return (
            say(
                "T above 1 says the opposite of that average, because the NLL weights predictions by their logits, and so "
                "mostly reflects the most confident ones."
            ),
        )
    return (
        say(
            "T below 1 says the opposite of that average, because the NLL weights predictions by their logits, and so mostly "
            "reflects the most confident ones."
        ),
    )


def of_diagram(result: CalibrationResult) -> str:
    """What the intervals in the diagram are."""
    filled = int((result.calibration.counts > 0).sum())
    return say(
        "The frequencies’ intervals are Wilson’s, 95% for each bin alone: of {bins} with predictions, {missing:.1g} would miss "
        "by chance on average.",
        bins=counted(filled, "bin"),
        missing=0.05 * filled,
    )


def of_bins(result: CalibrationResult) -> str:
    """What bins do to the error."""
    values = [one.debiased for one in result.binned]
    return say(
        "An ECE depends on its bins: gaps of opposite sign within a bin cancel, and more bins let chance add more. On "
        "the same {samples}, the debiased ECE ranges from {low:.4f} to {high:.4f} across these bins.",
        samples=_number(result),
        low=min(values),
        high=max(values),
    )


def of_scores(result: CalibrationResult) -> tuple[str, str]:
    """What Brier score and log loss are made of."""
    parts = say(
        "Reliability is the cost of miscalibration: 0 is perfect, and chance adds to it as to the ECE. Resolution is "
        "the gain from predictions that differ. Uncertainty is the score of always predicting the overall frequency. "
        "Within bins is what {bins} bins of equal width cannot see.",
        bins=result.scores.bins,
    )
    return joined([_event(result), *_of_samples(result)], " "), parts


def _event(result: CalibrationResult) -> str:
    """What the scores are about."""
    number = _number(result)
    if not result.entries:
        return say(
            "Both scores judge calibration and sharpness together. The table is about the event that the predicted class is "
            "right, averaged over {samples}.",
            samples=number,
        )
    if _alone(result):
        return say(
            "Both scores judge calibration and sharpness together. The table is about the event that a sample is positive, "
            "averaged over {samples}.",
            samples=number,
        )
    return say(
        "Both scores judge calibration and sharpness together. The table is about the event that an entry is true, averaged "
        "over {samples}.",
        samples=number,
    )


def _of_samples(result: CalibrationResult) -> tuple[str, ...]:
    """The scores over all classes, where these are more than one prediction."""
    values = {"brier": result.scores.classes, "nll": result.temperature.nll_at_1}
    if not result.entries:
        return (
            say(
                "Over all classes together, a sample’s mean Brier score is {brier:.4f} (0 to 2) and its mean NLL {nll:.4f}.",
                **values,
            ),
        )
    if _alone(result):
        return ()
    return (say("Over all classes together, a sample’s mean Brier score is {brier:.4f} and its mean NLL {nll:.4f}.", **values),)


def _number(result: CalibrationResult) -> str:
    """How many predictions there are."""
    diagram = result.calibration
    samples = counted(diagram.samples, "sample")
    if _alone(result):
        return samples
    return say("{entries:,} entries of {samples}", entries=round(float(diagram.counts.sum())), samples=samples)
