"""Softmax and sigmoid on two classes stand side by side, from either, and softmax is one sigmoid of the difference."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.sample import sample
from lossviz.state.pins import parse_pins, series
from lossviz.state.sample import resolve
from lossviz.state.two_classes import side_by_side, single_sigmoid

TWO = {"task": "two-logit", "logits": "1.3 -0.4", "targets": "0 1"}


@pytest.mark.parametrize("more", [{}, {"loss": "cross-entropy"}, {"gamma": 3.5, "temperature": 2.0, "label_smoothing": 0.1}])
@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_either_is_joined_by_the_other(activation: str, more: dict[str, object]) -> None:
    words = TWO | {"activation": activation} | more
    view = resolve(words)
    words |= side_by_side(view) or {}
    pins, problems = parse_pins(str(words["pins"]), resolve(words))
    shown, unfit = series(resolve(words), pins)
    assert not problems and not unfit
    assert {one.setting.spec.activation for one in shown} == {"softmax", "sigmoid"}


@pytest.mark.parametrize("target", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("loss", ["cross-entropy", "focal"])
def test_a_single_logit_keeps_its_loss_when_it_becomes_two(loss: str, target: float) -> None:
    alone = resolve({"task": "binary", "loss": loss, "logits": "1.7", "targets": str(target), "target": "soft"})
    words = side_by_side(alone)
    assert words is not None
    two = resolve({"loss": loss} | words)
    assert not two.problems
    losses = [sample(setting).loss[0] for setting in (alone.setting, two.setting, single_sigmoid(two))]
    np.testing.assert_allclose(losses[1:], losses[0], rtol=1e-12)
    assert single_sigmoid(two).logits == (1.7,)


def test_there_is_nothing_to_compare_where_a_loss_has_one_activation_or_more_classes() -> None:
    assert side_by_side(resolve({})) is None
    assert side_by_side(resolve({"task": "binary", "loss": "logistic"})) is None
