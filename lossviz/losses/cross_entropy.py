"""Cross-entropy, −Σ t log p: over classes with softmax, over yes and no of every class with sigmoid."""

from __future__ import annotations

import torch
from torch import Tensor

from .outcomes import Outcomes
from .parameters import ALPHA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, TEMPERATURE, WEIGHT
from .spec import Limit, Loss, LossSpec


def cross_entropy(o: Outcomes) -> tuple[Tensor, Tensor]:
    """Terms −w t log p, with 0·log 0 = 0, and pull w t: cross-entropy pulls alike whatever p is."""
    pull = o.share(torch.ones_like(o.nll))
    return o.times(pull, o.nll), pull


def latex(spec: LossSpec) -> str:
    """The formula of one sample's loss."""
    if spec.activation == "sigmoid":
        return r"\begin{aligned}\ell = -\sum_i \big[ & t_i \log p_i \\ & + (1 - t_i) \log (1 - p_i) \big]\end{aligned}"
    return r"\ell = -\sum_i t_i \log p_i"


def latex_grad(spec: LossSpec) -> str:
    """The formula of its gradient with respect to the logits."""
    if spec.activation == "sigmoid":
        weighted = spec.weight is not None or spec.alpha is not None or spec.pos_weight is not None
        # With weights t and 1 − t no longer sum to 1, and p − t is what is left when they do.
        right = r"(1 - t_k)\, p_k - t_k (1 - p_k)" if weighted else "p_k - t_k"
        return r"\frac{\partial \ell}{\partial z_k} = " + right
    return r"\frac{\partial \ell}{\partial z_k} = p_k \sum_i t_i - t_k"


def latex_term(_: LossSpec, p: str, __: str) -> str:
    """−log p."""
    return rf"-\log {p}"


CROSS_ENTROPY = Loss(
    key="cross-entropy",
    name="cross-entropy",
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=cross_entropy,
    parameters=(ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, TEMPERATURE, IGNORE_INDEX),
    own=(),
    latex=latex,
    latex_grad=latex_grad,
    latex_term=latex_term,
    pytorch=lambda _: [],
    normalizer={"softmax": "torch", "sigmoid": "elements"},
    limits=(
        Limit(
            {"alpha": 0.5},
            "cross-entropy",
            "α = ½ is exactly half of cross-entropy",
            factor=0.5,
        ),
        Limit({}, "focal", "it is focal loss with γ = 0", parameters={"gamma": 0.0}),
    ),
    source="Good 1952, Rational Decisions; Bridle 1990 for softmax with cross-entropy",
    summary="How surprised, in nats, the predicted probabilities are by what is true.",
    hue="blue",
)
