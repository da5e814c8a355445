"""Generalized cross-entropy, (1 − p^q)/q: cross-entropy as q goes to 0, the mean absolute error's 1 − p at q = 1.

Its gradient is cross-entropy's times p^q: the less a sample's label is believed, the less it pulls, and so a wrong label that
the model does not believe pulls little. Focal loss does the opposite.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor

from ..fields import Number
from ..texts import say
from . import cross_entropy as plain
from .outcomes import Outcomes
from .parameters import ALPHA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, TEMPERATURE, WEIGHT
from .places import SOFTMAX, MapEntry
from .spec import Limit, Loss, LossSpec

Exponent: TypeAlias = float | Tensor
"""One q for all, or one a row, as a sweep over q has it."""

Q = Number(
    name="q",
    label="Robustness",
    symbol="q",
    default=0.7,
    low=0.0,
    high=1.0,
    step=0.05,
    help="How strongly samples with a low p_t are down-weighted: cross-entropy's gradient is multiplied by p_t^q. 0 is "
    "cross-entropy.",
)


def generalized(o: Outcomes, q: Exponent) -> tuple[Tensor, Tensor]:
    """Terms w t (1 − p^q)/q and pull w t p^q.

    With u = −q log p, 1 − p^q is −expm1(−u), which subtracts nothing from 1; over u it goes to 1 with q, and the terms to
    −log p without a jump. Where p is too small to be a number, p^q = e^{−u} need not be.
    """
    share, u = o.share(torch.ones_like(o.nll)), q * o.finite_nll()
    lost = -(-u).expm1()
    cost = torch.where(u < 1, o.nll * torch.where(lost == u, 1.0, lost / u), lost / q)
    believed = torch.where(o.p < torch.finfo(o.p.dtype).tiny, (-u).exp(), o.p.pow(q))
    return o.times(share, cost), share * believed


def latex(spec: LossSpec) -> str:
    """The formula of one sample's loss."""
    if spec.number("q") == 0:
        return plain.latex(spec)
    if spec.activation == "sigmoid":
        return (
            r"\begin{aligned}\ell = \sum_i \Big[ & t_i\, \frac{1 - p_i^{\,q}}{q} \\"
            r" & + (1 - t_i)\, \frac{1 - (1 - p_i)^q}{q} \Big]\end{aligned}"
        )
    return r"\ell = \sum_i t_i\, \frac{1 - p_i^{\,q}}{q}"


def latex_grad(spec: LossSpec) -> str:
    """The formula of its gradient with respect to the logits."""
    if spec.number("q") == 0:
        return plain.latex_grad(spec)
    if spec.activation == "sigmoid":
        return (
            r"\begin{aligned}\frac{\partial \ell}{\partial z_k} = {} & (1 - t_k)(1 - p_k)^q\, p_k \\"
            r" & - t_k\, p_k^{\,q} (1 - p_k)\end{aligned}"
        )
    return r"\frac{\partial \ell}{\partial z_k} = p_k \sum_i t_i\, p_i^{\,q} - t_k\, p_k^{\,q}"


def latex_term(spec: LossSpec, p: str, q: str) -> str:
    """(1 − p^q)/q."""
    if spec.number("q") == 0:
        return plain.latex_term(spec, p, q)
    base = rf"({p})" if "times" in p and not p.startswith("(") else p
    exponent = f"{spec.number('q'):g}"
    return rf"(1 - {base}^{{{exponent}}}) / {exponent}"


GENERALIZED_CROSS_ENTROPY = Loss(
    key="generalized-cross-entropy",
    name=say("generalized cross-entropy"),
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=generalized,
    parameters=(Q, ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, TEMPERATURE, IGNORE_INDEX),
    own_parameters=("q",),
    latex=latex,
    latex_grad=latex_grad,
    latex_term=latex_term,
    pytorch=lambda spec: ["cost = -torch.expm1(q * log_p) / q  # (1 - p**q) / q"] if spec.number("q") else [],
    normalizer={"softmax": "samples", "sigmoid": "samples"},
    limits=(Limit({"q": 0.0}, "cross-entropy", say("q = 0, the limit, is cross-entropy")),),
    source=say(
        "Zhang and Sabuncu 2018, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels, eq. 6"
    ),
    summary=say(
        "Cross-entropy that down-weights labels the model finds unlikely; at q = 1 it is 1 − p, half the absolute error."
    ),
    also=("GCE", say("Lq loss")),
    places=(
        MapEntry(
            "generalized",
            "no logarithm",
            say("some labels are wrong"),
            SOFTMAX,
            say("Noisy labels: one that the model finds unlikely gets little gradient."),
            say("Zhang and Sabuncu 2018; the same power of p appears in Ferrari and Yang 2010, maximum Lq-likelihood."),
            formula=r"\sum_i w_i\, t_i\, \frac{1 - p_i^{\,q}}{q}",
        ),
    ),
)
