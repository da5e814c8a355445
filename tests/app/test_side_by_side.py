"""Two tasks of a newcomer: softmax against sigmoid for two classes at one click, and why CE is log-softmax and NLL."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from .pages import again, opened


def click(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click()
    again(at)


def column(at: AppTest, name: str) -> list[Any]:
    return next(list(table.value[name]) for table in at.table if name in table.value)


@pytest.mark.parametrize("words", [{"task": "binary"}, {"task": "two-logit"}, {"task": "two-logit", "activation": "sigmoid"}])
def test_softmax_and_sigmoid_stand_side_by_side_at_one_click(words: dict[str, str]) -> None:
    at = opened("one-sample", {"loss": "cross-entropy", **words})
    click(at, "Compare softmax and sigmoid")
    assert not at.warning
    heads, losses = column(at, ""), column(at, "loss ℓ")
    assert heads == ["current", "pin 1", "identity"]
    softmax = losses[1 if words.get("activation") == "sigmoid" else 0]
    assert losses[2] == softmax != losses[1 if softmax == losses[0] else 0]
    assert any("σ(z₁ − z₀)" in text.value for text in at.markdown)


def test_three_classes_have_no_such_button() -> None:
    at = opened("one-sample")
    assert all(button.label != "Compare softmax and sigmoid" for button in at.button)


def test_the_step_between_log_softmax_and_nll_is_shown_with_the_numbers_of_the_page() -> None:
    at = opened("one-sample", {"loss": "cross-entropy", "sample": "own numbers", "logits": "2 1 0", "targets": "0 1 0"})
    assert column(at, "log-softmax: z − ln Σ eᶻ") == ["−0.4076", "−1.408", "−2.408"]
    assert column(at, "NLL") == ["", "**picked: ℓ = 1.408**", ""]
    assert any("Log-softmax subtracts ln Σ eᶻ = 2.408" in text.value for text in at.markdown)
    at = opened("one-sample")
    assert not any("NLL picks" in text.value for text in at.markdown)
