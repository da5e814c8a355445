"""Small worlds to train in: two classes in the plane, or real handwritten digits, with rare classes and wrong labels at will.

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


class Recipe(NamedTuple):
    """What a world is made of.

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


class World(NamedTuple):
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


def world(recipe: Recipe, seed: int) -> World:
    """The world of a recipe and a seed.

    Raises InputError where no such world exists, or none to learn from: a class without samples, or all labels wrong.
    """
    check(recipe)
    found = labelled(recipe, seed, *(drawn_digits if recipe.shape == "digits" else drawn_plane)(recipe, seed))
    _check_labels(found, recipe, classes_of(recipe.shape))
    return found


def labelled(recipe: Recipe, seed: int, x: Array, truth: Labels, scores: Array, test_x: Array, test_labels: Labels) -> World:
    """The world of what was drawn, some of its labels changed; scores (N, C): logits that say where the boundary is."""
    labels = changed(truth, scores, Noise(recipe.noise, recipe.rate, seed, recipe.pair), truth)
    prior = np.bincount(truth) / len(truth)
    return World(x, labels, truth, test_x, test_labels, prior)


def classes_of(shape: str) -> int:
    """How many classes a shape has."""
    return 10 if shape == "digits" else 2


def counts(recipe: Recipe) -> tuple[int, ...]:
    """How many samples of each class there are to train on, whatever the seed."""
    rare = round(recipe.samples / one_in(recipe))
    others = (round(recipe.samples / 10),) * 10 if recipe.shape == "digits" else (recipe.samples - rare,) * 2
    return (*others[: recipe.rare], rare, *others[recipe.rare + 1 :])


def one_in(recipe: Recipe) -> float:
    """One of so many samples is of the rare class."""
    return 10 * recipe.ratio if recipe.shape == "digits" else 1 + recipe.ratio


def check(recipe: Recipe) -> None:
    """InputError for what no world can be made of."""
    if recipe.shape not in SHAPES:
        raise unknown_name("shape", recipe.shape, SHAPES)
    if recipe.noise not in KINDS:
        raise unknown_name("noise", recipe.noise, KINDS)
    if not 0 <= recipe.rate <= 1:
        raise InputError("rate", f"{recipe.rate:g}", "a share from 0 to 1")
    if recipe.noise == "uniform" and recipe.rate == 1:
        raise InputError("rate", "1: every label is wrong", "less than 1, so that there is something to learn")
    _check_classes(recipe)
    _check_places(recipe)
    _check_numbers(recipe)


def _check_classes(recipe: Recipe) -> None:
    classes = classes_of(recipe.shape)
    for c in (recipe.rare, *(recipe.pair or ())):
        if not 0 <= c < classes:
            raise InputError("class", f"{c}", f"a class from 0 to {classes - 1}")
    if recipe.noise == "one class" and recipe.pair is None:
        raise InputError("classes", "None", "the class whose labels are changed")
    if recipe.noise == "pair" and (recipe.pair is None or recipe.pair[0] == recipe.pair[1]):
        raise InputError("classes", f"{recipe.pair}", "two different classes: whose labels are changed, and to what")


def _check_places(recipe: Recipe) -> None:
    if not math.isfinite(recipe.separation):
        raise InputError("separation", f"{recipe.separation:g}", "a number")
    if len(recipe.means) not in (0, 4) or not all(map(math.isfinite, recipe.means)):
        raise InputError("means", f"{recipe.means}", "four numbers, x and y of both classes, or none")


def _check_numbers(recipe: Recipe) -> None:
    """InputError where there is no sample of the rare class, or too few or too many of all."""
    if not 1 <= recipe.ratio < math.inf:
        raise InputError("ratio", f"{recipe.ratio:g}", "a number, 1 or more")
    fewest, most = SAMPLES[recipe.shape]
    if counts(recipe)[recipe.rare] < 1:
        least = max(fewest, math.floor(one_in(recipe) / 2) + 1)  # a half is rounded to none
        enough = f"at least {least}" if least <= most else "a smaller ratio"
        raise InputError("samples", f"{recipe.samples}, none of class {recipe.rare} at {recipe.ratio:g}:1", enough)
    if not fewest <= recipe.samples <= most:
        rest = ": of 1 797 digits the rest is the test set" if recipe.shape == "digits" else ""
        raise InputError("samples", f"{recipe.samples}", f"{fewest} to {most}{rest}")


def _check_labels(found: World, recipe: Recipe, classes: int) -> None:
    left = np.bincount(found.labels, minlength=classes)
    if not left.all():
        raise InputError(
            "labels",
            f"none that says class {int(left.argmin())}",
            "every class among them: more samples, or a lower noise rate",
        )
    if found.wrong.all():
        raise InputError("rate", f"{recipe.rate:g}: every label is wrong", "a lower rate, so that there is something to learn")


