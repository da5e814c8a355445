"""The page "Mistakes": guesses before answers, numbers of the current sample, stuck values."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.analysis.microscope import FORMULAS
from lossviz.analysis.mistakes import CARDS

from ..plotted import by_uid, numbers, played
from .pages import Downloads, opened, pressed, sent, turned, view_of
from .test_app import warnings


def texts(at: object) -> str:
    blocks = [*at.markdown, *at.caption, *at.success, *at.info]  # type: ignore[attr-defined]
    return " ".join(str(block.value) for block in blocks)


def guess(at: AppTest, choice: str) -> None:
    at.pills[0].set_value(choice).run()
    assert not at.exception


@pytest.mark.parametrize("key", CARDS)
@pytest.mark.parametrize("right", [True, False])
def test_an_answer_is_shown_after_a_guess(key: str, right: bool) -> None:
    card = CARDS[key]
    at = opened("mistakes", {"card": key})
    assert warnings(at) == []
    assert [block.value for block in at.code] == [card.wrong, card.right]
    before = sent(at)["pictures"][0]["figure"]
    right_alone = {f"{a}-right{c}" for a in ("loss", "gradient") for c in ("", "-here")}
    assert set(by_uid(before["data"])) == right_alone, "the right program is at work, and nothing is given away"
    assert card.why not in texts(at) and "loss **?**, gradient **?**" in texts(at)
    guess(at, card.choices[card.answer if right else (card.answer + 1) % len(card.choices)])
    assert card.why in texts(at) and card.thread in texts(at)
    assert len(at.success) == right
    assert "loss **?**" not in texts(at)
    after = sent(at)["pictures"][0]["figure"]
    assert after["layout"]["yaxis"]["range"] == before["layout"]["yaxis"]["range"], "nothing jumps"
    traces = by_uid(after["data"])
    assert set(traces) == {f"{a}-{b}{c}" for a in ("loss", "gradient") for b in ("wrong", "right") for c in ("", "-here")}
    assert len(numbers(traces["loss-wrong"], "x")) == 121


def test_a_bare_visit_has_a_card_at_work_on_its_own_example() -> None:
    at = opened("mistakes")
    assert at.session_state["example"] == "own-example"
    assert "Logits 4, 1, 0; targets 0, 0, 1." in texts(at) and "loss **4.066**" in texts(at)
    guess(at, CARDS["softmax-twice"].choices[2])
    assert "the loss is **2.69× smaller** and the gradient **44.3× smaller**" in texts(at)
    table = at.table[0].value
    assert "1.51225" in str(table) and "4.06588" in str(table)
    assert list(table.iloc[2]) == ["wrong vs. right", "2.69× smaller", "on class 2: 44.3× smaller"]


def test_a_link_without_the_word_opens_the_present_sample() -> None:
    at = opened("mistakes", {"card": "softmax-twice"})
    assert at.session_state["example"] == "present-sample"
    assert view_of(at).digit is not None and "Logits 4, 1, 0" not in texts(at)


def test_an_example_of_a_card_leaves_the_sample_alone() -> None:
    """Whoever comes with a sample has it again, on this page and on the others."""
    own = {"sample": "own numbers", "logits": "2 1 -1", "targets": "1 0 0", "loss": "focal", "gamma": "3"}
    at = opened("one-sample", own)
    turned(at, "mistakes")
    assert "Logits 4, 1, 0;" in texts(at), "the card's"
    assert not any("logits" in str(one.label).lower() for one in at.text_input), "and no chip for a sample that plays no part"
    at.segmented_control(key="example").set_value("present-sample").run()
    assert "Logits 2, 1, −1; targets 1, 0, 0." in texts(at)
    at.segmented_control(key="lab").set_value("gradients").run()
    assert view_of(at).setting.spec.gamma == 3, "the loss counts here, and is what it was"
    at.segmented_control(key="lab").set_value("cards").run()
    at.segmented_control(key="example").set_value("own-example").run()
    turned(at, "one-sample")
    setting = view_of(at).setting
    assert (setting.logits, setting.spec.gamma) == ((2.0, 1.0, -1.0), 3)


def test_what_is_said_of_a_sample_agrees_with_it() -> None:
    """On the default digit a second softmax makes the gradient 1.66× smaller, and not tens of times."""
    at = opened("mistakes", {"card": "softmax-twice"})
    guess(at, CARDS["softmax-twice"].choices[2])
    assert "the gradient **1.66× smaller**" in texts(at)
    assert "tens of times" not in texts(at) + " ".join(CARDS["softmax-twice"].choices)


@pytest.mark.parametrize(
    ("key", "last"),
    [
        ("log-softmax-twice", ["needless vs. right", "the same", "on class 0: the same"]),
        ("nll-logits", ["wrong vs. right", "–", "on class 0: 15.7× larger"]),
        ("focal", ["wrong vs. right", "–", "on class 0: –"]),
        ("weight-inside", ["wrong vs. right", "16.8× larger", "on class 0: 14.6× larger", "1.52× smaller"]),
        ("mean-first", ["wrong vs. right", "15.8× smaller", "on class 1: 19.3× smaller", "8.66× smaller"]),
        ("comparing", ["wrong vs. right", "4× smaller", "on class 0: 1.68× smaller", "1.87× smaller", "3.6× smaller"]),
    ],
)
def test_how_far_the_wrong_program_is_off(key: str, last: list[str]) -> None:
    at = opened("mistakes", {"card": key, **CARDS[key].preset})
    guess(at, CARDS[key].choices[0])
    assert list(at.table[0].value.iloc[2]) == last


def test_no_ratio_to_the_gradient_of_a_minimum() -> None:
    """Binary cross-entropy at p = t: its gradient is what rounding leaves, and not 41,000 times too small."""
    sample = {"task": "binary", "target": "soft", "targets": "0.9", "logits": "2.1972"}
    at = opened("mistakes", {"card": "categorical-on-sigmoid", **sample})
    guess(at, CARDS["categorical-on-sigmoid"].choices[0])
    assert list(at.table[0].value.iloc[2])[2].endswith(": –")


def test_both_marks_can_be_seen_and_both_programs_have_their_name() -> None:
    at = opened("mistakes", {"card": "log-softmax-twice", **CARDS["log-softmax-twice"].preset})
    guess(at, CARDS["log-softmax-twice"].choices[2])
    figure = sent(at)["pictures"][0]["figure"]
    traces = by_uid(figure["data"])
    assert traces["loss-wrong-here"]["marker"]["size"] > traces["loss-right-here"]["marker"]["size"] + 4, (
        "they lie on each other"
    )
    assert (traces["loss-wrong"]["name"], traces["loss-right"]["name"]) == ("needless", "right")
    assert figure["layout"]["title"]["text"].endswith("Loss 0.06588 instead of 0.06588, gradient −0.06376 instead of −0.06376")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"card": "mean-first", "task": "binary", "logits": "2", "targets": "1"}, "stands for the two logits (0, z)"),
        ({"card": "bce", "sample": "own numbers", "logits": "inf 0 1"}, "Logits are clipped to ±1,000"),
        ({"card": "nll", "task": "multi-label", "logits": "2 -1", "targets": "0 1"}, ""),
        ({"card": "nll", "task": "multi-label", "logits": "2 -1", "targets": "1 1"}, "take a single label get class 0"),
        ({"card": "bce", "task": "multi-label", "logits": "2 -1", "targets": "1 1"}, ""),
        ({"card": "bce", "task": "binary", "logits": "2", "targets": "1"}, ""),
    ],
)
def test_what_the_programs_make_of_an_odd_sample_is_told(words: dict[str, str], says: str) -> None:
    at = opened("mistakes", words)
    guess(at, CARDS[words["card"]].choices[0])
    notes = [
        block.value for block in at.caption if any(word in block.value for word in ("stands for", "clipped to", "single label"))
    ]
    assert (says in " ".join(notes)) if says else not notes
    assert "nan" not in str(at.table[0].value)


def test_a_gradient_that_is_none_is_told() -> None:
    at = opened("mistakes", {"card": "focal", **CARDS["focal"].preset})
    guess(at, "0")
    assert "gradient nan instead of −1.404e−13" in sent(at)["pictures"][0]["figure"]["layout"]["title"]["text"]


def test_numbers_can_be_taken_home(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr("lossviz.ui.elements.download_button", files)
    at = opened("mistakes", {"card": "bce"})
    guess(at, CARDS["bce"].choices[0])
    header, *rows = csv.reader(files.text("lossviz-mistake.csv").splitlines())
    assert header[:3] == ["mistake", "logit", "wrong loss"] and len(rows) == 121


def test_the_four_pairs_share_a_scrubber_over_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr("lossviz.ui.elements.download_button", files)
    words = {
        "lab": "2x2",
        "sample": "own numbers",
        "logits": "1 0.5 -1 2",
        "targets": "1 1 0 0",
        "target": "soft",
        "steps": "7",
    }
    at = opened("mistakes", words)
    assert warnings(at) == []
    assert "softmax, categorical terms** (cross-entropy). p goes to t/Σt" in texts(at)
    assert "Nothing pushes classes 2, 3" in texts(at)
    player = sent(at)
    assert player["scrubber"]["values"][player["scrubber"]["at"]] == 7.0
    (picture,) = player["pictures"]
    frames = played(picture["figure"])
    assert len(frames) == len(player["scrubber"]["values"])
    assert "after 7 steps" in picture["figure"]["layout"]["title"]["text"]
    assert "Gradient descent reaches the targets under 1 of the four" in picture["sentences"][0]
    for corner in ("", "-2", "-3", "-4"):
        start, end = (numbers(by_uid(frame)[f"probs{corner}"], "y") for frame in (frames[0], frames[-1]))
        assert not np.array_equal(start, end)
        np.testing.assert_allclose(numbers(by_uid(frames[0])[f"targets{corner}"], "y"), [1, 1, 0, 0])
    header, *rows = csv.reader(files.text("lossviz-pairs.csv").splitlines())
    assert ",".join(header) == "activation,terms,step,loss,p0,p1,p2,p3" and len(rows) == 4 * 201


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"task": "binary", "activation": "sigmoid"}, "stands for the two logits (0, z)"),
        ({"sample": "own numbers", "logits": "inf 0 1"}, "clipped to ±1,000"),
    ],
)
def test_what_the_four_cannot_take_is_told(words: dict[str, str], says: str) -> None:
    at = opened("mistakes", {"lab": "2x2", **words})
    assert says in texts(at) and len(sent(at)["pictures"][0]["figure"]["data"]) == 12


def test_a_pair_that_is_a_mistake_leads_to_its_card() -> None:
    at = opened("mistakes", {"lab": "2x2"})
    at.button(key="pair-card-2").click().run()
    assert (at.session_state["lab"], at.session_state["card"]) == ("cards", "binary-on-softmax")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"stuck": "0.7437"}, "Softmax before CrossEntropyLoss"),
        ({"stuck": "-0.5"}, "NLLLoss gets probabilities"),
        ({"stuck": "3.611", "stuck_classes": "37"}, "Chance level for 37 classes"),
        ({"stuck": "3.21"}, "No known constant within 2% of 3.21"),
        (
            {"stuck": "0.6931", "stuck_loss": "focal"},
            "No known constant of Focal loss within 2% of 0.6931. Causes under any loss: ",
        ),
        ({"stuck": "-4", "stuck_loss": "nll"}, "z is 4."),
        ({"stuck_as": "nan", "stuck_loss": "cross-entropy"}, "Every sample of a batch is ignored"),
        ({"stuck_as": "nan"}, "saturated focal loss"),
        ({"stuck_as": "inf"}, "rounded to 0"),
    ],
)
def test_a_stuck_value_is_explained(words: dict[str, str], says: str) -> None:
    at = opened("mistakes", {"lab": "forensics", **words})
    assert warnings(at) == []
    assert says in texts(at)


def test_a_hint_leads_to_its_card() -> None:
    at = opened("mistakes", {"lab": "forensics", "stuck": "0.7437"})
    pressed(at, "See the mistake: Softmax before CrossEntropyLoss")
    assert (at.session_state["lab"], at.session_state["card"]) == ("cards", "softmax-twice")
    assert "### Softmax before CrossEntropyLoss" in texts(at)


def test_a_loss_that_is_known_narrows_the_hints() -> None:
    answers = [
        texts(opened("mistakes", {"lab": "forensics", "stuck": "0.6931", "stuck_loss": one})) for one in ("any", "binary")
    ]
    assert ["Label smoothing" in text for text in answers] == [True, False]
    assert all("Sigmoid before BCEWithLogitsLoss" in text for text in answers)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("key", FORMULAS)
def test_a_formula_is_under_the_microscope(key: str, dtype: str) -> None:
    at = opened("mistakes", {"lab": "microscope", "formula": key, "dtype": dtype, "exponent": "0.5"})
    assert warnings(at) == []
    assert [block.value for block in at.code] == [FORMULAS[key].program], "what is shown is what is run"
    figure = sent(at)["pictures"][0]["figure"]
    assert f"{dtype}, t = 1, γ = 0.5" in figure["layout"]["title"]["text"]
    widest = max((trace for trace in figure["data"] if trace["uid"].count("-") == 1 + key.count("-")), key=width)
    assert widest["uid"] == f"grad-{key}" or widest["uid"] == f"loss-{key}"
    table = at.table[0].value
    assert table.shape == (10, 4)
    assert set(table.iloc[8:, 2:].to_numpy().ravel()) == {"never"}, "lossviz"


def width(trace: dict[str, Any]) -> float:
    return float(trace["line"]["width"]) if trace["uid"].split("-", 1)[1] in FORMULAS else 0.0


def test_why_it_breaks_is_told_with_numbers() -> None:
    at = opened("mistakes", {"lab": "microscope", "formula": "with-logits", "exponent": "0.5"})
    assert "1% off at 11.9, NaN at 16.6. At 16.6: 1 − p_t is 0; it should be 5.96e−08." in texts(at)
    at = opened("mistakes", {"lab": "microscope", "formula": "lossviz"})
    assert "Nowhere up to |z| = 1,000" in texts(at)


def test_the_clamp_of_half_precision_is_told() -> None:
    answers = [
        texts(opened("mistakes", {"lab": "microscope", "formula": "clamped", "dtype": d})) for d in ("float16", "float32")
    ]
    assert ["rounds to 1" in text for text in answers] == [True, False]


def test_the_microscope_s_numbers_can_be_taken_home(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr("lossviz.ui.elements.download_button", files)
    opened("mistakes", {"lab": "microscope", "dtype": "bfloat16"})
    header, *rows = csv.reader(files.text("lossviz-microscope.csv").splitlines())
    assert ",".join(header) == "formula,quantity,logit,computed,truth,relative error" and len(rows) > 5000
