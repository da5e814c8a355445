"""Seeded inputs that the core's tests share: rows of logits at every scale, and targets of every kind."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

MAGNITUDES = (30.0, 100.0, 1e3, 1e4, 1e30)
SEED = 20_240_607


def alternating(*axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Every combination of all axes but the last, each with one value of the last: the next one with each step along any axis.

    So any value of an axis, and any combination of all but one of them, is there with every value of the last.
    """
    *others, last = axes
    steps = itertools.product(*map(range, map(len, others)))
    return [(*(axis[i] for axis, i in zip(others, at, strict=True)), last[sum(at) % len(last)]) for at in steps]


def paired(*axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A few combinations in which every value of an axis meets every value of every other axis: a covering array.

    Greedy: a combination begins with a pair that has not been there, and takes from each other axis what is new to most of it.
    """
    missing = {
        (a, i, b, j)
        for (a, first), (b, second) in itertools.combinations(enumerate(axes), 2)
        for i, j in itertools.product(range(len(first)), range(len(second)))
    }
    rows: list[dict[int, int]] = []
    while missing:
        a, i, b, j = min(missing)
        row = {a: i, b: j}
        for k in sorted(set(range(len(axes))) - {a, b}, key=lambda k: -len(axes[k])):
            # From another value on in each row, so that ties do not always go to the first.
            turned = [(len(rows) + value) % len(axes[k]) for value in range(len(axes[k]))]
            row[k] = max(turned, key=lambda value: len(_pairs({**row, k: value}) & missing))
        rows.append(row)
        missing -= _pairs(row)
    return [tuple(axis[row[k]] for k, axis in enumerate(axes)) for row in rows]


def _pairs(row: dict[int, int]) -> set[tuple[int, int, int, int]]:
    return {(a, i, b, j) for (a, i), (b, j) in itertools.combinations(sorted(row.items()), 2)}


def thinned(rows: Sequence[tuple[Any, ...]], *groups: tuple[int, ...]) -> list[tuple[Any, ...]]:
    """A few of the rows: what the columns of a group have together in any of them, they have in one of these.

    Greedy: next comes what brings most that is new, with values that have been there least.
    """

    def parts(row: tuple[Any, ...]) -> set[Any]:
        return {(group, tuple(row[k] for k in group)) for group in groups}

    kept: list[tuple[Any, ...]] = []
    missing = set[Any]().union(*map(parts, rows))
    while missing:
        counts = Counter(value for row in kept for value in enumerate(row))
        best = max(rows, key=lambda row: (len(parts(row) & missing), -sum(counts[value] for value in enumerate(row))))
        kept.append(best)
        missing -= parts(best)
    return sorted(kept, key=rows.index)


def generator(*words: object) -> np.random.Generator:
    """A generator of its own for each test case, the same in every run."""
    return np.random.default_rng([SEED, *"|".join(map(str, words)).encode()])


def logits(classes: int, dtype: str, rng: np.random.Generator, ordinary: int = 3) -> Array:
    """Ordinary rows, a row at each magnitude (both signs, one class or all), ties at the top, and a row of equal logits.

    One class or all in turn, and which equal logits, are drawn: among the many cases of a test each has each kind often.
    """
    rows = [rng.normal(0, 3, classes) for _ in range(ordinary)]
    for turn, size in enumerate(MAGNITUDES, rng.integers(2)):
        alone = rng.normal(0, 1, classes)
        alone[rng.integers(classes)] = size * rng.choice([-1, 1])
        rows.append(alone if turn % 2 else size * rng.choice([-1.0, 1.0], classes) * rng.uniform(0.5, 1, classes))
    rows.append(np.full(classes, rng.choice([0, 2.5, -1e4])))
    if classes > 1:
        tied = rng.normal(0, 2, classes)
        first, second = rng.choice(classes, 2, replace=False)
        tied[first] = tied[second] = 5.0
        rows.append(tied)
    z = np.array(rows).astype(dtype)
    assert len(np.unique(z[:ordinary])) == ordinary * classes, "the inputs have to vary"
    return z


def infinite(classes: int, dtype: str, rng: np.random.Generator) -> Array:
    """Rows with one logit at +∞, one at −∞, and (if there are so many) one at each."""
    rows = rng.normal(0, 3, (3, classes))
    for row, signs in zip(rows, ((1,), (-1,), (1, -1)), strict=True):
        places = rng.choice(classes, min(len(signs), classes), replace=False)
        row[places] = np.array(signs[: len(places)]) * np.inf
    return rows.astype(dtype)


def soft(rows: int, classes: int, dtype: str, rng: np.random.Generator, distribution: bool) -> Array:
    """Soft targets in [0, 1], some exactly 0 or 1; rows sum to 1 where they are to be a distribution."""
    t = rng.uniform(0, 1, (rows, classes))
    t[rng.uniform(size=t.shape) < 0.15] = 0.0
    if distribution:
        t[np.arange(rows), rng.integers(classes, size=rows)] += 0.5
        t /= t.sum(1, keepdims=True)
        t[:: max(1, rows // 3)] = np.eye(classes)[rng.integers(classes, size=len(t[:: max(1, rows // 3)]))]
    else:
        t[rng.uniform(size=t.shape) < 0.15] = 1.0
    return np.clip(t.astype(dtype), 0, 1)
