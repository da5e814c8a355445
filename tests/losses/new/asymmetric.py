"""Asymmetric loss: focal loss with one γ for positives, another for negatives, and a margin below which negatives cost nothing.

It asks of each outcome whether it is the yes or the no, with hard labels too.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from lossviz.fields import Number
from lossviz.losses.focal import per_term, power, ratio
from lossviz.losses.outcomes import Outcomes
from lossviz.losses.parameters import ALPHA, GAMMA, IGNORE_INDEX, LABEL_SMOOTHING, POS_WEIGHT, TEMPERATURE, WEIGHT
from lossviz.losses.places import MULTI_LABEL, MapEntry
from lossviz.losses.spec import Limit, Loss, LossSpec

GAMMA_POS = replace(
    GAMMA,
    name="gamma_pos",
    label="Focusing of positives",
    symbol="γ₊",
    default=1.0,
    help="The factor on positives is (1 − p)^γ₊.",
)
GAMMA_NEG = replace(
    GAMMA,
    name="gamma_neg",
    label="Focusing of negatives",
    symbol="γ₋",
    default=4.0,
    help="The factor on negatives is (p − m)^γ₋.",
)
CLIP = Number(
    name="clip",
    label="Probability margin",
    symbol="m",
    default=0.05,
    low=0.0,
    high=0.95,
    range_high=0.5,
    step=0.01,
    help="Negatives whose probability is below this cost nothing.",
)


def asymmetric(
    o: Outcomes, gamma_pos: float | Tensor, gamma_neg: float | Tensor, clip: float | Tensor
) -> tuple[Tensor, Tensor]:
    """Yes: focal loss. No: terms w t u^γ c, pull w t u^γ p (γ c/u + 1/(1 − u)), with u = max(q − m, 0) and c = −log(1 − u)."""
    yes, no = o.row(0), o.row(1)
    terms, pull = per_term(yes, gamma_pos)
    u, kept = (no.q - clip).clamp(min=0), no.p + clip
    # Without a margin 1 − u is p itself, of which −log is known, and p/(1 − u) is 1 even where p is 0.
    whole = torch.as_tensor(clip) == 0
    cost = torch.where(whole, no.nll, -torch.where(u < 0.5, (-u).log1p(), kept.log()))
    slope = gamma_neg * ratio(no.p * cost.clamp(max=torch.finfo(cost.dtype).max), u) + torch.where(whole, 1.0, no.p / kept)
    modulator = no.share(power(u, gamma_neg) * (u > 0))
    return torch.cat((terms, no.times(modulator, cost))), torch.cat((pull, modulator * slope))


def pytorch(spec: LossSpec) -> list[str]:
    """What yes and no of every logit cost where they are true."""
    return [
        "p = log_p[..., 0].exp()",
        "u = torch.stack([1 - p, (p - clip).clamp(min=0)], -1)",
        "gamma = torch.tensor([gamma_pos, gamma_neg], dtype=logits.dtype)",
        "modulator_of_each = torch.where(u > 0, u, 1) ** gamma * (u > 0)",
        "cost = -modulator_of_each * torch.stack([log_p[..., 0], torch.log1p(-u[..., 1])], -1)",
    ] * any(spec.number(name) for name in ("gamma_pos", "gamma_neg", "clip"))


ASYMMETRIC = Loss(
    key="asymmetric",
    name="asymmetric loss",
    activations=("sigmoid",),
    targets="any",
    outcomes="all",
    formula=asymmetric,
    parameters=(GAMMA_POS, GAMMA_NEG, CLIP, ALPHA, WEIGHT, POS_WEIGHT, LABEL_SMOOTHING, TEMPERATURE, IGNORE_INDEX),
    own_parameters=("gamma_pos", "gamma_neg", "clip"),
    latex=lambda _: (
        r"\begin{aligned}\ell = -\sum_i \big[ & t_i (1 - p_i)^{\gamma_+} \log p_i \\"
        r" & + (1 - t_i)\, u_i^{\gamma_-} \log (1 - u_i) \big] \\ u_i = {} & \max(p_i - m, 0)\end{aligned}"
    ),
    latex_grad=lambda _: (
        r"\begin{aligned}\frac{\partial \ell}{\partial z_k} = {} & t_k (1 - p_k)^{\gamma_+} \big( \gamma_+\, p_k \log p_k"
        r" - (1 - p_k) \big) \\ & + (1 - t_k)\, p_k (1 - p_k) \\ & \quad \cdot \Big( \frac{u_k^{\gamma_-}}{1 - u_k}"
        r" - \gamma_-\, u_k^{\gamma_- - 1} \log (1 - u_k) \Big)\end{aligned}"
    ),
    latex_term=None,
    pytorch=pytorch,
    normalizer={"sigmoid": "samples"},
    limits=(
        Limit({"gamma_pos": 0.0, "gamma_neg": 0.0, "clip": 0.0}, "cross-entropy", "γ₊ = γ₋ = m = 0 is binary cross-entropy"),
        Limit(
            {"gamma_pos": 2.0, "gamma_neg": 2.0, "clip": 0.0},
            "focal",
            "one γ for both and no margin is focal loss",
            parameters={"gamma": 2.0},
        ),
    ),
    source="Ridnik et al. 2021, Asymmetric Loss For Multi-Label Classification, eq. 7",
    summary="Focal loss that forgives negatives sooner than positives.",
    also=("ASL",),
    places=(
        MapEntry(
            "asymmetric",
            "sigmoid",
            "with γ",
            MULTI_LABEL,
            "Many labels, of which an image has few: easy negatives are turned down, and below the margin they are dropped.",
            "Ridnik et al. 2021, Asymmetric Loss For Multi-Label Classification.",
        ),
    ),
)
