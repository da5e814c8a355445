"""The page "Training": a training begun, watched, stopped, told; and what cannot be trained."""

from __future__ import annotations

import csv
import io
import time
from collections import OrderedDict
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.analysis.training import MEASURES, Experiment, snapshot_epochs
from lossviz.analysis.training.percentage_points import format_estimate
from lossviz.analysis.training.queue import Job, TrainingQueue
from lossviz.analysis.training.scenes import RETINANET, SCENES
from lossviz.analysis.training.views import VIEWS
from lossviz.state.training import presets, training_query
from lossviz.ui import elements as st
from lossviz.ui.server import training_queue

from ..plotted import played
from .pages import Downloads, again, committed, opened, pressed, sent, turned, values_of
from .test_app import warnings

SMALL = {"examples": "80", "seeds": "3", "epochs": "4", "batch_size": "40"}

JUDGED = SMALL | {"seeds": "6", "epochs": "2", "losses": "cross-entropy vs focal gamma 2"}
"""Seeds enough for an interval."""

DIGITS = SMALL | {"world": "digits", "examples": "200", "flips": "uniform", "learning_rate": "0.1"}

LONG = {"world": "digits", "examples": "1200", "model": "mlp", "epochs": "200", "seeds": "12"}

SCRUBBED = {"difference": 3, "regions": 5, "listening": 4, "classes": 1, "ranking": 2, "reliability": 1}
"""Looks under the scrubber, and how many pictures each has of three losses."""


RESULTS: OrderedDict[Experiment, Job] = OrderedDict()
"""What tests have trained to its end: a second one that looks at it does not train it again."""


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingQueue]:
    """Each test has a trainer of its own; what one has left is stopped before the next, which keeps results there too."""
    queue = TrainingQueue(lambda _: True)
    queue._finished = RESULTS
    monkeypatch.setattr(training_queue, "_process_queue", lambda: queue)
    yield queue
    queue.close()
    assert not queue._running


@pytest.fixture
def untrained(fresh: TrainingQueue) -> TrainingQueue:
    """A trainer that lets everything wait: what a page asks for is not always worth training."""
    fresh._at_once = 0
    return fresh


def texts(at: AppTest) -> str:
    return " ".join(str(block.value) for block in (*at.markdown, *at.caption, *at.info, *at.error, *at.warning))


def done(at: AppTest) -> AppTest:
    """The page once its training is over."""
    for _ in range(60):
        if not at.get("progress"):
            return at
        trained()
        again(at)
    raise AssertionError("it does not end")


def trained() -> None:
    """Wait until nothing trains any more; looking again and again would only slow it down."""
    queue = training_queue.training_queue()
    while queue._running:
        for thread in list(queue._running.values()):
            thread.join(60)
            assert not thread.is_alive(), "it does not end"


def experiment_of(at: AppTest) -> Experiment:
    """What the session's words describe."""
    return training_query(values_of(at))[0].experiment


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """All that a page offers to take home."""
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    return files


@pytest.mark.parametrize("words", [SMALL, DIGITS, SMALL | {"world": "moons", "model": "mlp"}], ids=lambda w: w.get("world", ""))
@pytest.mark.parametrize("look", SCRUBBED)
def test_every_look_has_a_frame_for_each_epoch(look: str, words: dict[str, str]) -> None:
    at = done(opened("training", words | {"look": look, "epoch": "2"}))
    assert warnings(at) == [] and not at.error
    payload = sent(at)
    assert len(payload["pictures"]) == (3 if look == "regions" and words is DIGITS else SCRUBBED[look])
    scrubber = payload["scrubber"]
    assert (scrubber["id"], scrubber["values"], scrubber["at"]) == ("epoch", [0, 1, 2, 3, 4], 2)
    for picture in payload["pictures"]:
        assert len(played(picture["figure"])) == 5 and picture["alt"]
        texts_of = picture["sentences"] or [picture["figure"]["layout"]["title"]["text"]]
        assert "epoch 2" in texts_of[2 if len(texts_of) > 1 else 0].lower()
        assert len(texts_of) in (1, 5)


