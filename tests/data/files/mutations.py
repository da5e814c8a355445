"""Files broken at random: whatever the bytes, only a FileProblem may come out of the readers.

    python -m tests.data.files.mutations SECONDS [SEED]

goes on for as long as one likes, and prints the seed of a file that something else came out of.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lossviz.data.files.loader import preview, read, stream
from lossviz.data.files.problems import FileProblem

Z, Y = np.round(np.random.default_rng(1).normal(size=(12, 3)), 3), np.arange(12) % 3
NAMES = [f"sample {k}" for k in range(12)]
PIECES = [b'"', b"\n", b"\r", b",", b";", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"[", b"]", b"#", b"-", b"e999", b"nan", b" "]
HEADERS = ["<f4", "|O", "<U9", "<U0", "(", ")", "[]", "{", "'", "True", "-1", "99999999999", "shape", ", ", "\\", "\n", "é"]


def of_csv(r: random.Random) -> bytes:
    """Text with pieces put in, taken out and doubled."""
    mark = r.choice(",;\t| ")
    logits = ["logit_0", "logit_1", "logit_2"] if r.random() < 0.7 else ["logits"]
    lines = [mark.join([*logits, "label", "id"])]
    for z, y, name in zip(Z, Y, NAMES, strict=True):
        numbers = list(map(str, z)) if len(logits) > 1 else [f'"[{", ".join(map(str, z))}]"']
        lines.append(mark.join([*numbers, str(y), f'"{name}"']))
    data = r.choice(["\n", "\r\n", "\r"]).join(lines).encode(r.choice(["utf-8", "utf-8", "utf-8", "utf-16"]))
    for _ in range(r.randrange(1, 4)):
        data = _spliced(data, r, r.choice(PIECES))
    return data


def of_npz(r: random.Random) -> bytes:
    """Archives with broken headers of arrays in sound archives, or broken anywhere."""
    file = io.BytesIO()
    arrays = {"logits": Z, "label": Y, "id": np.array(NAMES), "more": np.asfortranarray(Z)}
    with zipfile.ZipFile(file, "w", r.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array)
            data = member.getvalue()
            if r.random() < 0.4:
                data = data[:10] + _spliced(data[10:80], r, r.choice(HEADERS).encode()) + data[80:]
            elif r.random() < 0.2:
                data = _flipped(data, r)
            archive.writestr(f"{name}.npy", data)
    return file.getvalue() if r.random() < 0.5 else _flipped(file.getvalue(), r)


def of_parquet(r: random.Random) -> bytes:
    """Files with bits turned over and bytes replaced, at their end most of all."""
    columns = {
        "logits": pa.array(Z.tolist(), r.choice([pa.list_(pa.float32()), pa.list_(pa.float64(), 3)])),
        "label": pa.array(Y),
    }
    columns["id"] = pa.array(NAMES).cast(r.choice([pa.string(), pa.large_string(), pa.string_view()]))
    file = io.BytesIO()
    version = r.choice(["1.0", "2.0"])
    pq.write_table(pa.table(columns), file, compression=r.choice(["none", "zstd"]), data_page_version=version, row_group_size=7)
    return _flipped(file.getvalue(), r)


FORMATS: dict[str, Callable[[random.Random], bytes]] = {"csv": of_csv, "npz": of_npz, "parquet": of_parquet}


def _spliced(data: bytes, r: random.Random, piece: bytes) -> bytes:
    at = r.randrange(len(data) + 1)
    return data[:at] + piece * r.choice([1, 1, 1, 2, 5000]) + data[at + r.choice([0, 0, 1, len(piece), 20]) :]


def _flipped(data: bytes, r: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(r.randrange(1, 6)):
        at = r.randrange(len(broken)) if r.random() < 0.6 else max(0, len(broken) - 1 - r.randrange(1500))
        broken[at] = r.choice([broken[at] ^ 1 << r.randrange(8), 0, 255, 127, 128, r.randrange(256)])
    return bytes(broken[: r.randrange(len(broken))] if r.random() < 0.05 else broken)


def try_all(data: bytes, path: Path) -> None:
    """Previews, reads and streams a file; raises whatever is no FileProblem."""
    preview(io.BytesIO(data), path.name)
    path.write_bytes(data)
    for attempt in (lambda: read(io.BytesIO(data), path.name), lambda: [*stream(path).blocks()]):
        try:
            attempt()
        except FileProblem:
            continue


def main(seconds: float, seed: int) -> int:
    """Files of all formats until the time is over; how many broke the readers."""
    end, tried, failures = time.monotonic() + seconds, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            for format, broken in FORMATS.items():
                tried += 1
                try:
                    try_all(broken(random.Random(f"{format} {seed}")), Path(folder) / f"a.{format}")
                except Exception:
                    failures += 1
                    print(f"{format}, seed {seed}:", traceback.format_exc(), sep="\n")
            seed += 1
    print(f"{tried:,} files, {failures:,} failures; the next seed is {seed}")
    return failures


if __name__ == "__main__":
    sys.exit(min(1, main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
