"""Tables of results as CSV or Parquet, written a block at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from .spreadsheet import inert, inert_column

WRITERS = {"csv": csv.CSVWriter, "parquet": pq.ParquetWriter}


def write_tables(blocks: Iterable[Mapping[str, NDArray[Any]]], file: BinaryIO, suffix: str) -> None:
    """Writes blocks of columns, all with the same names, as one table.

    In CSV a text that a spreadsheet would execute is made inert; Parquet keeps texts as they are.

    Args:
        blocks: name → values (n,), all columns of a block of the same length.
        file: an open binary file.
        suffix: "csv" or "parquet".
    """
    writer, empty = None, None
    for block in blocks:
        table = _table(block, suffix)
        if len(table) == 0:  # its texts have no type yet, so that it can begin no file
            empty = table
            continue
        writer = writer or WRITERS[suffix](file, table.schema)
        writer.write_table(table)
    if writer is None and empty is not None:
        writer = WRITERS[suffix](file, empty.schema)
        writer.write_table(empty)
    if writer is not None:
        writer.close()


def _table(block: Mapping[str, NDArray[Any]], suffix: str) -> pa.Table:
    if suffix == "csv":
        block = {inert(name): inert_column(np.asarray(values)) for name, values in block.items()}
    return pa.table({name: pa.array(values) for name, values in block.items()})


def table_bytes(blocks: Iterable[Mapping[str, NDArray[Any]]], suffix: str) -> bytes:
    """The table of `write_tables` as bytes.

    Example:
        >>> print(table_bytes([{"id": np.array(["cat", "=1+1"]), "loss": np.array([0.5, 2.0])}], "csv").decode().strip())
        "id","loss"
        "cat",0.5
        "'=1+1",2
    """
    file = io.BytesIO()
    write_tables(blocks, file, suffix)
    return file.getvalue()
