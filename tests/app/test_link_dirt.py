"""A link has what was chosen, and nothing else: no number that is at its default, and whole numbers as whole numbers."""

from __future__ import annotations

from .pages import again, opened


def test_another_loss_brings_no_parameters_along() -> None:
    at = opened("one-sample")
    at.button_group(key="loss").set_value("symmetric-cross-entropy")
    again(at)
    assert at.query_params.keys() == {"loss"}
    at.button_group(key="loss").set_value("focal")
    again(at)
    assert not at.query_params.keys()


def test_the_number_of_a_digit_is_a_whole_number() -> None:
    at = opened("one-sample")
    next(button for button in at.button if button.label.startswith("Next ")).click()
    again(at)
    assert at.query_params["digit"].isdigit()