@pytest.mark.parametrize(("epoch", "number"), [(None, 4), ("0", 0), ("3", 3), ("400", 4)])
def test_the_link_says_which_epoch(epoch: str | None, number: int) -> None:
    at = done(opened("training", SMALL | ({"epoch": epoch} if epoch else {})))
    assert sent(at)["scrubber"]["at"] == number and warnings(at) == []


def test_the_scrubber_says_which_epoch_too() -> None:
    at = committed(done(opened("training", SMALL)), {"action": "move", "control": "epoch", "value": 1})
    assert at.session_state["epoch"] == 1 and sent(at)["scrubber"]["at"] == 1


@pytest.mark.parametrize("look", SCRUBBED)
@pytest.mark.parametrize("words", [SMALL, DIGITS], ids=["plane", "digits"])
def test_numbers_of_every_epoch_loss_and_seed_can_be_taken_home(look: str, words: dict[str, str], downloads: Downloads) -> None:
    at = done(opened("training", words | {"look": look}))
    header, *rows = csv.reader(io.StringIO(downloads.text(f"lossviz-training-{look}.csv")))
    assert {len(row) for row in rows} == {len(header)}
    if look == "difference":
        assert header[:3] == ["difference", "measure", "loss"] and "90% low" in header
    else:
        assert header[:4] == ["trained", "loss", "seed", "epoch"] and {one.title for one in MEASURES.values()} <= set(header)
        for name, one in zip(("with the noise", "without the noise"), training_query(values_of(at))[0].trainings, strict=True):
            job, own = training_queue.training_queue().finished(one), [row for row in rows if row[0] == name]
            assert job is not None and job.record is not None and len(own) == 3 * 3 * 5
            values = [float(row[header.index("clean accuracy")]) for row in own]
            np.testing.assert_allclose(values, 100 * np.moveaxis(job.record.runs.accuracy, 0, -1).ravel())
        assert len(rows) == 2 * 3 * 3 * 5
    taken_home = downloads.text(f"lossviz-training-{look}.html")
    assert 'src="http' not in taken_home and "3 seeds, starting at 0." in taken_home
    assert ("after the last epoch (4), over 3 seeds, each with" in taken_home) == (look == "difference")


@pytest.mark.parametrize("words", [SMALL, SMALL | {"world": "rings"}], ids=["gaussians", "rings"])
def test_the_samples_are_shown_with_their_middles(words: dict[str, str], downloads: Downloads) -> None:
    at = done(opened("training", words | {"look": "data"}))
    payload = sent(at)
    assert [handle["send"]["control"] for handle in payload["handles"]] == ["mean0", "mean1"]
    assert payload["scrubber"] is None and not at.error
    header, *rows = csv.reader(io.StringIO(downloads.text("lossviz-plane.csv")))
    assert (header, len(rows)) == (["set", "x1", "x2", "class", "label"], 80)


def test_a_middle_is_dragged() -> None:
    at = done(opened("training", SMALL | {"look": "data"}))
    committed(at, {"action": "place", "control": "mean0", "x": -0.5, "y": 1.25, "picture": 0})
    assert at.session_state["means"] == "-0.5 1.25 1.1 0"
    assert experiment_of(at).dataset_spec.means == (-0.5, 1.25, 1.1, 0.0)
    committed(at, {"action": "place", "control": "mean1", "x": 9, "y": 0, "picture": 0})
    assert at.session_state["means"] == "-0.5 1.25 6 0"
    assert "focal loss" in texts(done(at)) and not at.error


