"""Whatever the bytes: a refusal in words, and little memory."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data.files.loader import preview, read
from lossviz.data.files.problems import FileProblem

from . import mutations

MANY = 40
"""Of each format; `make fuzz` goes on from other seeds."""


@pytest.mark.filterwarnings("ignore:Reading `.npy` or `.npz`")
@pytest.mark.parametrize("format", mutations.FORMATS)
def test_only_refusals_come_out(tmp_path: Path, format: str) -> None:
    for seed in range(MANY):
        mutations.try_all(mutations.FORMATS[format](random.Random(f"{format} {seed}")), tmp_path / f"a.{format}")


LITTLE = 100
"""Megabytes above what a process has that has read nothing."""

MEASURE = """
import re, sys
from pathlib import Path
import numpy, pyarrow.csv, pyarrow.parquet
from lossviz.data.files.problems import FileProblem
from lossviz.data.files.loader import preview, read, stream

def peak(name):
    # Not ru_maxrss: a process begins with that of the one that started it.
    print(name, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10)

peak("idle")
for path in map(Path, sys.argv[1:]):
    preview(path, path.name)
    for attempt in (lambda: read(path, path.name), lambda: stream(path)):
        try:
            attempt()
        except FileProblem:
            continue
    peak(path.name)
"""


def header(shape: str, kind: str, columns_first: bool = False) -> bytes:
    words = f"{{'descr': '{kind}', 'fortran_order': {columns_first}, 'shape': {shape}, }}".encode()
    words += b" " * (63 - (10 + len(words)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words


def archive(path: Path, **members: tuple[bytes, int]) -> None:
    """Headers, and as many zeros after each, which take next to nothing when they are packed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, (start, zeros) in members.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as member:
                member.write(start)
                for _ in range(zeros >> 20):
                    member.write(bytes(1 << 20))
                member.write(bytes(zeros & (1 << 20) - 1))


def lists(lengths: list[int]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return pa.LargeListArray.from_arrays(offsets, pa.array(np.zeros(offsets[-1], np.int8)))


def bombs(folder: Path) -> list[Path]:
    """Small files that would unpack to much more than is little."""
    rows = header("(4, 2)", "<f4"), 32
    label = header("(4,)", "<i8"), 32
    archive(folder / "header.npz", logits=(header("(4, 4000000000)", "<f4"), 0), label=label)
    archive(folder / "unmapped.npz", logits=rows, label=label, text=(header("(4,)", "<U10000000"), 160_000_000))
    tables: dict[str, dict[str, Any]] = {
        "late": {"logits": lists([2] * 20 + [20_000_000])},
        "id": {"prob": [0.5] * 6000, "id": pa.DictionaryArray.from_arrays(np.zeros(6000, "i4"), ["x" * 100_000])},
        "texts": {"prob": [0.5] * 3, "id": [["x" * 1_000_000] * 100] * 3},
    }
    for name, columns in tables.items():
        rows_of = len(next(iter(columns.values())))
        table = pa.table({**columns, "label": np.zeros(rows_of, int)})
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    pq.write_table(
        pa.table({"prob": [0.5], "id": ["x" * 150_000_000], "label": [0]}), folder / "text.parquet", compression="zstd"
    )
    return sorted(folder.iterdir())


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no peak of a process of its own")
def test_small_files_take_little_memory(tmp_path: Path) -> None:
    paths = bombs(tmp_path)
    assert max(path.stat().st_size for path in paths) < 4_000_000
    run = [sys.executable, "-c", MEASURE, *paths]
    output = subprocess.run(run, capture_output=True, text=True, check=True, timeout=300).stdout
    peaks = {name: int(peak) for name, peak in map(str.split, output.splitlines())}
    assert len(peaks) == 1 + len(paths)
    assert max(peaks.values()) < peaks["idle"] + LITTLE, peaks


def test_many_columns_take_no_more_than_their_number(tmp_path: Path) -> None:
    """Read at all, which took minutes when each name was compared with all others."""
    names = [f"logit_{k}" for k in range(4_100)]
    table = pa.table({**{name: pa.array([0.5, 1.5]) for name in names}, "label": [0, 1]})
    pq.write_table(table, tmp_path / "a.parquet")
    lines = [",".join([*names, "label"]), *(",".join([str(z)] * 4_100 + [str(y)]) for z, y in ((0.5, 0), (1.5, 1)))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    np.savez(tmp_path / "a.npz", **{name: np.array([0.5, 1.5]) for name in names}, label=np.array([0, 1]))  # type: ignore[arg-type]
    for name in ("a.csv", "a.npz", "a.parquet"):
        assert preview(tmp_path / name, name).problem is None
        batch = read(tmp_path / name, name)
        assert batch.rows.logits.shape == (2, 4_100) and batch.rows.logits[1, -1] == 1.5


def test_a_million_ragged_rows_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("logit_0,logit_1,label\n" + "0.5,1.5\n" * 1_000_000)
    with pytest.raises(FileProblem, match=r"1,000,000 rows have too few or too many values"):
        read(tmp_path / "a.csv", "a.csv")
