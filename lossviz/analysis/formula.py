"""The formulas of a setting in LaTeX, in general and with the numbers of one sample put in. Numbers come from the analysis."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..evaluation.setting import Setting
from ..losses import LOSSES, LossSpec
from ..losses.activation import ACTIVATIONS
from .sample import SampleTable, sample


class Formulas(NamedTuple):
    """LaTeX of the loss and its gradient: general, and with numbers; and what else the setting does to them."""

    loss: str
    grad: str
    loss_numbers: str
    grad_numbers: str
    around: tuple[str, ...]


def formulas(setting: Setting, now: SampleTable) -> Formulas:
    """The formulas of a sample whose numbers are `now`, the one-row table of the setting."""
    kind, spec = LOSSES[setting.spec.key], setting.spec
    return Formulas(
        kind.latex(spec), kind.latex_grad(spec), _loss_numbers(setting, now), _grad_numbers(setting, now), _around(spec)
    )


def number(x: float, digits: int = 4) -> str:
    """A number in LaTeX: 0.04568, 1.235 × 10⁻⁹, ∞."""
    if math.isinf(x):
        return r"\infty" if x > 0 else r"-\infty"
    if x == 0 or 1e-3 <= abs(x) < 1e5:
        return f"{x:.{digits}g}" if abs(x) < 10 ** (digits - 1) else f"{x:.0f}"
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"


def _loss_numbers(setting: Setting, now: SampleTable) -> str:
    """ℓ as the sum of what its outcomes contribute."""
    spec = setting.spec
    write = LOSSES[spec.key].latex_term
    total = number(float(now.loss[0]))
    written_out = write is not None and spec.soft_form == "per-term" and spec.label_smoothing == 0 and _summed(setting)
    if not written_out:
        shown = [number(float(x)) for x in now.terms[0] if x != 0] or ["0"]
        lines = r" \\ & + ".join(shown)
        return rf"\begin{{aligned}}\ell = & {lines} \\ = & {total}\end{{aligned}}" if len(shown) > 1 else rf"\ell = {total}"
    parts = []
    for i, (p, q, t) in enumerate(zip(now.probs[0], _complements(setting, now), setting.targets, strict=True)):
        outcomes = [(float(p), q, t, _factor(spec, i, True))]
        if spec.per_logit:
            outcomes.append((q, float(p), 1 - t, _factor(spec, i, False)))
        parts += [_outcome(spec, *outcome) for outcome in outcomes if outcome[2] and outcome[3]]
    lines = r" \\ & ".join(parts).removeprefix("+").strip() or "0"
    return rf"\begin{{aligned}}\ell = & {lines} \\ = & {total}\end{{aligned}}"


def _summed(setting: Setting) -> bool:
    """Whether the loss of these targets is a sum of outcomes' terms."""
    one_of_all = setting.spec.activation != "softmax" or sum(setting.targets) == 1
    return LOSSES[setting.spec.key].summed == "any" or (set(setting.targets) <= {0.0, 1.0} and one_of_all)


def _complements(setting: Setting, now: SampleTable) -> list[float]:
    """1 − p of every class, without a subtraction that would leave nothing of a small one."""
    if setting.spec.per_logit:
        mirrored = setting._replace(logits=tuple(-z for z in setting.logits))
        return [float(q) for q in sample(mirrored).probs[0]]
    if setting.spec.activation == "exp":
        return [1 - float(p) for p in now.probs[0]]
    return [math.fsum(p for j, p in enumerate(now.probs[0]) if j != i) for i in range(len(setting.logits))]


def _outcome(spec: LossSpec, p: float, q: float, t: float, factor: float) -> str:
    write = LOSSES[spec.key].latex_term
    assert write is not None
    front = "".join(rf"{number(x)} \cdot " for x in (factor, t) if x != 1)
    # Near 1, four digits of p leave few of 1 − p, and at last none: there q is the number and p is 1 − q.
    near = 0 < q < 1e-2
    term = write(spec, rf"(1 - {number(q)})" if near else number(p), number(q) if near else rf"1 - {number(p)}")
    return ("-" if term.startswith("-") else "+") + f" {front}{term.removeprefix('-')}"


def _factor(spec: LossSpec, i: int, yes: bool) -> float:
    """The weight in front of one outcome's term."""
    weight, alpha, positive = (
        value[i] if isinstance(value, tuple) else value for value in (spec.weight, spec.alpha, spec.pos_weight)
    )
    factor = 1.0 if weight is None else weight
    if alpha is not None:
        factor *= alpha if yes or not spec.per_logit else 1 - alpha
    return float(factor if positive is None or not yes else factor * positive)


