"""Digits with wrong labels: which are kept, what is said of them, and that parts of seeds put together keep the first's."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.training import make_record, merge_snapshots, train
from lossviz.analysis.training.mislabelled_digits import mislabelled_digits
from lossviz.analysis.training.snapshots import MAX_MISLABELLED
from lossviz.data.toy_datasets import make_dataset

from .small_trainings import DIGITS, trained


def test_the_first_wrong_labels_are_kept_with_image_label_and_truth() -> None:
    digits, first = mislabelled_digits(trained(DIGITS)), make_dataset(DIGITS, 0)
    wrong = np.flatnonzero(first.wrong)
    assert digits.total == len(wrong) > MAX_MISLABELLED == len(digits.labels)
    np.testing.assert_array_equal(digits.labels, first.labels[wrong[:MAX_MISLABELLED]])
    np.testing.assert_array_equal(digits.truth, first.truth[wrong[:MAX_MISLABELLED]])
    np.testing.assert_array_equal(digits.images.reshape(MAX_MISLABELLED, -1), first.x[wrong[:MAX_MISLABELLED]])
    assert (digits.labels != digits.truth).all()


def test_answers_say_whether_a_label_is_repeated() -> None:
    digits = mislabelled_digits(trained(DIGITS))
    assert digits.predictions.shape == digits.answers.shape == (len(digits.epochs), 2, MAX_MISLABELLED)
    for guess, answer in zip(
        digits.predictions.reshape(-1, MAX_MISLABELLED), digits.answers.reshape(-1, MAX_MISLABELLED), strict=True
    ):
        for prediction, kind, label, truth in zip(guess, answer, digits.labels, digits.truth, strict=True):
            assert kind == (0 if prediction == label else 1 if prediction == truth else 2)
    assert {0, 1, 2} <= set(digits.answers.ravel()), "a beginning says anything, an end mostly the truth"
    assert (digits.answers[-1] == 1).mean() > (digits.answers[0] == 1).mean() + 0.3


def test_guesses_of_all_wrong_labels_are_the_share_that_is_memorised() -> None:
    few = trained(DIGITS._replace(rate=0.06))
    digits = mislabelled_digits(few)
    assert len(digits.labels) == digits.total < MAX_MISLABELLED
    np.testing.assert_allclose((digits.answers == 0).mean(-1), few.runs.memorised[:, :, 0], atol=1e-12)
    np.testing.assert_array_equal(digits.repeated, few.runs.memorised[:, :, 0])


def test_the_first_seed_is_the_experiments() -> None:
    digits, first = mislabelled_digits(trained(DIGITS, first_seed=9)), make_dataset(DIGITS, 9)
    np.testing.assert_array_equal(digits.labels, first.labels[first.wrong][:MAX_MISLABELLED])
    np.testing.assert_array_equal(digits.truth, first.truth[first.wrong][:MAX_MISLABELLED])


def test_no_noise_leaves_nothing_to_ask() -> None:
    digits = mislabelled_digits(trained(DIGITS._replace(noise="none", rate=0.0)))
    assert digits.total == len(digits.labels) == digits.predictions.shape[-1] == 0


def test_seeds_trained_in_parts_keep_the_first_ones_guesses() -> None:
    whole = trained(DIGITS)
    parts = [[one for _, one in train(whole.experiment, seeds) if one is not None] for seeds in (range(1), range(1, 2))]
    again = make_record(whole.experiment, [merge_snapshots(pair) for pair in zip(*parts, strict=True)])
    np.testing.assert_array_equal(again.runs.predictions, whole.runs.predictions)
