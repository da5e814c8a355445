"""Tables of numbers to take home, as CSV or Parquet, a block at a time."""

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
    """Blocks of columns, all with the same names, as one table. suffix: "csv" or "parquet".

    In CSV a text that a spreadsheet would execute is made inert; Parquet keeps texts as they are.
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
    """The same in memory."""
    file = io.BytesIO()
    write_tables(blocks, file, suffix)
    return file.getvalue()
