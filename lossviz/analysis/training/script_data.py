"""The datasets of a standalone program: the code that lossviz itself draws them with."""

from __future__ import annotations

import base64
import json
import textwrap
from collections.abc import Iterator

import numpy as np

from ...data import toy_datasets
from ...data.digits import COUNT, images
from ...data.noise import Noise, flip_labels, rivals
from .claims import claim_counterpart
from .experiment import Experiment
from .script_text import literal, source, title


def data_code(experiment: Experiment) -> Iterator[str]:
    """The dataset of a seed."""
    dataset_spec = experiment.dataset_spec
    own = {name: value for name, value in dataset_spec._asdict().items() if value != dataset_spec._field_defaults.get(name)}
    made = "".join(f"    {name}={literal(value)},\n" for name, value in own.items())
    yield title("The data")
    yield source(toy_datasets.DatasetSpec)
    yield f"SPEC = DatasetSpec(\n{made})"
    if (absent := claim_counterpart(experiment)) is not None:
        overrides = _overrides(dataset_spec, absent.dataset_spec)
        yield f"COUNTERPART = SPEC._replace({overrides})  # what a claim is about is left out"
    yield from (
        source(x)
        for x in (toy_datasets.Dataset, toy_datasets.class_count, toy_datasets.samples_per_rare, toy_datasets.class_counts)
    )
    if dataset_spec.shape == "digits":
        yield _near_and_far() if dataset_spec.noise.endswith("boundary") else IMAGES
    else:
        yield (f"TEST_PER_CLASS = {toy_datasets.TEST_PER_CLASS}\nSTD = {json.dumps(toy_datasets.STD)}  # standard deviations")
        yield from (
            source(x)
            for x in (
                toy_datasets.class_means,
                toy_datasets.centres,
                toy_datasets.log_density,
                toy_datasets.log_densities,
                toy_datasets.draw_points,
            )
        )
    drawn = toy_datasets.draw_digits if dataset_spec.shape == "digits" else toy_datasets.draw_plane
    yield from (source(x) for x in (drawn, Noise, rivals, flip_labels, toy_datasets.with_label_noise))
    yield DATA.format(drawn=drawn.__name__)


DATA = '''
def data(spec: DatasetSpec, seed: int) -> Dataset:
    """The dataset of a spec and a seed."""
    return with_label_noise(spec, seed, *{drawn}(spec, seed))
'''


def _overrides(dataset_spec: toy_datasets.DatasetSpec, other: toy_datasets.DatasetSpec) -> str:
    """The settings that another spec has otherwise, as arguments."""
    pairs = zip(dataset_spec._asdict().items(), other, strict=True)
    return ", ".join(f"{name}={literal(new)}" for (name, old), new in pairs if new != old)


IMAGES = '''
def images() -> tuple[Array, Labels, Array]:
    """Grey values (1797, 8, 8) of all digits, their labels, and logits (1797, 10) that this kind of noise does not look at."""
    found = load_digits()
    return found.images, found.target.astype(np.int64), np.zeros((len(found.target), 10))
'''

NEAR_AND_FAR = '''
# Noise at the boundary asks a classifier that had not seen the digit. Of the one that lossviz ships, here is what matters:
# which class comes second to each digit's label, and how far from that boundary it is, as the rank among all digits.
RIVALS = """
{rivals}
"""
RANKS = """
{ranks}
"""


def images() -> tuple[Array, Labels, Array]:
    """Grey values (1797, 8, 8) of all digits, their labels, and logits (1797, 10) that have these rivals and ranks."""
    found = load_digits()
    labels, logits = found.target.astype(np.int64), np.full((len(found.target), 10), -1.0)
    logits[np.arange(len(labels)), labels] = 0
    rivals = [int(c) for c in "".join(RIVALS.split())]
    logits[np.arange(len(labels)), rivals] = np.frombuffer(base64.b64decode(RANKS), "<u2")
    return found.images, labels, logits
'''


def _near_and_far() -> str:
    _, labels, logits = images()
    second, distance = rivals(labels, logits)
    ranks = np.unique(distance, return_inverse=True)[1].astype("<u2")
    assert len(ranks) == COUNT
    words = "".join(map(str, second)), base64.b64encode(ranks.tobytes()).decode()
    return NEAR_AND_FAR.format(**{k: textwrap.fill(word, 120) for k, word in zip(("rivals", "ranks"), words, strict=True)})
