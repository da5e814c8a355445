"""How often the 95 % interval of the binned calibration error holds the true one, by simulation.

    python -m benchmarks.calibration_coverage             # 300 batches of each kind; about ten minutes
    python -m benchmarks.calibration_coverage --batches 1000

Confidences are those of a softmax's predicted class (mostly near 1) or of a detector's anchors (mostly near 0). What comes true
is right, or wrong in five ways. The true error of the same 15 bins is computed from four million rows. Wanted: 93 to 97 % where
the true error is above 0 and can be told from 0; where it is 0 or cannot be told from 0 the interval begins at 0 and misses on
one side only, so that 97.5 % is right there and more is no fault. Beside it: the percentile bootstrap, the mean of the error as
it is usually written, and the mean of the value without bias, in points.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossviz.analysis.batch.calibration_error import interval, without_bias

from .server import line

Floats = NDArray[np.float64]

SIZES = (50, 200, 1797, 10_000)
BINS = 15
DRAWS = 500
"""Fewer than the page draws, which moves an end by a twentieth of the interval at most."""


def odds(p: Floats) -> Floats:
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return np.log(p / (1 - p))


def sigmoid(z: Floats) -> Floats:
    return 1 / (1 + np.exp(-z))


def classifier(n: int, rng: np.random.Generator) -> Floats:
    """The largest of ten probabilities."""
    z = rng.normal(0, 1.5, (n, 10))
    z[:, 0] += rng.choice([4, 8, 10], n)
    p = np.exp(z - z.max(1, keepdims=True))
    return 1 / p.sum(1)  # the largest is e⁰


def detector(n: int, rng: np.random.Generator) -> Floats:
    return sigmoid(rng.normal(-4.5, 2, n))


def one_bad_bin(number: int, by: float) -> Callable[[Floats], Floats]:
    return lambda p: np.where((p * BINS).astype(int) == number, p + by, p)


class Kind(NamedTuple):
    """What is said, and by its name what comes true of it."""

    name: str
    confidences: Callable[[int, np.random.Generator], Floats]
    true: dict[str, Callable[[Floats], Floats]]


SHAPES: dict[str, Callable[[Floats], Floats]] = {
    "perfect": lambda p: p,
    "T = 0.7": lambda p: sigmoid(odds(p) / 0.7),
    "T = 1.5": lambda p: sigmoid(odds(p) / 1.5),
    "odds shifted by -0.5": lambda p: sigmoid(odds(p) - 0.5),
    "odds shifted by +0.5": lambda p: sigmoid(odds(p) + 0.5),
}

KINDS = (
    Kind("classifier", classifier, SHAPES | {"one bad bin": one_bad_bin(13, -0.3)}),
    Kind("detector", detector, SHAPES | {"one bad bin": one_bad_bin(1, 0.3)}),
)


def binned(p: Floats, true: Floats) -> tuple[Floats, Floats, Floats]:
    """Counts, Σ p and Σ of what came true, (BINS,)."""
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return tuple(np.bincount(place, x, BINS) for x in (np.ones_like(p), p, true))  # type: ignore[return-value]


def truth(kind: Kind, shape: str, rows: int = 4_000_000) -> float:
    """The error of the population in these bins."""
    rng, result = np.random.default_rng(99), np.zeros(BINS)
    for _ in range(rows // 500_000):
        p = kind.confidences(500_000, rng)
        _, confidences, true = binned(p, kind.true[shape](p))
        result += confidences - true
    return float(np.abs(result).sum() / rows)


def bootstrap(counts: Floats, confidences: Floats, true: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """The percentile interval of the error as written, of rows drawn anew."""
    n, filled = int(counts.sum()), counts > 0
    counts, confidences, true = counts[filled], confidences[filled], true[filled]
    sizes = rng.multinomial(n, counts / n, 1000)
    errors = np.abs(rng.binomial(sizes, true / counts) - sizes * confidences / counts).sum(1) / n
    low, high = np.quantile(errors, (0.025, 0.975))
    return float(low), float(high)


class Coverage(NamedTuple):
    """Of some batches: the shares of intervals that hold the truth, lie above it and lie below it, and that begin at 0; the
    share of bootstrap intervals that hold it; and the means of the error as written and without bias."""

    holds: float
    above: float
    below: float
    from_0: float
    bootstrap: float
    nominal: float
    debiased: float


def coverage(kind: Kind, shape: str, theta: float, size: int, batches: int) -> Coverage:
    """By simulation, from a fixed seed."""
    rng, result = np.random.default_rng([7, size]), np.empty((batches, 7))
    for i in range(batches):
        p = kind.confidences(size, rng)
        sums = binned(p, (rng.random(size) < kind.true[shape](p)).astype(float))
        ours, (low, high), chance = interval(*sums, seed=i, draws=DRAWS), bootstrap(*sums, rng), without_bias(*sums)
        above, below = ours.low > theta, ours.high < theta
        sides = (not above and not below, above, below, ours.low == 0)
        result[i] = (*sides, low <= theta <= high, chance.error, chance.debiased)
    return Coverage(*result.mean(0).tolist())


def main(batches: int = 300, kinds: Sequence[str] = ("classifier", "detector")) -> None:
    """Every kind, shape and size."""
    print(f"\nCalibration: coverage of the 95 % interval, {batches:,} batches each")
    for kind in (one for one in KINDS if one.name in kinds):
        for shape in kind.true:
            theta = truth(kind, shape)
            print(f"{kind.name}, {shape}: true error {100 * theta:.2f} points")
            for size in SIZES:
                result = coverage(kind, shape, theta, size, batches)
                line(
                    f"  {size:,} samples",
                    f"{100 * result.holds:.1f} %",
                    f"too high {100 * result.above:.1f}, too low {100 * result.below:.1f}, from 0 {100 * result.from_0:.0f} %; "
                    f"bootstrap {100 * result.bootstrap:.1f} %; as written {100 * result.nominal:.2f}, "
                    f"without bias {100 * result.debiased:.2f}",
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=300)
    parser.add_argument("--kinds", nargs="+", default=["classifier", "detector"])
    main(**vars(parser.parse_args()))
