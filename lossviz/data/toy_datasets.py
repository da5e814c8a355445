"""Toy datasets to train on: two classes in the plane, or real handwritten digits, with rare classes and label noise at will.

In the plane each class is a mixture of Gaussians: a sample is one of its centres, drawn at random, plus a Gaussian step. So the
class densities are known: noise at the boundary is chosen by them, and the accuracy of the Bayes rule is computed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, unknown_name
from ..texts import joined, say
from .digits import images
from .noise import KINDS, Noise, flip_labels

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

SHAPES = ("gaussians", "moons", "rings", "digits")

TEST_PER_CLASS = 5000
"""Test samples of each class in the plane."""

SAMPLE_RANGE = {"gaussians": (2, 50_000), "moons": (2, 50_000), "rings": (2, 50_000), "digits": (100, 1600)}
"""The fewest and the most training samples of each shape."""

STD = {"gaussians": 1.0, "moons": 0.35, "rings": 0.35}
"""The standard deviation of the Gaussian step around a centre, in each direction."""


class DatasetSpec(NamedTuple):
    """What a toy dataset is made of.

    shape: one of `SHAPES`. samples: how many to train on. ratio: how many times rarer class `rare` is than each other one, ≥ 1.
    separation: how far apart the two classes of the plane are. means: the class means (x₀, y₀, x₁, y₁), or () for the shape's
    own. noise: one of the kinds of label noise in `noise.KINDS`, at a `rate`, a share of the labels of the class(es) that it is
    about: of class a where `pair` is (a, b), of all where it is None.
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
    """Inputs x (N, D) with the labels (N,) to train on and the true classes (N,); a clean test set; the class prior.

    prior (C,): the share of each true class among the training samples; the test set may have other shares.
    """

    x: Array
    labels: Labels
    truth: Labels
    test_x: Array
    test_labels: Labels
    prior: Array

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which training labels (N,) differ from the true class."""
        wrong: NDArray[np.bool_] = self.labels != self.truth
        return wrong


def make_dataset(spec: DatasetSpec, seed: int) -> Dataset:
    """The dataset that a spec and a seed define; the same two always give the same one.

    Args:
        spec: what it is made of.
        seed: of the random numbers, 0 or more.

    Returns:
        Inputs (N, 2), or (N, 64) for digits, with noisy labels to train on, and a clean test set.

    Raises:
        InputError: where no such dataset exists, or none to learn from: a class without samples, or all labels wrong.

    Example:
        >>> dataset = make_dataset(DatasetSpec("gaussians", samples=110, ratio=10.0, noise="uniform", rate=0.1), seed=0)
        >>> dataset.x.shape, np.bincount(dataset.truth).tolist(), int(dataset.wrong.sum())
        ((110, 2), [100, 10], 11)
    """
    check_spec(spec)
    draw = draw_digits if spec.shape == "digits" else draw_plane
    dataset = with_label_noise(spec, seed, *draw(spec, seed))
    _check_labels(dataset, spec, class_count(spec.shape))
    return dataset


def with_label_noise(
    spec: DatasetSpec, seed: int, x: Array, truth: Labels, scores: Array, test_x: Array, test_labels: Labels
) -> Dataset:
    """The dataset of samples with their true classes, some of their labels flipped; scores (N, C): logits, for the boundary."""
    labels = flip_labels(truth, scores, Noise(spec.noise, spec.rate, seed, spec.pair), truth)
    prior = np.bincount(truth) / len(truth)
    return Dataset(x, labels, truth, test_x, test_labels, prior)


def class_count(shape: str) -> int:
    """How many classes a shape has."""
    return 10 if shape == "digits" else 2


def class_counts(spec: DatasetSpec) -> tuple[int, ...]:
    """How many training samples each class has (C,), whatever the seed."""
    rare = round(spec.samples / samples_per_rare(spec))
    others = (round(spec.samples / 10),) * 10 if spec.shape == "digits" else (spec.samples - rare,) * 2
    return (*others[: spec.rare], rare, *others[spec.rare + 1 :])


def samples_per_rare(spec: DatasetSpec) -> float:
    """One of so many samples is of the rare class."""
    return 10 * spec.ratio if spec.shape == "digits" else 1 + spec.ratio


def check_spec(spec: DatasetSpec) -> None:
    """Raises InputError for a spec that no dataset can be made of."""
    if spec.shape not in SHAPES:
        raise unknown_name("shape", spec.shape, SHAPES)
    if spec.noise not in KINDS:
        raise unknown_name("noise", spec.noise, KINDS)
    if not 0 <= spec.rate <= 1:
        raise InputError("rate", f"{spec.rate:g}", say("a share from 0 to 1"))
    if spec.noise == "uniform" and spec.rate == 1:
        expected = say("less than 1, so that there is something to learn")
        raise InputError("rate", say("{rate:g}: every label is wrong", rate=spec.rate), expected)
    _check_classes(spec)
    _check_means(spec)
    _check_samples(spec)


def _check_classes(spec: DatasetSpec) -> None:
    classes = class_count(spec.shape)
    for c in (spec.rare, *(spec.pair or ())):
        if not 0 <= c < classes:
            raise InputError("class", f"{c}", say("a class from 0 to {last}", last=classes - 1))
    if spec.noise == "one class" and spec.pair is None:
        raise InputError("classes", "None", say("the class whose labels are changed"))
    if spec.noise == "pair" and (spec.pair is None or spec.pair[0] == spec.pair[1]):
        raise InputError("classes", f"{spec.pair}", say("two different classes: whose labels are changed, and to what"))


def _check_means(spec: DatasetSpec) -> None:
    if not math.isfinite(spec.separation):
        raise InputError("separation", f"{spec.separation:g}", say("a number"))
    if len(spec.means) not in (0, 4) or not all(map(math.isfinite, spec.means)):
        raise InputError("means", f"{spec.means}", say("four numbers, x and y of both classes, or none"))


def _check_samples(spec: DatasetSpec) -> None:
    """Raises InputError where there is no sample of the rare class, or too few or too many of all."""
    if not 1 <= spec.ratio < math.inf:
        raise InputError("ratio", f"{spec.ratio:g}", say("a number, 1 or more"))
    low, high = SAMPLE_RANGE[spec.shape]
    if class_counts(spec)[spec.rare] < 1:
        needed = max(low, math.floor(samples_per_rare(spec) / 2) + 1)  # a half is rounded to none
        enough = say("at least {needed}", needed=needed) if needed <= high else say("a smaller ratio")
        none = say("{samples}, none of class {number} at {ratio:g}:1", samples=spec.samples, number=spec.rare, ratio=spec.ratio)
        raise InputError("samples", none, enough)
    if not low <= spec.samples <= high:
        expected = say("{low} to {high}", low=low, high=high)
        if spec.shape == "digits":
            expected = say("{low} to {high}: of 1,797 digits the rest is the test set", low=low, high=high)
        raise InputError("samples", f"{spec.samples}", expected)


def _check_labels(dataset: Dataset, spec: DatasetSpec, classes: int) -> None:
    """Raises InputError where the noise has left nothing to learn."""
    counts = np.bincount(dataset.labels, minlength=classes)
    if not counts.all():
        raise InputError(
            "labels",
            say("none that says class {number}", number=int(counts.argmin())),
            say("every class among them: more samples, or a lower noise rate"),
        )
    if dataset.wrong.all():
        expected = say("a lower rate, so that there is something to learn")
        raise InputError("rate", say("{rate:g}: every label is wrong", rate=spec.rate), expected)


def class_means(spec: DatasetSpec) -> tuple[float, ...]:
    """The means (x₀, y₀, x₁, y₁) of the two classes of the plane: those of the spec, or the shape's own."""
    s = spec.separation
    defaults = {
        "gaussians": (-s, 0.0, s, 0.0),
        "moons": (-0.75, s / 2 - 0.9, 0.75, 0.9 - s / 2),
        "rings": (0.0, 0.0, 0.0, 0.0),
    }
    return spec.means or defaults[spec.shape]


