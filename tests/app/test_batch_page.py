"""The page "Batch": every question on batches of all kinds, links, what a hand does to it, and what can be taken home."""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from lossviz import evaluate, loss
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.analysis.batch.contributions import Pair, contributions
from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.analysis.batch.shares import lorenz
from lossviz.data import digits
from lossviz.data.detector import detector
from lossviz.data.predictions import Batch
from lossviz.evaluation.setting import baseline
from lossviz.losses import LossSpec
from lossviz.state.batch import HALVES, TENTHS
from lossviz.state.fields import NOISE
from lossviz.ui import elements as st
from lossviz.ui.server.batch_cache import CachedBatch
from lossviz.ui.session.store import Session

from .. import specs
from ..analysis.batch import made
from ..plotted import by_uid, numbers, played
from .pages import Downloads, again, committed, opened, pressed, sent, turned, view_of
from .test_app import APP, warnings

FOCAL = loss("focal", gamma=2.0)


BATCHES: tuple[dict[str, str], ...] = (
    {},
    {"loss": "cross-entropy", "activation": "sigmoid"},
    {"loss": "nll"},
    {"loss": "focal", "weight": "1 2 3 4 5 6 7 8 9 10", "label_smoothing": "0.1"},
    {"batch": "detector", "negatives": "3000"},
    {"batch": "detector", "negatives": "3000", "loss": "logistic"},
    {"batch": "detector", "negatives": "3000", "loss": "quality-focal", "noise": "uniform"},
    {"batch": "detector", "negatives": "3000", "alpha": "0.3", "gamma": "1.7"},
)


@pytest.mark.parametrize(
    ("question", "words"),
    [(question, words) for i, question in enumerate(QUESTIONS) for j, words in enumerate(BATCHES) if (i + j) % 2 == 0],
    ids=str,
)
def test_every_question_has_an_answer(question: str, words: dict[str, str]) -> None:
    at = opened("batch", words | {"ask": question})
    assert warnings(at) == []
    assert not at.error


@pytest.mark.parametrize("kind", NOISE)
@pytest.mark.parametrize("batch", ["digits", "detector"])
def test_noise_is_marked_and_told(kind: str, batch: str) -> None:
    words = {"batch": batch, "negatives": "2000", "noise": kind, "noise_rate": "0.1", "ask": "suspects"}
    words |= {"noise_from": "0", "noise_to": "1"} if batch == "detector" else {}
    at = opened("batch", words)
    assert warnings(at) == []
    text = " ".join(text.value for text in at.markdown)
    detected = text.split("hard labels")[1].split("mean loss")[0]
    assert ("suspects" in detected and "marked suspects" in text) == (kind != "none")


