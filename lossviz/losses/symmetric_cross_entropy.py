"""Symmetric cross-entropy, a·CE + b·RCE: cross-entropy, and the reverse one in which target and prediction change places.

RCE = −Σ p_k log t_k, where log t is not let below A, which stands for log 0. For a hard label that is −A·(1 − p_t), linear in
p, so that no label costs more than −A however little the model believes it. Each outcome answers for w t of RCE; for targets
that are a distribution, without weights, these shares sum to RCE.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor

from ..fields import Number
from ..texts import say
from .outcomes import Outcomes
from .parameters import ALPHA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, TEMPERATURE, WEIGHT
from .places import SOFTMAX, MapEntry
from .spec import Limit, Loss, LossSpec

Real: TypeAlias = float | Tensor
"""One number for all, or one a row, as a sweep has it."""

CE_WEIGHT = Number(
    name="ce_weight",
    label="Weight of CE",
    symbol="a",
    default=0.1,
    low=0.0,
    range_high=2.0,
    help="The factor on cross-entropy, α in the paper: 0.1 there for CIFAR-10, 6 for CIFAR-100.",
)
RCE_WEIGHT = Number(
    name="rce_weight",
    label="Weight of reverse CE",
    symbol="b",
    default=1.0,
    low=0.0,
    range_high=2.0,
    help="The factor on the reverse cross-entropy, β in the paper.",
)
LOG_ZERO = Number(
    name="log_zero",
    label="Stand-in for log 0",
    symbol="A",
    default=-4.0,
    high=0.0,
    range_low=-8.0,
    range_high=0.0,
    step=0.5,
    help="The logarithm of a target is clamped here from below, so a hard label has the reverse cross-entropy −A·(1 − p_t).",
)


def symmetric(o: Outcomes, ce_weight: Real, rce_weight: Real, log_zero: Real) -> tuple[Tensor, Tensor]:
    """Terms w t (a (−log p) + b RCE); pull a w t + b W p (c_m − c) with W = Σ w t, c = −log t and c_m the likeliest's c."""
    share = o.share(torch.ones_like(o.nll))
    reverse, pull = reversed_hard(o, log_zero) if o.t is None else reversed_soft(o, log_zero)
    whole = share if o.t is None else share.sum(0, keepdim=True)
    terms = o.times(ce_weight * share, o.nll) + rce_weight * share * reverse
    return terms, ce_weight * share + rce_weight * whole * pull


def reversed_hard(o: Outcomes, log_zero: Real) -> tuple[Tensor, Tensor]:
    """RCE where the true outcome is all there is, −A q, and its pull −A p."""
    return -log_zero * o.q, -log_zero * o.p


def reversed_soft(o: Outcomes, log_zero: Real) -> tuple[Tensor, Tensor]:
    """RCE = Σ p c, and its pull p (c_m − c).

    −p c alone would pull as well (see `activations`); relative to the likeliest outcome nothing is left to cancel in what a
    sure prediction says of the others.
    """
    assert o.t is not None
    cost = (-o.t.log()).clamp(max=-log_zero)
    level = cost.gather(0, o.p.argmax(0, keepdim=True))
    return (o.p * cost).sum(0, keepdim=True), o.p * (level - cost)


def latex(spec: LossSpec) -> str:
    """The formula of one sample's loss."""
    if spec.activation == "sigmoid":
        both = of_both(spec, "i")
        return (
            rf"\begin{{aligned}}\ell &= \textstyle\sum_i \big( a\, \mathrm{{BCE}}_i + b\, \mathrm{{RCE}}_i{both} \big) \\"
            r" \mathrm{BCE}_i &= -t_i \log p_i - (1 - t_i) \log (1 - p_i) \\"
            r" \mathrm{RCE}_i &= -p_i \log t_i - (1 - p_i) \log (1 - t_i) \\" + FLOOR
        )
    return (
        r"\begin{aligned}\ell &= a\, \mathrm{CE} + b\, \mathrm{RCE} \textstyle\sum_i t_i \\"
        r" \mathrm{CE} &= -\textstyle\sum_i t_i \log p_i \\ \mathrm{RCE} &= -\textstyle\sum_i p_i \log t_i \\" + FLOOR
    )


def of_both(spec: LossSpec, index: str) -> str:
    """t + (1 − t), which is 1 unless weights are in front of them."""
    weighted = spec.weight is not None or spec.alpha is not None or spec.pos_weight is not None
    return rf"\, (t_{index} + (1 - t_{index}))" if weighted else ""


