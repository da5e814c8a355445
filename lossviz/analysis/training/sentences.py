"""What an experiment says of a claim, in sentences that follow from intervals and the smallest difference that matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...data.digits import COUNT
from ...fields import sentence_case
from ...numbers import counted
from ...texts import joined, say, then
from .claims import Claim, claim, isolates_gamma
from .contrasts import Contrast, Estimate, estimate
from .experiment import Experiment
from .intervals import FEWEST
from .measures import MEASURES
from .percentage_points import format_estimate, format_interval, format_size
from .verdict import MAX_SEEDS_NEEDED, Interval, Verdict, decide, half_width, seeds_needed


class Judgement(NamedTuple):
    """What can be said of a loss: a verdict, None where a measure judges nothing; the reason for it; and the numbers."""

    label: str
    verdict: Verdict | None
    reason: str
    numbers: str

    @property
    def sentence(self) -> str:
        """All of it."""
        if self.verdict is None:
            return say("{label}: {numbers}", label=self.label, numbers=self.numbers)
        return say(
            "{label}: {verdict} ({reason}). {numbers}",
            label=self.label,
            verdict=self.verdict.value,
            reason=self.reason,
            numbers=self.numbers,
        )


def judgements(
    experiment: Experiment, contrast: Contrast, labels: Sequence[str], measure: str, margin: float
) -> tuple[Judgement, ...]:
    """Of each loss but the first, after the last epoch of `contrast`; `labels`: all losses by name.

    margin: the smallest difference that matters, in percentage points. Only the endpoint of a claim is judged: a verdict on
    whatever measure is looked at would be one of many.
    """
    claimed = claim(experiment)
    estimates = [estimate(one[-1:]).at(0) for one in contrast.parts]
    is_endpoint = claimed is not None and measure == claimed.endpoint
    judged_margin = margin if is_endpoint else None
    rows = [_numbers(claimed, estimates, n, labels, measure) for n in range(len(labels) - 1)]
    return tuple(
        _judgement(_claimed_sign(experiment, n), estimates, n, labels, judged_margin, numbers) for n, numbers in enumerate(rows)
    )


def interval_of(estimates: Estimate, n: int) -> Interval:
    """That of the n-th loss, of one epoch."""
    return Interval(*(float(x[n]) for x in estimates[2:]))


def _claimed_sign(experiment: Experiment, n: int) -> int | None:
    """Of the difference that is claimed of the n-th loss but the first; None where none is."""
    about = claim(experiment)
    return about.sign if about and isolates_gamma(experiment.losses[0], experiment.losses[n + 1]) else None


def _judgement(
    sign: int | None, parts: list[Estimate], n: int, labels: Sequence[str], margin: float | None, numbers: str
) -> Judgement:
    if margin is None or np.isnan(parts[-1].mean[n]):
        return Judgement(labels[n + 1], None, "", numbers)
    kind = decide(one := interval_of(parts[-1], n), margin, sign)
    return Judgement(
        labels[n + 1], kind, _reason(kind, sign, one, margin, parts[-1].seeds, int(parts[-1].distinct[n])), numbers
    )


def _reason(kind: Verdict, sign: int | None, one: Interval, margin: float, seeds: int, distinct: int) -> str:
    """Why it is the verdict."""
    least = format_size(margin)
    match kind:
        case Verdict.UNKNOWN if seeds < FEWEST:
            return say("{seeds}; an interval needs at least {fewest}", seeds=counted(seeds, "seed"), fewest=FEWEST)
        case Verdict.UNKNOWN:
            return say(
                "{values} in {seeds} seeds; an interval needs at least {fewest}",
                values=counted(distinct, "distinct value"),
                seeds=seeds,
                fewest=FEWEST,
            )
        case Verdict.NONE_THAT_MATTERS:
            return say(
                "the 90% interval {interval} lies within ±{least} points",
                interval=format_interval(one.inner_low, one.inner_high),
                least=least,
            )
        case Verdict.SUPPORTS if sign == 0:
            return say(
                "no difference larger than {least} points: the 90% interval {interval} lies within ±{least} points",
                interval=format_interval(one.inner_low, one.inner_high),
                least=least,
            )
        case Verdict.SMALL:
            return say("the 95% interval excludes 0 but extends inside ±{least} points", least=least)
        case Verdict.UNDECIDED:
            return _undecided(one, margin, seeds)
        case _ if margin:
            return say("the 95% interval lies beyond ±{least} points", least=least)
        case _:
            return say("the 95% interval excludes 0")


def _undecided(one: Interval, margin: float, seeds: int) -> str:
    """How many seeds would be needed, to two digits; of new ones, for those at hand are why one asks."""
    half = format_size(half_width(one))
    if not margin:
        return say("{seeds} seeds pin it down to ±{half} points", seeds=seeds, half=half)
    if (needed := seeds_needed(one, margin, seeds)) is None:
        return say(
            "{seeds} seeds pin it down to ±{half} points; more than {most:,} new ones would decide it four times in five, "
            "if the mean stayed the same",
            seeds=seeds,
            half=half,
            most=MAX_SEEDS_NEEDED,
        )
    return say(
        "{seeds} seeds pin it down to ±{half} points; about {needed:,} new ones would decide it four times in five, "
        "if the mean stayed the same",
        seeds=seeds,
        half=half,
        needed=int(float(f"{needed:.2g}")),
    )


def _numbers(about: Claim | None, parts: list[Estimate], n: int, labels: Sequence[str], measure: str) -> str:
    """The difference, or what the claim's noise or rarity changes of it, with and without."""
    title, first = MEASURES[measure].title, labels[0]
    if np.isnan(parts[-1].mean[n]):
        return say("No comparison of {measure}: at least one seed has no wrong label.", measure=title)
    if about is None or len(parts) == 1:
        return say(
            "Difference in {measure} from {first}: {difference}.",
            measure=title,
            first=first,
            difference=mean_with_interval(parts[0], n),
        )
    present, absent, change = (mean_with_interval(one, n) for one in parts)
    return say(
        "{begin} changes its difference in {measure} from {first} by {change}: it is {absent} without and {present} with "
        "{cause}.",
        begin=then(about.cause, sentence_case),
        measure=title,
        first=first,
        change=change,
        absent=absent,
        present=present,
        cause=about.cause,
    )


