"""Label noise on purpose: of a known kind, on labels that are known, so that what detects wrong labels can be tested.

What is flipped is always one label of K: a row's class; with a single logit, 0 or 1; and where several classes may be true,
each entry's 0 or 1. A logit z of a yes or no stands for the two logits (0, z).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, unknown_name
from ..texts import say
from .predictions import Batch, Predictions, Survey

KINDS = ("none", "uniform", "one class", "pair", "near boundary", "far from boundary")
"""All kinds of label noise, in screen order; a link has a hyphen where these have a space."""


NAMES = {
    "uniform": say("uniform"),
    "one class": say("one class"),
    "pair": say("pair"),
    "near boundary": say("near boundary"),
    "far from boundary": say("far from boundary"),
}
"""What kinds are called in a sentence."""


class Noise(NamedTuple):
    """Which labels are flipped: one of `KINDS`, rate and seed, and the classes that it is about.

    Two of the kinds need classes; those of the boundary, where they have any, keep to labels of the first: `rate` is a share of
    those.
    """

    kind: str
    rate: float
    seed: int
    classes: tuple[int, int] | None


def noisy(batch: Batch, kind: str, rate: float, seed: int = 0, classes: tuple[int, int] | None = None) -> Batch:
    """A copy of a batch in which some labels are flipped and their rows marked as suspects.

    "none": the batch itself. "uniform": each label, with probability `rate`, becomes one of the other classes, all alike.
    "one class": the same, for labels of class `classes[0]` only. "pair": labels of class `classes[0]` become `classes[1]`
    with probability `rate`. "near boundary": the `rate` share of all labels, rounded, whose logit differs least from the best
    of the others become that other, the runner-up of what the model gets right; "far from boundary": those whose logit
    differs most; with classes, of labels of class `classes[0]` only. Which of equals is taken, the seed decides.

    Where several classes may be true, labels are the 0 and 1 of entries, and `classes` are columns: "one class" flips entries
    of that column; "pair" moves a 1 from the first column to the second, in rows where that is not 1 yet. With the same seed a
    higher rate flips all rows that a lower one does.

    Args:
        batch: N rows with C logits each, and hard labels.
        kind: one of `KINDS`.
        rate: the probability, or the share, of labels that are flipped, in [0, 1].
        seed: of the random numbers, 0 or more.
        classes: the classes that the kind is about, each in [0, C), or in [0, 2) for C = 1.

    Returns:
        The noisy batch; suspects (N,) are the rows that were flipped, and those that were marked before.

    Raises:
        InputError: for an unknown kind, for numbers out of range, and for soft targets or masked logits, which have no labels
            to flip.

    Reference:
        Patrini, Rozza, Menon, Nock, Qu 2017, Making Deep Neural Networks Robust to Label Noise, section 5: uniform and pair
        noise.

    Example:
        >>> from lossviz.data.digits import batch
        >>> noisy(batch(), "pair", rate=0.2, classes=(3, 8)).survey.suspects
        35
    """
    noise = Noise(kind, rate, seed, classes)
    _check(batch.survey, noise)
    if kind == "none":
        return batch
    rows = batch.rows
    several = batch.survey.task == "multi-label"
    targets = _flipped_entries(rows, noise) if several else _flipped_classes(rows, noise)
    entries = targets != rows.targets
    flipped = entries.reshape(len(rows), -1).any(1)
    suspects = flipped if rows.suspects is None else flipped | rows.suspects
    note = _of_entries(noise, int(entries.sum()), targets.size) if several else _of_labels(noise, int(flipped.sum()), len(rows))
    survey = batch.survey._replace(
        counts=_counts(batch.survey.classes, targets), suspects=int(suspects.sum()), notes=(*batch.survey.notes, note)
    )
    return Batch(survey, replace(rows, targets=targets, suspects=suspects))


def _of_entries(noise: Noise, number: int, total: int) -> str:
    """What was changed, in a sentence."""
    return say(
        "{number:,} of {total:,} entries were changed on purpose: noise of the kind “{kind}”, rate {rate:g}, seed {seed}.",
        number=number,
        total=total,
        kind=NAMES[noise.kind],
        rate=noise.rate,
        seed=noise.seed,
    )


def _of_labels(noise: Noise, number: int, total: int) -> str:
    """The same of labels."""
    return say(
        "{number:,} of {total:,} labels were changed on purpose: noise of the kind “{kind}”, rate {rate:g}, seed {seed}.",
        number=number,
        total=total,
        kind=NAMES[noise.kind],
        rate=noise.rate,
        seed=noise.seed,
    )


def _flipped_classes(rows: Predictions, noise: Noise) -> NDArray[Any]:
    """New targets, in the shape and dtype of the old, where one class is true."""
    classes, targets = rows.logits.shape[1], rows.targets
    one_hot = targets.ndim == 2 and classes > 1
    labels: NDArray[np.int64] = targets.argmax(1) if one_hot else targets.reshape(-1).astype(np.int64)
    flipped = flip_labels(labels, rows.logits if classes > 1 else _no_and_yes(rows.logits), noise, labels)
    shaped: NDArray[Any] = np.arange(classes) == flipped[:, None] if one_hot else flipped.reshape(targets.shape)
    return shaped.astype(targets.dtype)


def _flipped_entries(rows: Predictions, noise: Noise) -> NDArray[Any]:
    """New targets where several classes may be true."""
    targets = rows.targets
    n, columns = targets.shape
    if noise.kind == "pair" and noise.classes:
        a, b = noise.classes
        moved = (np.random.default_rng(noise.seed).random(n) < noise.rate) & (targets[:, a] == 1) & (targets[:, b] == 0)
        flipped = targets.copy()
        flipped[moved, a], flipped[moved, b] = 0, 1
        return flipped
    labels = targets.reshape(-1).astype(np.int64)
    flipped = flip_labels(labels, _no_and_yes(rows.logits.reshape(-1, 1)), noise, np.tile(np.arange(columns), n))
    return flipped.astype(targets.dtype).reshape(targets.shape)


def _no_and_yes(z: NDArray[Any]) -> NDArray[Any]:
    """The two logits (0, z), (M, 2), that a single logit z (M, 1) stands for."""
    return np.hstack((np.zeros_like(z), z))


def flip_labels(labels: NDArray[np.int64], logits: NDArray[Any], noise: Noise, classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels (M,) with logits (M, K), some of them flipped; classes (M,): whose label each one is, for `noise.classes`."""
    if noise.kind == "none":
        return labels
    rng = np.random.default_rng(noise.seed)
    draw = rng.random(len(labels))  # first, so that neither kind nor rate changes who is drawn
    if noise.kind.endswith("boundary"):
        rival, distance = rivals(labels, logits)
        eligible = classes == noise.classes[0] if noise.classes else np.ones(len(labels), bool)
        order = np.lexsort((draw, distance if noise.kind == "near boundary" else -distance, ~eligible))
        chosen = np.zeros(len(labels), bool)
        chosen[order[: round(noise.rate * int(eligible.sum()))]] = True
        return np.where(chosen, rival, labels)
    chosen = draw < noise.rate
    if noise.classes and noise.kind in ("one class", "pair"):
        chosen &= classes == noise.classes[0]
        if noise.kind == "pair":
            return np.where(chosen, noise.classes[1], labels)
    step = rng.integers(1, logits.shape[1], len(labels))
    return np.where(chosen, (labels + step) % logits.shape[1], labels)


