"""What the scenes come to over hundreds of seeds: a table that a program of the project has computed, and its reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...evaluation.setting import Array
from ...texts import say
from .counterparts import counterpart
from .experiment import Experiment
from .measures import MEASURES
from .scenes import SCENES

FILE = Path(__file__).parents[2] / "data" / "scene_seeds.npz"

SIDES = ("with", "without")
"""A scene with its noise or its rare class, and its counterpart without."""

CEILINGS = ("accuracy", "precision")
"""Measures of which the best possible value is known in the plane."""

SETTINGS = ("dataset_spec", "losses", "width", "optimiser", "learning_rate", "epochs", "batch", "prior", "equal_gradient")
"""What the numbers of a seed depend on: all that an experiment says, but for which seeds there are."""


class ReferenceResults(NamedTuple):
    """A scene and its counterpart after the last epoch, by the key of a measure, in percentage points and for many seeds.

    seeds (S,): their numbers; a scene begins with others. present, absent: measure → (L, S), with the noise or the
    rare class and in the counterpart without it; nan where there is nothing to measure. ceilings: measure → (2, S), what the
    Bayes rule has on the same test sets with and without; none for digits.
    """

    seeds: NDArray[np.int64]
    present: Mapping[str, Array]
    absent: Mapping[str, Array]
    ceilings: Mapping[str, Array]


def digest(experiment: Experiment) -> str:
    """Sixteen hexadecimal digits that tell an experiment and its counterpart from others; seeds are not looked at."""
    both = [experiment, counterpart(experiment)]
    settings = [[_canonical_repr(getattr(one, name)) for name in SETTINGS] for one in both if one is not None]
    return sha256(repr((settings, list(MEASURES))).encode()).hexdigest()[:16]


def _canonical_repr(value: Any) -> str:
    """Whole numbers as the equal float is written: 1000:1 is 1000.0:1."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_canonical_repr, value)) + ")"
    return repr(float(value)) if isinstance(value, int | float) else repr(value)


@cache
def reference_table() -> Mapping[str, NDArray[Any]]:
    """The arrays of the shipped file as benchmarks/scene_seeds.py names them."""
    with np.load(FILE, allow_pickle=False) as file:
        return dict(file)


def reference_results(key: str) -> ReferenceResults:
    """What is known of a scene. InputError where the table is of other settings, and so of another scene."""
    scene, arrays = SCENES[key], reference_table()
    if str(arrays.get(f"{key}.digest")) != digest(scene.experiment):
        expected = say("a preset with the settings in the table; python -m benchmarks.scene_seeds regenerates it")
        raise InputError("scene", key, expected)
    values = arrays[key].astype(np.float64)
    best = arrays.get(f"{key}.ceilings")
    names = [str(name) for name in arrays["measures"]]
    present, absent = ({name: values[side, n] for n, name in enumerate(names)} for side in range(len(SIDES)))
    ceilings = {} if best is None else {name: best[:, n].astype(np.float64) for n, name in enumerate(CEILINGS)}
    return ReferenceResults(arrays["seeds"], present, absent, ceilings)