def check_has_means(spec: DatasetSpec) -> None:
    """Raises InputError for digits, which are in no plane."""
    if spec.shape not in STD:
        raise InputError(
            "means", say("of {shape}", shape=spec.shape), say("a shape of the plane: {shapes}", shapes=joined(STD))
        )


def move_mean(spec: DatasetSpec, control: str, x: float, y: float) -> DatasetSpec:
    """The spec with the mean of one class at (x, y), to two decimals and no farther than `MEAN_LIMIT` from 0 either way.

    control: "mean0" or "mean1", whose mean it is; the other one stays where it is. Raises InputError for another control,
    for what is no number, and for digits, which have no means.
    """
    names = ("mean0", "mean1")
    if control not in names:
        raise unknown_name("control", control, names)
    if math.isnan(x) or math.isnan(y):
        raise InputError("place", f"{x}, {y}", say("two numbers"))
    check_has_means(spec)
    means = list(class_means(spec))
    first = 2 * names.index(control)
    means[first : first + 2] = (round(min(max(at, -MEAN_LIMIT), MEAN_LIMIT), 2) + 0.0 for at in (x, y))
    return spec._replace(means=tuple(means))


MEAN_LIMIT = 6.0
"""How far a class mean can be moved from 0, in each direction."""


def centres(spec: DatasetSpec) -> tuple[Array, Array]:
    """The centres (K, 2) of the Gaussians that each of the two classes of the plane is a mixture of.

    gaussians: one each, at (∓separation, 0). moons: two half circles of radius 1.5 that reach into each other the less the
    larger the separation. rings: a circle of radius ½ within one that is larger by the separation.
    """
    angle = np.linspace(0, np.pi, 200)
    arc = np.stack((np.cos(angle), np.sin(angle)), 1)
    circle = np.concatenate((arc, -arc))
    centred = {
        "gaussians": (np.zeros((1, 2)), np.zeros((1, 2))),
        "moons": (1.5 * arc, -1.5 * arc),
        "rings": (0.5 * circle, (0.5 + spec.separation) * circle),
    }
    first, second = np.array(class_means(spec)).reshape(2, 2)
    return centred[spec.shape][0] + first, centred[spec.shape][1] + second