def rivals(labels: NDArray[np.int64], logits: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The class (M,) with the largest logit but for the label's, and how far from it the label's logit is (M,)."""
    rows = np.arange(len(labels))
    others = logits.astype(np.float64)
    own = others[rows, labels]
    others[rows, labels] = -np.inf
    rival = others.argmax(1)
    return rival, np.abs(own - others[rows, rival])


def _counts(classes: int, targets: NDArray[Any]) -> tuple[float, ...]:
    """The counts of hard labels by class, as a survey has them."""
    if targets.ndim == 2 and classes > 1:
        return tuple(targets.sum(0, dtype=np.float64).tolist())
    return tuple(np.bincount(targets.reshape(-1).astype(np.int64), minlength=max(2, classes)).astype(np.float64).tolist())


def _check(survey: Survey, noise: Noise) -> None:
    """Raises InputError where the noise makes no sense on the batch."""
    if noise.kind not in KINDS:
        raise unknown_name("kind", noise.kind, KINDS)
    if not 0 <= noise.rate <= 1:
        raise InputError("rate", f"{noise.rate:g}", say("a share from 0 to 1"))
    if noise.seed < 0:
        raise InputError("seed", f"{noise.seed}", say("a whole number, 0 or more"))
    if noise.kind == "none":
        return
    if survey.masked:
        masked = say("{number} of −inf", number=survey.masked)
        raise InputError("logits", masked, say("finite ones: a wrong label may be that of a masked class"))
    if survey.soft:
        expected = say("labels: noise turns one class into another, and a soft target names none")
        raise InputError("targets", say("soft targets"), expected)
    if noise.kind in ("one class", "pair") or (noise.classes and noise.kind != "uniform"):
        _check_classes(max(2, survey.classes), noise)


def _check_classes(classes: int, noise: Noise) -> None:
    if noise.classes is None:
        raise InputError("classes", say("none"), say("the classes that “{kind}” is about", kind=NAMES[noise.kind]))
    a, b = noise.classes
    for c in (a, b) if noise.kind == "pair" else (a,):
        if not 0 <= c < classes:
            raise InputError("classes", f"{c}", say("a class from 0 to {last}", last=classes - 1))
    if noise.kind == "pair" and a == b:
        raise InputError("classes", say("{number} twice", number=a), say("two different classes"))
