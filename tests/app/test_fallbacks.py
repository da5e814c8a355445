"""What a page falls back to, where a person's word is not on offer, does not take the word's place for good."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from .pages import again, opened, turned


def choose(at: AppTest, word: str, value: str) -> None:
    group = at.button_group(key=word) if word not in {box.key for box in at.selectbox} else at.selectbox(key=word)
    group.set_value(value)
    again(at)


def test_a_scrubber_that_was_never_chosen_follows_the_loss_there_and_back() -> None:
    at = opened("curves", {"pins": "none"})
    choose(at, "loss", "cross-entropy")
    assert at.session_state["scrub"] == "label_smoothing"
    assert "scrub" not in at.query_params
    choose(at, "loss", "focal")
    assert at.session_state["scrub"] == "gamma"
    assert "scrub" not in at.query_params


def test_a_chosen_scrubber_comes_back_when_it_is_on_offer_again() -> None:
    at = opened("curves", {"task": "binary", "pins": "none"})
    choose(at, "loss", "logistic")
    choose(at, "loss", "focal")
    choose(at, "scrub", "z0")
    assert at.query_params["scrub"] == "z0"
    at.session_state["logits"] = "inf"
    again(at)
    assert at.session_state["scrub"] == "gamma"
    assert "scrub" not in at.query_params
    at.session_state["logits"] = "1"
    again(at)
    assert at.session_state["scrub"] == "z0"
    assert at.query_params["scrub"] == "z0"


def test_a_choice_after_a_fallback_is_the_persons_word() -> None:
    at = opened("curves", {"scrub": "gamma", "pins": "none"})
    choose(at, "scrub", "z3")
    choose(at, "loss", "cross-entropy")
    assert at.session_state["scrub"] == "z3"
    choose(at, "sample", "own numbers")
    assert at.session_state["scrub"] == "label_smoothing"
    choose(at, "scrub", "temperature")
    choose(at, "sample", "real digit")
    assert at.session_state["scrub"] == "temperature"


def test_a_fallback_says_nothing_of_another_sample_of_its_own_kind() -> None:
    at = opened("one-sample", {"task": "binary"})
    choose(at, "loss", "logistic")
    choose(at, "task", "multi-class")
    assert at.session_state["loss"] != "logistic"
    choose(at, "task", "binary")
    assert at.session_state["loss"] == "logistic"


def test_another_page_keeps_what_it_was_left_with() -> None:
    at = opened("curves", {"pins": "none"})
    choose(at, "scrub", "z3")
    choose(at, "sample", "own numbers")
    turned(at, "one-sample")
    choose(at, "sample", "real digit")
    turned(at, "curves")
    assert at.session_state["scrub"] == "z3"
