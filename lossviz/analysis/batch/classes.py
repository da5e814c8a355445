"""How does each class fare? Its loss and gradient, recall, precision and calibration, and what it is confused with.

Kept of some rows are sums; those of any parts of the rows add up. Confusions are kept only where there are some, so that
thousands of classes take little memory.
"""

from __future__ import annotations

from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions, Source, Survey
from ...evaluation.activations import probabilities
from ...evaluation.setting import Array
from ...losses import LossSpec
from ...texts import say
from .calibration_error import without_bias
from .counting_unit import counting_units, evaluated, tensor
from .label_probabilities import SIDES
from .sample_filter import SampleFilter, guesses_of, labels_of, of_group

BINS = 15
"""Bins of equal width for the calibration error of a class."""

Integers = NDArray[np.int64]


class Confusions(NamedTuple):
    """K kinds of wrong decisions, by label and guess (K,), sorted: how many, and their loss.

    Where classes exclude each other, label and guess are classes. Where several may be true each entry is a decision: label and
    guess are 2·class, and 1 more for yes.
    """

    label: Integers
    guess: Integers
    size: Array
    loss: Array


class ClassSums(NamedTuple):
    """Sums over some rows, for C classes, (C,) each.

    labelled: rows with that label; guessed: rows with that guess, right: rows with both, confidence: Σ p of the class over the
    rows with that guess. units, loss, norm: what is counted of the class (`counting_unit`), its loss and gradient. bins (3, C,
    BINS): how many probabilities of the class are in each bin, Σ p and Σ t. whole (3,): samples, loss and gradient of all
    rows, those of other groups included.
    """

    labelled: Array
    guessed: Array
    right: Array
    confidence: Array
    units: Array
    loss: Array
    norm: Array
    bins: Array
    whole: Array
    confusions: Confusions


class Classes(NamedTuple):
    """All classes, (C,) each: nan where nothing is known.

    support: samples with that label. mean_loss: of what the loss counts of the class. loss_share, norm_share: of the whole
    batch. recall: how many with that label are guessed; precision: how many guesses of it are right; confidence: the mean
    probability of the class where it is guessed. ece: Σ n_b/N · |frequency − mean probability| of the class over all samples
    (classwise ECE; Kull et al. 2019); ece_calibrated: what it is on average if every label is drawn from its own probability;
    ece_debiased: without what chance adds (`calibration_error.without_bias`).
    """

    support: Array
    mean_loss: Array
    loss_share: Array
    norm_share: Array
    recall: Array
    precision: Array
    confidence: Array
    ece: Array
    ece_calibrated: Array
    ece_debiased: Array


class Pairs(NamedTuple):
    """K kinds of wrong decisions, the largest share of the loss first: label and guess as in `Confusions`, how many, which
    share of the label's decisions they are, and which share of the batch's loss."""

    label: Integers
    guess: Integers
    size: Array
    of_label: Array
    loss_share: Array


def class_sums(block: Predictions, survey: Survey, spec: LossSpec, group: int | None = None) -> ClassSums:
    """The sums of some rows; of one group only, if it is given."""
    ev = evaluated(spec, block)
    counted = counting_units(ev, block, survey.task)
    whole = np.array([len(block), *(x.sum(dtype=np.float64) for x in (counted.loss, counted.norm))])
    kept = of_group(block, group)
    entries = len(counted.loss) // max(1, len(block))
    of_unit = np.repeat(kept, entries)
    some = Predictions(block.logits[kept], block.targets[kept])
    loss, norm = (x[of_unit].astype(np.float64) for x in (counted.loss, counted.norm))
    if survey.task == "multi-label":
        return _of_entries(some, spec, loss, norm, whole)
    return _of_samples(some, spec, loss, norm, whole)


def merge(a: ClassSums, b: ClassSums) -> ClassSums:
    """The sums of the rows of both."""
    added: list[Any] = [x + y for x, y in zip(a[:-1], b[:-1], strict=True)]
    both: list[Any] = [np.concatenate(columns) for columns in zip(a.confusions, b.confusions, strict=True)]
    columns: Any = (*added, _gathered(*both))
    return ClassSums(*columns)


def total(source: Source, spec: LossSpec, group: int | None = None) -> ClassSums:
    """The sums of all rows."""
    return reduce(merge, (class_sums(block, source.survey, spec, group) for block in source.blocks()))


def _of_samples(some: Predictions, spec: LossSpec, loss: Array, norm: Array, whole: Array) -> ClassSums:
    """Classes that exclude each other: each sample has one label and one guess."""
    p = _probabilities(some, spec)
    classes, rows = p.shape[1], np.arange(len(p))
    label, guess = labels_of(some, False), guesses_of(some, spec.activation, False)
    wrong = label != guess

    def by(place: Integers, weight: Any = None) -> Array:
        sums_by: Array = np.bincount(place, weight, classes).astype(np.float64)
        return sums_by

    labelled = by(label)
    return ClassSums(
        labelled,
        by(guess),
        by(label[~wrong]),
        by(guess, p[rows, guess]),
        labelled,
        by(label, loss),
        by(label, norm),
        _bins(p, some),
        whole,
        _gathered(label[wrong], guess[wrong], np.ones(int(wrong.sum())), loss[wrong]),
    )