def mean_with_interval(estimates: Estimate, n: int) -> str:
    """A mean with its interval, where it has one."""
    one = interval_of(estimates, n)
    mean, ends = format_estimate(one.mean, one.low, one.high)
    if not ends:
        return say("{mean} points (no interval)", mean=mean)
    return say("{mean} points {interval}", mean=mean, interval=ends)


def interval_note(experiment: Experiment, epoch: int, first: str) -> str:
    """Over what the intervals are, at which level, for how many comparisons, and what they do not cover."""
    equal = say("logit-gradient norm") if experiment.equal_gradient else say("epochs")
    if experiment.seeds < FEWEST:
        return say(
            "Differences from {first} at equal {equal}, in percentage points, after the last epoch ({epoch}), {seeds}. "
            "An interval needs at least {fewest} seeds.",
            first=first,
            equal=equal,
            epoch=epoch,
            seeds=seeds_in_words(experiment),
            fewest=FEWEST,
        )
    what = say(
        "Differences from {first} at equal {equal}, in percentage points, after the last epoch ({epoch}).",
        first=first,
        equal=equal,
        epoch=epoch,
    )
    uncovered = say(
        "These 95% do not cover looking at other epochs or measures, adding seeds until the answer is clear, drawing new ones "
        "until it fits, or changing δ."
    )
    return joined([what, _brackets(experiment), uncovered], " ")


def seeds_in_words(experiment: Experiment) -> str:
    """Over what the means and intervals are."""
    seeds, own = counted(experiment.seeds, "seed"), _own(experiment)
    if experiment.seeds > 1:
        return say("over {seeds}, each with {own}", seeds=seeds, own=own)
    return say("over {seeds}, with {own}", seeds=seeds, own=own)


def _own(experiment: Experiment) -> str:
    """What each seed has to itself; where a batch is everything there is no order of batches."""
    ordered = experiment.batch < experiment.dataset_spec.samples
    match experiment.dataset_spec.shape == "digits", ordered:
        case True, True:
            return say(
                "another split of the same {images:,} images, its own noise, initialization and batch order, "
                "so this says nothing about other images",
                images=COUNT,
            )
        case True, False:
            return say(
                "another split of the same {images:,} images, its own noise and initialization, "
                "so this says nothing about other images",
                images=COUNT,
            )
        case False, True:
            return say("its own data, noise, initialization and batch order")
        case _:
            return say("its own data, noise and initialization")


def _brackets(experiment: Experiment) -> str:
    """What the intervals are, and for how many comparisons at once they hold."""
    losses, seeds = len(experiment.losses) - 1, seeds_in_words(experiment)
    if losses == 1:
        return say("In brackets: 95% intervals, {seeds}.", seeds=seeds)
    if claim(experiment) is None:
        return say(
            "In brackets: 95% intervals that hold for {losses} at once, {seeds}.", losses=losses_in_words(losses), seeds=seeds
        )
    return say(
        "In brackets: 95% intervals that hold for {losses} at once: with, without and the effect each by itself, {seeds}.",
        losses=losses_in_words(losses),
        seeds=seeds,
    )


def losses_in_words(losses: int) -> str:
    """So many losses, all of them."""
    return say("both losses") if losses == 2 else say("all {losses} losses", losses=losses)
