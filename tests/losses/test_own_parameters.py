"""A parameter belongs to its loss: label, help and range are those that the loss declares, under one word of the link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lossviz import LOSSES
from lossviz.fields import Number
from lossviz.state.fields import FIELDS, PARAMETERS, parameters_of
from lossviz.state.links import link_problems
from lossviz.state.sample import resolve

from ..app.pages import opened

HELP = {
    "focal": "How strongly well-classified samples are down-weighted, by the factor (1 − p_t)^γ. 0 is cross-entropy.",
    "quality-focal": "β in the paper: how fast the loss fades as p approaches its target t.",
}


@pytest.mark.parametrize("key", HELP)
def test_the_page_shows_the_help_that_the_loss_declares(key: str) -> None:
    at = opened("", {"loss": key, "activation": "sigmoid"})
    assert at.number_input(key="gamma").help == HELP[key]


@pytest.mark.parametrize("key", LOSSES)
def test_a_word_has_one_default_and_takes_what_any_loss_takes(key: str) -> None:
    for name, field in parameters_of(key).items():
        assert field.default == PARAMETERS[name].default == FIELDS[name].default
        if isinstance(field, Number):
            word = PARAMETERS[name]
            assert isinstance(word, Number)
            assert word.low <= field.low <= field.high <= word.high


def test_a_value_that_is_right_for_another_loss_is_named_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    quality = LOSSES["quality-focal"]
    narrow = replace(quality, parameters=(replace(quality.parameters[0], high=3.0), *quality.parameters[1:]))
    monkeypatch.setitem(LOSSES, "quality-focal", narrow)
    parameters_of.cache_clear()
    link = {"loss": "quality-focal", "gamma": "4"}
    assert resolve({"loss": "focal", "gamma": 4.0}).problems == ()
    assert resolve({"loss": "quality-focal", "gamma": 4.0}).setting.spec.gamma == 2.0
    assert link_problems(link) == ["gamma: found 4.0; expected a finite number ≥ 0 and ≤ 3. Using 2.0 instead."]
    parameters_of.cache_clear()
