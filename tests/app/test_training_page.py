"""The page "Training": a training begun, watched, stopped, told; and what cannot be trained."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.trainer import Trainer
from lossviz.ui import trained

from .pages import again, opened, pressed
from .test_app import warnings

SMALL = {"examples": "80", "seeds": "3", "epochs": "4", "batch_size": "40"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trainer]:
    """Each test has a trainer of its own, which lets go of what a test has left."""
    there = [True]
    queue = Trainer(lambda _: there[0])
    monkeypatch.setattr(trained, "_only", lambda: queue)
    yield queue
    there[0] = False


def texts(at: AppTest) -> str:
    return " ".join(str(block.value) for block in (*at.markdown, *at.caption, *at.info, *at.error, *at.warning))


def done(at: AppTest) -> AppTest:
    """The page once its training is over."""
    for _ in range(600):
        if at.get("progress"):
            time.sleep(0.05)
            again(at)
        else:
            return at
    raise AssertionError("it does not end")


def test_a_quick_training_is_begun_by_itself_and_told() -> None:
    at = done(opened("training", SMALL))
    assert warnings(at) == []
    assert "softmax focal loss, γ = 2" in texts(at) and "clean accuracy" in texts(at)
    assert "after epoch 4" in texts(at) and "over 3 seeds" in texts(at)


def test_a_long_one_waits_for_a_word() -> None:
    long = {"world": "digits", "examples": "1200", "model": "mlp", "epochs": "200", "seeds": "12"}
    at = opened("training", long)
    assert not at.get("progress") and "begun when you say so" in texts(at)
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
    assert "**The claim:** that noise which makes a class look hard makes focal loss hurt." in texts(at)
    none = done(opened("training", SMALL | {"flips": "none"}))
    assert "The claim" not in texts(none)


def test_one_loss_has_nothing_to_be_compared_with() -> None:
    at = done(opened("training", SMALL | {"losses": "focal gamma 2"}))
    assert "There is one loss only" in texts(at)


def test_one_seed_has_no_interval() -> None:
    at = done(opened("training", SMALL | {"seeds": "1"}))
    assert "One seed has no interval" in texts(at)
