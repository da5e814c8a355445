"""The verdict in one sentence: its numbers are those of the seed rows, and it says how many losses support the claim."""

from __future__ import annotations

import pytest

from lossviz import loss
from lossviz.analysis.training import Contrast, Experiment, contrast, estimate
from lossviz.analysis.training.headline_sentences import headline, interval_label, short_labels
from lossviz.analysis.training.percentage_points import format_estimate
from lossviz.analysis.training.sentences import Judgement, judgements
from lossviz.analysis.training.verdict import Verdict
from lossviz.data.toy_datasets import DatasetSpec

from .random_records import random_record

UNEVEN = DatasetSpec("gaussians", noise="one class", rate=0.2, pair=(1, 0))
CLEAN = DatasetSpec("gaussians")
CE = loss("cross-entropy")
FOCAL = tuple(loss("focal", gamma=gamma) for gamma in (1.0, 2.0, 5.0))


def both(losses: int) -> tuple[Experiment, Contrast]:
    noisy, clean = (random_record(spec, losses=(CE, *FOCAL[:losses]), seeds=12) for spec in (UNEVEN, CLEAN))
    return noisy.experiment, contrast(noisy, clean, "accuracy")


@pytest.mark.parametrize("losses", [1, 2])
def test_each_number_is_the_one_of_its_seed_row(losses: int) -> None:
    experiment, shown = both(losses)
    labels = "ABC"[: losses + 1]
    text = headline(experiment, shown, labels, "accuracy", judgements(experiment, shown, labels, "accuracy", 0.1))
    last = estimate(shown.effect).at(-1)
    for n in range(losses):
        mean, ends = format_estimate(*(float(x[n]) for x in last[2:5]))
        assert f"{mean} points {ends}" in text, text
    assert text.startswith("Relative to A, the noise changes clean accuracy by ")


def test_of_many_losses_the_ends_are_told() -> None:
    experiment, shown = both(3)
    rows = [
        Judgement(label, verdict, "", "")
        for label, verdict in zip("BCD", [Verdict.SUPPORTS] * 2 + [Verdict.UNDECIDED], strict=True)
    ]
    text = headline(experiment, shown, "ABCD", "accuracy", rows)
    assert "under 3 losses." in text and text.endswith("2 of 3 support the claim, 0 contradict it.")
    assert len(text) < 220, "two lines"


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        ([Verdict.SUPPORTS], "This supports the claim."),
        ([Verdict.SUPPORTS] * 2, "Both support the claim."),
        ([Verdict.UNDECIDED, Verdict.SUPPORTS], "The first: undecided; the second: supports the claim."),
        ([None, None], "."),
    ],
)
def test_alike_verdicts_are_told_once(verdicts: list[Verdict | None], says: str) -> None:
    experiment, shown = both(len(verdicts))
    rows = [Judgement(label, verdict, "", "") for label, verdict in zip("BC", verdicts, strict=False)]
    assert headline(experiment, shown, "ABC"[: len(verdicts) + 1], "accuracy", rows).endswith(says)


def test_an_activation_that_all_share_is_left_out() -> None:
    labels = ("categorical cross-entropy", "softmax focal loss, γ = 1")
    assert short_labels((CE, FOCAL[0]), labels) == ("cross-entropy", "focal loss, γ = 1")
    assert short_labels((CE, loss("focal", "sigmoid", gamma=1.0)), labels) == labels


def test_brackets_are_explained_only_where_there_are_any() -> None:
    assert interval_label(Experiment(CLEAN, (CE,), 12)) == "12 seeds, 95% intervals [ ]"
    assert interval_label(Experiment(CLEAN, (CE,), 1)) == "1 seed, no intervals"
