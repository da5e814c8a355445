"""Which words each page has, by its path."""

from __future__ import annotations

from .batch import BATCH
from .mistakes import MISTAKES
from .names import NAMES
from .plots import PLOTS
from .sample import PARAMETERS, SAMPLE
from .training import TRAINING

_SAMPLE = tuple(field.name for field in SAMPLE)
_CURVES = ("pins", "y", "x", "scale", "scrub", "along", "modulator")
_SURFACES = tuple(field.name for field in PLOTS if field.name not in ("y", "x", "scale", "along", "modulator"))

WORDS_OF_PAGES: dict[str, tuple[str, ...]] = {
    "one-sample": (*_SAMPLE, "pins"),
    "curves": (*_CURVES, *_SAMPLE),
    "surfaces": (*_SURFACES, *_SAMPLE),
    "names": (*(field.name for field in NAMES), *_SAMPLE),
    "mistakes": (*(field.name for field in MISTAKES), "along", "rate", "steps", *_SAMPLE),
    "batch": (*(field.name for field in BATCH), "loss", "activation", *PARAMETERS, "pins"),
    "training": tuple(field.name for field in TRAINING),
}
"""What is a page's own first; the words of the frame are not among them."""
