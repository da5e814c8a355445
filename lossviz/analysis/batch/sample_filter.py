"""Some samples of a batch: those with a class, a label, a guess, or of a group."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions

Integers = NDArray[np.int64]


class SampleFilter(NamedTuple):
    """What the chosen samples have, None where it is left open: a class that is their label or their guess, the label, the
    guess, and the group by its code. For a single sigmoid, classes are 0 and 1."""

    of_class: int | None = None
    label: int | None = None
    guess: int | None = None
    group: int | None = None


def chosen(block: Predictions, activation: str, several: bool, selection: SampleFilter) -> NDArray[np.bool_]:
    """Which rows (N,) are chosen; `several`: whether several classes may be true."""
    label, guess = labels_of(block, several), guesses_of(block, activation, several)
    kept = of_group(block, selection.group)
    if selection.label is not None:
        kept &= _has(label, selection.label)
    if selection.guess is not None:
        kept &= _has(guess, selection.guess)
    if selection.of_class is not None:
        kept &= _has(label, selection.of_class) | _has(guess, selection.of_class)
    return kept


def of_group(block: Predictions, group: int | None) -> NDArray[np.bool_]:
    """The rows (N,) of a group; all, if none is chosen."""
    if group is None:
        return np.ones(len(block), bool)
    return np.zeros(len(block), bool) if block.groups is None else block.groups == group


def _has(numbers: Integers, number: int) -> NDArray[np.bool_]:
    has: NDArray[np.bool_] = numbers[:, number] == 1 if numbers.ndim == 2 else numbers == number
    return has


def labels_of(block: Predictions, several: bool) -> Integers:
    """The label of each row (N,), the likeliest where targets are soft; or where several classes may be true 0 and 1 for each
    (N, C), 1 for targets above ½."""
    t = block.targets
    if block.logits.shape[1] == 1:
        return (t.reshape(-1) > 0.5).astype(np.int64)
    if several:
        return (t > 0.5).astype(np.int64)
    return t.argmax(1) if t.ndim == 2 else t.astype(np.int64)


def guesses_of(block: Predictions, activation: str, several: bool) -> Integers:
    """The guess of each row (N,): the class with the largest logit; or where several may be true 0 and 1 for each (N, C): under
    sigmoid by the logit's sign."""
    z = block.logits
    if z.shape[1] == 1:
        return (z[:, 0] > 0).astype(np.int64)
    if several and activation == "sigmoid":
        return (z > 0).astype(np.int64)
    likeliest: Integers = z.argmax(1)
    return (likeliest[:, None] == np.arange(z.shape[1])).astype(np.int64) if several else likeliest
