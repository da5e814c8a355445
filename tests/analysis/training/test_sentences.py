"""Every sentence of a verdict, word by word, of intervals that are given; and over what, how sure and for how many they are."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.training import CLAIMS, MEASURES, Contrast, Estimate, Experiment, Verdict, contrast, sentences
from lossviz.analysis.training.sentences import Judgement, interval_note, judgements
from lossviz.data.toy_datasets import DatasetSpec

from .random_records import CLEAN, random_record

CE, SMOOTH = loss("cross-entropy"), loss("cross-entropy", label_smoothing=0.1)
GAMMAS = tuple(loss("focal", gamma=gamma) for gamma in (2.0, 5.0, 1.0))

UNEVEN = DatasetSpec("gaussians", noise="one class", rate=0.2, pair=(1, 0))
EVEN = DatasetSpec("gaussians", noise="uniform", rate=0.2)
RARE = DatasetSpec("gaussians", ratio=10.0)

NAN = float("nan")

NOISY, COUNTERPART = (-0.5, -0.7, -0.3, -0.6, -0.4), (0.02, -0.08, 0.12, -0.05, 0.09)
"""Mean, 95% and 90% interval as the experiment is, and without what the claim is about."""

DOWN = (-0.52, -0.61, -0.43, -0.6, -0.45)
WITHIN = (0.01, -0.06, 0.08, -0.05, 0.07)
SMALL = (0.2, 0.04, 0.36, 0.06, 0.34)
WIDE = (0.05, -0.25, 0.35, -0.2, 0.3)
NONE = (0.3, NAN, NAN, NAN, NAN)


def of(*ends: tuple[float, ...], seeds: int = 12, distinct: int = 12) -> Estimate:
    """An estimate of a loss each."""
    return Estimate(seeds, np.full((1, len(ends)), distinct), *np.array(ends).T[:, None])


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch):
    """The judgement of estimates: of the experiment, its counterpart and the change between them; or of the first alone."""

    def say(
        dataset_spec: DatasetSpec, *parts: Estimate, losses=(CE, GAMMAS[0]), measure: str = "", margin: float = 0.1
    ) -> tuple:
        experiment = Experiment(dataset_spec, losses, seeds=parts[0].seeds)
        queue = iter(parts)
        monkeypatch.setattr(sentences, "estimate", lambda _: next(queue))
        nothing = np.zeros((1, len(losses) - 1, parts[0].seeds))
        result = Contrast(nothing, nothing if len(parts) == 3 else None)
        about = sentences.claim(experiment)
        return judgements(
            experiment, result, "ABCD"[: len(losses)], measure or (about.endpoint if about else "accuracy"), margin
        )

    return say


MORE = " new ones would decide it four times in five, if the mean stayed the same"

CHANGED = (
    "The noise changes its difference in clean accuracy from A by {change}: it is +0.02 points [−0.08, +0.12] without and "
    "−0.5 points [−0.7, −0.3] with the noise."
)


@pytest.mark.parametrize(
    ("dataset_spec", "change", "margin", "verdict", "reason", "numbers"),
    [
        (UNEVEN, DOWN, 0.1, Verdict.SUPPORTS, "the 95% interval lies beyond ±0.1 points", "−0.52 points [−0.61, −0.43]"),
        (UNEVEN, DOWN, 0.0, Verdict.SUPPORTS, "the 95% interval excludes 0", "−0.52 points [−0.61, −0.43]"),
        (EVEN, DOWN, 0.25, Verdict.CONTRADICTS, "the 95% interval lies beyond ±0.25 points", "−0.52 points [−0.61, −0.43]"),
        (
            UNEVEN, WITHIN, 0.1, Verdict.NONE_THAT_MATTERS,
            "the 90% interval [−0.05, +0.07] lies within ±0.1 points", "+0.01 points [−0.06, +0.08]",
        ),
        (
            EVEN, WITHIN, 0.1, Verdict.SUPPORTS,
            "no difference larger than 0.1 points: the 90% interval [−0.05, +0.07] lies within ±0.1 points",
            "+0.01 points [−0.06, +0.08]",
        ),
        (
            UNEVEN, SMALL, 0.1, Verdict.SMALL,
            "the 95% interval excludes 0 but extends inside ±0.1 points", "+0.20 points [+0.04, +0.36]",
        ),
        (
            UNEVEN, WIDE, 0.1, Verdict.UNDECIDED,
            "12 seeds pin it down to ±0.3 points; about 610" + MORE, "+0.05 points [−0.25, +0.35]",
        ),
        (
            UNEVEN, (0.08, *WIDE[1:]), 0.1, Verdict.UNDECIDED,
            "12 seeds pin it down to ±0.33 points; about 3,000" + MORE, "+0.08 points [−0.25, +0.35]",
        ),
        (
            UNEVEN, (0.1, *WIDE[1:]), 0.1, Verdict.UNDECIDED,
            "12 seeds pin it down to ±0.35 points; more than 10,000" + MORE, "+0.10 points [−0.25, +0.35]",
        ),
    ],
)  # fmt: skip
def test_each_verdict_with_a_twin(judge, dataset_spec, change, margin, verdict, reason, numbers) -> None:
    (result,) = judge(dataset_spec, of(NOISY), of(COUNTERPART), of(change), margin=margin)
    assert result == Judgement("B", verdict, reason, CHANGED.format(change=numbers))


@pytest.mark.parametrize("measure", ["accuracy", "calibration"])
@pytest.mark.parametrize(
    ("ends", "numbers"),
    [
        (DOWN, "−0.52 points [−0.61, −0.43]"),
        (WITHIN, "+0.01 points [−0.06, +0.08]"),
        (SMALL, "+0.20 points [+0.04, +0.36]"),
        (WIDE, "+0.05 points [−0.25, +0.35]"),
    ],
)
def test_where_nothing_is_claimed_nothing_is_judged(judge, ends, numbers: str, measure: str) -> None:
    """A verdict on whatever measure is looked at would be one of six."""
    (result,) = judge(DatasetSpec("gaussians"), of(ends), measure=measure)
    assert result == Judgement("B", None, "", f"Difference in {MEASURES[measure].title} from A: {numbers}.")
    assert result.sentence == f"B: {result.numbers}"


def test_a_rare_class_is_told_as_such(judge) -> None:
    (result,) = judge(RARE, of(NOISY), of(COUNTERPART), of((0.9, 0.7, 1.1, 0.8, 1.0)))
    assert result.verdict is Verdict.SUPPORTS
    assert result.numbers.startswith(
        "The imbalance changes its difference in average precision of the rare class from A by +0.9 points [+0.7, +1.1]: it is"
    )


@pytest.mark.parametrize("measure", ["balanced", "calibration", "memorised"])
def test_other_measures_have_intervals_and_make_no_claim(judge, measure: str) -> None:
    (result,) = judge(UNEVEN, of(NOISY), of(COUNTERPART), of(DOWN), measure=measure)
    assert result.verdict is None and result.reason == "" and "by −0.52 points [−0.61, −0.43]: it is" in result.numbers


def test_a_loss_that_tests_no_claim_is_judged_as_a_difference(judge) -> None:
    """Beside one that does: its direction is neither for nor against."""
    focal, smooth = judge(UNEVEN, *[of(DOWN, DOWN)] * 3, losses=(CE, GAMMAS[0], SMOOTH))
    assert (focal.verdict, smooth.verdict) == (Verdict.SUPPORTS, Verdict.BEYOND)


@pytest.mark.parametrize(
    ("seeds", "distinct", "reason"),
    [
        (1, 1, "1 seed; an interval needs at least 5"),
        (4, 4, "4 seeds; an interval needs at least 5"),
        (12, 1, "1 distinct value in 12 seeds; an interval needs at least 5"),
        (12, 4, "4 distinct values in 12 seeds; an interval needs at least 5"),
    ],
)
def test_too_little_for_an_interval_says_what_is_missing(judge, seeds: int, distinct: int, reason: str) -> None:
    (result,) = judge(UNEVEN, *[of(NONE, seeds=seeds, distinct=distinct)] * 3)
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, reason) and "+0.3 points (no interval)" in result.numbers
    (plain,) = judge(DatasetSpec("gaussians"), of(NONE, seeds=seeds, distinct=distinct))
    assert plain == Judgement("B", None, "", "Difference in clean accuracy from A: +0.3 points (no interval).")


def test_where_a_label_is_missing_nothing_is_compared(judge) -> None:
    (result,) = judge(UNEVEN, of((NAN,) * 5), measure="memorised")
    assert result == Judgement("B", None, "", "No comparison of memorized wrong labels: at least one seed has no wrong label.")


def test_one_loss_is_compared_with_nothing() -> None:
    record = random_record(losses=(CE,))
    assert judgements(record.experiment, contrast(record, None, "accuracy"), ["A"], "accuracy", 0.1) == ()


def test_the_endpoint_is_judged_after_the_last_epoch() -> None:
    noisy, clean = random_record(EVEN, seeds=6), random_record(CLEAN, seeds=6)
    both = contrast(noisy, clean, "accuracy")
    (result,) = judgements(noisy.experiment, both, "AB", "accuracy", 0.1)
    last = Contrast(both.differences[-1:], both.counterpart[-1:])  # type: ignore[index]
    assert judgements(noisy.experiment, last, "AB", "accuracy", 0.1) == (result,)
    first = Contrast(both.differences[:1], both.counterpart[:1])  # type: ignore[index]
    assert judgements(noisy.experiment, first, "AB", "accuracy", 0.1) != (result,)


def test_how_sure_says_over_what_at_which_level_and_for_how_many() -> None:
    one = Experiment(UNEVEN, (CE, GAMMAS[0]), seeds=12)
    assert interval_note(one, 150, "A") == (
        "Differences from A at equal epochs, in percentage points, after the last epoch (150). In brackets: 95% intervals, "
        "over 12 seeds, each with its own data, noise, initialization and batch order. These 95% do not cover looking at "
        "other epochs or measures, adding seeds until the answer is clear, drawing new ones until it fits, or changing δ."
    )
    many = replace(one, losses=(CE, *GAMMAS), equal_gradient=True)
    assert "at equal logit-gradient norm," in interval_note(many, 9, "A")
    assert interval_note(replace(one, seeds=1), 9, "A").endswith(
        "(9), over 1 seed, with its own data, noise, initialization and batch order. An interval needs at least 5 seeds."
    )
    whole = interval_note(replace(one, batch=one.dataset_spec.samples), 9, "A")
    assert "each with its own data, noise and initialization." in whole, "a batch of all samples has no order"
    together = "95% intervals that hold for {} losses at once{}, over"
    each = ": with, without and the effect each by itself"
    assert together.format("all 3", each) in interval_note(many, 9, "A")
    both = replace(one, dataset_spec=CLEAN, losses=(CE, *GAMMAS[:2]))
    assert together.format("both", "") in interval_note(both, 9, "A")
    digits = replace(one, dataset_spec=DatasetSpec("digits", 400))
    text = interval_note(digits, 9, "A")
    assert "each with another split of the same 1,797 images, its own noise, initialization and batch order, so this" in text


def test_nothing_is_as_the_claim_has_it(judge) -> None:
    dataset_specs, changes = (UNEVEN, EVEN, RARE), (DOWN, WITHIN, SMALL, WIDE, NONE)
    results = chain.from_iterable(judge(r, of(NOISY), of(COUNTERPART), of(change)) for r in dataset_specs for change in changes)
    texts = [f"{one.verdict.value} {one.reason} {one.numbers}" for one in results] + [one.sentence for one in CLAIMS.values()]
    assert len(texts) == 18 and not any("as the claim has it" in text or "the claim holds" in text for text in texts)
