"""The truth: every loss as textbooks write it, its terms and its gradient, in mpmath.

Nothing of lossviz is used here and nothing is clever. Logits are numbers of arbitrary size and precision, so no probability is
ever 0 and no formula needs a special case: infinite logits are stood in for by two enormous ones, and a limit exists where
both give the same. One routine serves both activations, because the sigmoid of x is the softmax of (x, 0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mpmath import mp, mpf

DIGITS = 50
ENORMOUS = (mpf(10) ** 45, mpf(10) ** 65)
"""What stands in for an infinite logit; anything that still grows from the first to the second is infinite."""

GROWN = mpf(10) ** 40


@dataclass(frozen=True)
class Exact:
    """One sample: probabilities, terms and gradient per logit, and the loss."""

    probs: list[mpf]
    terms: list[mpf]
    grad: list[mpf]

    @property
    def loss(self) -> mpf:
        return mp.fsum(self.terms) if all(map(mp.isfinite, self.terms)) else sum(self.terms, mpf(0))


@dataclass(frozen=True)
class Setting:
    """Parameters of a loss, all of them at their neutral value unless given; `soft_form` is a key of FORMS.

    `own`: the parameters that only a loss of one's own has, by name.
    """

    activation: str
    gamma: float = 0.0
    soft_form: str = "per-term"
    q: float = 0.0
    ce_weight: float = 1.0
    rce_weight: float = 0.0
    log_zero: float = -4.0
    own: Mapping[str, Any] = field(default_factory=dict)
    alpha: float | Sequence[float] | None = None
    weight: Sequence[float] | None = None
    pos_weight: float | Sequence[float] | None = None
    label_smoothing: float = 0.0
    temperature: float = 1.0


def sample(setting: Setting, logits: Sequence[float], targets: Sequence[float]) -> Exact:
    """The truth for one sample with a target per logit."""
    if not any(map(mp.isinf, logits)):
        with mp.workdps(DIGITS):
            return _sample(setting, [mpf(z) for z in logits], targets)
    with mp.workdps(4 * DIGITS):
        first, second = (
            _sample(setting, [mpf(z) if mp.isfinite(z) else mp.sign(z) * big for z in logits], targets) for big in ENORMOUS
        )
    return Exact(*(list(map(_limit, getattr(first, n), getattr(second, n))) for n in ("probs", "terms", "grad")))


def labelled(setting: Setting, logits: Sequence[float], label: int) -> Exact:
    """The truth for one sample with a class index; one sigmoid logit has the classes 0 and 1."""
    if setting.activation == "sigmoid" and len(logits) == 1:
        return sample(setting, logits, [label])
    return sample(setting, logits, [float(i == label) for i in range(len(logits))])


def log_probability(setting: Setting, logs: Sequence[float], label: int) -> Exact:
    """The truth for `nll`: −w·z_y, whatever the numbers are."""
    w = mpf(1 if setting.weight is None else setting.weight[label])
    zeros = [mpf(0)] * len(logs)
    terms, grad = zeros[:], zeros[:]
    terms[label], grad[label] = -w * mpf(logs[label]), -w
    return Exact([mp.exp(mpf(z)) for z in logs], terms, grad)


def _limit(first: mpf, second: mpf) -> mpf:
    if abs(second) > GROWN:
        return mp.sign(second) * mp.inf
    assert abs(first - second) <= mpf(10) ** -30 * (1 + abs(first)), "there is no limit here"
    return second


def _sample(setting: Setting, logits: list[mpf], targets: Sequence[float]) -> Exact:
    temperature = _number(setting.temperature)
    z = [x / temperature for x in logits]
    t = [mpf(x) for x in targets]
    if setting.activation == "softmax":
        t = _smooth(t, setting.label_smoothing)
        weights = [_of(setting.weight, k, 1) for k in range(len(z))]
        alphas = [_of(setting.alpha, k, 1) for k in range(len(z))]
        p, terms, slopes = _distribution(setting, z, t, _balanced(setting, weights, alphas, t))
        return Exact(p, terms, [s / temperature for s in slopes])
    rows = [_binary(setting, k, z[k], t[k]) for k in range(len(z))]
    return Exact([p for p, _, _ in rows], [x for _, x, _ in rows], [s / temperature for _, _, s in rows])


def _binary(setting: Setting, k: int, x: mpf, t: mpf) -> tuple[mpf, mpf, mpf]:
    targets = _smooth([t, 1 - t], setting.label_smoothing)
    yes = _of(setting.weight, k, 1) * _of(setting.pos_weight, k, 1)
    no = _of(setting.weight, k, 1)
    alphas = [_number(1), _number(1)] if setting.alpha is None else [_of(setting.alpha, k, 1), 1 - _of(setting.alpha, k, 1)]
    p, terms, slopes = _distribution(setting, [x, mpf(0)], targets, _balanced(setting, [yes, no], alphas, targets))
    return p[0], terms[0] + terms[1], slopes[0]


def _of(value: float | Sequence[float] | None, k: int, off: float) -> mpf:
    return _number(off if value is None else value if isinstance(value, int | float) else value[k])


@cache
def _number(value: float) -> mpf:
    """A float of a setting, converted once: no precision here is too small for all of its digits."""
    return mpf(value)


def _balanced(setting: Setting, weights: list[mpf], alphas: list[mpf], t: list[mpf]) -> list[mpf]:
    """Each outcome's weight times its α; in the mixed form times Σ α t, as torchvision has it."""
    if setting.soft_form == "mixed" and setting.alpha is not None:
        mixed = mp.fsum(a * ti for a, ti in zip(alphas, t, strict=True))
        alphas = [mixed] * len(alphas)
    return [w * a for w, a in zip(weights, alphas, strict=True)]