def holding(batch: Batch, words: dict[str, str] | None = None) -> AppTest:
    """A session that has uploaded this batch."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["session"] = Session(uploaded=CachedBatch(batch))
    for name, text in {"batch": "upload", **(words or {})}.items():
        at.query_params[name] = text
    return turned(at, "batch")


def drawn(*name: Any, classes: int, targets: str) -> Batch:
    rng = specs.seeded("page", *name, classes, targets)
    n = 300
    z = rng.normal(0, 2, (n, classes))
    if targets == "labels":
        return made.marked(z, rng.integers(max(2, classes), size=n), rng)
    t = rng.dirichlet(np.ones(classes), n) if targets == "soft" else (rng.random((n, classes)) < 0.3).astype(np.float64)
    return made.marked(z, t, rng)


UPLOADS = {
    "binary": drawn(classes=1, targets="labels"),
    "two": drawn(classes=2, targets="labels"),
    "soft": drawn(classes=3, targets="soft"),
    "multi-label": drawn(classes=4, targets="multi-hot"),
    "twelve": drawn(classes=12, targets="labels"),
    "thousand": drawn(classes=1000, targets="labels"),
}


@pytest.mark.parametrize(
    ("name", "question"),
    [(name, question) for i, name in enumerate(UPLOADS) for j, question in enumerate(QUESTIONS) if (i + j) % 2 == 0],
)
def test_every_question_can_be_asked_about_a_file(name: str, question: str) -> None:
    at = holding(UPLOADS[name], {"ask": question, "split": "group", "row": "7"})
    assert warnings(at) == []
    assert not at.error
    assert "300 samples" in at.session_state["session"].uploaded.survey.name or UPLOADS[name].survey.samples == 300


def test_without_a_file_the_page_says_so_kindly() -> None:
    at = opened("batch", {"batch": "upload", "ask": "advisor"})
    assert warnings(at) == []
    text = " ".join(text.value for text in at.markdown)
    assert "No file yet" in text and "this session’s memory" in text
    assert sum(button.label == "Choose a file" for button in at.button) == 1
    pressed(at, "Back to the digits")
    assert at.session_state["batch"] == "digits"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"noise": "foo"}, "noise"),
        ({"row": "99999"}, "row: found 99999; expected a row from 0 to 1796"),
        ({"gamma": "-1"}, "gamma"),
        ({"weight": "1 2"}, "weight: found 2 values; expected 10"),
        ({"loss": "logistic"}, "logistic"),
        ({"noise": "pair", "noise_from": "11"}, "11"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_link_is_told(words: dict[str, str], message: str) -> None:
    text = " ".join(warnings(opened("batch", words)))
    assert message in text.replace("\\", "")


def frames_of(at: AppTest) -> list[dict[str, dict[str, Any]]]:
    (picture,) = sent(at)["pictures"]
    return [by_uid(traces) for traces in played(picture["figure"])]


def test_the_player_gets_a_frame_for_each_gamma() -> None:
    at = opened("batch", {"ask": "shares", "by": "gradient"})
    assert sent(at)["scrubber"]["values"] == list(HALVES)
    frames = frames_of(at)
    assert len(frames) == len(HALVES)
    batch = digits.batch()
    for gamma, traces in zip(HALVES, frames, strict=True):
        curve = lorenz(total(plan(loss("focal", gamma=gamma), batch.survey), batch).norm)
        line = next(trace for uid, trace in traces.items() if uid.endswith("-0") and trace["mode"] == "lines")
        x, y = numbers(line, "x"), numbers(line, "y")
        assert len(x) > 100
        np.testing.assert_allclose(y, 100 * np.interp(x / 100, curve.part, curve.carried), rtol=1e-4, atol=1e-6)


@pytest.mark.usefixtures("all_positions")
def test_gamma_moves_by_tenths_where_the_batch_is_small() -> None:
    at = opened("batch", {"ask": "parts"})
    assert sent(at)["scrubber"]["values"] == list(TENTHS)
    assert len(frames_of(at)) == len(TENTHS)


def test_bars_are_the_samples_that_evaluate_finds() -> None:
    batch = digits.batch()
    at = opened("batch", {"ask": "samples", "by": "loss"})
    frames = frames_of(at)
    for gamma, traces in zip(HALVES, frames, strict=True):
        values = evaluate(loss("focal", gamma=gamma), batch.rows.logits, batch.rows.targets).loss.numpy()
        rows = np.argsort(-values, kind="stable")[:20]
        bars = next(trace for trace in traces.values() if "customdata" in trace)
        assert set(np.asarray(bars["customdata"]).reshape(-1).astype(int)) == set(rows)


def test_a_picked_bar_is_the_sample_below_and_opens_as_one_sample() -> None:
    at = opened("batch", {"gamma": "1"})
    committed(at, {"action": "pick", "value": 5})
    assert at.session_state["row"] == 5
    text = " ".join(text.value for text in (*at.markdown, *at.caption))
    value = float(evaluate(loss("focal", gamma=1.0), digits.batch().rows.logits[5:6], [5]).loss[0])
    assert "digit 5" in text and f"{value:.4g}" in text
    pressed(at, "Open in One sample")
    view = view_of(at)
    assert view.digit is not None and view.digit.number == 5
    assert not view.edited
    assert view.setting.spec == loss("focal", gamma=1.0)


def test_a_changed_label_goes_along_to_one_sample() -> None:
    words = {"noise": "uniform", "noise_rate": "0.5", "noise_seed": "3"}
    at = opened("batch", words | {"row": "5"})
    text = " ".join(text.value for text in at.markdown)
    label = int(text.split("label **class ")[1].split("*")[0])
    pressed(at, "Open in One sample")
    targets = view_of(at).setting.targets
    assert targets.index(1.0) == label


@pytest.mark.parametrize("name", ["binary", "two", "soft", "multi-label"])
def test_a_row_of_a_file_opens_with_its_numbers(name: str) -> None:
    batch = UPLOADS[name]
    at = holding(batch, {"row": "11"})
    pressed(at, "Open in One sample")
    setting = view_of(at).setting
    np.testing.assert_allclose(setting.logits, batch.rows.logits[11])
    t = batch.rows.targets[11]
    wanted = t if np.ndim(t) else np.eye(2)[t] if name == "two" else [float(t)]
    np.testing.assert_allclose(setting.targets, wanted)


def test_too_many_classes_for_one_sample_are_told() -> None:
    at = holding(UPLOADS["twelve"], {"row": "3"})
    button = next(b for b in at.button if b.label == "Open in One sample")
    assert button.disabled
    assert "12" in button.help


def test_pins_are_compared_with() -> None:
    at = opened("batch", {"ask": "shares", "pins": "focal softmax gamma 3 vs logistic"})
    assert any("Pin 2" in problem for problem in warnings(at))
    names = {trace.get("name") for trace in frames_of(at)[0].values()}
    assert {"softmax focal loss, γ = 3", "categorical cross-entropy"} <= names
    assert "softmax focal loss, γ = 5" not in names


def test_pinning_on_a_batch_keeps_its_loss() -> None:
    at = opened("batch", {"batch": "detector", "negatives": "500", "alpha": "0.25"})
    pressed(at, "Pin this setting")
    assert at.session_state["pins"] == "focal sigmoid gamma 2 alpha 0.25"


NAMES = ("cat", "=dog", "![x](http://example.org/x.png)", "a:b")


def called(name: str, names: tuple[str, ...] = NAMES) -> Batch:
    """One of the uploads with names of its classes."""
    batch = UPLOADS[name]
    return Batch(batch.survey._replace(class_names=names), batch.rows)


def frame(at: AppTest, n: int) -> Any:
    """A table of the page."""
    return at.dataframe[n].value  # the last is that of what was detected


@pytest.mark.parametrize("name", ["multi-label", "twelve", "thousand", "binary", "soft", "two"])
def test_all_classes_are_in_the_table(name: str) -> None:
    batch = UPLOADS[name]
    at = holding(batch, {"ask": "classes"})
    classes = max(2, batch.survey.classes)
    table = frame(at, 0)
    assert table["number"].tolist() == list(range(classes))
    assert table["% of loss"].sum() == pytest.approx(100)
    assert f"All {classes:,} classes" in " ".join(text.value for text in at.markdown).replace("\\", "")
    kinds = frame(at, 1)
    assert (kinds["label"] != kinds["guess"]).all()
    assert len(kinds) <= 500


def test_names_of_classes_are_on_the_page_and_do_nothing_there() -> None:
    at = holding(called("multi-label"), {"ask": "classes", "of_label": "a:b", "of_guess": "=dog"})
    assert warnings(at) == []
    assert frame(at, 0)["class"].tolist() == ["cat", "'=dog", NAMES[2], "a:b"]
    batch = UPLOADS["multi-label"]
    kept = (batch.rows.targets[:, 3] == 1) & (batch.rows.logits[:, 1] > 0)
    chosen = frame(at, 2)
    assert set(chosen["row"]) == set(np.flatnonzero(kept))
    assert any(f"**{kept.sum()} of 300 samples**" in text.value for text in at.markdown)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_name_of_a_class_is_markdown(question: str) -> None:
    names = tuple(f"![x{c}](http://example.org/{c}.png)" for c in range(12))
    batch = called("twelve", names)
    at = holding(Batch(batch.survey._replace(name="![x](http://example.org/f.png)"), batch.rows), {"ask": question, "row": "7"})
    assert not any("![x" in text.value for text in (*at.markdown, *at.caption))


def test_a_choice_that_names_nothing_is_said() -> None:
    text = " ".join(warnings(holding(called("multi-label"), {"ask": "classes", "of_class": "cow", "of_group": "z"})))
    text = text.replace("\\", "")
    assert "class: found 'cow'; expected one of 'cat'" in text
    assert "group: found 'z'; expected one of 'a', 'b', 'c'" in text


def test_the_chosen_samples_can_be_taken_home(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = SavedFiles(monkeypatch)
    holding(called("twelve", ("=1+1", *map(str, range(100, 111)))), {"ask": "classes", "of_label": "=1+1", "of_group": "b"})
    batch = UPLOADS["twelve"]
    rows = list(csv.DictReader(io.StringIO(downloads.files.files["lossviz-chosen-samples.csv"]().decode())))
    assert batch.rows.groups is not None
    assert [int(row["row"]) for row in rows] == np.flatnonzero((batch.rows.targets == 0) & (batch.rows.groups == 1)).tolist()
    assert {row["label_name"] for row in rows} == {"'=1+1"}
    classes = list(csv.DictReader(io.StringIO(downloads.files.text("lossviz-classes.csv"))))
    assert classes[0]["class"] == "'=1+1"


def test_a_thousand_classes_say_what_is_drawn_and_the_file_has_all(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = SavedFiles(monkeypatch)
    at = holding(UPLOADS["thousand"], {"ask": "parts", "split": "class", "loss": "cross-entropy"})
    (picture,) = sent(at)["pictures"]
    assert "15 of 1,000 classes shown" in picture["figure"]["layout"]["xaxis"]["title"]["text"]
    text = " ".join(text.value for text in at.caption)
    assert "Not drawn\\: the other 985 classes" in text
    assert len(list(csv.reader(io.StringIO(downloads.files.text("lossviz-parts.csv"))))) == 1001
    page = downloads.files.text("lossviz-report.html")
    assert page.count("<td>class 999</td>") >= 1


@pytest.mark.parametrize(("question", "n"), [*zip(QUESTIONS, itertools.cycle((1, 2))), ("samples", 1), ("classes", 1)])
def test_one_or_two_samples_are_said_as_such(n: int, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = SavedFiles(monkeypatch)
    at = holding(made.plain(np.array([[0.2], [-1.0]])[:n], np.array([1, 1])[:n]), {"ask": question})
    assert warnings(at) == [] and not at.error
    text = " ".join(text.value for text in (*at.markdown, *at.caption))
    if question == "samples":
        text += downloads.files.text("lossviz-report.html").split("</main>")[0]
    assert not re.search(r"\b1 (samples|classes|times|groups|kinds)\b|\(\)|\('", text), text


class SavedFiles:
    """All that a page offers to take home."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = Downloads()
        monkeypatch.setattr(st, "download_button", self.files)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_every_sample_can_be_taken_home(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = SavedFiles(monkeypatch)
    opened("batch", {})
    data: Any = downloads.files.files[f"lossviz-every-sample.{suffix}"]()
    if suffix == "csv":
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        columns = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    else:
        table = pq.read_table(io.BytesIO(data))
        columns = {name: table[name].to_numpy() for name in table.column_names}
    batch = digits.batch()
    for prefix, spec in (("", FOCAL), ("ce_", baseline(FOCAL))):
        ev = evaluate(spec, batch.rows.logits, batch.rows.targets)
        np.testing.assert_allclose(columns[f"{prefix}loss"], ev.loss.numpy(), rtol=1e-6)
        np.testing.assert_allclose(columns[f"{prefix}norm"], ev.grad.norm(dim=1).numpy(), rtol=1e-5)
        assert columns[f"{prefix}loss_share"].sum() == pytest.approx(1, rel=1e-5)
    np.testing.assert_array_equal(columns["label"], batch.rows.targets)
    np.testing.assert_array_equal(columns["row"], np.arange(1797))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_numbers_of_each_question_can_be_taken_home(question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = SavedFiles(monkeypatch)
    opened("batch", {"ask": question, "batch": "detector", "negatives": "1000"})
    files = [name for name in downloads.files.files if name.endswith(".csv") and name != "lossviz-every-sample.csv"]
    assert files
    for name in files:
        rows = list(csv.reader(io.StringIO(downloads.files.text(name))))
        assert len(rows) > (1 if question == "classes" else 3)
        assert len({len(row) for row in rows}) == 1


def test_the_report_holds_all_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads = SavedFiles(monkeypatch)
    opened("batch", {"batch": "detector", "negatives": "1000"})
    page = downloads.files.text("lossviz-report.html")
    for heading in (
        "Findings",
        "Contents",
        "Import details",
        "Figure 4",
        "drive the loss?",
        "How hard",
        "What would γ",
        "labels look wrong",
        "probabilities calibrated",
        "“mean”",
    ):
        assert heading in page
    assert 'src="http' not in page


def share_of(batch: Batch, spec: LossSpec) -> float:
    stats, ce = (total(plan(s, batch.survey), batch) for s in (spec, baseline(spec)))
    return float(contributions(Pair(spec, stats, baseline(spec), ce)).loss_share.sum())


def test_a_title_says_what_the_bars_say() -> None:
    at = opened("batch", {"batch": "detector", "negatives": "3000", "seed": "4", "gamma": "5"})
    batch = detector(negatives=3000, seed=4)
    share = share_of(batch, loss("focal", "sigmoid", gamma=5.0))
    (picture,) = sent(at)["pictures"]
    assert f"{100 * share:.3g}%" in picture["alt"]


def test_words_of_the_batch_last_from_page_to_page() -> None:
    at = opened("batch", {"batch": "detector", "negatives": "700", "ask": "parts"})
    turned(at, "curves")
    again(turned(at, "batch"))
    assert (at.session_state["batch"], at.session_state["negatives"], at.session_state["ask"]) == ("detector", 700, "parts")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("focal", "the current setting"),
        ("cross-entropy", "the current setting"),
        ("generalized-cross-entropy", "cross-entropy"),
    ],
)
def test_what_the_advisor_marks_has_its_name(key: str, name: str) -> None:
    """A loss without γ is not in the grid; what is marked there is cross-entropy."""
    at = opened("batch", {"ask": "advisor", "loss": key})
    grid, lines = (by_uid(picture["figure"]["data"]) for picture in sent(at)["pictures"])
    assert grid["present"]["name"] == lines["present"]["name"] == name
    assert lines["present"]["hovertemplate"].startswith(f"{name}: <b>%{{y")


def test_who_chooses_their_own_file_is_asked_for_it_at_once() -> None:
    at = opened("batch")
    assert not at.get("file_uploader")
    at.button_group(key="batch").set_value("upload").run()
    assert at.get("file_uploader")
    at.run()
    assert not at.get("file_uploader"), "once"
