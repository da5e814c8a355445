"""Optax, for JAX: per-example cross-entropies, and a sigmoid focal loss."""

from __future__ import annotations

import numpy as np

from .case import (
    MIXED,
    Answer,
    Array,
    Case,
    UnsupportedError,
    answering,
    balance,
    binary,
    cooled,
    form,
    join,
    log_sigmoid,
    log_softmax,
    mixed_alpha,
    needs,
    one_alpha,
    positives,
    program,
    scaled,
    smoothed,
    weighted,
)

HEAD = ("import jax.numpy as jnp", "import optax", "")


@answering
def answer(case: Case) -> Answer:
    """In float32, JAX's default."""
    says = "It has cross-entropy, and focal loss after a sigmoid; nothing else of this family."
    needs(case, keys=("cross-entropy", "focal", "logistic"), activations=("softmax", "sigmoid"), says=says)
    return _softmax(case) if case.spec.activation == "softmax" else _sigmoid(case)


def _softmax(case: Case) -> Answer:
    if case.spec.gamma:
        raise UnsupportedError("Its focal loss is for sigmoids only.")
    logits = f"logits = jnp.array({[list(case.logits)]})"
    z = cooled(case)
    if case.label is not None and case.spec.weight is None and not case.spec.label_smoothing and case.spec.alpha is None:
        call = f"optax.softmax_cross_entropy_with_integer_labels({scaled(case)}, labels)"
        text = program(*HEAD, logits, f"labels = jnp.array([{case.label}])", f"loss = {call}.sum()")
        top = z.max()
        value = np.log(np.exp(z - top).sum(dtype=z.dtype)) + top - z[case.label]
        return Answer(text, float(value))
    if case.spec.alpha is not None:
        raise UnsupportedError("Its softmax cross-entropy has no α.")
    (smooth, t), (weight, w) = smoothed(case, len(case.logits)), weighted(case, "jnp.array")
    text = program(
        *HEAD,
        logits,
        _targets(case),
        weight,
        smooth,
        "targets = weight * targets" if weight else [],
        f"loss = optax.softmax_cross_entropy({scaled(case)}, targets).sum()",
    )
    notes = ("Class weights go into the targets: it has no argument for them.",) if weight else ()
    return Answer(text, float(-(w * t * log_softmax(z)).sum()), "", notes)


def _sigmoid(case: Case) -> Answer:
    alpha, factor = one_alpha(case), positives(case)
    (smooth, t), (weight, w) = smoothed(case, 2), weighted(case, "jnp.array")
    gamma = case.spec.gamma
    focal = bool(gamma) or alpha is not None
    call = f"optax.sigmoid_focal_loss({scaled(case)}, targets, alpha={alpha!r}, gamma={gamma!r})"
    text = program(
        *HEAD,
        f"logits = jnp.array({[list(case.logits)]})",
        _targets(case),
        weight,
        f"positive = 1 + {factor - 1!r} * targets" if factor != 1 else [],
        smooth,
        f"loss = ({'weight * ' if weight else ''}{'positive * ' if factor != 1 else ''}"
        + (call if focal else f"optax.sigmoid_binary_cross_entropy({scaled(case)}, targets)")
        + ").sum()",
    )
    z = cooled(case)
    terms = binary(z, t)
    if focal:
        terms = terms * np.exp(np.float32(gamma) * _log_miss(z, t)) * balance(alpha, t)
    value = (w * (1 + np.float32(factor - 1) * t) * terms).sum()
    return Answer(text, float(value), join(form(case, "mixed", MIXED), mixed_alpha(case)))


def _log_miss(z: Array, t: Array) -> Array:
    """log(1 − p_t), from the logs of both probabilities."""
    with np.errstate(divide="ignore"):
        found: Array = np.logaddexp(log_sigmoid(z) + np.log(1 - t), log_sigmoid(-z) + np.log(t)).astype(z.dtype)
    return found


def _targets(case: Case) -> str:
    return f"targets = jnp.array({[list(case.targets)]})"