def _smooth(t: list[mpf], epsilon: float) -> list[mpf]:
    if not epsilon:
        return t
    part = _number(epsilon) / len(t)
    return [(1 - _number(epsilon)) * x + part for x in t]


def _distribution(setting: Setting, z: list[mpf], t: list[mpf], w: list[mpf]) -> tuple[list[mpf], list[mpf], list[mpf]]:
    """Probabilities, terms and ∂loss/∂z of one distribution."""
    top = max(z)
    e = [mp.exp(x - top) for x in z]
    others = _sums_of_others(e)
    total = mp.fsum(e)
    p, q = [x / total for x in e], [x / total for x in others]
    minus_log = [mp.log1p(rest / own) for rest, own in zip(others, e, strict=True)]
    terms, by_p = FORMS[setting.soft_form](setting, p, q, minus_log, t, w)
    # Chain rule with ∂p_i/∂z_k = p_i·([i = k] − p_k); the sum over i ≠ k apart, so that nothing cancels for hard labels.
    parts = [d * x for d, x in zip(by_p, p, strict=True)]
    apart = _sums_of_others(parts)
    return p, terms, [own * nq - np * rest for own, nq, np, rest in zip(parts, q, p, apart, strict=True)]


def _sums_of_others(x: list[mpf]) -> list[mpf]:
    """Σ_{i≠k} x_i for every k, without subtracting."""
    left, right = [mpf(0)], [mpf(0)]
    for a, b in zip(x[:-1], x[:0:-1], strict=True):
        left.append(left[-1] + a)
        right.append(right[-1] + b)
    return [a + b for a, b in zip(left, reversed(right), strict=True)]


def power(u: mpf, gamma: mpf) -> tuple[mpf, mpf]:
    """u^γ and its derivative; at u = 0 the derivative is taken as 0, the subgradient that a minimum has."""
    if u == 0:
        return mpf(gamma == 0), mpf(0)
    return u**gamma, gamma * u ** (gamma - 1)


def _per_term(setting: Setting, p: Any, q: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """Σ w t (1 − p)^γ (−log p)."""
    terms, by_p, gamma = [], [], _number(setting.gamma)
    for pi, qi, li, ti, wi in zip(p, q, nll, t, w, strict=True):
        f, df = power(qi, gamma)
        terms.append(wi * ti * f * li)
        by_p.append(wi * ti * (-df * li - f / pi))
    return terms, by_p


def _mixed(setting: Setting, p: Any, q: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """(Σ t (1 − p))^γ · Σ w t (−log p)."""
    f, df = power(mp.fsum(ti * qi for ti, qi in zip(t, q, strict=True)), _number(setting.gamma))
    parts = [wi * ti * li for wi, ti, li in zip(w, t, nll, strict=True)]
    whole = mp.fsum(parts)
    return [f * x for x in parts], [-df * ti * whole - f * wi * ti / pi for pi, ti, wi in zip(p, t, w, strict=True)]


def _exp_ce(setting: Setting, p: Any, _: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """(1 − e^{−CE})^γ · Σ w t (−log p), CE without weights."""
    plain = mp.fsum(ti * li for ti, li in zip(t, nll, strict=True))
    f, df = power(-mp.expm1(-plain), _number(setting.gamma))
    parts = [wi * ti * li for wi, ti, li in zip(w, t, nll, strict=True)]
    factor = df * mp.exp(-plain) * mp.fsum(parts)
    return [f * x for x in parts], [-(factor * ti + f * wi * ti) / pi for pi, ti, wi in zip(p, t, w, strict=True)]


def _quality(setting: Setting, p: Any, q: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """Σ |t − p|^γ w t (−log p)."""
    terms, by_p, gamma = [], [], _number(setting.gamma)
    for pi, qi, li, ti, wi in zip(p, q, nll, t, w, strict=True):
        gap = qi if ti == 1 else ti - pi
        f, df = power(abs(gap), gamma)
        terms.append(f * wi * ti * li)
        by_p.append(wi * ti * (-df * mp.sign(gap) * li - f / pi))
    return terms, by_p


def _generalized(setting: Setting, p: Any, _: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """Σ w t (1 − p^q)/q, and its limit −log p at q = 0. p is 1 at 50 digits where a sample is surer; log p is not 0."""
    q = _number(setting.q)
    each = [-mp.expm1(-q * li) / q if q else li for li in nll]
    terms = [wi * ti * x for wi, ti, x in zip(w, t, each, strict=True)]
    return terms, [-wi * ti * pi ** (q - 1) for wi, ti, pi in zip(w, t, p, strict=True)]


def _symmetric(setting: Setting, p: Any, _: Any, nll: Any, t: Any, w: Any) -> tuple[list[mpf], list[mpf]]:
    """Σ w t (a (−log p) + b RCE), RCE = −Σ p max(log t, A)."""
    a, b, least = _number(setting.ce_weight), _number(setting.rce_weight), _number(setting.log_zero)
    logs = [max(mp.log(ti), least) if ti else least for ti in t]
    reverse = -mp.fsum(pi * x for pi, x in zip(p, logs, strict=True))
    whole = mp.fsum(wi * ti for wi, ti in zip(w, t, strict=True))
    terms = [wi * ti * (a * li + b * reverse) for wi, ti, li in zip(w, t, nll, strict=True)]
    return terms, [-a * wi * ti / pi - b * whole * x for wi, ti, pi, x in zip(w, t, p, logs, strict=True)]


FORMS = {
    "per-term": _per_term,
    "mixed": _mixed,
    "exp-ce": _exp_ce,
    "quality": _quality,
    "generalized-cross-entropy": _generalized,
    "symmetric-cross-entropy": _symmetric,
}
