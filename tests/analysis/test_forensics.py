"""Stuck values and what they point to: the field's list, every value computed anew by torch where it can be."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lossviz.analysis.forensics import LOSSES, NEAR, Match, matches, rounding

KNOWN = [
    (0.6931, None, "coin"),
    (1.0986, None, "Chance level for 3"),
    (2.3026, None, "Chance level for 10"),
    (4.605, None, "Chance level for 100"),
    (6.908, None, "Chance level for 1,000"),
    (0.3133, None, "Sigmoid before BCEWithLogits"),
    (0.3133, 2, "Softmax before CrossEntropyLoss"),
    (0.5514, None, "Softmax before CrossEntropyLoss"),
    (0.7437, None, "Softmax before CrossEntropyLoss"),
    (1.4612, None, "Softmax before CrossEntropyLoss"),
    (5.9095, None, "Softmax before CrossEntropyLoss"),
    (1.3133, None, "Sigmoid before BCEWithLogits"),
    (0.5003, 10, "Label smoothing"),
    (1.0148, 1000, "Label smoothing"),
    (0.1733, None, "Focal loss with γ = 2"),
    (1.8651, None, "Softmax focal loss with γ = 2"),
    (2.30212, None, "clamped at 1e-4"),
    (15.942, None, "float32's p next to 1"),
    (16.118, None, "Keras"),
    (73.68, None, "1e-32"),
    (87.3365, None, "Caffe"),
    (100.0, None, "BCELoss clamps"),
    (-0.93, None, "NLLLoss gets probabilities"),
    (math.nan, None, "saturated focal"),
    (math.nan, None, "ignored"),
    (math.inf, None, "rounded to 0"),
]


@pytest.mark.parametrize(("value", "classes", "says"), KNOWN)
def test_known_values_are_explained(value: float, classes: int | None, says: str) -> None:
    causes = matches(value, classes)
    assert any(says in match.candidate.says for match in causes), [match.candidate for match in causes]
    near = [match for match in causes if says in match.candidate.says]
    assert near[0].off < 2e-4, "typed to four digits"


def test_the_nearest_is_first_and_the_far_are_not_named() -> None:
    causes = matches(2.3026)
    offs = [match.off for match in causes]
    assert offs == sorted(offs) and max(offs) <= NEAR
    assert causes[0].candidate.arithmetic == "ln 10"
    assert matches(3.21) == [] == matches(47.0)


@pytest.mark.parametrize("classes", [2, 3, 10, 37])
def test_values_are_those_of_torch(classes: int) -> None:
    """Floors and plateaus as PyTorch computes them on such logits."""
    sure = torch.full((1, classes), -1000.0, dtype=torch.float64)
    sure[0, 0] = 1000.0
    label = torch.tensor([0])
    twice = float(F.cross_entropy(sure.softmax(1), label))
    flat = torch.zeros(1, classes, dtype=torch.float64)
    chance = float(F.cross_entropy(flat, label))
    smooth = torch.full((1, classes), 0.1 / classes, dtype=torch.float64)
    smooth[0, 0] += 0.9
    floor = float(F.cross_entropy(smooth.log(), label, label_smoothing=0.1))
    for value, says in ((twice, "Softmax before"), (chance, "hance" if classes > 2 else "coin"), (floor, "ε = 0.1")):
        match = next(m for m in matches(value, classes) if says in m.candidate.says)
        assert match.off < 1e-12


def test_below_minus_one_no_probability_is_suspected() -> None:
    assert ["probabilities" in match.candidate.says for match in matches(-0.9362, loss="nll")] == [True, False]
    assert ["logits" in match.candidate.says for match in matches(-4.0, loss="nll")] == [True]
    assert matches(-0.9362)[0].candidate.arithmetic.endswith("p is 0.9362")


def test_targets_that_are_no_probabilities_make_binary_losses_negative() -> None:
    assert "Targets outside 0 to 1" in matches(-4.0, loss="binary")[0].candidate.says
    logit = torch.tensor([2.0])
    for target in (255.0, -1.0):
        sign = 1.0 if target > 0 else -1.0
        assert F.binary_cross_entropy_with_logits(sign * logit, torch.tensor([target])) < 0


STUCK_UNDER = [
    ("cross-entropy", 0.6931, "coin"),
    ("cross-entropy", 1.4612, "Softmax before CrossEntropyLoss"),
    ("cross-entropy", 0.5003, "Label smoothing"),
    ("binary", 0.6931, "Sigmoid before BCEWithLogits"),
    ("binary", 1.3133, "Sigmoid before BCEWithLogits"),
    ("binary", 100.0, "BCELoss clamps"),
    ("focal", 0.1733, "Focal loss with γ = 2"),
    ("focal", 2.30212, "clamped at 1e-4"),
    ("focal", math.nan, "saturated focal"),
    ("nll", 2.3026, "Chance level for 10"),
    ("nll", -0.9362, "NLLLoss gets probabilities"),
]


@pytest.mark.parametrize(("loss", "value", "says"), STUCK_UNDER)
def test_a_loss_that_is_known_narrows_the_candidates(loss: str, value: float, says: str) -> None:
    causes, whole = matches(value, loss=loss), matches(value)
    assert any(says in match.candidate.says for match in causes)
    assert [match for match in whole if loss in match.candidate.losses] == causes or math.isnan(value)
    others = {one for one in LOSSES if any(says in match.candidate.says for match in matches(value, loss=one))}
    assert loss in others != set(LOSSES), "else nothing is narrowed"


@pytest.mark.parametrize("classes", [2, 10, 37])
def test_chance_under_other_reductions(classes: int) -> None:
    chance = F.cross_entropy(
        torch.zeros(64, classes, dtype=torch.float64), torch.zeros(64, dtype=torch.int64), reduction="none"
    )
    for value, says in (
        (chance.sum(), "summed over the batch"),
        (chance.mean() / 64, "divided by the batch size once too often"),
    ):
        causes = [m for m in matches(float(value), classes, 64) if says in m.candidate.says]
        assert causes and causes[0].off < 1e-12
        assert not any(says in m.candidate.says for m in matches(float(value), classes))


def test_numbers_of_classes_that_are_given_are_taken() -> None:
    floor = -0.1 / 37 * 36 * math.log(0.1 / 37) - (0.9 + 0.1 / 37) * math.log(0.9 + 0.1 / 37)
    assert any("37 classes" in match.candidate.says for match in matches(floor, 37))
    assert not any("37 classes" in match.candidate.says for match in matches(floor))


def test_arithmetic_reads_as_people_write_it() -> None:
    arithmetic = {match.candidate.arithmetic for value in (0.17328, 2.3024, 0.3466) for match in matches(value)}
    assert {"(1 − ½)² ln 2", "0.25 ln 2", "0.25 · (1 − 1e-4)² · (−ln 1e-4)", "0.25 · (−ln 1e-4)", "(1 − ½) ln 2"} <= arithmetic
    assert not any("^" in text for text in arithmetic)


def first(value: float, **known: object) -> str:
    return matches(value, **known)[0].candidate.says  # type: ignore[arg-type]


@pytest.mark.parametrize("digits", [4, 5, 6])
@pytest.mark.parametrize("classes", [3, 6, 7, 11, 13, 17, 19, 21, 37, 47])
def test_guessing_among_any_number_of_classes_is_first_where_it_is_exact(classes: int, digits: int) -> None:
    typed = round(float(F.cross_entropy(torch.zeros(1, classes, dtype=torch.float64), torch.tensor([0]))), digits)
    assert f"Chance level for {classes} classes" in first(typed)
    assert matches(typed)[0].candidate.arithmetic == f"ln {classes}" and matches(typed)[0].rounds
    exact = matches(math.log(classes))[0]
    assert exact.off < 1e-12 and f"level for {classes} classes" in exact.candidate.says


@pytest.mark.parametrize("typed", [1.8, 1.79, 1.792, 1.7918, 1.79176])
def test_a_value_of_few_digits_matches_within_its_own_rounding(typed: float) -> None:
    assert "Chance level for 6 classes" in first(typed)


@pytest.mark.parametrize(("typed", "half"), [(2.3, 0.05), (2.0, 0.5), (0.6931, 5e-5), (100.0, 0.5), (1e-05, 5e-6), (0.0, 0.0)])
def test_the_rounding_of_what_is_typed(typed: float, half: float) -> None:
    assert rounding(typed) == pytest.approx(half)


def test_many_numbers_of_classes_that_round_to_it_are_one_hint_after_the_others() -> None:
    hints = [match.candidate for match in matches(10.82)]
    assert "50,257 tokens" in hints[0].says and "Chance level for 49,762 to 50,261 classes" in hints[-1].says
    assert round(math.log(49_762), 2) == round(math.log(50_261), 2) == 10.82
    assert round(math.log(49_761), 2) != 10.82 != round(math.log(50_262), 2)


@pytest.mark.parametrize(
    ("size", "whose"), [(32_000, "Llama 2"), (50_257, "GPT-2"), (128_256, "Llama 3"), (151_936, "Qwen"), (256_000, "Gemma")]
)
def test_vocabularies_of_language_models_and_their_smoothed_floors(size: int, whose: str) -> None:
    logits, label = torch.zeros(1, size, dtype=torch.float64), torch.tensor([0])
    typed = round(float(F.cross_entropy(logits, label)), 4)
    assert f"{size:,} tokens" in first(typed) and whose in first(typed)
    target = torch.full((size,), 0.1 / size, dtype=torch.float64)
    target[0] += 0.9
    floor = round(float(F.cross_entropy(target.log()[None], label, label_smoothing=0.1)), 4)
    assert any(f"{size:,} tokens" in m.candidate.says and "ε = 0.1" in m.candidate.says and m.rounds for m in matches(floor))


@pytest.mark.parametrize(
    ("p", "typed"),
    [(1e-15, 34.5388), (np.finfo(np.float64).eps, 36.0437), (1e-10, 23.026), (1e-5, 11.513), (1e-4, 9.2103), (1e-6, 13.8155)],
)
def test_clamps_are_known_by_their_logarithm(p: float, typed: float) -> None:
    assert round(-math.log(p), len(str(typed).split(".")[1])) == typed
    causes = [m for m in matches(typed) if "clamped" in m.candidate.says or "eps" in m.candidate.says]
    assert causes and causes[0].rounds and causes[0].candidate.value == pytest.approx(-math.log(p), rel=1e-12)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_the_largest_finite_loss_of_a_precision(dtype: torch.dtype) -> None:
    """The smallest number above 0 of each, and its logarithm."""
    smallest = torch.nextafter(torch.zeros((), dtype=dtype), torch.ones((), dtype=dtype))
    typed = round(-math.log(smallest.item()), 3)
    name = str(dtype).removeprefix("torch.")
    assert any(f"smallest number of {name}" in match.candidate.says for match in matches(typed) if match.rounds)


def test_zero_is_a_batch_of_ignored_rows_or_a_perfect_one() -> None:
    names = [match.candidate.says for match in matches(0.0)]
    assert "Every row is ignored" in names[0] and any("right with full confidence" in one for one in names)
    ignored = F.cross_entropy(torch.zeros(2, 3), torch.tensor([-100, -100]), reduction="sum")
    assert float(ignored) == 0


def test_a_preference_loss_begins_at_ln_2() -> None:
    margin = torch.zeros((), dtype=torch.float64)
    typed = round(float(-F.logsigmoid(0.1 * margin)), 4)
    assert any("DPO" in match.candidate.says for match in matches(typed, loss="binary"))
    assert "coin" in first(typed)


def test_what_does_not_round_to_the_value_comes_after_what_does() -> None:
    for typed in (2.3, 2.94, 3.0, 0.69, 7.0, 16.12):
        rounds: list[Match] = matches(typed)
        assert [m.rounds for m in rounds] == sorted((m.rounds for m in rounds), reverse=True)
        assert all(
            round(m.candidate.value, len(str(typed).removesuffix(".0").partition(".")[2])) == typed for m in rounds if m.rounds
        )
