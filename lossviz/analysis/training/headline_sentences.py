"""The verdict in one sentence, as it stands above the picture: its numbers are the chart's, digit by digit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import numpy as np

from ...losses import LossSpec
from ...numbers import counted
from ...texts import joined, say, then
from .claims import claim
from .contrasts import Contrast, Estimate, estimate
from .experiment import Experiment
from .intervals import FEWEST
from .measures import MEASURES
from .percentage_points import format_estimate, format_signed
from .sentences import Judgement, interval_of
from .verdict import Verdict

VERDICTS = {
    Verdict.SUPPORTS: (say("This supports the claim."), say("Both support the claim."), say("All support the claim.")),
    Verdict.CONTRADICTS: (
        say("This contradicts the claim."),
        say("Both contradict the claim."),
        say("All contradict the claim."),
    ),
    Verdict.BEYOND: (say("The difference matters."), say("Both differences matter."), say("All differences matter.")),
    Verdict.NONE_THAT_MATTERS: (
        say("No difference that matters."),
        say("Neither difference matters."),
        say("None of the differences matters."),
    ),
    Verdict.SMALL: (
        say("Perhaps too small to matter."),
        say("Both perhaps too small to matter."),
        say("All perhaps too small to matter."),
    ),
    Verdict.UNDECIDED: (say("Undecided."), say("Both undecided."), say("All undecided.")),
    Verdict.UNKNOWN: (
        say("Too few seeds for an interval."),
        say("Too few seeds for intervals."),
        say("Too few seeds for intervals."),
    ),
}
"""What is said of one loss, of two alike, and of more alike."""


def headline(
    experiment: Experiment, contrast: Contrast, labels: Sequence[str], measure: str, judgements: Sequence[Judgement]
) -> str:
    """The differences to the first loss after the last epoch, and what the judgements of them come to, as Markdown.

    Of one loss and of two each number is told, of more the least and the most.
    """
    estimates = estimate(contrast.effect[-1:]).at(0)
    title = MEASURES[measure].title
    if np.isnan(estimates.mean).all():
        return say("Nothing to compare by {measure}: at least one seed has no wrong label.", measure=title)
    first, *others = short_labels(experiment.losses, labels)
    about = claim(experiment)
    cause = about.cause if about and contrast.counterpart is not None else ""
    verdict = _verdict(judgements)
    return joined([_differences(estimates, first, others, title, cause), *([verdict] if verdict else [])], " ")


def short_labels(losses: Sequence[LossSpec], labels: Sequence[str]) -> tuple[str, ...]:
    """The losses by name, without what tells nothing where all have one activation."""
    activations = {spec.activation for spec in losses}
    if len(activations) > 1:
        return tuple(labels)
    needless = re.compile(rf"^({next(iter(activations))}|categorical) ")
    return tuple(then(label, partial(needless.sub, "")) for label in labels)


def _differences(estimates: Estimate, first: str, others: Sequence[str], title: str, cause: str) -> str:
    """One whole sentence, with what brings the differences about where that is what is measured."""
    subject: dict[str, str] = {"first": first, "cause": cause, "measure": title}
    match [{"by": _number(estimates, n), "loss": name} for n, name in enumerate(others)]:
        case [one] if cause:
            return say("Relative to {first}, {cause} changes {measure} by {by} with {loss}.", **subject, **one)
        case [one]:
            return say("Compared with {first}, {measure} differs by {by} with {loss}.", **subject, **one)
        case [one, other] if cause:
            return say(
                "Relative to {first}, {cause} changes {measure} by {by} with {loss} and by {by_other} with {other}.",
                **subject,
                **one,
                by_other=other["by"],
                other=other["loss"],
            )
        case [one, other]:
            return say(
                "Compared with {first}, {measure} differs by {by} with {loss} and by {by_other} with {other}.",
                **subject,
                **one,
                by_other=other["by"],
                other=other["loss"],
            )
    reach = {
        "least": format_signed(float(np.nanmin(estimates.mean))),
        "most": format_signed(float(np.nanmax(estimates.mean))),
        "losses": len(others),
    }
    if cause:
        return say(
            "Relative to {first}, {cause} changes {measure} by **{least} to {most} points** under {losses} losses.",
            **subject,
            **reach,
        )
    return say(
        "Compared with {first}, {measure} differs by **{least} to {most} points** under {losses} losses.", **subject, **reach
    )


def _number(estimates: Estimate, n: int) -> str:
    """A difference in bold letters, with its interval where it has one."""
    one = interval_of(estimates, n)
    mean, ends = format_estimate(one.mean, one.low, one.high)
    return say("**{mean} points {interval}**", mean=mean, interval=ends) if ends else say("**{mean} points**", mean=mean)


def _verdict(judgements: Sequence[Judgement]) -> str:
    """What the verdicts come to: all alike, or how many of each; nothing where nothing is judged."""
    verdicts = [one.verdict for one in judgements if one.verdict]
    if not verdicts:
        return ""
    if len(set(verdicts)) == 1:
        return VERDICTS[verdicts[0]][min(len(verdicts), 3) - 1]
    supporting, contradicting = verdicts.count(Verdict.SUPPORTS), verdicts.count(Verdict.CONTRADICTS)
    if len(verdicts) == 2:
        return say("The first: {first}; the second: {second}.", first=verdicts[0].value, second=verdicts[1].value)
    return say(
        "{supporting} of {losses} support the claim, {contradicting} contradict it.",
        supporting=supporting,
        losses=len(verdicts),
        contradicting=contradicting,
    )


def interval_label(experiment: Experiment) -> str:
    """Over what the numbers are, in a few words: what the brackets mean."""
    if experiment.seeds < FEWEST:
        return say("{seeds}, no intervals", seeds=counted(experiment.seeds, "seed"))
    return say("{seeds}, 95% intervals [ ]", seeds=counted(experiment.seeds, "seed"))