def _grad_numbers(setting: Setting, now: SampleTable) -> str:
    """∂ℓ/∂z_k of every class; as a multiple of p − t where targets are hard and it is one."""
    rows = []
    for k, (p, q, t) in enumerate(zip(now.probs[0], _complements(setting, now), setting.targets, strict=True)):
        grad = float(now.grad[0, k])
        left = rf"\frac{{\partial \ell}}{{\partial z_{{{k}}}}} &= "
        rows.append(left + _multiple(setting, grad, float(p), q, t) + number(grad))
    return r"\begin{aligned}" + r" \\[10pt] ".join(rows) + r"\end{aligned}"


def _multiple(setting: Setting, grad: float, p: float, q: float, t: float) -> str:
    """`w·(p − t) = ` where the gradient is that, w being the factor on cross-entropy's; nothing where it would mislead."""
    spec, targets = setting.spec, setting.targets
    plain = spec.key in ("cross-entropy", "logistic") and spec.weight is None
    hard = set(targets) <= {0.0, 1.0}
    distribution = spec.per_logit or math.isclose(sum(targets), 1)
    if spec.activation == "exp" or spec.label_smoothing or not distribution or not (plain or hard) or grad == 0:
        return ""
    difference = (1 - t) * p - t * q
    factor = grad / difference if difference else math.nan
    if not math.isfinite(factor):
        return ""
    front = "" if math.isclose(factor, 1, rel_tol=1e-9) else rf"{number(factor)} \cdot "
    return front + (rf"({number(difference)}) = " if 0 < abs(difference) < 5e-4 else rf"({number(p)} - {number(t)}) = ")


def _around(spec: LossSpec) -> tuple[str, ...]:
    """What a setting does around the loss itself, in LaTeX: temperature, smoothing, weights."""
    lines = [ACTIVATIONS[spec.activation].formula(spec.temperature)]
    if spec.temperature != 1:
        lines.append(
            rf"T = {number(spec.temperature)},\quad \tfrac{{\partial \ell}}{{\partial z}} = \tfrac{{1}}{{T}}\, "
            r"\tfrac{\partial \ell}{\partial (z / T)}"
        )
    if spec.label_smoothing:
        outcomes = "2" if spec.per_logit else "C"
        smoothed = rf"t \leftarrow (1 - \varepsilon)\, t + \tfrac{{\varepsilon}}{{{outcomes}}}"
        lines.append(smoothed + rf",\quad \varepsilon = {spec.label_smoothing:g}")
    if spec.weight:
        lines.append(rf"{_stand_for(spec, 'w_i')},\quad w = {_listed(spec.weight)}")
    if spec.alpha is not None:
        lines.append(rf"{_alpha(spec)},\quad \alpha = {_listed(spec.alpha)}")
    if spec.pos_weight not in (None, 1.0):
        lines.append(rf"{_stand_for(spec, 'w_+', '')},\quad w_+ = {_listed(spec.pos_weight)}")
    return tuple(lines)


def _alpha(spec: LossSpec) -> str:
    """What α does: to each outcome's target, or, mixed as p_t is, to the cross-entropy of the whole distribution."""
    own = r"\alpha_i" if isinstance(spec.alpha, tuple) else r"\alpha"
    if not spec.mixes_alpha:
        return _stand_for(spec, own, rf"(1 - {own})")
    if spec.per_logit:
        return rf"\mathrm{{BCE}}_i \leftarrow \big( {own}\, t_i + (1 - {own})(1 - t_i) \big)\, \mathrm{{BCE}}_i"
    return rf"\mathrm{{CE}} \leftarrow \big( \textstyle\sum_i {own}\, t_i \big)\, \mathrm{{CE}}"


def _stand_for(spec: LossSpec, yes: str, no: str | None = None) -> str:
    """Weights as what they do to the targets in front of the logarithms, so that loss and gradient below hold with them."""
    positive = rf"t_i \leftarrow {yes}\, t_i"
    if not spec.per_logit or no == "":
        return positive
    return positive + rf",\quad (1 - t_i) \leftarrow {yes if no is None else no}\, (1 - t_i)"


def _listed(value: float | tuple[float, ...]) -> str:
    return f"({', '.join(f'{x:g}' for x in value)})" if isinstance(value, tuple) else f"{value:g}"
