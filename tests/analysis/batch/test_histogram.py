"""Histograms of non-negative numbers, against counting one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossviz.analysis.batch.histogram import CELLS, FINEST, LOWEST, OCTAVES, bits_for, histogram, merged
from lossviz.analysis.batch.shares import carried_by, lorenz

from ... import specs
from .made import dense

TINY = [0.0, -0.0, 5e-324, 1e-310, 1e-300, 1e-45, 1e-40, 1e-30]
HUGE = [2.0**20, 1e7, 3.4e38, 1e39, 1e300]
AT_BORDERS = [m * 2.0**e for m in (1, 1.5, 1.25, 1 + 2**-6, 1 + 63 / 64) for e in (-44, -43, -1, 0, 1, 19)]


def drawn(seed: int, n: int = 500) -> np.ndarray:
    rng = specs.seeded("spread", seed)
    values = np.concatenate((rng.lognormal(0, 6, n), rng.uniform(0, 2, n), TINY, HUGE, AT_BORDERS, np.full(30, 0.7)))
    assert np.std(np.log(values[:n])) > 4
    return rng.permutation(values)


def cell(value: float, bits: int) -> int:
    """Which cell, by halving: the exponent and how far the value is to the next power of two."""
    value = float(np.float32(min(value, 3e38)))
    if value < 2.0**LOWEST:
        return 0
    mantissa, exponent = math.frexp(value)
    if exponent - 1 >= LOWEST + OCTAVES:
        return (OCTAVES << bits) - 1
    return ((exponent - 1 - LOWEST) << bits) + int((2 * mantissa - 1) * 2**bits)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(3))
def test_every_value_is_in_its_cell(seed: int, dtype: type) -> None:
    with np.errstate(over="ignore"):
        values = np.minimum(drawn(seed).astype(dtype), np.finfo(dtype).max)
    result = dense(histogram(values))
    count, total = np.zeros(OCTAVES << FINEST, int), np.zeros(OCTAVES << FINEST)
    for value in values.tolist():
        count[cell(value, FINEST)] += 1
        total[cell(value, FINEST)] += value
    assert result.counts.shape == (1, OCTAVES << FINEST)
    assert histogram(values).counts.dtype == np.int64
    np.testing.assert_array_equal(result.counts[0], count)
    np.testing.assert_allclose(result.total[0], total, rtol=1e-13)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost(seed: int) -> None:
    values = drawn(seed)
    values = values[values < 1e30]
    result = histogram(values)
    assert result.counts.sum() == len(values)
    assert result.total.sum() == pytest.approx(math.fsum(values), rel=1e-13)


def test_cells_are_in_the_order_of_values() -> None:
    values = np.sort(drawn(0))
    cells = [int(histogram(np.array([v])).cell.item()) for v in values]
    assert cells == sorted(cells)
    assert cells[0] == 0
    assert cells[-1] == (OCTAVES << FINEST) - 1
    assert len(set(cells)) > 300


def test_a_cell_is_as_wide_as_it_says() -> None:
    values = np.exp(np.linspace(np.log(1e-12), np.log(1e5), 40_000))
    ends = np.cumsum(histogram(values).counts)
    low, high = values[np.concatenate(([0], ends[:-1]))], values[ends - 1]
    assert (high / low < 1 + 2**-FINEST).all()
    assert (high / low).max() > 1 + 0.8 * 2**-FINEST


@pytest.mark.parametrize(("value", "place"), [(0.0, 0), (5e-324, 0), (1e-300, 0), (1e300, -1), (2.0**20, -1)])
def test_what_is_smaller_or_larger_is_at_the_ends(value: float, place: int) -> None:
    result = dense(histogram(np.array([value])))
    assert result.counts[0, place] == 1
    assert result.total[0, place] == value


@pytest.mark.parametrize("strata", [1, 2, 3, 100, 128, 129, 2000, 8192, 10_000])
def test_parties_are_apart_and_their_cells_are_affordable(strata: int) -> None:
    rng = specs.seeded("strata", strata)
    values, stratum = rng.lognormal(0, 2, 3000), rng.integers(strata, size=3000)
    kept = histogram(values, stratum, strata)
    result = dense(kept)
    assert len(kept.cell) <= 3000, "cells that hold nothing take no memory"
    np.testing.assert_allclose(kept.total_by_stratum, result.total.sum(1), rtol=1e-12)
    assert result.counts.shape == (strata, OCTAVES << bits_for(strata))
    assert result.counts.size <= max(CELLS, strata * OCTAVES)
    np.testing.assert_array_equal(result.counts.sum(1), np.bincount(stratum, minlength=strata))
    np.testing.assert_allclose(result.total.sum(1), np.bincount(stratum, values, strata), rtol=1e-12)
    for i in range(0, 3000, 100):
        assert result.counts[stratum[i], cell(values[i], bits_for(strata))] >= 1


def test_the_finer_the_fewer_parties() -> None:
    bits = [bits_for(p) for p in (1, 32, 33, 64, 65, 2048, 10**6)]
    assert bits == [6, 6, 5, 5, 4, 0, 0]


def test_party_numbers_are_left_as_they_are() -> None:
    stratum = np.array([2, 0, 1], np.int64)
    histogram(np.ones(3), stratum, 3)
    assert stratum.tolist() == [2, 0, 1]


def test_no_values() -> None:
    result = histogram(np.zeros(0))
    assert len(result.cell) == 0
    assert merged(result, result).counts.dtype == np.int64


def test_one_side_of_all_classes() -> None:
    rng = specs.seeded("sides")
    values, stratum = rng.lognormal(0, 1, 400), rng.integers(6, size=400)
    both = histogram(values, stratum, 6)
    for side in (0, 1):
        mask = stratum % 2 == side
        result = both.every(side, 2)
        assert result.counts.sum() == mask.sum()
        assert result.total.sum() == pytest.approx(values[mask].sum(), rel=1e-12)
        alone = histogram(values[mask], stratum[mask] // 2, 3)
        np.testing.assert_array_equal(result.total_by_stratum, alone.total_by_stratum)
        assert carried_by(lorenz(result), 0.1) == pytest.approx(carried_by(lorenz(alone), 0.1), rel=0.01)


@pytest.mark.parametrize("cut", [0, 1, 200, 400])
def test_parts_add_up(cut: int) -> None:
    rng = specs.seeded("add up")
    values, stratum = rng.lognormal(0, 3, 400), rng.integers(6, size=400)
    parts = [histogram(values[some], stratum[some], 6) for some in (slice(cut), slice(cut, None))]
    both, whole = merged(*parts), histogram(values, stratum, 6)
    assert both[:2] == whole[:2]
    np.testing.assert_array_equal(both.cell, whole.cell)
    np.testing.assert_array_equal(both.counts, whole.counts)
    np.testing.assert_allclose(both.total, whole.total, rtol=1e-13)
    assert [x.dtype for x in both[2:]] == [x.dtype for x in whole[2:]]
