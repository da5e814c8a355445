"""Toy datasets to train on: two classes in the plane, or real handwritten digits, with rare classes and wrong labels at will.

In the plane a sample of a class is one of that class's centres, drawn at random, plus a Gaussian step. So its density is known:
the boundary noise is drawn from it, and the best accuracy that any model can have is computed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, unknown_name
from .digits import images
from .noise import KINDS, Noise, changed

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

SHAPES = ("gaussians", "moons", "rings", "digits")

TEST = 5000
"""Test samples of each class in the plane."""

SAMPLES = {"gaussians": (2, 50_000), "moons": (2, 50_000), "rings": (2, 50_000), "digits": (100, 1600)}
"""The least and the most to train on."""

STEP = {"gaussians": 1.0, "moons": 0.35, "rings": 0.35}
"""The standard deviation of the Gaussian step, in each direction."""


class DatasetSpec(NamedTuple):
    """What a toy dataset is made of.

    samples: how many to train on. ratio: how many times rarer class `rare` is than each other one, ≥ 1. separation: how far
    apart two classes of the plane are; means: where their middles are, (x₀, y₀, x₁, y₁), or () for the shape's own. noise:
    of a kind that `changed` knows, at a `rate`, a share of the labels of the class(es) that it is about: of class a where
    `pair` is (a, b), of all where it is None.
    """

    shape: str
    samples: int = 600
    ratio: float = 1.0
    rare: int = 1
    separation: float = 1.1
    means: tuple[float, ...] = ()
    noise: str = "none"
    rate: float = 0.0
    pair: tuple[int, int] | None = None


class Dataset(NamedTuple):
    """Inputs x (N, D) with the labels (N,) to train on and the truth (N,) behind them; a clean test set; the classes' shares.

    prior (C,): how frequent each class is, in truth, among the samples to train on; the test set may have other shares.
    """

    x: Array
    labels: Labels
    truth: Labels
    test_x: Array
    test_labels: Labels
    prior: Array

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which labels are not the truth."""
        wrong: NDArray[np.bool_] = self.labels != self.truth
        return wrong


def make_dataset(spec: DatasetSpec, seed: int) -> Dataset:
    """The dataset of a spec and a seed.

    Raises InputError where no such dataset exists, or none to learn from: a class without samples, or all labels wrong.
    """
    check(spec)
    found = labelled(spec, seed, *(drawn_digits if spec.shape == "digits" else drawn_plane)(spec, seed))
    _check_labels(found, spec, classes_of(spec.shape))
    return found


def labelled(
    spec: DatasetSpec, seed: int, x: Array, truth: Labels, scores: Array, test_x: Array, test_labels: Labels
) -> Dataset:
    """The dataset of what was drawn, some of its labels changed; scores (N, C): logits that say where the boundary is."""
    labels = changed(truth, scores, Noise(spec.noise, spec.rate, seed, spec.pair), truth)
    prior = np.bincount(truth) / len(truth)
    return Dataset(x, labels, truth, test_x, test_labels, prior)


def classes_of(shape: str) -> int:
    """How many classes a shape has."""
    return 10 if shape == "digits" else 2


def counts(spec: DatasetSpec) -> tuple[int, ...]:
    """How many samples of each class there are to train on, whatever the seed."""
    rare = round(spec.samples / one_in(spec))
    others = (round(spec.samples / 10),) * 10 if spec.shape == "digits" else (spec.samples - rare,) * 2
    return (*others[: spec.rare], rare, *others[spec.rare + 1 :])


def one_in(spec: DatasetSpec) -> float:
    """One of so many samples is of the rare class."""
    return 10 * spec.ratio if spec.shape == "digits" else 1 + spec.ratio


def check(spec: DatasetSpec) -> None:
    """InputError for what no dataset can be made of."""
    if spec.shape not in SHAPES:
        raise unknown_name("shape", spec.shape, SHAPES)
    if spec.noise not in KINDS:
        raise unknown_name("noise", spec.noise, KINDS)
    if not 0 <= spec.rate <= 1:
        raise InputError("rate", f"{spec.rate:g}", "a share from 0 to 1")
    if spec.noise == "uniform" and spec.rate == 1:
        raise InputError("rate", "1: every label is wrong", "less than 1, so that there is something to learn")
    _check_classes(spec)
    _check_places(spec)
    _check_numbers(spec)


