"""Two classes under softmax and under sigmoid: the words that put them side by side, and the one sigmoid that softmax is."""

from __future__ import annotations

from typing import Any

from ..evaluation.setting import Setting
from ..fields import Vector
from ..losses import LOSSES, LossSpec
from .pins import Pin, pins_text
from .sample import SampleView, activations_for, has_parameter


def side_by_side(view: SampleView) -> dict[str, Any] | None:
    """The words that show a sample of two classes under softmax and under sigmoid; None where a loss has only one of them.

    A single logit z becomes the two logits 0 and z, of which softmax makes the same probabilities.
    """
    spec, (logits, targets) = view.setting.spec, (view.setting.logits, view.setting.targets)
    if view.task not in ("binary", "two-logit") or len(activations_for("two-logit", spec.key)) < 2:
        return None
    other = under(spec, "sigmoid" if spec.activation == "softmax" else "softmax")
    if view.task == "two-logit":
        return {"pins": pins_text((Pin(other),))}
    return {
        "task": "two-logit",
        "activation": "softmax",
        "target": "hard" if set(targets) <= {0.0, 1.0} else "soft",
        "logits": Vector.text((0.0, logits[0])),
        "targets": Vector.text((round(1 - targets[0], 12), targets[0])),
        "pins": pins_text((Pin(under(spec, "sigmoid")),)),
    }


def single_sigmoid(view: SampleView) -> Setting:
    """The setting of one logit that softmax over two is: their difference, under sigmoid."""
    (first, second), targets = view.setting.logits, view.setting.targets
    spec = under(under(view.setting.spec, "softmax"), "sigmoid")
    return Setting(spec, (second - first,), (targets[1],), view.setting.device)


def under(spec: LossSpec, activation: str) -> LossSpec:
    """The loss with another activation, and with those of its numbers that both have."""
    kept = {name: value for name, value in spec.parameters if has_parameter(name, spec.key, activation)}
    per_class = {name for name, value in kept.items() if isinstance(value, tuple)}
    return LOSSES[spec.key].spec(activation, **{name: value for name, value in kept.items() if name not in per_class})
