"""Whom a loss listens to: the record's mean shares, beside the samples' own, of groups that exist."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training.groups import group_shares
from lossviz.figures.training import gradient_share

from ...analysis.training.random_records import CLEAN, NOISY, PAIR, SIX, THREE, random_record
from ...plotted import numbers
from .frames import every, lines, notes, titles


@pytest.mark.parametrize("of", ["loss", "gradient"])
@pytest.mark.parametrize("losses", [PAIR, SIX])
def test_lines_are_mean_shares_and_the_dotted_one_the_samples(of: str, losses) -> None:
    record = random_record(losses=losses)
    shares, part = record.runs.loss_share if of == "loss" else record.runs.grad_share, group_shares(record.experiment)
    drawn = every(gradient_share.figure(lines(record), record, part, of, 0), record)
    for g in range(3):
        np.testing.assert_allclose(numbers(drawn[0][f"samples-{g}"], "y"), 100 * part[g], rtol=1e-5)
        for n in range(len(losses)):
            mean = 100 * shares[:, n, :, g].mean(-1)
            np.testing.assert_allclose(numbers(drawn[0][f"mean-{g}-{n}"], "y"), mean, rtol=1e-5)
            np.testing.assert_allclose([numbers(t[f"here-{g}-{n}"], "y")[0] for t in drawn], mean, rtol=1e-5)
    assert ("band-0-0" in drawn[0]) == (len(losses) <= 3), "bands of many losses would hide each other"


def test_bands_reach_from_the_lowest_seed_to_the_highest() -> None:
    record = random_record()
    drawn = every(gradient_share.figure(lines(record), record, group_shares(record.experiment), "loss", 0), record)
    shares = 100 * record.runs.loss_share[:, 1, :, 0]
    band = numbers(drawn[0]["band-0-1"], "y")
    np.testing.assert_allclose(band, np.concatenate((shares.min(-1), shares.max(-1)[::-1])), rtol=1e-5)


def test_groups_that_an_experiment_has_not_are_left_out() -> None:
    noise_only = random_record(NOISY._replace(ratio=1.0))
    figure = gradient_share.figure(lines(noise_only), noise_only, group_shares(noise_only.experiment), "loss", 0)
    drawn = every(figure, noise_only)[0]
    assert {uid for uid in drawn if uid.startswith("samples")} == {"samples-0", "samples-2"}
    assert all("rare" not in text for text in notes(figure))
    assert titles(figure)[1].startswith("Epoch 1: of the loss, mislabeled samples (")


def test_samples_that_are_all_alike_are_said_to_be() -> None:
    record = random_record(CLEAN)
    figure = gradient_share.figure(lines(record), record, group_shares(record.experiment), "gradient", 0)
    assert "one group" in figure.title
    assert "All samples are alike: no wrong label, and no rare class." in notes(figure)


def test_the_title_has_both_of_two_and_the_ends_of_more() -> None:
    for losses in (PAIR, THREE):
        record = random_record(losses=losses)
        shares = 100 * record.runs.loss_share[1, ..., 0].mean(-1)
        title = titles(gradient_share.figure(lines(record), record, group_shares(record.experiment), "loss", 0))[1]
        if len(losses) == 2:
            assert title.endswith(f"have {shares[0]:.3g}% with A, {shares[1]:.3g}% with B")
        else:
            low, high = int(shares.argmin()), int(shares.argmax())
            assert title.endswith(f"have from {shares[low]:.3g}% ({'ABC'[low]}) to {shares[high]:.3g}% ({'ABC'[high]})")