def _of_entries(some: Predictions, spec: LossSpec, loss: Array, norm: Array, whole: Array) -> ClassSums:
    """Classes of which several may be true: each entry is a decision."""
    p = _probabilities(some, spec)
    n, classes = p.shape
    label, guess = labels_of(some, True), guesses_of(some, spec.activation, True)
    loss, norm = loss.reshape(n, classes), norm.reshape(n, classes)
    row, number = np.nonzero(label != guess)
    sides = 2 * number + label[row, number], 2 * number + guess[row, number]
    return ClassSums(
        label.sum(0).astype(np.float64),
        guess.sum(0).astype(np.float64),
        (label & guess).sum(0).astype(np.float64),
        (p * guess).sum(0),
        np.full(classes, float(n)),
        loss.sum(0),
        norm.sum(0),
        _bins(p, some),
        whole,
        _gathered(*sides, np.ones(len(row)), loss[row, number]),
    )


def _probabilities(some: Predictions, spec: LossSpec) -> Array:
    """Of each class, (N, C), as the logits came; of no and yes, (N, 2), for a single sigmoid."""
    activation = "sigmoid" if spec.activation == "sigmoid" else "softmax"
    p: Array = probabilities(activation, tensor(some.logits), 1.0).double().cpu().numpy()
    return np.concatenate((1 - p, p), 1) if p.shape[1] == 1 else p


def _bins(p: Array, some: Predictions) -> Array:
    """How many probabilities of each class are in each bin, Σ p and Σ t, (3, C, BINS)."""
    classes = p.shape[1]
    place = np.minimum((p * BINS).astype(np.int64), BINS - 1) + BINS * np.arange(classes)
    true = _true(place, some, classes)
    sums = (np.bincount(place.reshape(-1), x, classes * BINS) for x in (None, p.reshape(-1)))
    return np.array([x.reshape(classes, BINS) for x in (*sums, true)], np.float64)


def _true(place: Integers, some: Predictions, classes: int) -> Array:
    """Σ t in each place. Labels are not made one-hot: of a large vocabulary that would be most of the memory."""
    t, rows, single = some.targets, np.arange(len(some)), some.logits.shape[1] == 1
    if single and t.dtype.kind == "f":
        yes = t.reshape(-1).astype(np.float64)
        t = np.stack((1 - yes, yes), 1)
    where, weight = (place[rows, t.astype(np.int64)], None) if t.ndim == 1 else (place.reshape(-1), t.reshape(-1))
    true: Array = np.bincount(where, weight, classes * BINS).astype(np.float64)
    return true


def _gathered(label: Integers, guess: Integers, count: Array, loss: Array) -> Confusions:
    """Sorted, each pair once."""
    size = int(guess.max(initial=0)) + 1
    keys, place = np.unique(label.astype(np.int64) * size + guess, return_inverse=True)
    number, lost = (np.bincount(place, weight, len(keys)).astype(np.float64) for weight in (count, loss))
    return Confusions(keys // size, keys % size, number, lost)


def classes(sums: ClassSums) -> Classes:
    """Every class."""
    _, loss, norm = sums.whole
    ece = without_bias(*sums.bins)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Classes(
            sums.labelled,
            sums.loss / sums.units,
            sums.loss / (loss or 1.0),
            sums.norm / (norm or 1.0),
            sums.right / sums.labelled,
            sums.right / sums.guessed,
            sums.confidence / sums.guessed,
            *(np.where(sums.bins[0].any(1), x, np.nan) for x in ece),
        )


def pairs(sums: ClassSums, survey: Survey, selection: SampleFilter | None = None) -> Pairs:
    """The wrong decisions, those only that go with a choice of class, label or guess."""
    entries = survey.task == "multi-label"
    confusions, selection = sums.confusions, selection or SampleFilter()
    label, guess = (x // 2 if entries else x for x in (confusions.label, confusions.guess))
    decided = _decided(sums, entries)[confusions.label]
    kept = np.ones(len(label), bool)
    if selection.of_class is not None:
        kept &= (label == selection.of_class) | (guess == selection.of_class)
    if entries:
        kept &= _of_entries_chosen(confusions, selection)
    else:
        kept &= (label == selection.label) | (selection.label is None)
        kept &= (guess == selection.guess) | (selection.guess is None)
    order = np.flatnonzero(kept)[np.argsort(-confusions.loss[kept], kind="stable")]
    return Pairs(
        confusions.label[order],
        confusions.guess[order],
        confusions.size[order],
        (confusions.size / decided)[order],
        confusions.loss[order] / (sums.whole[1] or 1.0),
    )


def _of_entries_chosen(confusions: Confusions, selection: SampleFilter) -> NDArray[np.bool_]:
    """The entries that are wrong about a chosen label, which they miss, or a chosen guess, which is a false alarm."""
    if selection.label is None and selection.guess is None:
        return np.ones(len(confusions.label), bool)
    missed = np.zeros(len(confusions.label), bool) if selection.label is None else confusions.label == 2 * selection.label + 1
    return missed if selection.guess is None else missed | (confusions.guess == 2 * selection.guess + 1)


def _decided(sums: ClassSums, entries: bool) -> Array:
    """How many decisions there are with each label of `Confusions`."""
    return np.stack((sums.units - sums.labelled, sums.labelled), 1).reshape(-1) if entries else sums.labelled


def decision_names(survey: Survey) -> tuple[str, ...]:
    """What the labels and guesses of `Confusions` are called."""
    names = class_names(survey)
    if survey.task != "multi-label":
        return names
    return tuple(side for name in names for side in (say("not {name}", name=name), name))


def class_names(survey: Survey) -> tuple[str, ...]:
    """What all classes are called; no and yes for a single sigmoid."""
    if survey.classes > 1:
        return survey.class_labels
    return survey.class_names if len(survey.class_names) == 2 else SIDES