FLOOR = r" \log 0 &= A,\quad \log t \ge A\end{aligned}"
"""What the logarithm of a target is."""


def latex_grad(spec: LossSpec) -> str:
    """The formula of its gradient with respect to the logits."""
    left = r"\frac{\partial \ell}{\partial z_k}"
    if spec.activation == "sigmoid":
        plain = r"(1 - t_k)\, p_k - t_k (1 - p_k)" if of_both(spec, "k") else "p_k - t_k"
        return (
            rf"\begin{{aligned}}{left} = {{}} & a\, \big( {plain} \big) \\"
            rf" & + b\, p_k (1 - p_k) \\ & \quad \cdot \big( \log (1 - t_k) - \log t_k \big){of_both(spec, 'k')}\end{{aligned}}"
        )
    return (
        rf"\begin{{aligned}}{left} = {{}} & a \big( p_k \textstyle\sum_i t_i - t_k \big) \\"
        r" & - b\, p_k (\log t_k + \mathrm{RCE}) \textstyle\sum_i t_i\end{aligned}"
    )


def latex_term(spec: LossSpec, p: str, q: str) -> str:
    """−a log p − b A (1 − p), in brackets as one term."""
    a, b, least = (spec.number(name) for name in ("ce_weight", "rce_weight", "log_zero"))
    return rf"(-{a:g} \log {p} + {b:g} \cdot {-least:g} \cdot ({q}))"


def pytorch(spec: LossSpec) -> list[str]:
    """What an outcome costs where it is true."""
    if spec.number("rce_weight") == 0 and spec.number("ce_weight") == 1:
        return []
    return [
        "rce = -(log_p.exp() * t.log().clamp(min=log_zero)).sum(-1, keepdim=True)",
        "cost = ce_weight * -log_p + rce_weight * rce",
    ]


def inactive_reasons(spec: LossSpec) -> dict[str, str]:
    """What the reverse cross-entropy hangs on, where there is none."""
    if spec.number("rce_weight") == 0:
        return {"log_zero": say("b is 0: there is no reverse cross-entropy.")}
    if spec.number("log_zero") == 0:
        return {"rce_weight": say("A is 0: the reverse cross-entropy is 0 for every target.")}
    return {}


SYMMETRIC_CROSS_ENTROPY = Loss(
    key="symmetric-cross-entropy",
    name=say("symmetric cross-entropy"),
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=symmetric,
    parameters=(CE_WEIGHT, RCE_WEIGHT, LOG_ZERO, ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, TEMPERATURE, IGNORE_INDEX),
    own_parameters=("ce_weight", "rce_weight", "log_zero"),
    latex=latex,
    latex_grad=latex_grad,
    latex_term=latex_term,
    summed="hard",
    pytorch=pytorch,
    normalizer={"softmax": "samples", "sigmoid": "samples"},
    limits=(
        Limit({"ce_weight": 1.0, "rce_weight": 0.0}, "cross-entropy", say("a = 1 and b = 0 is cross-entropy")),
        Limit({"rce_weight": 0.0}, "cross-entropy", say("b = 0 is a times cross-entropy"), factor=0.1),
        Limit({"log_zero": 0.0}, "cross-entropy", say("A = 0 is a times cross-entropy, too"), factor=0.1),
        Limit(
            {"ce_weight": 0.0},
            "generalized-cross-entropy",
            say("a = 0 is, for hard labels, −A b times generalized cross-entropy with q = 1"),
            parameters={"q": 1.0},
            factor=4.0,
            hard=True,
        ),
    ),
    source=say("Wang et al. 2019, Symmetric Cross Entropy for Robust Learning with Noisy Labels, eq. 7"),
    summary=say(
        "Cross-entropy plus its reverse, with prediction and label swapped, which is bounded however wrong the label is."
    ),
    inactive_reasons=inactive_reasons,
    also=("SCE", say("symmetric learning (SL)")),
    places=(
        MapEntry(
            "symmetric",
            "no logarithm",
            say("some labels are wrong"),
            SOFTMAX,
            say("Noisy labels: the reverse part stays bounded, and a little cross-entropy keeps training going."),
            say("Wang et al. 2019, Symmetric Cross Entropy for Robust Learning with Noisy Labels."),
            formula=r"a\,\mathrm{CE} - b \sum_i p_i \log t_i",
        ),
    ),
)
