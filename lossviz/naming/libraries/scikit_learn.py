"""sklearn.metrics.log_loss: a metric of probabilities and labels."""

from __future__ import annotations

import numpy as np

from ...texts import say
from .case import Answer, Case, UnsupportedError, answering, needs, program
from .numerics import Array

CLIPPED = say("Probabilities are clipped to [2.2e-16, 1 − 2.2e-16]: no term exceeds 36.04.")


@answering
def answer(case: Case) -> Answer:
    """In float64."""
    says = say("It has log loss on probabilities; nothing else of this family.")
    needs(case, keys=("cross-entropy", "logistic", "nll", "focal"), activations=("softmax", "sigmoid", "exp"), says=says)
    spec = case.spec
    if spec.gamma:
        raise UnsupportedError(says)
    if not case.sharp:
        raise UnsupportedError(say("It takes labels only: no soft or smoothed targets."))
    if spec.alpha is not None and spec.activation == "softmax":
        raise UnsupportedError(say("It has no α."))
    return _entries(case) if spec.activation == "sigmoid" else _classes(case)


def _classes(case: Case) -> Answer:
    classes = len(case.logits)
    if case.label is None:
        raise UnsupportedError(say("It takes one true class among two or more."))
    z = np.array(case.logits)
    own = "np.exp(logits)" if case.spec.activation == "exp" else f"softmax({_divided_by_temperature(case)}, axis=1)"
    p = np.exp(z) if case.spec.activation == "exp" else _softmax(z / case.spec.temperature)
    if case.spec.activation == "exp" and not np.isclose(p.sum(), 1, rtol=1.5e-8):
        raise UnsupportedError(say("These log-probabilities do not form a distribution; it takes probabilities that sum to 1."))
    weight = 1.0 if case.spec.weight is None else case.spec.weight[case.label]
    arguments = f"labels=range({classes})" + ("" if weight == 1 else f", sample_weight=[{weight!r}], normalize=False")
    text = program(
        "import numpy as np",
        *([] if case.spec.activation == "exp" else ["from scipy.special import softmax"]),
        "from sklearn.metrics import log_loss",
        "",
        f"logits = np.array({[list(case.logits)]})",
        f"loss = log_loss([{case.label}], {own}, {arguments})",
    )
    return Answer(text, float(weight * -np.log(_clipped(p)[case.label])), "", (CLIPPED,))


def _entries(case: Case) -> Answer:
    spec = case.spec
    t, n = np.array(case.targets), len(case.logits)
    weight = np.ones(n) if spec.weight is None else np.array(spec.weight)
    alpha = 0.5 if spec.alpha is None else np.array(spec.alpha)
    sides = np.where(t > 0, alpha, 1 - alpha) * (2 if spec.alpha is None else 1)
    factor = weight * sides * np.where(t > 0, 1.0 if spec.pos_weight is None else np.array(spec.pos_weight), 1.0)
    arguments = "labels=[0, 1]" + ("" if (factor == 1).all() else f", sample_weight={factor.tolist()}") + ", normalize=False"
    text = program(
        "import numpy as np",
        "from scipy.special import expit",
        "from sklearn.metrics import log_loss",
        "",
        f"logits = np.array({list(case.logits)})",
        f"loss = log_loss({[int(x) for x in t]}, expit({_divided_by_temperature(case)}), {arguments})",
    )
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(-np.array(case.logits) / spec.temperature))
    both = _clipped(np.stack([1 - p, p]))
    value = (factor * -np.where(t > 0, np.log(both[1]), np.log(both[0]))).sum()
    notes = (say("It takes one label per sample: each class is passed as a separate sample."),) if n > 1 else ()
    return Answer(text, float(value), "", (CLIPPED, *notes))


def _divided_by_temperature(case: Case) -> str:
    return "logits" if case.spec.temperature == 1 else f"logits / {case.spec.temperature!r}"


def _clipped(p: Array) -> Array:
    eps = np.finfo(np.float64).eps
    result: Array = np.clip(p, eps, 1 - eps)
    return result


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    result: Array = e / e.sum()
    return result
