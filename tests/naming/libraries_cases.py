"""Samples and settings that libraries are asked about."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from lossviz import LOSSES, loss
from lossviz.errors import InputError
from lossviz.naming.libraries import Case

SAMPLES: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = (
    ((2.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
    ((4.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((1.3, -0.4), (0.0, 1.0)),
    ((2.0, 1.0, 0.0), (0.7, 0.2, 0.1)),
    ((2.0, -1.0, 0.5), (1.0, 0.0, 1.0)),
    ((2.0, -1.0, 0.5), (0.9, 0.25, 0.0)),
    ((1.0,), (1.0,)),
    ((-0.5,), (0.0,)),
    ((0.3,), (0.6,)),
    ((20.0, -3.0), (0.0, 1.0)),
    ((17.5,), (0.0,)),
    ((30.0,), (1.0,)),
)
PARAMETERS: tuple[dict[str, Any], ...] = (
    {},
    {"gamma": 0.0},
    {"gamma": 0.5},
    {"gamma": 5.0, "temperature": 2.0},
    {"alpha": 0.25},
    {"alpha": 0.5, "gamma": 0.0},
    {"label_smoothing": 0.1},
    {"weight": True},
    {"weight": True, "label_smoothing": 0.2, "gamma": 1.0},
    {"pos_weight": 3.0},
    {"alpha": 0.8, "pos_weight": 0.5, "temperature": 0.5},
    {"soft_form": "mixed", "gamma": 2.0},
    {"soft_form": "mixed", "alpha": 0.25},
    {"soft_form": "mixed", "alpha": 0.75, "gamma": 0.0, "label_smoothing": 0.1},
    {"alpha": 0.25, "gamma": 0.0},
    {"soft_form": "exp-ce", "gamma": 3.0},
    {"soft_form": "quality"},
    {"q": 0.0},
    {"q": 0.5, "temperature": 2.0},
    {"q": 1.0},
)


def cases() -> Iterator[Case]:
    """Every loss, activation, setting and sample that go together."""
    for (key, kind), parameters, (logits, targets) in itertools.product(LOSSES.items(), PARAMETERS, SAMPLES):
        own = parameters | ({"weight": tuple(0.5 + k for k in range(len(logits)))} if "weight" in parameters else {})
        for activation in kind.activations:
            try:
                spec = loss(key, activation, **own)
            except InputError:
                continue
            label = sum(targets) == 1 and set(targets) <= {0.0, 1.0} and len(targets) > 1
            fits = {"any": True, "indices": label, "signs": len(targets) == 1 and set(targets) <= {0.0, 1.0}}[kind.targets]
            if fits and not (activation == "softmax" and len(logits) == 1):
                given_logits = logits if activation != "exp" else tuple(np.round(_log_softmax(logits), 9).tolist())
                yield Case(spec, given_logits, targets)


def returned(program: str) -> float:
    """What a program gives when it is run."""
    scope: dict[str, Any] = {}
    exec(program, scope)
    loss = scope["loss"]
    return float(np.asarray(loss.detach() if hasattr(loss, "detach") else loss).reshape(()))


def _log_softmax(z: tuple[float, ...]) -> Any:
    return np.array(z) - np.logaddexp.reduce(z)
