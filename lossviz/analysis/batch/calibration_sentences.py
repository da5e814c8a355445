"""What calibration and temperature say, in sentences."""

from __future__ import annotations

from .calibration import Calibration, Temperature

SMALL = 5e-5
"""A gap that would be written as 0.0000 or 0.0001."""


def calibrated(found: Calibration, best: Temperature, entries: bool) -> tuple[str, ...]:
    """Calibration error, the gap between confidence and accuracy, and the temperature.

    `entries`: sigmoids, each with a decision of its own.
    """
    return (_error(found, entries), *_confidence(found, entries), *_temperature(best), *_disagreement(found, best))


def _error(found: Calibration, entries: bool) -> str:
    what = "all predicted probabilities" if entries else "the confidence in the predicted class"
    return (
        f"Expected calibration error (ECE) of {what}: {found.ece:.4f}, 95% bootstrap interval [{found.ece_low:.4f}, "
        f"{found.ece_high:.4f}], {len(found.counts)} bins of equal width."
    )


def _confidence(found: Calibration, entries: bool) -> tuple[str, ...]:
    who = "The decisions at 0.5 have" if entries else "The predictions have"
    sentence = f"{who} a mean confidence of {found.certainty:.4f} and an accuracy of {found.accuracy:.4f}: {leaning(found)}."
    if not entries:
        return (sentence,)
    bias = found.mean - found.base_rate
    return (
        sentence,
        f"The mean predicted probability is {found.mean:.4f} and the share of positives {found.base_rate:.4f}: a bias of "
        f"{bias + 0.0:+.4f}.".replace("-", "−"),
    )


def leaning(found: Calibration) -> str:
    """Whether decisions are more certain than right, on average."""
    gap = found.certainty - found.accuracy
    if abs(gap) < SMALL:
        return "neither over- nor underconfident on average"
    return f"{'over' if gap > 0 else 'under'}confident by {abs(gap):.4f}"


def _temperature(best: Temperature) -> tuple[str, ...]:
    if best.end == "lowest":
        return (f"The mean NLL still falls at the lowest temperature tried, T = {best.t:.3g}: hardly any decision is wrong.",)
    if best.end == "highest":
        return (f"The mean NLL still falls at the highest temperature tried, T = {best.t:.3g}: the logits say nothing about "
                "the labels.",)  # fmt: skip
    return (
        f"Dividing the logits by T = {best.t:.3g} minimizes the mean NLL: {best.nll_at_1:.4g} → {best.nll_best:.4g}. T was "
        "fitted and judged on the same rows, so expect a little less on others.",
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
