"""Histograms of non-negative numbers, against counting one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossviz.analysis.batch.histogram import CELLS, FINEST, LOWEST, OCTAVES, bits_for, spread

from ... import specs

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
    found = spread(values)
    count, total = np.zeros(OCTAVES << FINEST, int), np.zeros(OCTAVES << FINEST)
    for value in values.tolist():
        count[cell(value, FINEST)] += 1
        total[cell(value, FINEST)] += value
    assert found.counts.shape == (1, OCTAVES << FINEST)
    assert found.counts.dtype == np.int64
    np.testing.assert_array_equal(found.counts[0], count)
    np.testing.assert_allclose(found.total[0], total, rtol=1e-13)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost(seed: int) -> None:
    values = drawn(seed)
    values = values[values < 1e30]
    found = spread(values)
    assert found.counts.sum() == len(values)
    assert found.total.sum() == pytest.approx(math.fsum(values), rel=1e-13)


def test_cells_are_in_the_order_of_values() -> None:
    values = np.sort(drawn(0))
    cells = [int(spread(np.array([v])).counts.argmax()) for v in values]
    assert cells == sorted(cells)
    assert cells[0] == 0
    assert cells[-1] == (OCTAVES << FINEST) - 1
    assert len(set(cells)) > 300


def test_a_cell_is_as_wide_as_it_says() -> None:
    values = np.exp(np.linspace(np.log(1e-12), np.log(1e5), 40_000))
    found = spread(values)
    held = np.flatnonzero(found.counts[0])
    ends = np.cumsum(found.counts[0][held])
    low, high = values[np.concatenate(([0], ends[:-1]))], values[ends - 1]
    assert (high / low < 1 + 2**-FINEST).all()
    assert (high / low).max() > 1 + 0.8 * 2**-FINEST


@pytest.mark.parametrize(("value", "place"), [(0.0, 0), (5e-324, 0), (1e-300, 0), (1e300, -1), (2.0**20, -1)])
def test_what_is_smaller_or_larger_is_at_the_ends(value: float, place: int) -> None:
    found = spread(np.array([value]))
    assert found.counts[0, place] == 1
    assert found.total[0, place] == value


@pytest.mark.parametrize("parties", [1, 2, 3, 100, 128, 129, 2000, 8192, 10_000])
def test_parties_are_apart_and_their_cells_are_affordable(parties: int) -> None:
    rng = specs.seeded("parties", parties)
    values, party = rng.lognormal(0, 2, 3000), rng.integers(parties, size=3000)
    found = spread(values, party, parties)
    assert found.counts.shape == (parties, OCTAVES << bits_for(parties))
    assert found.counts.size <= max(CELLS, parties * OCTAVES)
    np.testing.assert_array_equal(found.counts.sum(1), np.bincount(party, minlength=parties))
    np.testing.assert_allclose(found.total.sum(1), np.bincount(party, values, parties), rtol=1e-12)
    for i in range(0, 3000, 100):
        assert found.counts[party[i], cell(values[i], bits_for(parties))] >= 1
    assert found.whole.counts.shape == (1, OCTAVES << bits_for(parties))
    assert found.whole.counts.sum() == 3000


def test_the_finer_the_fewer_parties() -> None:
    bits = [bits_for(p) for p in (1, 32, 33, 64, 65, 2048, 10**6)]
    assert bits == [6, 6, 5, 5, 4, 0, 0]


def test_party_numbers_are_left_as_they_are() -> None:
    party = np.array([2, 0, 1], np.int64)
    spread(np.ones(3), party, 3)
    assert party.tolist() == [2, 0, 1]


def test_no_values() -> None:
    found = spread(np.zeros(0))
    assert found.counts.sum() == found.total.sum() == 0


def test_one_side_of_all_classes() -> None:
    rng = specs.seeded("sides")
    values, party = rng.lognormal(0, 1, 400), rng.integers(6, size=400)
    both = spread(values, party, 6)
    for side in (0, 1):
        here = party % 2 == side
        found = both.every(side, 2)
        assert found.counts.sum() == here.sum()
        assert found.total.sum() == pytest.approx(values[here].sum(), rel=1e-12)
        np.testing.assert_array_equal(found.counts, spread(values[here], party[here] // 2, 6).counts[:3])
