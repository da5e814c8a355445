"""Tables to take home, read back by others."""

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow.parquet as pq
import pytest

from lossviz.data.tables import table_bytes

BLOCKS = [
    {"row": np.arange(3), "id": np.array(["a", "ü", "c,d"]), "loss": np.array([0.1, 1 / 3, 1e-300])},
    {"row": np.arange(3, 5), "id": np.array(["e", "f"]), "loss": np.array([2.0, 3.0])},
]


def test_a_csv_holds_every_digit() -> None:
    rows = list(csv.reader(io.StringIO(table_bytes(iter(BLOCKS), "csv").decode("utf-8"))))
    assert rows[0] == ["row", "id", "loss"]
    assert [row[1] for row in rows[1:]] == ["a", "ü", "c,d", "e", "f"]
    assert [float(row[2]) for row in rows[1:]] == [0.1, 1 / 3, 1e-300, 2.0, 3.0]


def test_parquet_keeps_types_and_order() -> None:
    table = pq.read_table(io.BytesIO(table_bytes(iter(BLOCKS), "parquet")))
    assert table.column_names == ["row", "id", "loss"]
    assert table["row"].to_pylist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(table["loss"].to_numpy(), np.concatenate([block["loss"] for block in BLOCKS]))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_parts_are_one_table(suffix: str) -> None:
    at_once = {name: np.concatenate([block[name] for block in BLOCKS]) for name in BLOCKS[0]}
    single, several = (table_bytes(blocks, suffix) for blocks in ([at_once], BLOCKS))
    if suffix == "csv":
        assert single == several
    else:
        assert pq.read_table(io.BytesIO(single)).equals(pq.read_table(io.BytesIO(several)))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_parts_without_rows_add_nothing(suffix: str) -> None:
    empty = {"row": np.arange(0), "id": np.array([], object), "loss": np.zeros(0)}
    assert table_bytes([empty, BLOCKS[0], empty, BLOCKS[1]], suffix) == table_bytes(BLOCKS, suffix)
    alone = table_bytes([empty, empty], suffix)
    if suffix == "csv":
        assert list(csv.reader(io.StringIO(alone.decode()))) == [["row", "id", "loss"]]
    else:
        assert pq.read_table(io.BytesIO(alone)).column_names == ["row", "id", "loss"]
