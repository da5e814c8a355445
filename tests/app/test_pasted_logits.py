"""A print-out pasted into the field of logits is the sample, in one act; field and link then have its plain numbers."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from .pages import again, opened, view_of

PRINTED = "tensor([[ 1.5000, -2.0000,  0.2500]], device='cuda:0', grad_fn=<AddmmBackward0>)"


def paste(at: AppTest, word: str, text: str) -> None:
    at.text_input(key=word).input(text)
    again(at)


def test_a_pasted_list_takes_the_place_of_a_digit() -> None:
    at = opened("one-sample", {"targets": "0 0 1 0 0 0 0 0 0 0"})
    paste(at, "logits", PRINTED)
    assert at.text_input(key="logits").value == "1.5 -2 0.25"
    assert at.query_params["logits"] == "1.5 -2 0.25"
    assert at.query_params["sample"] == "own numbers"
    assert view_of(at).setting.logits == (1.5, -2.0, 0.25)
    assert not at.warning


def test_as_many_as_before_keep_their_targets() -> None:
    at = opened("one-sample", {"sample": "own numbers", "targets": "0 0 1"})
    paste(at, "logits", "[3, 2, 1]")
    assert view_of(at).setting.targets == (0.0, 0.0, 1.0)
    paste(at, "logits", "[3, 2, 1, 0]")
    assert view_of(at).setting.targets == (1.0, 0.0, 0.0, 0.0)
    assert not at.warning


def test_ten_logits_stay_on_the_digit() -> None:
    at = opened("one-sample")
    paste(at, "logits", str([0.5] * 10))
    assert view_of(at).digit is not None and view_of(at).edited


def test_targets_may_be_pasted_too() -> None:
    at = opened("one-sample", {"sample": "own numbers"})
    paste(at, "targets", "array([0., 1., 0.])")
    assert at.query_params["targets"] == "0 1 0"


@pytest.mark.parametrize("text", ["tensor([1., nan, 3.])", "[1, two, 3]"])
def test_what_is_no_number_is_named_with_its_place(text: str) -> None:
    at = opened("one-sample", {"sample": "own numbers"})
    paste(at, "logits", text)
    assert at.warning[0].value.replace("\\", "").startswith("logits, value 2: found ")


def test_a_link_with_a_print_out_opens_its_numbers() -> None:
    at = opened("one-sample", {"sample": "own numbers", "logits": "[1, 2.50, 3]"})
    assert view_of(at).setting.logits == (1.0, 2.5, 3.0)
    assert at.text_input(key="logits").value == "1 2.5 3"
