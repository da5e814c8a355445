"""Wrong labels on purpose: noise of a known kind, on labels that are known, so that what finds wrong labels can be tested.

What is changed is always one label of K: a row's class; with a single logit, 0 or 1; and where several classes may be true,
each entry's 0 or 1. A logit z of a yes or no stands for the two logits (0, z).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, unknown_name
from .predictions import Batch, Predictions, Survey

KINDS = ("none", "uniform", "one class", "pair", "near boundary", "far from boundary")


class Noise(NamedTuple):
    """Which labels are changed: kind, rate and seed, and the classes that it is about.

    Two of the kinds need these; those of the boundary, given any, keep to labels of the first: `rate` is a share of those.
    """

    kind: str
    rate: float
    seed: int
    classes: tuple[int, int] | None


def noisy(batch: Batch, kind: str, rate: float, seed: int = 0, classes: tuple[int, int] | None = None) -> Batch:
    """A batch with some of its labels changed and those rows marked as suspects; the one given stays as it is.

    "none": the batch itself. "uniform": each label, with probability `rate`, becomes one of the other classes, all alike.
    "one class": the same, for labels of class `classes[0]` only. "pair": labels of class `classes[0]` become `classes[1]`
    with probability `rate`. "near boundary": the `rate` share of all labels, rounded, whose logit differs least from the best
    of the others become that other, the runner-up of what the model gets right; "far from boundary": those whose logit
    differs most; given classes, of labels of class `classes[0]` only. Which of equals is taken, the seed decides.

    Where several classes may be true, labels are the 0 and 1 of entries, and `classes` are columns: "one class" changes
    entries of that column; "pair" moves a truth from the first column to the second, in rows where that is not true yet.

    With the same seed a higher rate changes all rows that a lower one does. suspects: the rows changed, and those marked
    before. rate: in [0, 1]. Raises InputError, also for soft targets, which are no labels.
    """
    noise = Noise(kind, rate, seed, classes)
    _check(batch.survey, noise)
    if kind == "none":
        return batch
    rows = batch.rows
    several = batch.survey.task == "multi-label"
    targets = _entries(rows, noise) if several else _classes(rows, noise)
    differs = targets != rows.targets
    changed = differs.reshape(len(rows), -1).any(1)
    suspects = changed if rows.suspects is None else changed | rows.suspects
    places = "entries" if several else "labels"
    total = targets.size if several else len(rows)
    number = int(differs.sum()) if several else int(changed.sum())
    note = f"{number:,} of {total:,} {places} were changed on purpose: noise of the kind “{kind}”, rate {rate:g}, seed {seed}."
    survey = batch.survey._replace(
        counts=_counts(batch.survey.classes, targets), suspects=int(suspects.sum()), notes=(*batch.survey.notes, note)
    )
    return Batch(survey, replace(rows, targets=targets, suspects=suspects))


def _classes(rows: Predictions, noise: Noise) -> NDArray[Any]:
    """New targets, in the shape and dtype of the old, where one class is true."""
    classes, given = rows.logits.shape[1], rows.targets
    one_hot = given.ndim == 2 and classes > 1
    labels = given.argmax(1) if one_hot else given.reshape(-1).astype(np.int64)
    found = changed(labels, rows.logits if classes > 1 else _two(rows.logits), noise, labels)
    return (
        (np.arange(classes) == found[:, None]).astype(given.dtype)
        if one_hot
        else found.astype(given.dtype).reshape(given.shape)
    )


def _entries(rows: Predictions, noise: Noise) -> NDArray[Any]:
    """New targets where several classes may be true."""
    given = rows.targets
    n, columns = given.shape
    if noise.kind == "pair" and noise.classes:
        a, b = noise.classes
        moved = (np.random.default_rng(noise.seed).random(n) < noise.rate) & (given[:, a] == 1) & (given[:, b] == 0)
        shifted = given.copy()
        shifted[moved, a], shifted[moved, b] = 0, 1
        return shifted
    labels = given.reshape(-1).astype(np.int64)
    found = changed(labels, _two(rows.logits.reshape(-1, 1)), noise, np.tile(np.arange(columns), n))
    return found.astype(given.dtype).reshape(given.shape)


def _two(z: NDArray[Any]) -> NDArray[Any]:
    """The logits (0, z) of no and yes, (M, 2)."""
    return np.hstack((np.zeros_like(z), z))


def changed(labels: NDArray[np.int64], logits: NDArray[Any], noise: Noise, of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels (M,) with logits (M, K), some of them changed; `of` (M,): what `noise.classes` is about."""
    if noise.kind == "none":
        return labels
    rng = np.random.default_rng(noise.seed)
    draw = rng.random(len(labels))  # first, so that neither kind nor rate changes who is drawn
    if noise.kind.endswith("boundary"):
        rival, distance = rivals(labels, logits)
        asked = of == noise.classes[0] if noise.classes else np.ones(len(labels), bool)
        order = np.lexsort((draw, distance if noise.kind == "near boundary" else -distance, ~asked))
        chosen = np.zeros(len(labels), bool)
        chosen[order[: round(noise.rate * int(asked.sum()))]] = True
        return np.where(chosen, rival, labels)
    chosen = draw < noise.rate
    if noise.classes and noise.kind in ("one class", "pair"):
        chosen &= of == noise.classes[0]
        if noise.kind == "pair":
            return np.where(chosen, noise.classes[1], labels)
    step = rng.integers(1, logits.shape[1], len(labels))
    return np.where(chosen, (labels + step) % logits.shape[1], labels)


def rivals(labels: NDArray[np.int64], logits: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The class with the largest logit but for the label's, and how far from it the label's logit is."""
    here = np.arange(len(labels))
    others = logits.astype(np.float64)
    own = others[here, labels]
    others[here, labels] = -np.inf
    rival = others.argmax(1)
    return rival, np.abs(own - others[here, rival])


def _counts(classes: int, targets: NDArray[Any]) -> tuple[float, ...]:
    """The counts of a survey, of hard labels."""
    if targets.ndim == 2 and classes > 1:
        return tuple(targets.sum(0, dtype=np.float64).tolist())
    return tuple(np.bincount(targets.reshape(-1).astype(np.int64), minlength=max(2, classes)).astype(np.float64).tolist())


def _check(survey: Survey, noise: Noise) -> None:
    """InputError where the noise makes no sense on the batch."""
    if noise.kind not in KINDS:
        raise unknown_name("kind", noise.kind, KINDS)
    if not 0 <= noise.rate <= 1:
        raise InputError("rate", f"{noise.rate:g}", "a share from 0 to 1")
    if noise.seed < 0:
        raise InputError("seed", f"{noise.seed}", "a whole number, 0 or more")
    if noise.kind == "none":
        return
    if survey.masked:
        raise InputError("logits", f"{survey.masked} of −inf", "finite ones: a wrong label may be that of a masked class")
    if survey.soft:
        raise InputError("targets", "soft targets", "labels: noise turns one class into another, and a soft target names none")
    if noise.kind in ("one class", "pair") or (noise.classes and noise.kind != "uniform"):
        _check_classes(max(2, survey.classes), noise)


def _check_classes(classes: int, noise: Noise) -> None:
    if noise.classes is None:
        raise InputError("classes", "none", f"the classes that “{noise.kind}” is about")
    a, b = noise.classes
    for c in (a, b) if noise.kind == "pair" else (a,):
        if not 0 <= c < classes:
            raise InputError("classes", f"{c}", f"a class from 0 to {classes - 1}")
    if noise.kind == "pair" and a == b:
        raise InputError("classes", f"{a} twice", "two different classes")
