"""The verdict in one sentence, as it stands above the picture: its numbers are the chart's, digit by digit."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...losses import LossSpec
from ...numbers import counted
from .claims import claim
from .contrasts import Contrast, Estimate, estimate
from .experiment import Experiment
from .intervals import FEWEST
from .measures import MEASURES
from .percentage_points import format_signed
from .sentences import Judgement, mean_with_interval
from .verdict import Verdict

VERDICTS = {
    Verdict.SUPPORTS: ("This supports the claim.", "Both support the claim.", "All support the claim."),
    Verdict.CONTRADICTS: ("This contradicts the claim.", "Both contradict the claim.", "All contradict the claim."),
    Verdict.BEYOND: ("The difference matters.", "Both differences matter.", "All differences matter."),
    Verdict.NONE_THAT_MATTERS: (
        "No difference that matters.",
        "Neither difference matters.",
        "None of the differences matters.",
    ),
    Verdict.SMALL: ("Perhaps too small to matter.", "Both perhaps too small to matter.", "All perhaps too small to matter."),
    Verdict.UNDECIDED: ("Undecided.", "Both undecided.", "All undecided."),
    Verdict.UNKNOWN: ("Too few seeds for an interval.", "Too few seeds for intervals.", "Too few seeds for intervals."),
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
        return f"Nothing to compare by {title}: at least one seed has no wrong label."
    first, *others = short_labels(experiment.losses, labels)
    about = claim(experiment)
    cause = about.cause if about and contrast.counterpart is not None else ""
    return f"{_differences(estimates, first, others, title, cause)} {_verdict(judgements)}".rstrip()


def short_labels(losses: Sequence[LossSpec], labels: Sequence[str]) -> tuple[str, ...]:
    """The losses by name, without what tells nothing where all have one activation."""
    activations = {spec.activation for spec in losses}
    if len(activations) > 1:
        return tuple(labels)
    return tuple(re.sub(rf"^({next(iter(activations))}|categorical) ", "", label) for label in labels)


def _differences(estimates: Estimate, first: str, others: Sequence[str], title: str, cause: str) -> str:
    """One whole sentence, with what brings the differences about where that is what is measured."""
    numbers = [f"**{mean_with_interval(estimates, n).replace(' (no interval)', '')}**" for n in range(len(others))]
    if len(others) > 2:
        least, most = format_signed(float(np.nanmin(estimates.mean))), format_signed(float(np.nanmax(estimates.mean)))
        if cause:
            return f"Relative to {first}, {cause} changes {title} by **{least} to {most} points** under {len(others)} losses."
        return f"Compared with {first}, {title} differs by **{least} to {most} points** under {len(others)} losses."
    match others:
        case [one]:
            if cause:
                return f"Relative to {first}, {cause} changes {title} by {numbers[0]} with {one}."
            return f"Compared with {first}, {title} differs by {numbers[0]} with {one}."
        case [one, other]:
            if cause:
                return (
                    f"Relative to {first}, {cause} changes {title} by {numbers[0]} with {one} and by {numbers[1]} with {other}."
                )
            return f"Compared with {first}, {title} differs by {numbers[0]} with {one} and by {numbers[1]} with {other}."
    return ""


def _verdict(judgements: Sequence[Judgement]) -> str:
    """What the verdicts come to: all alike, or how many of each; nothing where nothing is judged."""
    verdicts = [one.verdict for one in judgements if one.verdict]
    if not verdicts:
        return ""
    if len(set(verdicts)) == 1:
        return VERDICTS[verdicts[0]][min(len(verdicts), 3) - 1]
    supporting, contradicting = verdicts.count(Verdict.SUPPORTS), verdicts.count(Verdict.CONTRADICTS)
    if len(verdicts) == 2:
        return f"The first: {verdicts[0].value}; the second: {verdicts[1].value}."
    return f"{supporting} of {len(verdicts)} support the claim, {contradicting} contradict it."


def interval_label(experiment: Experiment) -> str:
    """Over what the numbers are, in a few words: what the brackets mean."""
    if experiment.seeds < FEWEST:
        return f"{counted(experiment.seeds, 'seed')}, no intervals"
    return f"{counted(experiment.seeds, 'seed')}, 95% intervals [ ]"
