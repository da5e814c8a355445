"""The samples with the largest values, against sorting all of them."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.batch.top_samples import MOST, TopSamples, merged, top_samples
from lossviz.data.predictions import Predictions

from ... import specs


def rows_with(n: int, classes: int = 3, **more: object) -> Predictions:
    rng = specs.seeded("top_samples", n)
    return Predictions(rng.normal(size=(n, classes)), rng.integers(classes, size=n), **more)  # type: ignore[arg-type]


def ranked(value: np.ndarray) -> list[int]:
    """Rows by value, and equals by row."""
    return sorted(range(len(value)), key=lambda i: (-value[i], i))[:MOST]


def of(value: np.ndarray, block: Predictions) -> TopSamples:
    return top_samples(value, 10 * value, 20 * value, block)


@pytest.mark.parametrize("n", [1, 2, MOST - 1, MOST, MOST + 1, 1000])
@pytest.mark.parametrize("levels", [1, 2, 50, 10**9])
def test_largest_first_and_of_equals_the_earlier_row(n: int, levels: int) -> None:
    value = specs.seeded(n, levels).integers(levels, size=n).astype(float)
    block = rows_with(n)
    result = of(value, block)
    rows = ranked(value)
    assert result.row.tolist() == rows
    assert len(result.row) == min(n, MOST)
    np.testing.assert_array_equal(result.value, value[rows])
    np.testing.assert_array_equal(result.loss, 10 * value[rows])
    np.testing.assert_array_equal(result.norm, 20 * value[rows])
    np.testing.assert_array_equal(result.logits, block.logits[rows])
    np.testing.assert_array_equal(result.targets, block.targets[rows])
    assert result.names.tolist() == [str(r) for r in rows]
    assert (result.group == -1).all()
    assert not result.suspect.any()


@pytest.mark.parametrize("levels", [1, 3, 10**9])
@pytest.mark.parametrize("seed", range(4))
def test_parts_in_any_order_have_the_leaders_of_the_whole(seed: int, levels: int) -> None:
    rng = specs.seeded("merge", seed, levels)
    n = 400
    value = rng.integers(levels, size=n).astype(float)
    groups, suspects = rng.integers(5, size=n).astype(np.int32), rng.random(n) < 0.3
    block = rows_with(n, ids=np.array([f"n{i}" for i in range(n)]), groups=groups, suspects=suspects)
    ends = np.sort(rng.integers(0, n + 1, 8))
    parts = [of(value[a:b], block.rows(slice(a, b))) for a, b in zip([0, *ends], [*ends, n], strict=True)]
    whole = of(value, block)
    for _ in range(3):
        result, *rest = (parts[i] for i in rng.permutation(len(parts)))
        for part in rest:
            result = merged(result, part)
        for a, b in zip(result, whole, strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)
    assert whole.names.tolist() == [f"n{i}" for i in ranked(value)]
    assert whole.suspect.tolist() == suspects[ranked(value)].tolist()
    assert whole.group.tolist() == groups[ranked(value)].tolist()


def test_rows_are_counted_from_the_start_of_the_whole() -> None:
    block = rows_with(5, start=1_000_000)
    assert of(np.arange(5.0), block).row.tolist() == [1_000_004, 1_000_003, 1_000_002, 1_000_001, 1_000_000]
    assert of(np.arange(5.0), block).names[0] == "1000004"


def test_what_was_kept_stays_when_the_block_is_written_over() -> None:
    block = rows_with(3)
    result = of(np.arange(3.0), block)
    kept = result.logits.copy()
    block.logits[:] = 0
    np.testing.assert_array_equal(result.logits, kept)


def test_nothing_leads_an_empty_block() -> None:
    block = rows_with(4)
    empty = of(np.zeros(0), block.rows(slice(4, 4)))
    assert len(empty.row) == 0
    for a, b in zip(merged(empty, of(np.ones(4), block)), of(np.ones(4), block), strict=True):
        np.testing.assert_array_equal(a, b)