@pytest.mark.parametrize(
    "words",
    [
        DIGITS | {"flips": "pair", "flip_from": "7", "flip_to": "3", "rare": "8", "ratio": "3"},
        SMALL | {"flips": "pair", "flip_from": "0", "flip_to": "1", "rare": "0", "ratio": "3", "means": "0 0 1 1"},
    ],
    ids=["digits", "gaussians"],
)
def test_another_world_has_its_own_middles_and_classes(words: dict[str, str], untrained: TrainingQueue) -> None:
    at = opened("training", words)
    dataset_spec = experiment_of(at).dataset_spec
    assert (dataset_spec.pair, dataset_spec.rare) == ((int(words["flip_from"]), int(words["flip_to"])), int(words["rare"]))
    world = next(group for group in at.get("button_group") if group.label == "Data")
    untrained._at_once = 1
    done(world.set_value("moons").run())  # type: ignore[attr-defined]
    dataset_spec = experiment_of(at).dataset_spec
    assert (dataset_spec.shape, dataset_spec.pair, dataset_spec.rare, dataset_spec.means) == ("moons", (1, 0), 1, ())
    assert warnings(at) == [] and not at.error


def test_digits_are_in_no_plane() -> None:
    at = done(opened("training", DIGITS | {"look": "data"}))
    assert at.session_state["look"] == "difference" and len(sent(at)["pictures"]) == 3


def test_the_map_waits_for_a_word_and_is_over_rates_and_gammas(downloads: Downloads) -> None:
    at = opened("training", SMALL | {"examples": "60", "epochs": "2", "seeds": "6", "look": "grid"})
    trained()
    again(at)
    header, *rows = csv.reader(io.StringIO(downloads.text("lossviz-grid.csv")))
    assert len(rows) == 30 and [row[header.index("noise rate")] for row in rows[:5]] == ["0.0"] * 5
    payload = dict(zip(header, rows[0], strict=True))
    assert (payload["measure"], payload["seeds"], payload["epoch"], payload["cells at once"]) == (
        "clean accuracy",
        "6",
        "2",
        "30",
    )
    assert "Each cell is a mean over 6 seeds, each with its own data" in texts(at)
    assert "30 cells" in texts(at) and "1.5 would look different by chance alone" in texts(at)
    assert not at.error and [button.label for button in at.button].count("Train") == 0


def test_a_long_map_is_asked_for_once() -> None:
    """The training that it is next to is as long, and not asked for beside it."""
    at = opened("training", LONG | {"look": "grid", "epochs": "60", "seeds": "3"})
    assert [button.label for button in at.button].count("Train") == 1
    pressed(at, "Train")
    assert len(at.get("progress")) == 1
    pressed(at, "Stop")
    assert "0 of 6 trainings are done and kept" in texts(at)


def test_without_noise_there_is_no_map() -> None:
    at = opened("training", SMALL | {"look": "grid", "flips": "none"})
    assert "No map for these settings" in texts(at) and not at.error


@pytest.mark.parametrize("words", [SMALL, DIGITS], ids=["plane", "digits"])
def test_the_program_names_the_settings(words: dict[str, str], downloads: Downloads) -> None:
    at = done(opened("training", words | {"look": "script"}))
    program = downloads.files["lossviz_training.py"]
    compile(program, "lossviz_training.py", "exec")
    for setting in (f"samples={words['examples']}", f'shape="{words.get("world", "gaussians")}"', "rate=0.2"):
        assert setting in program
    assert at.code[0].value == program.strip()


@pytest.mark.parametrize("key", SCENES)
def test_a_scene_sets_the_words_and_begins(key: str, untrained: TrainingQueue) -> None:
    at = opened("training", SMALL)
    pressed(at, SCENES[key].title)
    assert experiment_of(at) == SCENES[key].experiment and at.session_state["measure"] == SCENES[key].measure
    assert at.get("progress") and SCENES[key].reason in texts(at)
    assert SCENES[key].experiment in [job.experiment for job in untrained._queue], "it is next"
    assert [button.label for button in at.button if button.proto.type == "primary"] == [SCENES[key].title]