def middles(recipe: Recipe) -> tuple[float, ...]:
    """Where the middles of both classes of the plane are, (x₀, y₀, x₁, y₁): those that were asked for, or the shape's own."""
    s = recipe.separation
    own = {
        "gaussians": (-s, 0.0, s, 0.0),
        "moons": (-0.75, s / 2 - 0.9, 0.75, 0.9 - s / 2),
        "rings": (0.0, 0.0, 0.0, 0.0),
    }
    return recipe.means or own[recipe.shape]


def check_plane(recipe: Recipe) -> None:
    """InputError for digits, which are in no plane."""
    if recipe.shape not in STEP:
        raise InputError("means", f"of {recipe.shape}", "a shape of the plane: " + ", ".join(STEP))


def moved_means(recipe: Recipe, control: str, x: float, y: float) -> Recipe:
    """The recipe with the middle of one class at (x, y), to two decimals and no farther than `FARTHEST` from 0 either way.

    control: "mean0" or "mean1", whose middle it is; the other one stays where it is. Raises InputError for another control,
    for what is no number, and for digits, which have no middles.
    """
    names = ("mean0", "mean1")
    if control not in names:
        raise unknown_name("control", control, names)
    if math.isnan(x) or math.isnan(y):
        raise InputError("place", f"{x}, {y}", "two numbers")
    check_plane(recipe)
    there = list(middles(recipe))
    first = 2 * names.index(control)
    there[first : first + 2] = (round(min(max(at, -FARTHEST), FARTHEST), 2) + 0.0 for at in (x, y))
    return recipe._replace(means=tuple(there))


FARTHEST = 6.0
"""How far a middle can be moved from 0, in each direction."""


def centres(recipe: Recipe) -> tuple[Array, Array]:
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
        "rings": (0.5 * circle, (0.5 + recipe.separation) * circle),
    }
    first, second = np.array(middles(recipe)).reshape(2, 2)
    return own[recipe.shape][0] + first, own[recipe.shape][1] + second


def log_densities(recipe: Recipe, x: Array) -> Array:
    """log density of each class of the plane at x (N, 2), but for a constant that both share: (N, 2)."""
    parts = np.array_split(x, len(x) // 4096 + 1)  # all at once, many samples times all centres would not fit
    return np.concatenate([np.stack([log_density(recipe, centre, part) for centre in centres(recipe)], 1) for part in parts])


def log_density(recipe: Recipe, centre: Array, x: Array) -> Array:
    """log density (N,) at x of the class with these centres (K, 2)."""
    far = (x[:, :1] - centre[:, 0]) ** 2 + (x[:, 1:] - centre[:, 1]) ** 2
    far /= -2 * STEP[recipe.shape] ** 2
    nearest = far.max(1, keepdims=True)  # taken out first, for far away all of them are 0
    found: Array = nearest[:, 0] + np.log(np.exp(far - nearest).mean(1))
    return found


def best_accuracy(recipe: Recipe, x: Array, labels: Labels, prior: Array) -> float:
    """What share of samples x (N, 2) with `labels` (N,) the best rule gets right, each class counted by its share in `prior`.

    The rule knows densities and shares, and takes the class with the larger product; a model can beat it by luck only.
    """
    with np.errstate(divide="ignore"):
        right = (log_densities(recipe, x) + np.log(prior)).argmax(1) == labels
    return float(sum(share * right[labels == c].mean() for c, share in enumerate(prior)))


def drawn_plane(recipe: Recipe, seed: int) -> tuple[Array, Labels, Array, Array, Labels]:
    """Points of the plane, as many of each class as the recipe says; the test set has as many of both."""
    rng = np.random.default_rng([seed, 1])
    numbers = counts(recipe)
    truth = rng.permutation(np.repeat([0, 1], numbers))
    test_labels = np.repeat([0, 1], TEST)
    x, test_x = (points(recipe, labels, rng) for labels in (truth, test_labels))
    scores = log_densities(recipe, x) if recipe.noise.endswith("boundary") else np.zeros_like(x)
    return x, truth, scores, test_x, test_labels


def points(recipe: Recipe, labels: Labels, rng: np.random.Generator) -> Array:
    """A point (N, 2) for each label."""
    both, which = centres(recipe), rng.random(len(labels))
    there = [middle[(which * len(middle)).astype(int)] for middle in both]
    step: Array = rng.normal(0.0, STEP[recipe.shape], (len(labels), 2))
    found: Array = np.where(labels[:, None] == 0, *there) + step
    return found


def drawn_digits(recipe: Recipe, seed: int) -> tuple[Array, Labels, Array, Array, Labels]:
    """Digits drawn class by class; what equal classes would leave is the test set. Pixels are scaled to [0, 1]."""
    pixels, labels, logits = images()
    rng = np.random.default_rng([seed, 1])
    order = rng.permutation(len(labels))
    drawn = [order[labels[order] == c] for c in range(10)]
    train = rng.permutation(np.concatenate([own[:n] for own, n in zip(drawn, counts(recipe), strict=True)]))
    equal = counts(recipe._replace(ratio=1.0))
    test = np.concatenate([own[n:] for own, n in zip(drawn, equal, strict=True)])
    x = pixels.reshape(len(pixels), -1) / 16.0
    return x[train], labels[train], logits[train], x[test], labels[test]
