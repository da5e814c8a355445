"""Files of every format, written by other means than our own: the csv module, np.savez and pyarrow."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import read, stream
from lossviz.data.files.problems import FileProblem
from lossviz.data.predictions import Batch, Predictions

FORMATS = ("csv", "npz", "parquet", "columns.parquet", "list.parquet")


def written_file(path: Path, logits: Any, target: Any, name: str = "logit", label: str = "label", **others: Any) -> Path:
    """A file of the format that its name ends in; logits (N, C) under `name`, and other columns by their names."""
    logits, target = np.asarray(logits), np.asarray(target)
    if path.name.endswith(".npz"):
        np.savez(path, **{f"{name}s" if name == "logit" else name: logits, label: target}, **others)
        return path
    scalar = path.suffix == ".csv" or path.name.endswith("columns.parquet")
    columns: dict[str, Any] = {}
    for key, array in ((name, logits), (label, target)):
        if array.ndim == 1:
            columns[key] = array
        elif scalar:
            columns |= {f"{key}_{k}": array[:, k] for k in range(array.shape[1])}
        elif path.name.endswith("list.parquet"):
            columns[key] = pa.array([list(row) for row in array], pa.list_(pa.from_numpy_dtype(array.dtype)))
        else:
            columns[key] = pa.FixedSizeListArray.from_arrays(pa.array(array.ravel()), array.shape[1])
    columns |= others
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*(list(map(str, c)) for c in columns.values()), strict=True))
    else:
        pq.write_table(pa.table({k: pa.array(c) if not isinstance(c, pa.Array) else c for k, c in columns.items()}), path)
    return path


def text(path: Path, content: str | bytes) -> Path:
    """A file with these very bytes."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def both(path: Path, mapping: ColumnMapping | None = None) -> Batch:
    """A file as read whole, after its stream was found to be the same, block by block."""
    batch = read(path, path.name, mapping)
    streamed = stream(path, mapping)
    assert streamed.survey == batch.survey
    start = 0
    for block in streamed.blocks():
        assert block.start == start
        same(block, batch.rows.rows(slice(start, start + len(block))))
        start += len(block)
    assert start == len(batch.rows) == batch.survey.samples
    assert start + sum(count for _, count in batch.survey.ignored) == batch.survey.rows
    assert str(batch.rows.logits.dtype) == batch.survey.dtype
    return batch


def same(a: Predictions, b: Predictions) -> None:
    """Every array has the same values and the same dtype."""
    for name in ("logits", "targets", "ids", "groups", "suspects", "numbers"):
        x, y = getattr(a, name), getattr(b, name)
        assert (x is None) == (y is None), name
        if x is not None:
            assert x.dtype == y.dtype and x.shape == y.shape, name
            assert (x == y).all(), name


def refused(path: Path, *words: str, mapping: ColumnMapping | None = None) -> FileProblem:
    """The problem of a file, the same read whole and streamed; all these words are in it."""
    problems = []
    for attempt in (lambda: read(path, path.name, mapping), lambda: stream(path, mapping)):
        with pytest.raises(FileProblem) as caught:
            attempt()
        problems.append(caught.value)
    missing = [word for word in words if word not in str(problems[0])]
    assert not missing, f"{missing} not in: {problems[0]}"
    assert str(problems[0]) == str(problems[1])
    return problems[0]