@pytest.mark.usefixtures("untrained")
def test_published_numbers_are_shown_beside_the_rare_class() -> None:
    at = opened("training", SMALL)
    pressed(at, SCENES["rare-1000"].title)
    (table,) = [table.value for table in at.table if "AP (%)" in table.value.columns]
    assert len(table) == len(RETINANET) and ["2", "0.25", "34.0"] in table.to_numpy().tolist()
    assert "not computed here" in texts(at)


def test_comparisons_at_one_click(untrained: TrainingQueue) -> None:
    at = opened("training", SMALL)
    before = experiment_of(at)
    for name, text in presets(before.dataset_spec, before.losses[0]).items():
        pressed(at, name)
        assert at.session_state["losses"] == text and len(experiment_of(at).losses) >= 3
    untrained._at_once = 1
    assert warnings(done(again(at))) == [] and not at.error


def test_buttons_say_what_a_link_asks_for() -> None:
    at = done(opened("training", SMALL | {"ratio": "4", "losses": "cross-entropy vs focal gamma 1"}))
    labels = {block.proto.popover.label for block in at.get("popover")}
    assert {"Two Gaussians, **80** samples, **4:1**", "Linear model, **3** seeds", "Compare **2** losses"} <= labels


def test_a_stopped_training_keeps_what_was_measured_and_has_no_verdict() -> None:
    at = opened("training", LONG)
    pressed(at, "Train")
    for _ in range(600):
        if any(job.record for job in training_queue.training_queue()._running):
            break
        time.sleep(0.02)
    pressed(at, "Stop")
    assert "Stopped after epoch" in texts(at) and "No verdict for a stopped run" in texts(at)
    assert "points [" not in texts(at)
    values = sent(at)["scrubber"]["values"]
    assert values == list(snapshot_epochs(200))[: len(values)] and len(values) < 20
    assert f"Stopped after epoch {values[-1]:.0f} of 200" in texts(at)
    pressed(at, "Train")
    assert at.get("progress") and "Stopped" not in texts(at)


def test_words_last_from_page_to_page() -> None:
    words = SMALL | {"world": "moons", "look": "regions", "measure": "balanced", "losses": "cross-entropy vs focal gamma 3"}
    at = done(opened("training", words))
    before = experiment_of(at)
    turned(at, "curves")
    done(again(turned(at, "training")))
    assert experiment_of(at) == before
    assert (at.session_state["look"], at.session_state["measure"]) == ("regions", "balanced")


def test_a_quick_training_is_begun_by_itself_and_told() -> None:
    at = done(opened("training", SMALL))
    assert warnings(at) == []
    assert "softmax focal loss, γ = 2" in texts(at) and "clean accuracy" in texts(at)
    assert "after the last epoch (4)" in texts(at) and "over 3 seeds" in texts(at)


def test_a_long_one_waits_for_a_word() -> None:
    at = opened("training", LONG)
    assert not at.get("progress") and "Press Train to start" in texts(at)
    pressed(at, "Train")
    assert at.get("progress")
    pressed(at, "Stop")
    assert not at.get("progress") and "Stopped after epoch" in texts(at)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"examples": "100", "ratio": "1000"}, "none of class 1 at 1000:1; expected at least 501"),
        ({"flips": "uniform", "flip_rate": "1"}, "every label is wrong"),
        ({"flips": "pair", "flip_to": "1"}, "two different classes"),
        ({"world": "digits", "examples": "1700"}, "100 to 1600"),
        (
            {"world": "digits", "examples": "1600", "model": "mlp", "width": "256", "epochs": "400", "seeds": "30"},
            "of training; expected at most 120",
        ),
    ],
)
def test_what_cannot_be_trained_is_told(words: dict[str, str], says: str) -> None:
    at = opened("training", words)
    assert len(at.error) == 1 and says in at.error[0].value, texts(at)
    assert not at.get("progress")


def test_a_learning_rate_that_diverges_is_named() -> None:
    at = done(opened("training", SMALL | {"model": "mlp", "learning_rate": "1000000", "epochs": "60"}))
    assert "learning_rate: found 1e+06" in texts(at) and "diverged in epoch" in texts(at)