def _check_classes(spec: DatasetSpec) -> None:
    classes = classes_of(spec.shape)
    for c in (spec.rare, *(spec.pair or ())):
        if not 0 <= c < classes:
            raise InputError("class", f"{c}", f"a class from 0 to {classes - 1}")
    if spec.noise == "one class" and spec.pair is None:
        raise InputError("classes", "None", "the class whose labels are changed")
    if spec.noise == "pair" and (spec.pair is None or spec.pair[0] == spec.pair[1]):
        raise InputError("classes", f"{spec.pair}", "two different classes: whose labels are changed, and to what")


def _check_places(spec: DatasetSpec) -> None:
    if not math.isfinite(spec.separation):
        raise InputError("separation", f"{spec.separation:g}", "a number")
    if len(spec.means) not in (0, 4) or not all(map(math.isfinite, spec.means)):
        raise InputError("means", f"{spec.means}", "four numbers, x and y of both classes, or none")


def _check_numbers(spec: DatasetSpec) -> None:
    """InputError where there is no sample of the rare class, or too few or too many of all."""
    if not 1 <= spec.ratio < math.inf:
        raise InputError("ratio", f"{spec.ratio:g}", "a number, 1 or more")
    fewest, most = SAMPLES[spec.shape]
    if counts(spec)[spec.rare] < 1:
        least = max(fewest, math.floor(one_in(spec) / 2) + 1)  # a half is rounded to none
        enough = f"at least {least}" if least <= most else "a smaller ratio"
        raise InputError("samples", f"{spec.samples}, none of class {spec.rare} at {spec.ratio:g}:1", enough)
    if not fewest <= spec.samples <= most:
        rest = ": of 1 797 digits the rest is the test set" if spec.shape == "digits" else ""
        raise InputError("samples", f"{spec.samples}", f"{fewest} to {most}{rest}")


def _check_labels(found: Dataset, spec: DatasetSpec, classes: int) -> None:
    left = np.bincount(found.labels, minlength=classes)
    if not left.all():
        raise InputError(
            "labels",
            f"none that says class {int(left.argmin())}",
            "every class among them: more samples, or a lower noise rate",
        )
    if found.wrong.all():
        raise InputError("rate", f"{spec.rate:g}: every label is wrong", "a lower rate, so that there is something to learn")


def middles(spec: DatasetSpec) -> tuple[float, ...]:
    """Where the middles of both classes of the plane are, (x₀, y₀, x₁, y₁): those that were asked for, or the shape's own."""
    s = spec.separation
    own = {
        "gaussians": (-s, 0.0, s, 0.0),
        "moons": (-0.75, s / 2 - 0.9, 0.75, 0.9 - s / 2),
        "rings": (0.0, 0.0, 0.0, 0.0),
    }
    return spec.means or own[spec.shape]


def check_plane(spec: DatasetSpec) -> None:
    """InputError for digits, which are in no plane."""
    if spec.shape not in STEP:
        raise InputError("means", f"of {spec.shape}", "a shape of the plane: " + ", ".join(STEP))


def moved_means(spec: DatasetSpec, control: str, x: float, y: float) -> DatasetSpec:
    """The spec with the middle of one class at (x, y), to two decimals and no farther than `FARTHEST` from 0 either way.

    control: "mean0" or "mean1", whose middle it is; the other one stays where it is. Raises InputError for another control,
    for what is no number, and for digits, which have no middles.
    """
    names = ("mean0", "mean1")
    if control not in names:
        raise unknown_name("control", control, names)
    if math.isnan(x) or math.isnan(y):
        raise InputError("place", f"{x}, {y}", "two numbers")
    check_plane(spec)
    there = list(middles(spec))
    first = 2 * names.index(control)
    there[first : first + 2] = (round(min(max(at, -FARTHEST), FARTHEST), 2) + 0.0 for at in (x, y))
    return spec._replace(means=tuple(there))


FARTHEST = 6.0
"""How far a middle can be moved from 0, in each direction."""


