"""A curve beside cross-entropy's: where slopes say that the gradient is larger is where the gradients themselves say it."""

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.comparison import comparison
from lossviz.analysis.curves import curve
from lossviz.evaluation.setting import Setting, baseline
from lossviz.figures.curve_sentences import Point, sentence, with_same_parameters

LOGITS = (2.0, 1.0, 0.0)


def compared(quantity: str, setting: Setting, axis: str = "p_t"):
    ce = setting._replace(spec=baseline(setting.spec))
    return comparison(quantity, curve(setting, 0, axis, quantity), curve(ce, 0, axis, quantity))


@pytest.mark.parametrize("axis", ["p_t", "logit", "margin"])
@pytest.mark.parametrize("gamma", [0.3, 1.0, 2.0, 5.0])
def test_the_larger_gradient_is_where_the_multiplier_is_above_1(gamma: float, axis: str) -> None:
    setting = Setting(loss("focal", gamma=gamma), LOGITS, (1.0, 0.0, 0.0))
    exact = curve(setting, 0, axis, "multiplier").raised
    by_slope = compared("loss", setting, axis).intervals
    assert by_slope.shape == exact.shape
    np.testing.assert_allclose(by_slope, exact, atol=0.02 if axis != "p_t" else 2e-3)


def test_the_curvature_is_negative_where_the_loss_is_concave() -> None:
    setting = Setting(loss("focal"), LOGITS, (1.0, 0.0, 0.0))
    line = curve(setting, 0, "p_t", "curvature")
    ((low, high),) = compared("curvature", setting).intervals
    inside = (line.x > low) & (line.x < high) & (np.abs(line.y) > 1e-3)
    assert (line.y[inside] < 0).all()
    assert (line.y[(line.x > high + 1e-3)] >= 0).all()


def test_no_ratio_where_one_side_is_at_its_minimum() -> None:
    setting = Setting(loss("focal"), (np.inf, 1.0, 0.0), (1.0, 0.0, 0.0))
    shown = compared("loss", setting)
    assert shown.is_lowest
    text = sentence("loss", shown, Point("pₜ", "γ = 2"), is_cross_entropy=False)
    assert text.startswith("At γ = 2 and pₜ = 1 the loss is 0 nats, cross-entropy 0 nats;")


def test_an_infinite_loss_has_no_ratio_either() -> None:
    setting = Setting(loss("focal"), (-np.inf, 1.0, 0.0), (1.0, 0.0, 0.0))
    text = sentence("loss", compared("loss", setting), Point("pₜ"), is_cross_entropy=False)
    assert text.startswith("At pₜ = 0 the loss is infinite, as cross-entropy is;")


def test_what_cross_entropy_shares_with_the_loss_is_said() -> None:
    focal = loss("focal", "sigmoid", gamma=0.0, alpha=0.25, label_smoothing=0.1)
    same = " Cross-entropy has the same α, ε here."
    assert with_same_parameters("Equal.", focal, baseline(focal)) == "Equal." + same
    plain = loss("focal", "sigmoid", gamma=2.0)
    assert with_same_parameters("Smaller.", plain, baseline(plain)) == "Smaller."
    itself = loss("cross-entropy", "sigmoid", alpha=0.25)
    assert with_same_parameters("Itself.", itself, baseline(itself)) == "Itself."
