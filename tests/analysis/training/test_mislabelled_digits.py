"""Digits with wrong labels: which are kept, what is said of them, and that parts of seeds put together keep the first's."""

from __future__ import annotations

import numpy as np

from lossviz.analysis.training import joined, record, train
from lossviz.analysis.training.mislabelled_digits import mislabelled
from lossviz.analysis.training.snapshots import ASKED
from lossviz.data.toy_datasets import make_dataset

from .small_trainings import DIGITS, trained


def test_the_first_wrong_labels_are_kept_with_image_label_and_truth() -> None:
    found, first = mislabelled(trained(DIGITS)), make_dataset(DIGITS, 0)
    wrong = np.flatnonzero(first.wrong)
    assert found.total == len(wrong) > ASKED == len(found.given)
    np.testing.assert_array_equal(found.given, first.labels[wrong[:ASKED]])
    np.testing.assert_array_equal(found.truth, first.truth[wrong[:ASKED]])
    np.testing.assert_array_equal(found.images.reshape(ASKED, -1), first.x[wrong[:ASKED]])
    assert (found.given != found.truth).all()


def test_answers_say_whether_a_label_is_repeated() -> None:
    found = mislabelled(trained(DIGITS))
    assert found.guesses.shape == found.answers.shape == (len(found.epochs), 2, ASKED)
    for guess, answer in zip(found.guesses.reshape(-1, ASKED), found.answers.reshape(-1, ASKED), strict=True):
        for said, kind, given, truth in zip(guess, answer, found.given, found.truth, strict=True):
            assert kind == (0 if said == given else 1 if said == truth else 2)
    assert {0, 1, 2} <= set(found.answers.ravel()), "a beginning says anything, an end mostly the truth"
    assert (found.answers[-1] == 1).mean() > (found.answers[0] == 1).mean() + 0.3


def test_guesses_of_all_wrong_labels_are_the_share_that_is_memorised() -> None:
    few = trained(DIGITS._replace(rate=0.06))
    found = mislabelled(few)
    assert len(found.given) == found.total < ASKED
    np.testing.assert_allclose((found.answers == 0).mean(-1), few.runs.memorised[:, :, 0], atol=1e-12)
    np.testing.assert_array_equal(found.repeated, few.runs.memorised[:, :, 0])


def test_the_first_seed_is_the_experiments() -> None:
    found, first = mislabelled(trained(DIGITS, first_seed=9)), make_dataset(DIGITS, 9)
    np.testing.assert_array_equal(found.given, first.labels[first.wrong][:ASKED])
    np.testing.assert_array_equal(found.truth, first.truth[first.wrong][:ASKED])


def test_no_noise_leaves_nothing_to_ask() -> None:
    found = mislabelled(trained(DIGITS._replace(noise="none", rate=0.0)))
    assert found.total == len(found.given) == found.guesses.shape[-1] == 0


def test_seeds_trained_in_parts_keep_the_first_ones_guesses() -> None:
    whole = trained(DIGITS)
    parts = [[one for _, one in train(whole.experiment, seeds) if one is not None] for seeds in (range(1), range(1, 2))]
    again = record(whole.experiment, [joined(pair) for pair in zip(*parts, strict=True)])
    np.testing.assert_array_equal(again.runs.guesses, whole.runs.guesses)
