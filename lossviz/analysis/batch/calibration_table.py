"""`calibration_result` as tables to read and to take home."""

from __future__ import annotations

from ...texts import say
from .calibration_bins import BinnedError
from .calibration_result import CalibrationResult
from .calibration_scores import ScoreParts
from .columns import Row

SCORE_COLUMNS = ("mean", "= reliability", "− resolution", "+ uncertainty", "+ within bins")
"""What `ScoreParts` are called, in their order: the first is the sum of the others."""

HEADINGS = {
    "score": say("score"),
    "mean": say("mean"),
    "= reliability": say("= reliability"),
    "− resolution": say("− resolution"),
    "+ uncertainty": say("+ uncertainty"),
    "+ within bins": say("+ within bins"),
    "bins": say("bins"),
    "ECE": say("ECE"),
    "if calibrated": say("if calibrated"),
    "debiased": say("debiased"),
}
"""What the columns of both tables are called where they are read."""


def score_table(result: CalibrationResult) -> list[Row]:
    """Brier score and log loss of the predictions, and what each is the sum of."""
    return [{"score": name, **dict(zip(SCORE_COLUMNS, parts, strict=True))} for name, parts in _scores(result).items()]


def _scores(result: CalibrationResult) -> dict[str, ScoreParts]:
    if result.entries:
        return {say("Brier score of entries"): result.scores.brier, say("log loss of entries (nats)"): result.scores.log}
    return {
        say("Brier score of the predicted class"): result.scores.brier,
        say("log loss of the predicted class (nats)"): result.scores.log,
    }


def bins_table(result: CalibrationResult) -> list[Row]:
    """The calibration error in several kinds of bins."""
    return [
        {"bins": name(one), "ECE": one.error, "if calibrated": one.calibrated, "debiased": one.debiased}
        for one in result.binned
    ]


def name(one: BinnedError) -> str:
    """What some bins are called."""
    if one.equal == "width":
        return say("{bins} of equal width", bins=one.bins)
    return say("{bins} of equal mass", bins=one.bins)


def quantities(result: CalibrationResult) -> list[Row]:
    """All numbers, one a row, each with its interval where it has one; then the bins of the diagram."""
    diagram, warmth, scores = result.calibration, result.temperature, result.scores
    rows = [
        _row("ECE debiased", diagram.ece_debiased, diagram.ece_low, diagram.ece_high),
        _row("ECE as binned", diagram.ece),
        _row("ECE of perfect calibration, mean", diagram.ece_calibrated),
        _row("ECE of perfect calibration, 95 % quantile", diagram.ece_most),
        _row("largest gap of a bin", diagram.mce),
        _row("mean confidence", diagram.certainty),
        _row("accuracy", diagram.accuracy),
        _row(
            "mean confidence less accuracy",
            diagram.certainty - diagram.accuracy,
            diagram.gap_low,
            diagram.gap_high,
        ),
        _row("best temperature", warmth.t, warmth.low, warmth.high),
        _row("mean NLL at T = 1", warmth.nll_at_1),
        _row("mean NLL at the best temperature", warmth.nll_best),
        _row("gain of the best temperature, in-sample", warmth.nll_at_1 - warmth.nll_best),
        _row("gain of the best temperature, cross-fitted", warmth.gain, warmth.gain_low, warmth.gain_high),
        _row("Brier score over all classes", scores.classes),
    ]
    for score, (mean, *parts) in _scores(result).items():
        rows.append(_row(score, mean))
        rows += [_row(f"{score}, {part.strip('=−+ ')}", x) for part, x in zip(SCORE_COLUMNS[1:], parts, strict=True)]
    for one in result.binned:
        rows += [_row(f"ECE in {name(one)}, {what}", value) for what, value in _errors(one).items()]
    return rows + _bins(result)


def _errors(one: BinnedError) -> dict[str, float]:
    return {"as binned": one.error, "perfect calibration's mean": one.calibrated, "debiased": one.debiased}


def _row(quantity: str, value: float, low: float | None = None, high: float | None = None) -> Row:
    of_bins: Row = dict.fromkeys(OF_BINS)
    return {"quantity": quantity, "value": value, "95 % low": low, "95 % high": high, **of_bins}


OF_BINS = ("bin from", "bin to", "count", "mean confidence")


def _bins(result: CalibrationResult) -> list[Row]:
    """The bins of the diagram: the frequency of what came true, with Wilson's interval."""
    diagram = result.calibration
    columns = (
        diagram.frequency,
        diagram.low,
        diagram.high,
        diagram.edges[:-1],
        diagram.edges[1:],
        diagram.counts,
        diagram.confidence,
    )
    names = ("value", "95 % low", "95 % high", *OF_BINS)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [{"quantity": "frequency in a bin", **dict(zip(names, row, strict=True))} for row in rows]
