"""The README's numbers of Training are those of the table, and so are those beside a scene."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from lossviz.analysis.training import Estimate, claim, estimate
from lossviz.analysis.training.coverage import scene_differences
from lossviz.analysis.training.reference_results import reference_results
from lossviz.analysis.training.reference_sentences import reference_mean, reference_rows, reference_scope
from lossviz.analysis.training.scenes import SCENES
from lossviz.naming.names import label

README = Path(__file__).parents[3] / "README.md"


def named(key: str) -> list[str]:
    return [label(spec, [0]) for spec in SCENES[key].experiment.losses]


@pytest.mark.parametrize("key", SCENES)
def test_a_row_for_each_loss(key: str) -> None:
    rows = reference_rows(key, named(key))
    assert [row["loss"] for row in rows] == named(key)[1:]
    assert {len(row) for row in rows} == ({4} if claim(SCENES[key].experiment) else {2})
    sentence = reference_scope(key, named(key)[0], 4)
    assert (
        f"over {len(reference_results(key).seeds)} seeds" in sentence
        and "95% intervals" in sentence
        and named(key)[0] in sentence
    )


def test_a_draw_that_misses_the_known_mean_says_so() -> None:
    key, called = "gaussians-far", named("gaussians-far")
    change = scene_differences(key, "accuracy")
    truth, few = change.mean(-1), estimate(change[:, :12])

    def ends(*shifts: float) -> Estimate:
        middle = truth + np.array(shifts)
        return few._replace(mean=middle, low=middle - 0.1, high=middle + 0.1)

    for estimates in (None, ends(0.05, -0.05)):
        sentence = reference_mean(key, called, estimates)
        assert (
            sentence.startswith(
                "Over 400 other seeds the effect of the noise on clean accuracy is −1.462 points [−1.484, −1.440] for"
            )
            and "miss" not in sentence
        )
    percent = int(re.findall(r"covered the means in (\d+)%", reference_scope(key, "A", 12))[0])
    for shifts, missed in (((0.2, 0.0), 1), ((-0.2, 0.3), 2)):
        assert reference_mean(key, called, ends(*shifts)).endswith(
            f"miss that mean for {missed} of 2 losses: an unlucky draw, as {100 - percent}% of such draws are."
        )


def test_it_says_how_often_a_page_s_intervals_hold() -> None:
    """By a loop over draws, loss by loss, of which both are to hold."""
    key = "gaussians-far"
    differences = scene_differences(key, "accuracy")
    (share,) = re.findall(r"covered the means in (\d+)% of draws", reference_scope(key, "A", 12))
    rng, truth, hits = np.random.default_rng(7), differences.mean(-1), 0
    for _ in range(150):
        of = estimate(differences[:, rng.choice(differences.shape[1], 12, replace=False)])
        hits += bool(((of.low <= truth) & (truth <= of.high)).all())
    assert abs(int(share) / 100 - hits / 150) < 0.06 and 90 <= int(share) <= 99


def test_the_intervals_are_about_students_with_so_many_seeds() -> None:
    results = reference_results("gaussians-one-class")
    present, absent = (values["accuracy"] for values in (results.present, results.absent))
    change = (present[1] - present[0]) - (absent[1] - absent[0])
    low, high = stats.ttest_1samp(change, 0).confidence_interval(0.95)
    row = reference_rows("gaussians-one-class", named("gaussians-one-class"))[0]
    words = row["effect of the noise"].replace(" points", "").split()
    mean, *ends = (float(word.strip("[],+−")) for word in words)
    assert mean == pytest.approx(abs(change.mean()), abs=6e-4)
    np.testing.assert_allclose(sorted(ends), sorted((-low, -high)), atol=5e-3)


def shown(key: str) -> str:
    """A scene's rows in the README."""
    last = [list(row.values())[-1] for row in reference_rows(key, named(key))]
    numbers = "; ".join(text.replace(" points", "") for text in last)
    return f"| {SCENES[key].title} | {numbers} |"


@pytest.mark.parametrize("key", SCENES)
def test_the_readme_has_these_numbers(key: str) -> None:
    assert shown(key) in README.read_text("utf-8"), shown(key)
