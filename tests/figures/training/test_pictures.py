"""Pictures of a training: regions, the dataset before it, and mislabelled digits, as they are sent."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.scrub import Scrub
from lossviz.analysis.training.mislabelled_digits import ANSWERS, MislabelledDigits, mislabelled_digits
from lossviz.analysis.training.plane import decision_regions, plane
from lossviz.data.toy_datasets import DatasetSpec, move_mean
from lossviz.figures.picture import Picture
from lossviz.figures.player.payload import encode
from lossviz.figures.theme import CLASSES, GROUND, GROUND_DARK, INK, PAPER
from lossviz.figures.training import decision_regions as drawing
from lossviz.figures.training import mislabelled_digits as digits
from lossviz.figures.training import toy_dataset
from lossviz.figures.training.lines import LegendEntry

from ...analysis.training.small_trainings import DIGITS, PLANES, trained
from ...plotted import by_uid, check_frames, contrast, model, numbers, played

LINES = (LegendEntry("cross-entropy", "cross-entropy", 0), LegendEntry("focal loss, γ = 2", "focal", 1))


@pytest.mark.parametrize("dataset_spec", PLANES, ids=lambda dataset_spec: dataset_spec.shape)
def test_regions_are_the_models_probabilities_at_every_epoch(dataset_spec: DatasetSpec) -> None:
    regions = decision_regions(trained(dataset_spec, width=8))
    pictures = drawing.pictures(regions, LINES, 2)
    assert len(pictures) == 2
    for n, (picture, line) in enumerate(zip(pictures, LINES, strict=True)):
        figure = model(picture.figure)
        check_frames(figure, len(regions.epochs))
        assert picture.figure.title == figure["frames"][2]["layout"]["title"]["text"]
        for e, traces in enumerate(played(figure)):
            shown = by_uid(traces)
            np.testing.assert_allclose(numbers(shown["field"], "z"), 100 * regions.probability[e, n], atol=0.5 + 1e-9)
            for axis, values in zip(("x", "y"), regions.boundaries[e][n], strict=True):
                wanted = values if len(values) else [np.nan]
                np.testing.assert_allclose(numbers(shown["border"], axis), wanted, rtol=1e-6, atol=1e-6)
            title = figure["frames"][e]["layout"]["title"]["text"]
            assert title.startswith(f"{line.label}: ")
            assert ("before training" in title) == (regions.epochs[e] == 0)
            own, mean = (f"{100 * share[e, n]:.1f}%" for share in (regions.accuracy, regions.mean_accuracy))
            assert title.endswith(
                own if regions.seeds == 1 else f"{own} for the first seed, {mean} on average over {regions.seeds}"
            )
        field = by_uid(figure["data"])["field"]
        assert field["x0"] + 40 * field["dx"] == pytest.approx(regions.plane.x[-1])
        assert field["y0"] + 40 * field["dy"] == pytest.approx(regions.plane.y[-1])


@pytest.mark.parametrize("dataset_spec", PLANES, ids=lambda dataset_spec: dataset_spec.shape)
def test_every_sample_has_the_mark_of_its_label_and_wrong_ones_a_ring(dataset_spec: DatasetSpec) -> None:
    plane_ = plane(dataset_spec)
    shown = by_uid(model(toy_dataset.figure(plane_))["data"])
    for label in (0, 1):
        right, wrong = shown[f"right-{label}"], shown[f"wrong-{label}"]
        for trace, is_wrong in ((right, False), (wrong, True)):
            wanted = plane_.samples.x[(plane_.samples.labels == label) & (plane_.samples.wrong == is_wrong)]
            points = np.stack((numbers(trace, "x"), numbers(trace, "y")), 1)
            np.testing.assert_allclose(points, wanted, rtol=1e-6)
            assert trace["marker"]["color"] == CLASSES[label][0]
            assert trace.get("showlegend", True) == bool(len(wanted))
            assert f"({len(wanted)})" in trace["name"]
        assert wrong["marker"]["size"] > right["marker"]["size"]
        assert (wrong["marker"]["line"]["color"], wrong["meta"]["dark"]["marker.line.color"]) == (INK, PAPER)
        assert right["marker"]["symbol"] == wrong["marker"]["symbol"]
    assert shown["right-0"]["marker"]["symbol"] != shown["right-1"]["marker"]["symbol"]


def test_the_few_are_drawn_over_the_many_and_the_picture_says_how_many_there_are() -> None:
    dataset_spec = DatasetSpec("gaussians", 10_010, ratio=1000.0, noise="uniform", rate=0.1)
    figure = toy_dataset.figure(plane(dataset_spec))
    uids = [trace["uid"] for trace in figure.data]
    assert uids.index("right-0") < uids.index("wrong-1") < uids.index("right-1")
    points = plane(dataset_spec).samples
    text = figure.layout["xaxis"]["title"]["text"]
    assert f"1,000 of 10,010 samples, {points.wrong.sum():,} of {points.total_wrong:,} wrong labels" in text


def test_classes_can_be_seen_on_both_pages() -> None:
    for light, dark in CLASSES:
        assert contrast(light, GROUND) > 3
        assert contrast(dark, GROUND_DARK) > 3


def test_handles_are_the_middles_and_move_on_a_grid_within_the_picture() -> None:
    dataset_spec = move_mean(PLANES[0], "mean1", 2.5, -1.25)
    figure = toy_dataset.figure(plane(dataset_spec))
    shown = by_uid(model(figure)["data"])
    for c, handle in enumerate(toy_dataset.handles(3, figure)):
        assert handle.picture == 3
        assert handle.json()["send"] == {"action": "place", "control": f"mean{c}"}
        marker, moves = figure.data[handle.marker], figure.data[handle.follow]
        assert (marker["uid"], moves["uid"]) == (f"mean{c}", "moves")
        assert str(c) in (handle.label or "")
        assert moves["visible"] is False
        for name, axis in (("x", "xaxis"), ("y", "yaxis")):
            low, high = figure.layout[axis]["range"]
            grid, at = numbers(shown["moves"], name), marker[name][0]
            assert low <= grid[0] < grid[0] + 1 < grid[-1] <= high
            np.testing.assert_allclose(np.diff(grid), toy_dataset.STEP, atol=1e-9)
            np.testing.assert_array_equal(grid, grid.round(2))
            assert np.abs(grid - at).min() <= toy_dataset.STEP / 2 + 1e-9
    assert (shown["mean1"]["x"], shown["mean1"]["y"]) == ([2.5], [-1.25])


def test_a_middle_beside_all_samples_is_in_sight() -> None:
    dataset_spec = DatasetSpec("gaussians", 102, ratio=50.0, means=(0.0, 0.0, 6.0, 6.0))
    figure = toy_dataset.figure(plane(dataset_spec))
    for axis in ("xaxis", "yaxis"):
        assert figure.layout[axis]["range"][1] >= 6.0


@pytest.fixture(scope="module")
def mislabelled() -> MislabelledDigits:
    return mislabelled_digits(trained(DIGITS))


def test_each_digit_has_one_answer_at_every_epoch(mislabelled: MislabelledDigits) -> None:
    for n, picture in enumerate(digits.pictures(mislabelled, LINES, 0)):
        figure = model(picture.figure)
        check_frames(figure, len(mislabelled.epochs))
        for e, traces in enumerate(played(figure)):
            shown, answers = by_uid(traces), {}
            for answer in range(len(ANSWERS)):
                trace = shown[f"said-{answer}"]
                assert trace["name"] == ANSWERS[answer]
                places = zip(trace["x"][1:].tolist(), trace["y"][1:].tolist(), strict=True)
                answers |= dict(zip(places, zip(trace["text"][1:], [answer] * len(trace["x"]), strict=False), strict=False))
            assert len(answers) == len(mislabelled.labels)
            in_order = [answers[place] for place in sorted(answers, key=lambda place: (place[1], place[0]))]
            wanted = [
                (f" says {guess}", a) for guess, a in zip(mislabelled.predictions[e, n], mislabelled.answers[e, n], strict=True)
            ]
            assert in_order == wanted
            assert f"{100 * mislabelled.repeated[e, n]:.1f}%" in figure["frames"][e]["layout"]["title"]["text"]


def test_digits_are_drawn_with_label_and_truth(mislabelled: MislabelledDigits) -> None:
    shown = by_uid(model(digits.figure(mislabelled, LINES[0], 0, 0))["data"])
    assert shown["labels"]["text"] == [f"<b>{a}</b> → {b}" for a, b in zip(mislabelled.labels, mislabelled.truth, strict=True)]
    z = numbers(shown["digits"], "z")
    ink = np.rint(100 * mislabelled.images)
    assert z.sum() == ink.sum()
    np.testing.assert_array_equal(z[3:11, 2:10], ink[0])


def test_where_no_label_is_wrong_the_picture_says_so() -> None:
    clean = mislabelled_digits(trained(DIGITS._replace(noise="none", rate=0.0)))
    figure = digits.figure(clean, LINES[0], 0, 0)
    assert "nothing to memorize" in figure.layout["annotations"][0]["text"]
    model(figure)


def test_four_losses_and_all_epochs_are_sent_in_less_than_400_kb() -> None:
    regions = decision_regions(trained(PLANES[1]._replace(samples=600), width=16, epochs=40, seeds=1))
    pictures = drawing.pictures(regions, LINES, 0)
    scrub = Scrub("gamma", tuple(map(float, regions.epochs)), 0)
    assert len(regions.epochs) >= 20
    assert len(encode(pictures, scrub, 1, "regions")) < 200_000, "two of the four"


def test_alternatives_say_what_is_seen(mislabelled: MislabelledDigits) -> None:
    regions = decision_regions(trained(PLANES[0]))
    shown: list[Picture] = [
        *drawing.pictures(regions, LINES, 1),
        toy_dataset.picture(regions.plane),
        *digits.pictures(mislabelled, LINES, 1),
    ]
    for picture in shown:
        assert picture.figure.title in picture.alt
        assert "<" not in picture.text
    assert "first seed: all 120 samples" in shown[0].text
    assert "class 1 at (1.1, 0)" in shown[2].text
    assert f"labeled {mislabelled.labels[0]}, truly {mislabelled.truth[0]}" in shown[3].text