def test_the_claim_is_said_beside_the_verdict() -> None:
    at = done(opened("training", SMALL))
    assert "**Claim:** Label noise that makes some samples look hard puts focal loss at a disadvantage" in texts(at)
    assert "Judged by one measure: how much the noise changes the difference in clean accuracy." in texts(at)
    none = done(opened("training", SMALL | {"flips": "none"}))
    assert "Claim" not in texts(none)


def test_one_loss_has_nothing_to_be_compared_with() -> None:
    at = done(opened("training", SMALL | {"losses": "focal gamma 2"}))
    assert "Only one loss selected" in texts(at)


def test_one_seed_has_no_interval() -> None:
    at = done(opened("training", SMALL | {"seeds": "1"}))
    assert "**no interval** (1 seed\\; an interval needs at least 5)" in texts(at) and "points [" not in texts(at)


@pytest.mark.parametrize("world", ["gaussians", "digits"])
def test_labels_that_leave_a_class_without_any_are_told_for_every_look(world: str) -> None:
    at = opened("training", SMALL | {"world": world, "examples": "200", "flips": "pair", "flip_rate": "1"})
    for look in VIEWS:
        if look != "grid":
            looked_at(at, look)
            assert len(at.error) == 1 and "none that says class 1" in at.error[0].value, (look, texts(at))


def looked_at(at: AppTest, look: str) -> AppTest:
    """Another look at what a session has trained."""
    at.session_state["look"] = look
    return done(again(at))


@pytest.mark.parametrize(
    "words",
    [{"losses": "focal gamma 2"}, {"seeds": "1"}, {"flips": "none", "measure": "memorised"}, {"epochs": "1"}],
    ids=["one loss", "one seed", "no noise", "one epoch"],
)
def test_little_to_see_is_no_error(words: dict[str, str]) -> None:
    at = opened("training", SMALL | {"epochs": "2"} | words)
    for look in VIEWS:
        assert warnings(looked_at(at, look)) == [] and not at.error, look
        assert at.session_state["look"] == look


def verdicts(at: AppTest) -> list[str]:
    """What is said of each loss."""
    return [line.replace("\\", "") for block in at.markdown if block.value.startswith("- ") for line in block.value.split("\n")]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_told_and_only_the_claim_s_own_judges(measure: str) -> None:
    at = done(opened("training", JUDGED | {"measure": measure}))
    first, *more = verdicts(at)
    assert "**" in first and "The noise changes its difference in clean accuracy" in first
    assert len(more) == (measure != "accuracy")
    assert all("**" not in one and MEASURES[measure].title in one for one in more)
    assert ("Also measured, with no claim attached" in texts(at)) == (measure != "accuracy")


def test_the_measure_does_not_change_the_verdict() -> None:
    at = done(opened("training", JUDGED))
    (before,) = verdicts(at)
    choice = next(menu for menu in at.selectbox if menu.label == "Measure")
    assert done(choice.set_value("calibration").run()).session_state["measure"] == "calibration"  # type: ignore[attr-defined]
    assert verdicts(at)[0] == before


def test_the_margin_changes_the_verdict_and_the_band() -> None:
    values = {}
    for margin in ("0", "50"):
        at = done(opened("training", JUDGED | {"margin": margin}))
        assert warnings(at) == []
        for picture in sent(at)["pictures"][:2]:
            (band,) = [trace for trace in picture["figure"]["data"] if trace.get("uid") == "margin"]
            assert f"±{margin} points" in band["name"]
        (values[margin],) = verdicts(at)
    assert "no difference that matters** (the 90% interval" in values["50"] and "lies within ±50 points" in values["50"]
    assert "no difference that matters" not in values["0"]


