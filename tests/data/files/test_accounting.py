"""Rows read are rows accounted for: whatever way a file is written, each row of it is used or told of."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data.files import limits
from lossviz.data.files.loader import read, stream
from lossviz.data.files.problems import FileProblem

from .written_files import refused, text

NAMES = ["id", "logit_0", "logit_1", "label", "note"]
TEXTS = ["a", "", 'say "no"', '"', "two\nlines", "two\r\nlines", "x, y; z\t|", "ü", " ", "'", "#", '""', "1,2"]


def generated(r: random.Random, *, ragged: bool, stray: bool) -> tuple[bytes, list[list[str]]]:
    """A text file, and its rows as the csv module reads them."""
    mark = r.choice(",;\t|")
    file = io.StringIO(newline="")
    end = r.choice(["\n", "\r\n", "\r"])
    # Where rows end in returns alone the module writes other line ends without quotes.
    quoting = csv.QUOTE_ALL if end == "\r" else r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    writer = csv.writer(file, delimiter=mark, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(NAMES)
    for k in range(r.choice([1, 2, 30, 200])):
        row = [f"id {k}", round(r.gauss(0, 3), 3), r.random(), r.randrange(2), r.choice(TEXTS)]
        writer.writerow(row[: r.randrange(2, 5)] if ragged and r.random() < 0.1 else row)
        file.write(end * (r.random() < 0.05))
    content = file.getvalue().removesuffix(end if r.random() < 0.3 else "")
    for _ in range(r.randrange(1, 4) if stray else 0):
        at = r.randrange(content.index(end) + 1, len(content))
        content = content[:at] + '"' + content[at:]
    rows = [row for row in csv.reader(io.StringIO(content, newline=""), delimiter=mark) if row]
    return content.encode(r.choice(["utf-8", "utf-8-sig", "utf-16"])), rows[1:]


@pytest.mark.parametrize("block", [300, 1 << 22])
def test_sound_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(limits, "LINE", block)
    monkeypatch.setattr("lossviz.data.files.dialect.HEAD", block)
    for seed in range(12):
        content, rows = generated(random.Random(seed), ragged=False, stray=False)
        batch = read(text(tmp_path / "a.csv", content), "a.csv")
        assert batch.survey.samples == len(rows), seed
        assert batch.rows.ids is not None and list(batch.rows.ids) == [row[0] for row in rows], seed
        assert batch.rows.logits.tolist() == [[float(row[1]), float(row[2])] for row in rows], seed


@pytest.mark.parametrize("block", [300, 1 << 22])
def test_ragged_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(limits, "LINE", block)
    seen = 0
    for seed in range(12):
        content, rows = generated(random.Random(seed), ragged=True, stray=False)
        bad = [k for k, row in enumerate(rows, 1) if len(row) != len(NAMES)]
        path = text(tmp_path / "a.csv", content)
        if not bad:
            assert read(path, "a.csv").survey.samples == len(rows)
        elif len(rows) > 2:
            problem = refused(path)
            assert [row.row for row in problem.rows] == bad[:10] and problem.more == max(0, len(bad) - 10), seed
            seen += 1
    assert seen > 3


def test_stray_quotes(tmp_path: Path) -> None:
    """What is read has every row that the csv module sees; the rest is refused, never read in part."""
    used = 0
    for seed in range(40):
        content, rows = generated(random.Random(seed), ragged=False, stray=True)
        path = text(tmp_path / "a.csv", content)
        try:
            batch = read(path, "a.csv")
        except FileProblem:
            continue
        used += 1
        assert batch.survey.samples == len(rows), seed
        assert batch.rows.logits.tolist() == [[float(row[1]), float(row[2])] for row in rows], seed
    assert used >= 2


@pytest.mark.parametrize("seed", range(6))
def test_arrays(tmp_path: Path, seed: int) -> None:
    r = np.random.default_rng(seed)
    N, C = int(r.integers(1, 5000)), int(r.integers(1, 40))
    z, y = r.normal(size=(N, C)).astype("f4"), r.integers(0, max(2, C), N)
    arrays: dict[str, Any] = {"logits": np.asfortranarray(z) if seed % 2 else z, "label": y.astype("i2")}
    (np.savez_compressed if seed % 3 else np.savez)(tmp_path / "a.npz", **arrays)
    parts = [pa.table({"logits": pa.array(list(part), pa.list_(pa.float32()))}) for part in np.array_split(z, 7)]
    table = pa.concat_tables(parts).append_column("label", pa.array(y))
    with pq.ParquetWriter(tmp_path / "a.parquet", table.schema) as writer:
        for size in (1, 0, N // 3, N):
            writer.write_table(table.slice(0, size) if size else table.slice(0, 0), row_group_size=max(1, N // 5))
    repeated = np.concatenate([np.arange(size) for size in (1, 0, N // 3, N)])
    for name, order in (("a.npz", np.arange(N)), ("a.parquet", repeated)):
        batch = read(tmp_path / name, name)
        assert batch.survey.samples == len(order)
        assert (batch.rows.logits == z[order]).all() and (batch.rows.targets == y[order]).all()
        assert sum(map(len, stream(tmp_path / name).blocks())) == len(order)
