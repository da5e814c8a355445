"""Poly-1 loss, cross-entropy + ε₁ (1 − p_t): the first term of its expansion in powers of 1 − p_t, weighed anew."""

from __future__ import annotations

import torch
from torch import Tensor

from lossviz.fields import Number
from lossviz.losses.outcomes import Outcomes
from lossviz.losses.parameters import ALPHA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, TEMPERATURE, WEIGHT
from lossviz.losses.places import SOFTMAX, MapEntry
from lossviz.losses.spec import Limit, Loss, LossSpec

EPSILON = Number(
    name="epsilon",
    label="First coefficient",
    symbol="ε₁",
    default=1.0,
    low=-1.0,
    range_low=-1.0,
    range_high=6.0,
    step=0.1,
    help="What is added to the coefficient 1 of 1 − p_t in cross-entropy's expansion. 0 is cross-entropy.",
)


def poly1(o: Outcomes, epsilon: float | Tensor) -> tuple[Tensor, Tensor]:
    """Terms w t (−log p + ε q) and pull w t (1 + ε p)."""
    share = o.share(torch.ones_like(o.nll))
    return o.times(share, o.nll) + epsilon * share * o.q, share * (1 + epsilon * o.p)


def latex(spec: LossSpec) -> str:
    """The formula of one sample's loss."""
    if spec.activation == "softmax":
        return r"\ell = \sum_i t_i \big( -\log p_i + \varepsilon_1 (1 - p_i) \big)"
    return (
        r"\begin{aligned}\ell = \sum_i \big[ & t_i \big( -\log p_i + \varepsilon_1 (1 - p_i) \big) \\"
        r" & + (1 - t_i) \big( -\log (1 - p_i) + \varepsilon_1 p_i \big) \big]\end{aligned}"
    )


def latex_grad(spec: LossSpec) -> str:
    """The formula of its gradient with respect to the logits."""
    left = r"\frac{\partial \ell}{\partial z_k} = "
    if spec.activation == "softmax":
        return left + r"p_k \sum_i t_i (1 + \varepsilon_1 p_i) - t_k (1 + \varepsilon_1 p_k)"
    return (
        rf"\begin{{aligned}}{left} & (1 - t_k) \big( 1 + \varepsilon_1 (1 - p_k) \big)\, p_k \\"
        r" & - t_k (1 + \varepsilon_1 p_k) (1 - p_k)\end{aligned}"
    )


POLY1 = Loss(
    key="poly1",
    name="Poly-1 loss",
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=poly1,
    parameters=(EPSILON, ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, TEMPERATURE, IGNORE_INDEX),
    own_parameters=("epsilon",),
    latex=latex,
    latex_grad=latex_grad,
    latex_term=lambda spec, p, q: rf"(-\log {p} + {spec.number('epsilon'):g} \cdot ({q}))",
    pytorch=lambda spec: ["cost = -log_p + epsilon * log_q.exp()"] if spec.number("epsilon") else [],
    normalizer={"softmax": "samples", "sigmoid": "samples"},
    limits=(Limit({"epsilon": 0.0}, "cross-entropy", "ε₁ = 0 is cross-entropy"),),
    source="Leng et al. 2022, PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions, eq. 5",
    summary="Cross-entropy with another weight on 1 − p, the first term of its expansion.",
    also=("PolyLoss",),
    places=(
        MapEntry(
            "poly1",
            "softmax",
            "with another expansion",
            SOFTMAX,
            "Image classification, where one more number to tune is affordable.",
            "Leng et al. 2022, PolyLoss.",
        ),
    ),
)
