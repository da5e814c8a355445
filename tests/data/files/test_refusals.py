"""A file that cannot be right is refused: with the row, the column, the value and the reason, whole or streamed."""

from __future__ import annotations

import io
import pickle
import random
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from lossviz.data.files import limits
from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import preview, read, stream
from lossviz.data.files.problems import FileProblem

from .written_files import both, refused, text, written_file

H = "logit_0,logit_1,label\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["empty"]),
        (H, ["a header line but no rows"]),
        (H.strip(), ["a header line but no rows"]),
        ("\n\n", ["empty"]),
        (H + "1,2,0\n1,2\n1,2,0\n", ["row 2 (line 3)", "2 values; expected 3", "'1,2'"]),
        (H + "1,2,0\n\n1,2,0,7\n", ["row 2 (line 4)", "4 values; expected 3"]),
        (H + "1,2,0\n1,cat,0\n", ["row 2 (line 3), logit_1: 'cat'", "not a number"]),
        (H + "1,2,0\n1,,0\n", ["row 2 (line 3), logit_1: nothing: missing"]),
        (H + "1,2,\n", ["No row has a label", "row 1 (line 2), label: nothing: missing"]),
        (H + "nan,2,0\n", ["row 1 (line 2), logit_0: nan", "finite"]),
        (H + "1,2,0\n3,inf,0\n", ["row 2 (line 3), logit_1: inf", "finite"]),
        (H + "1,2,0\n-inf,-inf,0\n", ["row 2 (line 3), logit_0: -inf", "all classes are masked"]),
        (H + "1,2,0\n3,-inf,1\n", ["row 2 (line 3), logit_1: -inf", "its true class is masked"]),
        (H + "1,1e999,0\n", ["row 1", "logit_1: inf"]),
        (H + "1,2,0\n1,2,2\n", ["row 2", "label: 2", "whole number from 0 to 1"]),
        (H + "1,2,0\n1,2,-1\n", ["row 2", "label: -1", "from 0 to 1"]),
        (H + "1,2,0.5\n", ["row 1", "label: 0.5", "whole number from 0 to 1"]),
        (H + "1,2,1\n1,2,cat\n", ["row 2", "label: 'cat'", "number of its class, 0 to 1", "each class a number"]),
        (H + "1,2,nan\n1,2,1.5\n", ["row 2", "label: 1.5"]),
        (H + '1,2,0\n"1\n2",2,0\n1,x,0\n', ["row 2 (line 3), logit_0", "row 3 (line 5), logit_1: 'x'"]),
        ("logit,label\n1,2\n", ["row 1", "label: 2", "expected 0 or 1"]),
        ("logit,label\n1,-1\n1,0\n1,1\n", ["row 1", "label: -1", "not both"]),
        ("logit_0,logit_2,label\n1,2,0\n", ["logit_1 is missing", "without gaps"]),
        ("logit_1,logit_2,label\n1,2,0\n", ["label: 0", "whole number from 1 to 2"]),
        ("logit_0,logit_0,label\n1,2,0\n", ["2 columns are called 'logit_0'"]),
        ("logit_0,Logit_0,label\n1,2,0\n", ["'logit_0' and 'Logit_0' could both be meant"]),
        ("logit_0,logit_1\n1,2\n", ["No column of labels or targets"]),
        ("a,label\n1,2\n", ["No columns of logits or probabilities", "'a', 'label'", "logit_0, logit_1"]),
        ("1,2,0\n3,4,1\n", ["first line holds numbers"]),
        ("logit_0,logit_1,target_0,target_1,target_2\n1,2,0,0,1\n", ["3 targets per row and 2 logits"]),
        ("logit_0,logit_1,target_0,target_1\n1,2,0,1.5\n", ["row 1", "target_1: 1.5", "in [0, 1]"]),
        ("prob_0,prob_1,label\n0.5,0.5,0\n0.5,0.6,1\n", ["row 2", "1.1", "sum", "has one class"]),
        ("prob_0,prob_1,label\n0.5,0.5,0\n-0.5,1.5,1\n", ["row 2", "prob_0: -0.5", "lies in [0, 1]"]),
        (H.replace(",", ";") + "1,5;2;0\n1.234,5;2;0\n", ["row 2", "'1.234,5'", "decimal comma"]),
        (H.replace(",", ";") + "1.5;2;0\n1,5;2;0\n", ["row 2", "'1,5'", "others have a decimal point"]),
        (H.replace("label", "label,suspect") + "1,2,0,maybe\n", ["row 1", "suspect: 'maybe'", "true or false"]),
        (b"logit,label,id\n1,0,caf\xe9\n", ["not UTF-8", "line 2", "Latin-1"]),
        (b"logit,label\n1,\x000\n", ["not text"]),
        (H + '1,2,"0\n' + "1,2,0\n" * 3, ["quote that opens in line 2", '"0', "never closed"]),
    ],
)
def test_texts(tmp_path: Path, content: str | bytes, words: list[str]) -> None:
    refused(text(tmp_path / "a.csv", content), *words)


