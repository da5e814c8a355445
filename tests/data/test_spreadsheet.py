"""Texts of strangers reach no spreadsheet as formulas: each writer of CSV, each way a formula may begin."""

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.dtypes import StringDType

from lossviz.analysis.listing import listing, table
from lossviz.data.tables import table_bytes

LIVE = [
    '=HYPERLINK("https://example.org","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\ufeff=1+1",
    "＝1+1",
    "-",
    "--1",
    "-1-1",
    "+1e5e5",
]
HARMLESS = ["cat", "a=b", "-1.5", "+3", "1e-5", "-.5e+3", "", "'quoted", "−2", "class 3", "nan", "3 - 2"]


def round_trip(texts: list[str]) -> dict[str, list[str]]:
    """The texts as each writer puts them into a file, read back."""
    numbers = np.linspace(-1.5, 2, len(texts))
    column = np.array(texts, object)
    files = {
        "constant": listing(("γ", "text", "x"), [((0.5, text), (numbers[:1],)) for text in texts]),
        "column": listing(("γ", "text", "x"), [((0.5,), (column, numbers))]),
        "table": table([{"γ": 0.5, "text": text, "x": float(x)} for text, x in zip(texts, numbers, strict=True)]),
        "objects": table_bytes([{"γ": numbers, "text": column, "x": numbers}], "csv").decode(),
        "unicode": table_bytes([{"γ": numbers, "text": np.array(texts), "x": numbers}], "csv").decode(),
        "strings": table_bytes([{"γ": numbers, "text": np.array(texts, StringDType()), "x": numbers}], "csv").decode(),
    }
    return {name: [row[1] for row in csv.reader(io.StringIO(text, newline=""))][1:] for name, text in files.items()}


def test_what_would_run_gets_an_apostrophe() -> None:
    for name, cells in round_trip(LIVE).items():
        assert cells == [f"'{text}" for text in LIVE], name


def test_what_is_harmless_stays_as_it_is() -> None:
    for name, cells in round_trip(HARMLESS).items():
        assert cells == HARMLESS, name


@pytest.mark.parametrize("value", [-1.5, -np.inf, -0.0, -7, np.float64(-2.5)])
def test_numbers_stay_numbers(value: float) -> None:
    for text in (listing(("x",), [((value,), (np.zeros(1),))]), table([{"x": value}])):
        assert float(text.splitlines()[1].split(",")[0]) == value


def test_names_of_columns_are_texts_too() -> None:
    assert table([{"=1": 2}]).splitlines()[0] == '"\'=1"'
    assert listing(("=1",), []) == '"\'=1"\n'
    assert table_bytes([{"=1": np.arange(2)}], "csv").decode().splitlines()[0] == '"\'=1"'


def test_parquet_is_no_spreadsheet() -> None:
    table = pq.read_table(io.BytesIO(table_bytes([{"id": np.array(LIVE, object)}], "parquet")))
    assert table["id"].to_pylist() == LIVE
