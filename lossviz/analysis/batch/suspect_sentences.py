"""What is said of doubtful labels, on the page and in the report."""

from __future__ import annotations

import numpy as np

from ...data.predictions import Survey
from ...numbers import counted
from ...texts import joined, say
from .label_ranking import answers
from .suspects import Detection, Suspects, detection, gamma_reorders, judging_activation

CAUTION = say(
    "This is a list to check, not a verdict. It trusts the model, so the predictions should be of samples that it was "
    "not trained on."
)

METHOD = say(
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
    other = []
    if judging_activation(survey, activation) != activation:
        other.append(say("Entries are judged by sigmoid probabilities, regardless of the activation of the loss."))
    return (joined((CAUTION, *other, about_gamma(survey, activation)), " "), method(judgement))


def about_gamma(survey: Survey, activation: str) -> str:
    """What γ adds to a ranking of labels."""
    if gamma_reorders(survey, activation):
        return say(
            "γ can reorder samples by their loss, which sums several terms, but says nothing more about one label: each is "
            "judged by its own probability."
        )
    return say(
        "γ adds nothing here: a sample’s focal loss falls as the probability of its label rises, whatever γ is, so ranking by "
        "loss is ranking by self-confidence."
    )


def method(judgement: Suspects) -> str:
    """How the number was reached, and what the estimate was before the model's own guesses were spared."""
    reached = say(
        "Equation 3 puts the number of wrong labels at {estimate:,.0f}; the list has {listed:,}.",
        estimate=judgement.estimate,
        listed=len(judgement.errors.row),
    )
    return joined((METHOD, reached), " ")


def _count(judgement: Suspects, survey: Survey) -> str:
    number, total = len(judgement.errors.row), judgement.total
    if survey.task == "multi-label":
        return _count_of_entries(number, total)
    if total == 1:
        looks = say("The only label looks wrong (confident learning).")
        return looks if number else say("The only label does not look wrong (confident learning).")
    if not number:
        return say("None of the {total:,} labels looks wrong (confident learning).", total=total)
    if number == 1:
        return say("About 1 of {total:,} labels looks wrong (confident learning); it is listed.", total=total)
    return say(
        "About {number:,} of {total:,} labels look wrong (confident learning); the list has all of them, most doubtful first.",
        number=number,
        total=total,
    )


def _count_of_entries(number: int, total: int) -> str:
    if total == 1:
        looks = say("The only entry looks wrong (confident learning).")
        return looks if number else say("The only entry does not look wrong (confident learning).")
    if not number:
        return say("None of the {total:,} entries looks wrong (confident learning).", total=total)
    if number == 1:
        return say("About 1 of {total:,} entries looks wrong (confident learning); it is listed.", total=total)
    return say(
        "About {number:,} of {total:,} entries look wrong (confident learning); the list has all of them, most doubtful first.",
        number=number,
        total=total,
    )


def _detected(marked: Detection) -> str:
    values = {
        "marked": counted(marked.marked, "marked suspect"),
        "both": marked.both,
        "recall": _percent(marked.recall),
        "listed": counted(marked.called, "sample"),
        "precision": _percent(marked.precision),
    }
    if not marked.called:
        return say("Of the {marked} the list has {both:,} (recall {recall}).", **values)
    if marked.both == 1:
        return say(
            "Of the {marked} the list has {both:,} (recall {recall}); of the {listed} on the list {both:,} is marked "
            "(precision {precision}).",
            **values,
        )
    return say(
        "Of the {marked} the list has {both:,} (recall {recall}); of the {listed} on the list {both:,} are marked "
        "(precision {precision}).",
        **values,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def _absent(judgement: Suspects, survey: Survey) -> list[str]:
    """A class that no label names is never found to be the right one."""
    absent = np.argwhere(judgement.counts == 0)
    if not len(absent):
        return []
    names, sides = survey.class_labels, answers(survey)
    several = survey.task == "multi-label"
    named = joined(
        say("{name}: {side}", name=names[problem], side=sides[label]) if several else sides[label]
        for problem, label in absent[:5]
    )
    if len(absent) <= 5:
        return [say("No sample is labeled {labels}, so samples that should be cannot be found.", labels=named)]
    return [
        say(
            "No sample is labeled {labels} and {more} more, so samples that should be cannot be found.",
            labels=named,
            more=len(absent) - 5,
        )
    ]
