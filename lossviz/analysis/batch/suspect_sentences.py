"""What is said of doubtful labels, on the page and in the report."""

from __future__ import annotations

import numpy as np

from ...data.predictions import Survey
from .label_ranking import answers
from .suspects import Detection, Suspects, detection, gamma_reorders

CAUTION = (
    "It is a list to look at, not a verdict, and it takes the model’s word: the predictions should be of samples that "
    "the model was not trained on."
)

METHOD = (
    "Confident learning: a row labelled i counts as confidently j where p_j reaches the mean p_j of the rows labelled j "
    "(Northcutt, Jiang and Chuang 2021, equations 1 and 2). These counts, scaled to the number of labels of each class "
    "(equation 3), say how many rows labelled i are truly j; called wrong are as many with the largest p_j − p_i "
    "(section 3.2, prune by noise rate)."
)


def summary(found: Suspects, survey: Survey) -> tuple[str, ...]:
    """How many labels look wrong, how well marked ones are detected, and what could not be found."""
    marked = detection(found, survey)
    return (_count(found, survey), *([_detected(marked)] if marked else []), *_absent(found, survey))


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


def _count(found: Suspects, survey: Survey) -> str:
    listed, total = len(found.errors.row), f"{found.total:,}"
    about = max(round(found.estimate), listed)
    kind = "entries" if survey.task == "multi-label" else "labels"
    if not about:
        return f"None of the {total} {kind} looks wrong (confident learning)."
    verb = "looks" if about == 1 else "look"
    return f"About {about:,} of {total} {kind} {verb} wrong (confident learning); {_listed(listed, about)}."


def _listed(listed: int, about: int) -> str:
    if not listed:
        return "no single one stands out"
    if about == 1:
        return "it is listed"
    which = "all of them" if listed == about else f"the {listed:,} that stand{'s' if listed == 1 else ''} out"
    return f"the list has {which}, most doubtful first"


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
    return f"{100 * share:.3g} %"


def _absent(found: Suspects, survey: Survey) -> list[str]:
    """A class that no label names is never found to be the right one."""
    absent = np.argwhere(found.counts == 0)
    if not len(absent):
        return []
    names, sides = survey.class_labels, answers(survey)
    several = survey.task == "multi-label"
    named = [f"{names[problem]}: {sides[label]}" if several else sides[label] for problem, label in absent[:5]]
    more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
    return [f"No sample is labelled {', '.join(named)}{more}, so none can be found that should have been."]