def log_densities(spec: DatasetSpec, x: Array) -> Array:
    """The log density (N, 2) of each class of the plane at x (N, 2), but for a constant that both share."""
    parts = np.array_split(x, len(x) // 4096 + 1)  # all at once, many samples times all centres would not fit
    return np.concatenate([np.stack([log_density(spec, centre, part) for centre in centres(spec)], 1) for part in parts])


def log_density(spec: DatasetSpec, centre: Array, x: Array) -> Array:
    """The log density (N,) at x (N, 2) of the class with these centres (K, 2), but for a constant: a log-sum-exp."""
    exponents = (x[:, :1] - centre[:, 0]) ** 2 + (x[:, 1:] - centre[:, 1]) ** 2
    exponents /= -2 * STD[spec.shape] ** 2
    largest = exponents.max(1, keepdims=True)  # taken out first, for far away all exponentials are 0
    log_density: Array = largest[:, 0] + np.log(np.exp(exponents - largest).mean(1))
    return log_density


def bayes_accuracy(spec: DatasetSpec, x: Array, labels: Labels, prior: Array) -> float:
    """The accuracy of the Bayes rule on samples x (N, 2) with `labels` (N,), each class weighted by its share in `prior` (2,).

    The rule knows densities and prior, and takes the class with the larger product; a model can beat it by luck only.
    """
    with np.errstate(divide="ignore"):
        correct = (log_densities(spec, x) + np.log(prior)).argmax(1) == labels
    return float(sum(share * correct[labels == c].mean() for c, share in enumerate(prior)))


def draw_plane(spec: DatasetSpec, seed: int) -> tuple[Array, Labels, Array, Array, Labels]:
    """Points x (N, 2) of the plane, their classes, class scores (N, 2), and a test set with as many of both classes."""
    rng = np.random.default_rng([seed, 1])
    truth = rng.permutation(np.repeat([0, 1], class_counts(spec)))
    test_labels = np.repeat([0, 1], TEST_PER_CLASS)
    x, test_x = (draw_points(spec, labels, rng) for labels in (truth, test_labels))
    scores = log_densities(spec, x) if spec.noise.endswith("boundary") else np.zeros_like(x)
    return x, truth, scores, test_x, test_labels


def draw_points(spec: DatasetSpec, labels: Labels, rng: np.random.Generator) -> Array:
    """A point of the plane for each label: (N, 2)."""
    mixtures, quantile = centres(spec), rng.random(len(labels))
    drawn = [centre[(quantile * len(centre)).astype(int)] for centre in mixtures]
    step: Array = rng.normal(0.0, STD[spec.shape], (len(labels), 2))
    x: Array = np.where(labels[:, None] == 0, *drawn) + step
    return x


def draw_digits(spec: DatasetSpec, seed: int) -> tuple[Array, Labels, Array, Array, Labels]:
    """Pixels x (N, 64) in [0, 1] of digits drawn class by class, their classes, the model's logits, and a test set.

    The test set is what a training set of equal classes would leave.
    """
    pixels, labels, logits = images()
    rng = np.random.default_rng([seed, 1])
    order = rng.permutation(len(labels))
    by_class = [order[labels[order] == c] for c in range(10)]
    train = rng.permutation(np.concatenate([rows[:n] for rows, n in zip(by_class, class_counts(spec), strict=True)]))
    balanced = class_counts(spec._replace(ratio=1.0))
    test = np.concatenate([rows[n:] for rows, n in zip(by_class, balanced, strict=True)])
    x = pixels.reshape(len(pixels), -1) / 16.0
    return x[train], labels[train], logits[train], x[test], labels[test]
