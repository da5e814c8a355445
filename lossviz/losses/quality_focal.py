"""Quality focal loss: |t − p|^γ times binary cross-entropy, for soft targets such as a box's overlap."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from ..texts import say
from .focal import LATEX, Gamma, focal, grad_of, modulator_of
from .outcomes import Outcomes
from .parameters import GAMMA, TEMPERATURE, WEIGHT
from .places import BINARY, MapEntry
from .spec import Limit, Loss


def quality_focal(o: Outcomes, gamma: Gamma) -> tuple[Tensor, Tensor]:
    """The quality form of focal loss."""
    return focal(o, gamma, "quality")


QUALITY_FOCAL = Loss(
    key="quality-focal",
    name=say("quality focal loss"),
    activations=("sigmoid",),
    targets="any",
    formula=quality_focal,
    parameters=(
        replace(GAMMA, help=say("β in the paper: how fast the loss fades as p approaches its target t.")),
        WEIGHT,
        TEMPERATURE,
    ),
    own_parameters=("gamma",),
    latex=lambda _: LATEX["quality", "sigmoid"],
    latex_grad=lambda spec: grad_of("quality", spec.activation),
    latex_term=None,
    pytorch=lambda spec: modulator_of("quality") if spec.gamma else [],
    normalizer={"sigmoid": "samples"},
    limits=(
        Limit({"gamma": 0.0}, "cross-entropy", say("γ = 0 is binary cross-entropy")),
        Limit({}, "focal", say("for hard labels it is focal loss"), parameters={"gamma": 2.0}, hard=True),
    ),
    source=say("Li et al. 2020, Generalized Focal Loss, eq. 2"),
    summary=say("Focal loss with its minimum at the soft target itself."),
    places=(
        MapEntry(
            "quality-focal",
            "sigmoid",
            say("with γ and soft targets"),
            {**BINARY, "gamma": 2.0, "target": "soft", "targets": "0.7"},
            say("A detector's score that should equal the overlap (IoU) of its box."),
            say("Li et al. 2020, Generalized Focal Loss, eq. 2."),
        ),
    ),
)