def centres(spec: DatasetSpec) -> tuple[Array, Array]:
    """The centres (K, 2) of both classes of the plane.

    gaussians: one each, at (∓separation, 0). moons: two half circles of radius 1.5 that reach into each other the less the
    larger the separation. rings: a circle of radius ½ within one that is larger by the separation.
    """
    turn = np.linspace(0, np.pi, 200)
    arc = np.stack((np.cos(turn), np.sin(turn)), 1)
    circle = np.concatenate((arc, -arc))
    own = {
        "gaussians": (np.zeros((1, 2)), np.zeros((1, 2))),
        "moons": (1.5 * arc, -1.5 * arc),
        "rings": (0.5 * circle, (0.5 + spec.separation) * circle),
    }
    first, second = np.array(middles(spec)).reshape(2, 2)
    return own[spec.shape][0] + first, own[spec.shape][1] + second


def log_densities(spec: DatasetSpec, x: Array) -> Array:
    """log density of each class of the plane at x (N, 2), but for a constant that both share: (N, 2)."""
    parts = np.array_split(x, len(x) // 4096 + 1)  # all at once, many samples times all centres would not fit
    return np.concatenate([np.stack([log_density(spec, centre, part) for centre in centres(spec)], 1) for part in parts])


def log_density(spec: DatasetSpec, centre: Array, x: Array) -> Array:
    """log density (N,) at x of the class with these centres (K, 2)."""
    far = (x[:, :1] - centre[:, 0]) ** 2 + (x[:, 1:] - centre[:, 1]) ** 2
    far /= -2 * STEP[spec.shape] ** 2
    nearest = far.max(1, keepdims=True)  # taken out first, for far away all of them are 0
    found: Array = nearest[:, 0] + np.log(np.exp(far - nearest).mean(1))
    return found


def best_accuracy(spec: DatasetSpec, x: Array, labels: Labels, prior: Array) -> float:
    """What share of samples x (N, 2) with `labels` (N,) the best rule gets right, each class counted by its share in `prior`.

    The rule knows densities and shares, and takes the class with the larger product; a model can beat it by luck only.
    """
    with np.errstate(divide="ignore"):
        right = (log_densities(spec, x) + np.log(prior)).argmax(1) == labels
    return float(sum(share * right[labels == c].mean() for c, share in enumerate(prior)))


def drawn_plane(spec: DatasetSpec, seed: int) -> tuple[Array, Labels, Array, Array, Labels]:
    """Points of the plane, as many of each class as the spec says; the test set has as many of both."""
    rng = np.random.default_rng([seed, 1])
    numbers = counts(spec)
    truth = rng.permutation(np.repeat([0, 1], numbers))
    test_labels = np.repeat([0, 1], TEST)
    x, test_x = (points(spec, labels, rng) for labels in (truth, test_labels))
    scores = log_densities(spec, x) if spec.noise.endswith("boundary") else np.zeros_like(x)
    return x, truth, scores, test_x, test_labels


def points(spec: DatasetSpec, labels: Labels, rng: np.random.Generator) -> Array:
    """A point (N, 2) for each label."""
    both, which = centres(spec), rng.random(len(labels))
    there = [middle[(which * len(middle)).astype(int)] for middle in both]
    step: Array = rng.normal(0.0, STEP[spec.shape], (len(labels), 2))
    found: Array = np.where(labels[:, None] == 0, *there) + step
    return found


def drawn_digits(spec: DatasetSpec, seed: int) -> tuple[Array, Labels, Array, Array, Labels]:
    """Digits drawn class by class; what equal classes would leave is the test set. Pixels are scaled to [0, 1]."""
    pixels, labels, logits = images()
    rng = np.random.default_rng([seed, 1])
    order = rng.permutation(len(labels))
    drawn = [order[labels[order] == c] for c in range(10)]
    train = rng.permutation(np.concatenate([own[:n] for own, n in zip(drawn, counts(spec), strict=True)]))
    equal = counts(spec._replace(ratio=1.0))
    test = np.concatenate([own[n:] for own, n in zip(drawn, equal, strict=True)])
    x = pixels.reshape(len(pixels), -1) / 16.0
    return x[train], labels[train], logits[train], x[test], labels[test]
