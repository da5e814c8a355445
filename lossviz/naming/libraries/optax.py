"""Optax, for JAX: per-example cross-entropies, and a sigmoid focal loss."""

from __future__ import annotations

import numpy as np

from ...texts import say
from . import by_hand, differences, numerics
from .case import Answer, Case, UnsupportedError, answering, needs, program
from .numerics import Array

HEAD = ("import jax.numpy as jnp", "import optax", "")


@answering
def answer(case: Case) -> Answer:
    """In float32, JAX's default."""
    says = say("It has cross-entropy, and focal loss after a sigmoid; nothing else of this family.")
    needs(case, keys=("cross-entropy", "focal", "logistic"), activations=("softmax", "sigmoid"), says=says)
    return _softmax(case) if case.spec.activation == "softmax" else _sigmoid(case)


def _softmax(case: Case) -> Answer:
    if case.spec.gamma:
        raise UnsupportedError(say("Its focal loss is for sigmoids only."))
    logits = f"logits = jnp.array({[list(case.logits)]})"
    z = by_hand.divided_by_temperature(case)
    if case.label is not None and case.spec.weight is None and not case.spec.label_smoothing and case.spec.alpha is None:
        call = f"optax.softmax_cross_entropy_with_integer_labels({by_hand.scaled(case)}, labels)"
        text = program(*HEAD, logits, f"labels = jnp.array([{case.label}])", f"loss = {call}.sum()")
        top = z.max()
        value = np.log(np.exp(z - top).sum(dtype=z.dtype)) + top - z[case.label]
        return Answer(text, float(value))
    if case.spec.alpha is not None:
        raise UnsupportedError(say("Its softmax cross-entropy has no α."))
    (smooth, t), (weight, w) = by_hand.smoothed(case, len(case.logits)), by_hand.weighted(case, "jnp.array")
    text = program(
        *HEAD,
        logits,
        _targets(case),
        weight,
        smooth,
        "targets = weight * targets" if weight else [],
        f"loss = optax.softmax_cross_entropy({by_hand.scaled(case)}, targets).sum()",
    )
    notes = (say("Class weights go into the targets: it has no argument for them."),) if weight else ()
    return Answer(text, float(-(w * t * numerics.log_softmax(z)).sum()), "", notes)


def _sigmoid(case: Case) -> Answer:
    alpha, factor = by_hand.one_alpha(case), by_hand.positives(case)
    (smooth, t), (weight, w) = by_hand.smoothed(case, 2), by_hand.weighted(case, "jnp.array")
    gamma = case.spec.gamma
    focal = bool(gamma) or alpha is not None
    call = f"optax.sigmoid_focal_loss({by_hand.scaled(case)}, targets, alpha={alpha!r}, gamma={gamma!r})"
    text = program(
        *HEAD,
        f"logits = jnp.array({[list(case.logits)]})",
        _targets(case),
        weight,
        f"positive = 1 + {factor - 1!r} * targets" if factor != 1 else [],
        smooth,
        f"loss = ({'weight * ' if weight else ''}{'positive * ' if factor != 1 else ''}"
        + (call if focal else f"optax.sigmoid_binary_cross_entropy({by_hand.scaled(case)}, targets)")
        + ").sum()",
    )
    z = by_hand.divided_by_temperature(case)
    terms = numerics.binary(z, t)
    if focal:
        terms = terms * np.exp(np.float32(gamma) * _log_miss(z, t)) * numerics.balance(alpha, t)
    value = (w * (1 + np.float32(factor - 1) * t) * terms).sum()
    return Answer(text, float(value), differences.balanced(case, "mixed", differences.MIXED))


def _log_miss(z: Array, t: Array) -> Array:
    """log(1 − p_t), from the logs of both probabilities."""
    with np.errstate(divide="ignore"):
        result: Array = np.logaddexp(numerics.log_sigmoid(z) + np.log(1 - t), numerics.log_sigmoid(-z) + np.log(t)).astype(
            z.dtype
        )
    return result


def _targets(case: Case) -> str:
    return f"targets = jnp.array({[list(case.targets)]})"