def test_new_seeds_are_drawn_trained_and_counted() -> None:
    at = done(opened("training", JUDGED))
    before = verdicts(at)
    assert experiment_of(at).first_seed == 0 and "sets of seeds" not in texts(at)
    pressed(at, "Draw new seeds")
    first = experiment_of(at).first_seed
    assert first >= 1000 and at.query_params["first_seed"] == str(first)
    assert verdicts(done(at)) != before and "You have now looked at 2 sets of seeds." in texts(at)
    pressed(at, "Draw new seeds")
    assert "You have now looked at 3 sets of seeds." in texts(done(at))
    choice = next(group for group in at.get("button_group") if group.label == "Label noise")
    done(choice.set_value("uniform").run())  # type: ignore[attr-defined]
    assert "sets of seeds" not in texts(at), "another question"


def test_new_seeds_of_a_long_training_are_trained_without_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    at = done(opened("training", JUDGED))
    monkeypatch.setattr("lossviz.ui.pages.training.progress.QUICK", 0.0)
    pressed(at, "Draw new seeds")
    assert "Train" not in [button.label for button in at.button]


def test_a_claim_s_experiment_is_trained_twice_and_says_so() -> None:
    at = opened("training", LONG | {"flips": "uniform"})
    assert ": the experiment is trained twice, with the noise and without. Press Train to start." in texts(at)
    none = opened("training", LONG | {"flips": "none"})
    assert "trained twice" not in texts(none) and "Press Train to start." in texts(none)


def training_of(at: AppTest) -> str:
    """What the page says that it trains."""
    (bar,) = at.get("progress")
    return str(bar.proto.text.split(" · ")[0])


def test_while_it_waits_for_its_twin_it_says_which_is_trained(fresh: TrainingQueue) -> None:
    """And stopped in the second training it has pictures, and no verdict."""
    at = opened("training", LONG | {"flips": "uniform", "seeds": "2", "epochs": "150", "examples": "200"})
    if "Train" in [button.label for button in at.button]:
        pressed(at, "Train")
    assert training_of(at) == "Training 1 of 2, with the noise"
    (first,) = fresh._running.values()
    first.join(60)
    while not any(job.record for job in fresh._running):
        time.sleep(0.02)
    assert training_of(again(at)) == "Training 2 of 2, without the noise"
    pressed(at, "Stop")
    assert "Stopped in training 2 of 2, without the noise. The figures show the first training" in texts(at)
    assert "No verdict for a stopped run" in texts(at)
    assert verdicts(at) == [] and len(sent(at)["pictures"]) == 3


def test_the_numbers_of_the_differences_are_those_that_are_shown(downloads: Downloads) -> None:
    at = done(opened("training", JUDGED))
    header, *rows = csv.reader(io.StringIO(downloads.text("lossviz-training-difference.csv")))
    last = [dict(zip(header, row, strict=True)) for row in rows if row[1] == "clean accuracy" and row[6] == "2"]
    last, by_seed = ([row for row in last if row["seed"].startswith("mean") is mean] for mean in (True, False))
    assert [row["difference"] for row in last] == ["with the noise", "without the noise", "with − without"]
    (sentence,) = verdicts(at)
    with_, without, change = (
        " points ".join(format_estimate(*numbers))
        for numbers in ((float(row[name]) for name in ("points", "95% low", "95% high")) for row in last)
    )
    assert f"by {change}: it is {without} without and {with_} with the noise." in sentence
    for row in last:
        assert (row["seed"], row["losses at once"], row["against"]) == ("mean of 6", "1", "categorical cross-entropy")
        own = [float(one["points"]) for one in by_seed if one["difference"] == row["difference"]]
        assert len(own) == 6 and np.mean(own) == pytest.approx(float(row["points"]))
    assert (
        [row["verdict"] for row in last[:2]] == ["", ""]
        and f"**{last[2]['verdict']}**" in sentence
        and last[2]["δ (points)"] == "0.1"
    )


def test_the_old_name_of_equal_logit_gradients_is_understood_and_written_as_it_is_called_now() -> None:
    at = done(opened("training", SMALL | {"equal": "gradient"}))
    assert warnings(at) == [] and experiment_of(at).equal_gradient
    assert at.query_params["equal"] == "logit-gradient" and "at equal logit-gradient norm" in texts(at)
