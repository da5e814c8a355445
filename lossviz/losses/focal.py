"""Focal loss, −(1 − p_t)^γ log p_t, and its four extensions to soft targets.

For hard labels there is one focal loss (Lin et al. 2017, eq. 4). With soft targets each library continues it differently:

    per-term   Σ t_i (1 − p_i)^γ (−log p_i)                      keras categorical, most softmax versions
    mixed      (Σ t_i (1 − p_i))^γ · CE                          torchvision, fvcore: p_t mixed from both classes
    exp-ce     (1 − e^{−CE})^γ · CE                              segmentation_models_pytorch
    quality    Σ |t_i − p_i|^γ · t_i (−log p_i)                  Quality Focal Loss (Li et al. 2020, eq. 2)

Each is written for any distribution over outcomes; over {yes, no} they are the usual binary forms, and a softmax over two
classes equals a sigmoid of the logit difference in all four. Only the cross-entropy factor carries class weights: a weight
inside the modulator would be read as a worse probability. α belongs to each outcome's term, but in the mixed form it is mixed
as p_t is, α_t = α t + (1 − α)(1 − t), and is on the whole loss.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor

from ..texts import say
from .cross_entropy import cross_entropy
from .outcomes import Outcomes, clip_infinity
from .parameters import ALPHA, GAMMA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, SOFT_FORM, TEMPERATURE, WEIGHT
from .places import BINARY, SOFTMAX, MapEntry
from .spec import Limit, Loss, LossSpec

Gamma: TypeAlias = float | Tensor
"""One γ for all, or one a row, as a sweep over γ has it."""


def ratio(x: Tensor, u: Tensor) -> Tensor:
    """x/u, and something finite where both are 0: it stands beside u^γ, which is 0 then, or beside γ = 0."""
    return x / u.clamp(min=torch.finfo(u.dtype).tiny)


def power(x: Tensor, exponent: Gamma) -> Tensor:
    """x^exponent, maybe x itself; small whole exponents as products, which torch's pow does for 2 and 3 only."""
    if isinstance(exponent, Tensor):
        return x.pow(exponent)
    if exponent == 1:
        return x
    if exponent not in (4.0, 5.0, 6.0, 7.0, 8.0):
        return x.pow(exponent)
    half = x.pow(exponent // 2)
    return half * half if exponent % 2 == 0 else half * half * x


def per_term(o: Outcomes, gamma: Gamma) -> tuple[Tensor, Tensor]:
    """Terms t q^γ (−log p) and pull t q^γ (1 + γ p (−log p)/q)."""
    if not isinstance(gamma, Tensor) and gamma >= 1:
        # One power less leaves nothing to divide by.
        factor = o.share(power(o.q, gamma - 1))
        pull = torch.addcmul(o.q, o.p, o.finite_nll(), value=gamma).mul_(factor)
        return o.times(factor * o.q, o.nll), pull
    modulator = o.share(power(o.q, gamma))
    slope = ratio(o.p * o.finite_nll(), o.q).mul_(gamma).add_(1)
    return o.times(modulator, o.nll), modulator * slope


def mixed(o: Outcomes, gamma: Gamma) -> tuple[Tensor, Tensor]:
    """Terms u^γ t (−log p) with u = Σ t q; pull u^γ t (1 + γ p CE/u).

    The pull is taken relative to the likeliest outcome's t, which changes no gradient (see `activations`) and leaves exactly
    nothing of a large CE where it acts on outcomes with equal targets.
    """
    assert o.t is not None
    terms, pull = cross_entropy(o)
    u = (o.t * o.q).sum(0, keepdim=True)
    modulator = power(u, gamma)
    slope = gamma * clip_infinity(ratio(clip_infinity(terms.sum(0, keepdim=True)), u), headroom=4 * (1 + gamma))
    level = o.t.gather(0, o.p.argmax(0, keepdim=True))
    return o.times(modulator, terms), modulator * torch.addcmul(pull, slope, o.p * (o.t - level))


def exp_ce(o: Outcomes, gamma: Gamma) -> tuple[Tensor, Tensor]:
    """Terms u^γ t (−log p) with u = 1 − e^{−CE}, from the unweighted CE; pull u^γ t (1 + γ e^{−CE} CE/u)."""
    assert o.t is not None
    terms, pull = cross_entropy(o)
    plain = o.times(o.t, o.nll).sum(0, keepdim=True)
    u = -(-plain).expm1()
    modulator = power(u, gamma)
    slope = gamma * (-plain).exp() * ratio(clip_infinity(terms.sum(0, keepdim=True)), u)
    return o.times(modulator, terms), modulator * torch.addcmul(pull, slope, o.t)


def quality(o: Outcomes, gamma: Gamma) -> tuple[Tensor, Tensor]:
    """Terms |t − p|^γ t (−log p); pull |t − p|^γ t (1 + γ sign(t − p) p (−log p)/|t − p|).

    At p = t, where the loss is 0 and has a kink for γ ≤ 1, the pull is 0: the subgradient that a minimum has.
    """
    assert o.t is not None
    # t − p as t·q − (1 − t)·p: for t = 1 it is q itself, right relative to its own size.
    difference = o.t * o.q - (1 - o.t) * o.p
    u = difference.abs()
    if not isinstance(gamma, Tensor) and gamma >= 2:
        # Two powers less leave nothing to divide by, and at p = t, where u has a kink and the loss has none, its curvature.
        factor = o.share(power(u, gamma - 2)) * difference
        pull = torch.addcmul(difference, o.p, o.finite_nll(), value=gamma).mul_(factor)
        return o.times(factor * difference, o.nll), pull
    modulator = o.share(power(u, gamma))
    slope = ratio(o.p * o.finite_nll(), u).mul_(difference.sign()).mul_(gamma)
    return o.times(modulator, o.nll), modulator * slope.add_(1)


FORMS = {"per-term": per_term, "mixed": mixed, "exp-ce": exp_ce, "quality": quality}
"""The soft-label forms of focal loss by the word that selects them."""


def focal(o: Outcomes, gamma: Gamma, soft_form: str) -> tuple[Tensor, Tensor]:
    """Focal loss in the form asked for; for hard labels all forms are the first, which is the shortest to compute."""
    return FORMS["per-term" if o.t is None else soft_form](o, gamma)


LATEX = {
    ("per-term", "softmax"): r"\ell = -\sum_i t_i (1 - p_i)^{\gamma} \log p_i",
    ("per-term", "sigmoid"): r"\begin{aligned}\ell = -\sum_i \big[ & t_i (1 - p_i)^{\gamma} \log p_i \\"
    r" & + (1 - t_i)\, p_i^{\gamma} \log (1 - p_i) \big]\end{aligned}",
    (
        "mixed",
        "softmax",
    ): r"\begin{aligned}\ell &= u^{\gamma}\, \mathrm{CE} \\ u &= \textstyle\sum_i t_i (1 - p_i)\end{aligned}",
    ("mixed", "sigmoid"): r"\begin{aligned}\ell &= \textstyle\sum_i u_i^{\gamma}\, \mathrm{BCE}_i \\"
    r" u_i &= t_i (1 - p_i) + (1 - t_i)\, p_i\end{aligned}",
    ("exp-ce", "softmax"): r"\begin{aligned}\ell &= u^{\gamma}\, \mathrm{CE} \\ u &= 1 - e^{-\mathrm{CE}}\end{aligned}",
    ("exp-ce", "sigmoid"): r"\begin{aligned}\ell &= \textstyle\sum_i u_i^{\gamma}\, \mathrm{BCE}_i \\"
    r" u_i &= 1 - e^{-\mathrm{BCE}_i}\end{aligned}",
    ("quality", "softmax"): r"\ell = -\sum_i |t_i - p_i|^{\gamma}\, t_i \log p_i",
    ("quality", "sigmoid"): r"\ell = \sum_i |t_i - p_i|^{\gamma}\, \mathrm{BCE}_i",
}
"""The formula of each form after each activation; broken into lines that a phone is wide enough for."""

W = r"w(p) &= (1-p)^{\gamma} \\ & \quad - \gamma\, p\, (1-p)^{\gamma - 1} \log p"


def latex(spec: LossSpec) -> str:
    """The formula of one sample's loss."""
    return LATEX[spec.soft_form, spec.activation]


def latex_grad(spec: LossSpec) -> str:
    """The formula of its gradient with respect to the logits."""
    return grad_of(spec.soft_form, spec.activation)


def grad_of(form: str, activation: str) -> str:
    """The gradient of a soft-label form after an activation; w multiplies cross-entropy's pull."""
    sigmoid = activation == "sigmoid"
    if form in ("mixed", "exp-ce"):
        ce, u = (r"\mathrm{BCE}_k", "u_k") if sigmoid else (r"\mathrm{CE}", "u")
        d_ce, d_u = (rf"\frac{{\partial {x}}}{{\partial z_k}}" for x in (ce, u))
        lines = [rf"{u}^{{\gamma}}\, {d_ce}", rf"\quad + \gamma\, {u}^{{\gamma - 1}}\, {ce}\, {d_u}"]
    elif form == "quality" and sigmoid:
        lines = [
            r"|t_k - p_k|^{\gamma} (p_k - t_k)",
            r"\quad + \gamma\, |t_k - p_k|^{\gamma - 1}\, \mathrm{sign}(p_k - t_k)",
            r"\qquad \cdot p_k (1 - p_k)\, \mathrm{BCE}_k",
        ]
    elif form == "quality":
        g = (
            r"g_i &= t_i |t_i - p_i|^{\gamma} \\ & \quad - \gamma\, t_i |t_i - p_i|^{\gamma - 1}"
            r" \\ & \qquad \cdot \mathrm{sign}(t_i - p_i)\, p_i \log p_i"
        )
        return aligned([r"p_k \sum_i g_i - g_k"], g)
    elif sigmoid:
        return aligned([r"(1 - t_k)\, w(1 - p_k)\, p_k", r"\quad - t_k\, w(p_k)\,(1 - p_k)"], W)
    else:
        return aligned([r"p_k \sum_i t_i w(p_i) - t_k w(p_k)"], W)
    return aligned(lines)


def aligned(lines: list[str], where: str = "") -> str:
    """∂ℓ/∂z_k as lines below each other, and the definition of what they use."""
    broken = r" \\ & ".join(lines)
    return rf"\begin{{aligned}}\frac{{\partial \ell}}{{\partial z_k}} &= {broken}" + (
        rf" \\[6pt] {where}\end{{aligned}}" if where else r"\end{aligned}"
    )


def latex_term(spec: LossSpec, p: str, q: str) -> str:
    """−(1 − p)^γ log p."""
    return rf"-({q})^{{{spec.gamma:g}}} \log {p}"


def pytorch(spec: LossSpec) -> list[str]:
    """The modulator as lines of PyTorch."""
    return modulator_of(spec.soft_form) if spec.gamma else []


def modulator_of(form: str) -> list[str]:
    """The modulator of a soft-label form. In log space where it can be: (1 − p)^γ has no finite slope at p = 1 for γ < 1."""
    if form == "per-term":
        return ["modulator = (gamma * log_q).exp()  # (1 - p)**gamma"]
    if form == "mixed":
        return ["u = (t * log_q.exp()).sum(-1, keepdim=True)  # 1 - p_t", *POWER]
    if form == "exp-ce":
        return ["u = -torch.expm1((t * log_p).sum(-1, keepdim=True))  # 1 - exp(-CE)", *POWER]
    return ["u = (t - log_p.exp()).abs()", *POWER]


POWER = ["modulator = torch.where(u > 0, u, 1) ** gamma * (u > 0)  # u**gamma, and no infinite slope at 0"]
"""A power whose gradient is finite."""


def inactive_reasons(spec: LossSpec) -> dict[str, str]:
    """The soft-label form where there is neither a focal factor nor an α to differ in."""
    if spec.gamma or spec.alpha not in (None, 0.5):
        return {}
    return {"soft_form": say("γ is 0: there is no focal factor, so all four forms agree.")}


FOCAL = Loss(
    key="focal",
    name=say("focal loss"),
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=focal,
    parameters=(GAMMA, ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, SOFT_FORM, TEMPERATURE, IGNORE_INDEX),
    own_parameters=("gamma", "soft_form"),
    latex=latex,
    latex_grad=latex_grad,
    latex_term=latex_term,
    pytorch=pytorch,
    normalizer={"softmax": "samples", "sigmoid": "samples"},
    limits=(
        Limit({"gamma": 0.0}, "cross-entropy", say("γ = 0 is cross-entropy")),
        Limit(
            {"gamma": 0.0, "alpha": 0.5},
            "cross-entropy",
            say("γ = 0 with α = ½ is half of binary cross-entropy"),
            factor=0.5,
            activations=("sigmoid",),
        ),
        Limit(
            {"soft_form": "quality"},
            "quality-focal",
            say("the quality form is Quality Focal Loss"),
            activations=("sigmoid",),
        ),
    ),
    source=say("Lin, Goyal, Girshick, He, Dollár 2017, Focal Loss for Dense Object Detection, eq. 4 and 5"),
    summary=say("Cross-entropy that down-weights samples the model already gets right."),
    inactive_reasons=inactive_reasons,
    places=(
        MapEntry(
            "softmax-focal",
            "softmax",
            say("with γ"),
            {**SOFTMAX, "gamma": 2.0},
            say("Segmentation and classification with many easy samples; calibration of networks (Mukhoti et al. 2020)."),
            say("Lin et al. 2017 define it for sigmoids; the softmax version spread with Keras and segmentation libraries."),
        ),
        MapEntry(
            "softmax-focal-soft",
            "softmax",
            say("with γ"),
            {**SOFTMAX, "gamma": 2.0, "target": "soft", "targets": "0.7 0.2 0.1"},
            say("Focal loss together with label smoothing or mixup. Its minimum is not at the targets."),
            say("Keras' CategoricalFocalCrossentropy and others: a factor on each class's term."),
        ),
        MapEntry(
            "sigmoid-focal",
            "sigmoid",
            say("with γ"),
            {**BINARY, "gamma": 2.0},
            say("Dense detection: keeps a hundred thousand easy negatives from drowning out a hundred positives."),
            say("Lin et al. 2017, Focal Loss for Dense Object Detection, eq. 4."),
        ),
        MapEntry(
            "retinanet",
            "sigmoid",
            say("with γ"),
            {**BINARY, "gamma": 2.0, "alpha": 0.25},
            say("What RetinaNet was trained with. With γ = 2 the best α is below ½: γ already down-weights the negatives."),
            say("Lin et al. 2017, eq. 5."),
        ),
        MapEntry(
            "focal-mixed",
            "sigmoid",
            say("with γ and soft targets"),
            {**BINARY, "gamma": 2.0, "soft_form": "mixed", "target": "soft", "targets": "0.7"},
            say("What torchvision, fvcore, Keras' binary version and Optax compute when a target is soft."),
            say("The reference code of Detectron and fvcore."),
        ),
        MapEntry(
            "focal-exp-ce",
            "sigmoid",
            say("with γ and soft targets"),
            {**BINARY, "gamma": 2.0, "soft_form": "exp-ce", "target": "soft", "targets": "0.7"},
            say("What segmentation_models_pytorch computes: its minimum stays at the target."),
            say("pytorch-toolbelt, which segmentation_models_pytorch refers to."),
        ),
    ),
)
