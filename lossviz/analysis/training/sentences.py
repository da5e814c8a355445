"""What an experiment says of a claim, in sentences that follow from intervals and the smallest difference that matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...data.digits import COUNT
from ...numbers import counted
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
        decision = f"{self.verdict.value} ({self.reason}). " if self.verdict else ""
        return f"{self.label}: {decision}{self.numbers}"


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
    least = f"{format_size(margin)} points"
    match kind:
        case Verdict.UNKNOWN if seeds < FEWEST:
            return f"{counted(seeds, 'seed')}; an interval needs at least {FEWEST}"
        case Verdict.UNKNOWN:
            return f"{counted(distinct, 'distinct value')} in {seeds} seeds; an interval needs at least {FEWEST}"
        case Verdict.NONE_THAT_MATTERS:
            return _within(one, least)
        case Verdict.SUPPORTS if sign == 0:
            return f"no difference larger than {least}: {_within(one, least)}"
        case Verdict.SMALL:
            return f"the 95% interval excludes 0 but extends inside ±{least}"
        case Verdict.UNDECIDED:
            more = f"; {_more(seeds_needed(one, margin, seeds))}" if margin else ""
            return f"{seeds} seeds pin it down to ±{format_size(half_width(one))} points{more}"
        case _:
            return f"the 95% interval lies beyond ±{least}" if margin else "the 95% interval excludes 0"


def _within(one: Interval, least: str) -> str:
    return f"the 90% interval {format_interval(one.inner_low, one.inner_high)} lies within ±{least}"


def _more(seeds: int | None) -> str:
    """How many would be needed, to two digits; of new ones, for those at hand are why one asks."""
    many = f"about {int(float(f'{seeds:.2g}')):,}" if seeds else f"more than {MAX_SEEDS_NEEDED:,}"
    return f"{many} new ones would decide it four times in five, if the mean stayed the same"


def _numbers(about: Claim | None, parts: list[Estimate], n: int, labels: Sequence[str], measure: str) -> str:
    """The difference, or what the claim's noise or rarity changes of it, with and without."""
    title, first = MEASURES[measure].title, labels[0]
    if np.isnan(parts[-1].mean[n]):
        return f"No comparison of {title}: at least one seed has no wrong label."
    if about is None or len(parts) == 1:
        return f"Difference in {title} from {first}: {mean_with_interval(parts[0], n)}."
    present, absent, change = (mean_with_interval(one, n) for one in parts)
    by = f"{about.cause.capitalize()} changes its difference in {title} from {first} by {change}"
    return f"{by}: it is {absent} without and {present} with {about.cause}."


def mean_with_interval(estimates: Estimate, n: int) -> str:
    """A mean with its interval, where it has one."""
    one = interval_of(estimates, n)
    mean, ends = format_estimate(one.mean, one.low, one.high)
    return f"{mean} points {ends or '(no interval)'}"


def interval_note(experiment: Experiment, epoch: int, first: str) -> str:
    """Over what the intervals are, at which level, for how many comparisons, and what they do not cover."""
    equal = "logit-gradient norm" if experiment.equal_gradient else "epochs"
    what = f"Differences from {first} at equal {equal}, in percentage points, after the last epoch ({epoch})"
    if experiment.seeds < FEWEST:
        return f"{what}, {seeds_in_words(experiment)}. An interval needs at least {FEWEST} seeds."
    return (
        f"{what}. In brackets: 95% intervals{_together(experiment)}, {seeds_in_words(experiment)}. "
        "These 95% do not cover looking at other epochs or measures, adding seeds until the answer is clear, drawing new ones "
        "until it fits, or changing δ."
    )


def seeds_in_words(experiment: Experiment) -> str:
    """Over what the means and intervals are."""
    order = "" if experiment.batch >= experiment.dataset_spec.samples else " and batch order"
    own = f"noise{'' if order else ' and'}{',' if order else ''} initialization{order}"
    drawn = (
        f"another split of the same {COUNT:,} images, its own {own}, so this says nothing about other images"
        if experiment.dataset_spec.shape == "digits"
        else f"its own data, {own}"
    )
    return f"over {counted(experiment.seeds, 'seed')}, {'each ' if experiment.seeds > 1 else ''}with {drawn}"


def _together(experiment: Experiment) -> str:
    """For how many comparisons at once the intervals hold."""
    losses = len(experiment.losses) - 1
    if losses == 1:
        return ""
    each = ": with, without and the effect each by itself" if claim(experiment) else ""
    return f" that hold for {losses_in_words(losses)} at once{each}"


def losses_in_words(losses: int) -> str:
    """So many losses, all of them."""
    return "both losses" if losses == 2 else f"all {losses} losses"
