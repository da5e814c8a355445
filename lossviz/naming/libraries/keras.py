"""keras.losses: categorical and binary cross-entropies, their focal versions, which work on clipped probabilities, and the
generalized one of class indices.
"""

from __future__ import annotations

import numpy as np

from ...texts import say
from . import by_hand, differences, numerics
from .case import Answer, Case, UnsupportedError, answering, needs, program
from .numerics import Array

EPSILON = np.float32(1e-7)
"""keras.backend.epsilon(): probabilities are clipped to [ε, 1 − ε]."""

CLIPPED = say("Probabilities are clipped to [1e-7, 1 − 1e-7]: no term exceeds 16.12, and beyond that there is no gradient.")
AVERAGED = say("Keras averages over classes; multiplied by C, that is the sum.")


@answering
def answer(case: Case) -> Answer:
    """In float32, Keras' default."""
    says = say(
        "It has cross-entropy and focal loss, on logits or probabilities, and generalized cross-entropy on class indices."
    )
    keys = ("cross-entropy", "focal", "logistic", "generalized-cross-entropy")
    needs(case, keys=keys, activations=("softmax", "sigmoid"), says=says)
    if case.spec.key == "generalized-cross-entropy":
        return _generalized(case)
    return _categorical(case) if case.spec.activation == "softmax" else _binary(case)


def _categorical(case: Case) -> Answer:
    (smooth, t), (weight, w) = by_hand.smoothed(case, len(case.logits)), by_hand.weighted(case, "np.float32")
    if len(case.logits) == 1:
        raise UnsupportedError(say("A softmax of one class is always 1: Keras warns, and asks for the binary version."))
    alpha, focal = case.spec.alpha, _is_focal(case)
    arguments = f"targets, {by_hand.scaled(case)}, from_logits=True"
    call = f"keras.losses.categorical_crossentropy({arguments})"
    if focal:
        factor = 1.0 if alpha is None else list(alpha) if isinstance(alpha, tuple) else alpha
        call = f"keras.losses.categorical_focal_crossentropy({arguments}, alpha={factor!r}, gamma={case.spec.gamma!r})"
    text = program(*_head(case), weight, smooth, "targets = weight * targets" if weight else [], f"loss = {call}[0]")
    notes: tuple[str, ...] = ()
    value = float(-(w * t * numerics.log_softmax(by_hand.divided_by_temperature(case))).sum())
    if focal:
        p = _clipped(np.exp(numerics.log_softmax(by_hand.divided_by_temperature(case))))
        each = np.ones_like(t) if alpha is None else np.broadcast_to(np.array(alpha, np.float32), t.shape)
        value = float((each * (1 - p) ** np.float32(case.spec.gamma) * -(w * t) * np.log(p)).sum())
        notes = (CLIPPED, say("Its default α = 0.25 multiplies every class alike: it balances nothing."))
    more = (say("Class weights go into the targets: it has no argument for them."),) if weight else ()
    return Answer(text, value, differences.balanced(case, "per-term", differences.PER_TERM, mixes=False), (*notes, *more))


def _generalized(case: Case) -> Answer:
    """(1 − p^q)/q as it stands, of probabilities and a class index."""
    spec, label = case.spec, case.label
    if spec.activation != "softmax" or label is None or spec.label_smoothing or spec.alpha is not None:
        raise UnsupportedError(
            say("Its generalized cross-entropy takes softmax probabilities and class indices, and has no α.")
        )
    exponent = spec.number("q")
    if not exponent:
        raise UnsupportedError(say("Its generalized cross-entropy divides by q, and q = 0 is a limit."))
    factor = "" if spec.weight is None else f"{spec.weight[label]!r} * "
    arguments = f"labels, keras.ops.softmax({by_hand.scaled(case)}), q={exponent!r}"
    head = [*_head(case)[:-1], f"labels = np.int32({[label]})"]
    text = program(head, f"loss = {factor}keras.losses.categorical_generalized_cross_entropy({arguments})[0]")
    p = np.exp(numerics.log_softmax(by_hand.divided_by_temperature(case)))[label]
    value = float((1 - p ** np.float32(exponent)) / np.float32(exponent) * (1.0 if spec.weight is None else spec.weight[label]))
    more = (say("A class weight goes in front: it has no argument for one."),) if factor else ()
    return Answer(text, value, "", (say("It takes no logits and subtracts from 1, so a confident sample loses digits."), *more))


def _binary(case: Case) -> Answer:
    alpha, factor, focal = by_hand.one_alpha(case), by_hand.positives(case), _is_focal(case)
    if (case.spec.weight is not None or factor != 1) and len(case.logits) > 1:
        raise UnsupportedError(say("It averages over classes before a weight can be applied to each."))
    (smooth, t), w = by_hand.smoothed(case, 2), 1.0 if case.spec.weight is None else case.spec.weight[0]
    arguments = f"targets, {by_hand.scaled(case)}, from_logits=True"
    call = f"keras.losses.binary_crossentropy({arguments})"
    if focal:
        balanced = "" if alpha is None else f", apply_class_balancing=True, alpha={alpha!r}"
        call = f"keras.losses.binary_focal_crossentropy({arguments}, gamma={case.spec.gamma!r}{balanced})"
    outer = [repr(x) for x in (w, 1 + (factor - 1) * case.targets[0], len(case.logits)) if x != 1]
    text = program(*_head(case), smooth, "loss = " + " * ".join([*outer, f"{call}[0]"]))
    terms = _focal(case, t) if focal else numerics.binary(by_hand.divided_by_temperature(case), t)
    value = float((numerics.balance(alpha, t) * terms).mean() * np.prod([float(x) for x in outer] or [1.0]))
    notes = (*((CLIPPED,) if focal else ()), *((AVERAGED,) if len(case.logits) > 1 else ()))
    return Answer(text, value, differences.balanced(case, "mixed", differences.MIXED), notes)


def _is_focal(case: Case) -> bool:
    """Whether its focal version is called: with γ = 0, too, where there is an α, which its cross-entropies do not have."""
    return bool(case.spec.gamma) or case.spec.alpha is not None


def _focal(case: Case, t: Array) -> Array:
    """(1 − p_t)^γ BCE: the cross-entropy of clipped probabilities, the factor of those that were not."""
    p = numerics.sigmoid(by_hand.divided_by_temperature(case))
    kept = _clipped(p)
    p_t = t * p + (1 - t) * (1 - p)
    result: Array = (1 - p_t) ** np.float32(case.spec.gamma) * -(t * np.log(kept) + (1 - t) * np.log(1 - kept))
    return result


def _clipped(p: Array) -> Array:
    result: Array = np.clip(p, EPSILON, np.float32(1) - EPSILON)
    return result


def _head(case: Case) -> list[str]:
    return [
        "import keras",
        "import numpy as np",
        "",
        f"logits = np.float32({[list(case.logits)]})",
        f"targets = np.float32({[list(case.targets)]})",
    ]
