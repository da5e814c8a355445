"""A setting in other libraries' words: the program that comes nearest to it, and what that program returns.

PyTorch's values are computed by PyTorch. Those of the others are computed by our own transcriptions of what each library is
documented to do, in its usual precision; `make test-peers` runs every program shown here with the real libraries and compares.
"""

from __future__ import annotations

from collections.abc import Callable

from . import keras, kornia, monai, optax, pytorch, scikit_learn, smp, torchvision
from .case import Answer, Case

LIBRARIES: dict[str, Callable[[Case], Answer]] = {
    "PyTorch": pytorch.answer,
    "torchvision": torchvision.answer,
    "Keras": keras.answer,
    "Optax (JAX)": optax.answer,
    "scikit-learn": scikit_learn.answer,
    "MONAI": monai.answer,
    "kornia": kornia.answer,
    "segmentation_models_pytorch": smp.answer,
}
"""Library → its answer to a case, in screen order."""

TESTED = {
    "torchvision": "0.28.0",
    "Keras": "3.15.1",
    "Optax (JAX)": "0.2.8",
    "scikit-learn": "1.9.1",
    "MONAI": "1.6.1",
    "kornia": "0.9.0",
    "segmentation_models_pytorch": "0.6.0",
}
"""The version that each transcription was compared with; `requirements-peers.txt` pins the same."""


def translate(case: Case) -> dict[str, Answer]:
    """Every library's answer to one sample under one loss."""
    return {name: answer(case) for name, answer in LIBRARIES.items()}


__all__ = ["LIBRARIES", "TESTED", "Answer", "Case", "translate"]
