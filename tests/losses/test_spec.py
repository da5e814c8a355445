"""A LossSpec is changed by asking for another one, which is checked as the first was."""

from __future__ import annotations

import pytest

from lossviz import LOSSES, InputError, loss
from lossviz.losses import LossSpec

from .. import specs


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_replace_gives_what_loss_gives(key: str, activation: str) -> None:
    rng = specs.seeded("replace", key, activation)
    one, other = (specs.drawn(key, activation, 3, rng) for _ in range(2))
    assert one.replace(**dict(other.parameters)) == other
    assert hash(one.replace(**dict(other.parameters))) == hash(other)
    assert one.replace() == one


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gamma": -1.0}, "gamma: found -1.0"),
        ({"gamma": "two"}, "gamma: found 'two'"),
        ({"gama": 2.0}, "did you mean 'gamma'"),
        ({"pos_weight": 2.0}, "pos_weight: found activation 'softmax'"),
    ],
)
def test_replace_refuses_what_loss_refuses(changes: dict, message: str) -> None:
    for refuse in (loss("focal").replace, lambda **changes: loss("focal", **changes)):
        with pytest.raises(InputError, match=message):
            refuse(**changes)


def test_convert_keeps_what_both_losses_have() -> None:
    focal = loss("focal", "sigmoid", gamma=3.0, alpha=0.25, pos_weight=2.0, temperature=1.5, soft_form="mixed")
    plain = loss("cross-entropy", "sigmoid", alpha=0.25, pos_weight=2.0, temperature=1.5)
    assert focal.convert("cross-entropy") == plain
    assert plain.convert("focal", gamma=3.0, soft_form="mixed") == focal
    assert loss("nll", weight=(1, 2)).convert("focal") == loss("focal", "softmax", weight=(1, 2)), "its first activation"


def test_a_spec_reads_as_attributes_and_has_no_others() -> None:
    spec: LossSpec = loss("generalized-cross-entropy", q=0.3)
    assert (spec.number("q"), spec.q, spec.gamma, spec.temperature) == (0.3, 0.3, 0.0, 1.0)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = spec.gama  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        spec.gamma = 1.0  # frozen
    assert {key for key in LOSSES if loss(key).has_gamma} == {"focal", "quality-focal"}
