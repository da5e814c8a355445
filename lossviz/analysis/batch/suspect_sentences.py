"""What is said of doubtful labels, on the page and in the report."""

from __future__ import annotations

import numpy as np

from ...data.predictions import Survey
from .label_ranking import answers
from .suspects import Detection, Suspects, detection, gamma_reorders, judging_activation

CAUTION = (
    "This is a list to check, not a verdict. It trusts the model, so the predictions should be of samples that it was "
    "not trained on."
)

METHOD = (
    "Confident learning: a row labeled i counts as confidently j where p_j reaches the mean p_j of the rows labeled j "
    "(Northcutt, Jiang and Chuang 2021, equations 1 and 2). These counts, scaled to the number of labels of each class "
    "(equation 3), say how many rows labeled i are truly j; that many, those with the largest p_j − p_i, are called wrong "
    "(section 3.2, prune by noise rate), but only where p_j is above p_i."
)


def summary(judgement: Suspects, survey: Survey) -> tuple[str, ...]:
    """How many labels look wrong, how well marked ones are detected, and what could not be found."""
    marked = detection(judgement, survey)
    return (_count(judgement, survey), *([_detected(marked)] if marked else []), *_absent(judgement, survey))


def remarks(judgement: Suspects, survey: Survey, activation: str) -> tuple[str, ...]:
    """What to think of the list, under a loss with this activation: how sure it is, what γ adds, and how it was made."""
    judging = judging_activation(survey, activation)
    other = (
        [f"Entries are judged by {judging} probabilities, regardless of the activation of the loss."]
        if judging != activation
        else []
    )
    return (" ".join((CAUTION, *other, about_gamma(survey, activation))), method(judgement))


def about_gamma(survey: Survey, activation: str) -> str:
    """What γ adds to a ranking of labels."""
    if gamma_reorders(survey, activation):
        return (
            "γ can reorder samples by their loss, which sums several terms, but says nothing more about one label: each is "
            "judged by its own probability."
        )
    return (
        "γ adds nothing here: a sample’s focal loss falls as the probability of its label rises, whatever γ is, so ranking by "
        "loss is ranking by self-confidence."
    )


def method(judgement: Suspects) -> str:
    """How the number was reached, and what the estimate was before the model's own guesses were spared."""
    listed = len(judgement.errors.row)
    return f"{METHOD} Equation 3 puts the number of wrong labels at {judgement.estimate:,.0f}; the list has {listed:,}."


def _count(judgement: Suspects, survey: Survey) -> str:
    number, total = len(judgement.errors.row), f"{judgement.total:,}"
    kind = "entries" if survey.task == "multi-label" else "labels"
    if judgement.total == 1:
        only = "entry" if kind == "entries" else "label"
        return f"The only {only} {'looks' if number else 'does not look'} wrong (confident learning)."
    if not number:
        return f"None of the {total} {kind} looks wrong (confident learning)."
    verb, listed = ("looks", "it is listed") if number == 1 else ("look", "the list has all of them, most doubtful first")
    return f"About {number:,} of {total} {kind} {verb} wrong (confident learning); {listed}."


def _detected(marked: Detection) -> str:
    recall = (
        f"Of the {_counted(marked.marked, 'marked suspect')} the list has {marked.both:,} (recall {_percent(marked.recall)})"
    )
    if not marked.called:
        return recall + "."
    listed = f"of the {_counted(marked.called, 'sample')} on the list {marked.both:,}"
    return f"{recall}; {listed} {'is' if marked.both == 1 else 'are'} marked (precision {_percent(marked.precision)})."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _absent(judgement: Suspects, survey: Survey) -> list[str]:
    """A class that no label names is never found to be the right one."""
    absent = np.argwhere(judgement.counts == 0)
    if not len(absent):
        return []
    names, sides = survey.class_labels, answers(survey)
    several = survey.task == "multi-label"
    named = [f"{names[problem]}: {sides[label]}" if several else sides[label] for problem, label in absent[:5]]
    more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
    return [f"No sample is labeled {', '.join(named)}{more}, so samples that should be cannot be found."]
