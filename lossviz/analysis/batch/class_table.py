"""`classes` as tables to read and to take home: with names, and in percent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...data.predictions import Survey
from ...errors import InputError, unknown_name
from ...texts import say
from .classes import ClassSums, Pairs, class_names, classes, decision_names, pairs
from .columns import Columns
from .sample_filter import SampleFilter


def class_table(sums: ClassSums, survey: Survey) -> Columns:
    """A row for each class."""
    result = classes(sums)
    several = survey.task == "multi-label"
    return {
        "number": np.arange(len(result.support)),
        "class": class_names(survey),
        "positives" if several else "samples": result.support.astype(np.int64),
        "mean loss": result.mean_loss,
        "% of loss": 100 * result.loss_share,
        "% of gradient": 100 * result.norm_share,
        "recall (%)": 100 * result.recall,
        "precision (%)": 100 * result.precision,
        "confidence (%)": 100 * result.confidence,
        "ECE": result.ece,
        "ECE if calibrated": result.ece_calibrated,
        "ECE debiased": result.ece_debiased,
    }


COLUMNS = {
    "positives": say("Samples for which this class is true."),
    "samples": say("Samples with this label."),
    "mean loss": say("Of the samples with this label; where several classes may be true, this class’s term over all samples."),
    "% of loss": say("Share of the loss of the whole batch."),
    "% of gradient": say("Share of the summed gradient norms of the whole batch."),
    "recall (%)": say("Share of the samples with this label that are predicted as this class."),
    "precision (%)": say("Share of the predictions of this class that are right."),
    "confidence (%)": say("Mean probability of this class where it is predicted: above the precision it is overconfident."),
    "ECE": say(
        "Expected calibration error of the probability of this class over all samples (classwise ECE), in 15 bins of equal "
        "width."
    ),
    "ECE if calibrated": say(
        "What this ECE would be on average, by chance alone, if every probability of this class were calibrated."
    ),
    "ECE debiased": say(
        "ECE without what chance adds to it: 0 where it is no larger than perfect calibration would show on average. An "
        "estimate for each class alone, without an interval: among many classes, some are far off by chance."
    ),
    "% of label": say("Share of the samples with this label."),
}
"""What the columns mean."""

HEADINGS = {
    "number": say("number"),
    "class": say("class"),
    "positives": say("positives"),
    "samples": say("samples"),
    "mean loss": say("mean loss"),
    "% of loss": say("% of loss"),
    "% of gradient": say("% of gradient"),
    "recall (%)": say("recall (%)"),
    "precision (%)": say("precision (%)"),
    "confidence (%)": say("confidence (%)"),
    "ECE": say("ECE"),
    "ECE if calibrated": say("ECE if calibrated"),
    "ECE debiased": say("ECE debiased"),
    "label": say("label"),
    "guess": say("predicted"),
    "% of label": say("% of label"),
}
"""What the columns are called where they are read."""


def pair_table(sums: ClassSums, survey: Survey, selection: SampleFilter) -> Columns:
    """A row for each kind of wrong decision, the largest share of the loss first."""
    return _pairs(pairs(sums, survey, selection), decision_names(survey))


def _pairs(pairs: Pairs, names: tuple[str, ...]) -> Columns:
    return {
        "label": tuple(names[k] for k in pairs.label),
        "guess": tuple(names[k] for k in pairs.guess),
        "samples": pairs.size.astype(np.int64),
        "% of label": 100 * pairs.of_label,
        "% of loss": 100 * pairs.loss_share,
    }


def sample_filter_of(survey: Survey, of_class: str, label: str, guess: str, group: str) -> tuple[SampleFilter, tuple[str, ...]]:
    """What these words choose, and what is wrong with those that name nothing."""
    problems: list[str] = []
    names = class_names(survey)
    of = {
        word: _number(word, text, names, problems) for word, text in (("class", of_class), ("label", label), ("guess", guess))
    }
    code = _number("group", group, survey.groups, problems, numbered=False)
    return SampleFilter(of["class"], of["label"], of["guess"], code), tuple(problems)


def _number(what: str, text: str, names: Sequence[str], problems: list[str], numbered: bool = True) -> int | None:
    """The number of a class or group by its name, or by its number as people write it; None for any."""
    text = text.strip()
    if not text:
        return None
    if text in names:
        return names.index(text)
    if numbered and text.isdecimal() and int(text) < len(names):
        return int(text)
    problems.append(str(unknown_name(what, text, names) if names else InputError(what, repr(text), say("a batch with groups"))))
    return None