def test_the_first_ten_rows_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    r = random.Random(1)
    bad = sorted(r.sample(range(1, 400), 57))
    lines = [f"{'?' if n in bad else r.random()},1,0" for n in range(1, 400)]
    problem = refused(text(tmp_path / "a.csv", H + "\n".join(lines)), "57 rows", "47 more rows")
    assert [row.row for row in problem.rows] == bad[:10] and problem.more == 47
    assert [row.line for row in problem.rows] == [n + 1 for n in bad[:10]]
    assert {row.value for row in problem.rows} == {"'?'"} and {row.column for row in problem.rows} == {"logit_0"}


@pytest.mark.parametrize("block", [200, 4000])
def test_rows_are_counted_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(limits, "LINE", block)
    good = [f"{n},1,0" for n in range(700)]
    ragged, wrong = list(good), list(good)
    ragged[612] += ",9"
    ragged[31] = "1"
    assert [row.row for row in refused(text(tmp_path / "a.csv", H + "\n".join(ragged))).rows] == [32, 613]
    wrong[612] = "1,inf,0"
    wrong[31] = "1,x,0"
    assert [row.row for row in refused(text(tmp_path / "b.csv", H + "\n".join(wrong))).rows] == [32, 613]


@pytest.mark.parametrize("format", ["npz", "parquet", "columns.parquet", "list.parquet"])
def test_values_in_arrays(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lossviz.data.predictions.BLOCK", 30)
    monkeypatch.setattr("lossviz.data.predictions.MIN_ROWS", 1)
    z, y = np.random.default_rng(2).normal(size=(50, 3)), np.arange(50) % 3
    for column, value, shown in ((1, np.nan, "nan"), (2, np.inf, "inf")):
        broken = z.copy()
        broken[41, column] = value
        problem = refused(written_file(tmp_path / f"a.{format}", broken, y), "row 42", f": {shown}: expected a finite number")
        assert str(column) in problem.rows[0].column
    for value, dtype in ((3, int), (-1, int), (0.5, float)):
        labels = y.astype(dtype)
        labels[37] = value
        refused(written_file(tmp_path / f"a.{format}", z, labels), "row 38", f"label: {value}", "whole number from 0 to 2")
    names = np.array(["cat", "dog", "eel"])[y]
    refused(
        written_file(tmp_path / f"a.{format}", z, names), "50 rows", "row 1", "label: 'cat'", "each class a number", "0 to 2"
    )
    targets = np.eye(3)[y]
    targets[20, 1] = 1.5
    refused(written_file(tmp_path / f"a.{format}", z, targets, label="target"), "row 21", "1.5", "in [0, 1]")
    p = np.full((50, 3), 1 / 3)
    p[11] = 0.5
    refused(written_file(tmp_path / f"a.{format}", p, y, name="probs"), "row 12", "1.5", "sum of 1")


@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
def test_limits(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    z, y = np.random.default_rng(3).normal(size=(100, 4)), np.zeros(100, int)
    path = written_file(tmp_path / f"a.{format}", z, y, group=[f"g{n}" for n in range(100)])
    for name, value in (("ROWS", 99), ("LOGITS", 399)):
        with monkeypatch.context() as smaller:
            smaller.setattr(limits, name, value)
            with pytest.raises(FileProblem, match=rf"{value}\. .*lossviz report.*random sample"):
                read(path, path.name)
            assert sum(map(len, stream(path).blocks())) == 100
    monkeypatch.setattr(limits, "GROUPS", 99)
    mapping = preview(path, path.name).mapping
    assert mapping is not None
    refused(path, "'group' has more than 99 different groups", mapping=replace(mapping, by_name=frozenset()))
    survey = both(path).survey
    assert not survey.groups and any("'group' was left out" in note and "99" in note for note in survey.notes)


def test_lines_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE", 1000)
    monkeypatch.setattr(limits, "RECORD", 1000)
    monkeypatch.setattr("lossviz.data.files.dialect.HEAD", 1000)
    refused(text(tmp_path / "a.csv", "x" * 5000), "line is longer")
    refused(text(tmp_path / "b.csv", H + "1,2,0\n" * 400 + "1," + "2" * 9000 + ",0\n"), "Line 402", "a line is longer")


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_npy", ".npy").replace("_pkl", ".pkl"), data)
    return path


def array(x: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, x, allow_pickle=True)
    return file.getvalue()


def header(shape: str) -> bytes:
    """The header of an array that is not there."""
    words = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode()
    words += b" " * (63 - (10 + len(words)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words


def test_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, z, y = tmp_path / "a.npz", np.zeros((4, 2)), np.zeros(4, int)
    np.savez(path, logits=z, label=np.array([0, "a", None, 1], object))
    refused(path, "'label' holds pickled objects, which are never loaded")
    refused(zipped(path, logits_npy=header("(1000000000, 10)"), label_npy=array(y)), "'logits' is damaged", "40,000,000,128")
    refused(zipped(path, logits_npy=array(z) + b"more", label_npy=array(y)), "'logits' is damaged")
    refused(zipped(path, logits_npy=b"nonsense", label_npy=array(y)), "damaged")
    refused(zipped(path, readme=b"hello"), "zip archive without NumPy arrays")
    refused(zipped(path, model__data_pkl=b"\x80\x02."), "torch.save", "never loaded")
    refused(zipped(path, xl__workbook=b"<xml>"), "Excel")
    np.savez(path, logits=z, label=np.zeros(3, int))
    refused(path, "'label' has 3 rows, and 'logits' has 4")
    np.savez(path, logits=np.zeros((4, 2, 2)), label=y)
    refused(path, "shape (4, 2, 2)", "(N,) or (N, C)")
    np.savez(path, logits=np.zeros((0, 2)), label=y[:0])
    refused(path, "no rows")
    np.savez(path, logits=z, label=np.zeros((4, 3)))
    refused(path, "3 targets per row and 2 logits")
    np.savez(path, logits=z.astype(complex), label=y)
    refused(path, "complex128")
    np.savez(path, logits=z.astype(str), label=y)
    refused(path, "'logits' holds text")
    np.savez_compressed(path, logits=np.zeros((100_000, 100), np.float32), label=np.zeros(100_000, int))
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(limits, "BYTES", 10_000_000)
    with pytest.raises(FileProblem, match=r"unpack to 40,800,000 bytes; at most 10,000,000"):
        read(path, path.name)


def test_damaged_archives_never_crash(tmp_path: Path) -> None:
    path, r = tmp_path / "a.npz", random.Random(4)
    np.savez_compressed(path, logits=np.random.default_rng(5).normal(size=(300, 3)), label=np.arange(300) % 3)
    whole = path.read_bytes()
    for cut in [0, 1, 30, *(r.randrange(len(whole)) for _ in range(20))]:
        refused(text(path, whole[:cut]))
    for _ in range(60):
        broken = bytearray(whole)
        broken[r.randrange(len(whole))] ^= 1 << r.randrange(8)
        try:
            both(text(path, bytes(broken)))
        except FileProblem:
            continue


def test_damaged_parquet_never_crashes(tmp_path: Path) -> None:
    path, r = tmp_path / "a.parquet", random.Random(6)
    written_file(path, np.random.default_rng(7).normal(size=(300, 3)), np.arange(300) % 3)
    whole = path.read_bytes()
    for cut in [4, 12, len(whole) // 2, len(whole) - 1, *(r.randrange(4, len(whole)) for _ in range(20))]:
        refused(text(path, whole[:cut]), "damaged or cut off")


def test_lists_of_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"

    def table(logits: Any, label: Any) -> Path:
        pq.write_table(pa.table({"logits": logits, "label": label}), path)
        return path

    refused(
        table([[1.0, 2], [1.0], None, [1.0, None]], [0, 0, 0, 0]), "3 rows", "row 2", "1 values", "row 3", "row 4", "logits[1]"
    )
    refused(table([[], [1.0]], [0, 0]), "row 1", "empty list")
    refused(table([["a", "b"]], [0]), "row 1, logits[0]: 'a'", "expected a number")
    assert both(table([[1.0, 2], [3, 4]], [0, None])).survey.ignored == (("", 1),)
    refused(table([[0.0] * (limits.CLASSES + 1)], [0]), "1,000,001 logits; at most 1,000,000")
    refused(table([{"a": 1.0}], [0]), "'logits' holds struct")
    refused(table(pa.array([], pa.list_(pa.float32())), pa.array([], pa.int64())), "no rows")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.pkl", pickle.dumps([1, 2]), "a pickle"),
        ("a.csv", pickle.dumps({"logits": 1}), "a pickle"),
        ("a.npy", array(np.zeros(3)), "np.savez"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00rest", "gzip"),
        ("a.h5", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("a.json", b'{"logits": [1]}', "JSON"),
        ("a.feather", b"ARROW1\x00\x00", "Feather"),
    ],
)
def test_other_files_are_called_by_their_names(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    path = text(tmp_path / name, content)
    refused(path, what)
    shown = preview(io.BytesIO(content), name)
    assert shown.columns == () and shown.mapping is None and shown.problem is not None and what in shown.problem


def test_torch_checkpoints_are_refused(tmp_path: Path) -> None:
    torch.save({"logits": torch.zeros(3)}, tmp_path / "a.pt")
    refused(tmp_path / "a.pt", "torch.save", "never loaded")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (ColumnMapping(("z",), ("label",)), ["no column 'z'", "'logit_0'"]),
        (ColumnMapping((), ("label",)), ["at least one column"]),
        (ColumnMapping(("logit_0", "logit_0"), ("label",)), ["twice"]),
        (ColumnMapping(("logit_0",), ("logit_0",)), ["twice"]),
        (ColumnMapping(("logit_0", "logit_1"), ("label",), output_type="odds"), ["not 'odds'"]),
    ],
)
def test_mappings(tmp_path: Path, mapping: ColumnMapping, words: list[str]) -> None:
    refused(text(tmp_path / "a.csv", H + "1,2,0\n"), *words, mapping=mapping)


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.csv", "none.csv cannot be opened")


def test_a_problem_goes_from_one_process_to_another(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "logit_0,logit_1,label\n1,2,0\nx,2,1\n" + "1,2,9\n" * 20)
    problem = refused(path, "row 2 (line 3)", "… and")
    again = pickle.loads(pickle.dumps(problem))
    assert str(again) == str(problem) and again.rows == problem.rows and again.more == problem.more
    assert again.remedies == problem.remedies and again.labels == problem.labels
