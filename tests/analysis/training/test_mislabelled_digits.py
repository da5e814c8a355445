"""Digits with wrong labels: which are kept, what is said of them, and that parts of seeds put together keep the first's."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.training import merge_snapshots, record, train
from lossviz.analysis.training.mislabelled_digits import mislabelled_digits
from lossviz.analysis.training.snapshots import MAX_MISLABELLED
from lossviz.data.toy_datasets import make_dataset

from .small_trainings import DIGITS, trained


def test_the_first_wrong_labels_are_kept_with_image_label_and_truth() -> None:
    found, first = mislabelled_digits(trained(DIGITS)), make_dataset(DIGITS, 0)
    wrong = np.flatnonzero(first.wrong)
    assert found.total == len(wrong) > MAX_MISLABELLED == len(found.given)
    np.testing.assert_array_equal(found.given, first.labels[wrong[:MAX_MISLABELLED]])
    np.testing.assert_array_equal(found.truth, first.truth[wrong[:MAX_MISLABELLED]])
    np.testing.assert_array_equal(found.images.reshape(MAX_MISLABELLED, -1), first.x[wrong[:MAX_MISLABELLED]])
    assert (found.given != found.truth).all()


def test_answers_say_whether_a_label_is_repeated() -> None:
    found = mislabelled_digits(trained(DIGITS))
    assert found.predictions.shape == found.answers.shape == (len(found.epochs), 2, MAX_MISLABELLED)
    for guess, answer in zip(
        found.predictions.reshape(-1, MAX_MISLABELLED), found.answers.reshape(-1, MAX_MISLABELLED), strict=True
    ):
        for said, kind, given, truth in zip(guess, answer, found.given, found.truth, strict=True):
            assert kind == (0 if said == given else 1 if said == truth else 2)
    assert {0, 1, 2} <= set(found.answers.ravel()), "a beginning says anything, an end mostly the truth"
    assert (found.answers[-1] == 1).mean() > (found.answers[0] == 1).mean() + 0.3


def test_guesses_of_all_wrong_labels_are_the_share_that_is_memorised() -> None:
    few = trained(DIGITS._replace(rate=0.06))
    found = mislabelled_digits(few)
    assert len(found.given) == found.total < MAX_MISLABELLED
    np.testing.assert_allclose((found.answers == 0).mean(-1), few.runs.memorised[:, :, 0], atol=1e-12)
    np.testing.assert_array_equal(found.repeated, few.runs.memorised[:, :, 0])


def test_the_first_seed_is_the_experiments() -> None:
    found, first = mislabelled_digits(trained(DIGITS, first_seed=9)), make_dataset(DIGITS, 9)
    np.testing.assert_array_equal(found.given, first.labels[first.wrong][:MAX_MISLABELLED])
    np.testing.assert_array_equal(found.truth, first.truth[first.wrong][:MAX_MISLABELLED])


def test_no_noise_leaves_nothing_to_ask() -> None:
    found = mislabelled_digits(trained(DIGITS._replace(noise="none", rate=0.0)))
    assert found.total == len(found.given) == found.predictions.shape[-1] == 0


def test_seeds_trained_in_parts_keep_the_first_ones_guesses() -> None:
    whole = trained(DIGITS)
    parts = [[one for _, one in train(whole.experiment, seeds) if one is not None] for seeds in (range(1), range(1, 2))]
    again = record(whole.experiment, [merge_snapshots(pair) for pair in zip(*parts, strict=True)])
    np.testing.assert_array_equal(again.runs.predictions, whole.runs.predictions)
