"""Several files as one: the same rows, statistics and faults as in a single file, and every difference of theirs is named."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lossviz.data.files import paths
from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import Stream, stream
from lossviz.data.files.problems import FileProblem
from lossviz.data.files.recognition import ColumnFlags

from .written_files import FORMATS, text, written_file

CUTS = (0, 40, 41, 100)
"""The second of three files has a single row."""


def made(seed: int, rows: int = 100, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, classes)).astype(np.float32), rng.integers(0, classes, rows)


def in_three(folder: Path, format: str, **others: np.ndarray) -> tuple[Path, Path]:
    """The same rows in one file, and in a folder of three."""
    z, y = made(1)
    folder.mkdir()
    whole = written_file(folder.parent / f"whole.{format}", z, y, **others)
    for k, (start, end) in enumerate(pairwise(CUTS)):
        part = slice(start, end)
        written_file(folder / f"part-{8 + k}.{format}", z[part], y[part], **{name: x[part] for name, x in others.items()})
    return whole, folder


def rows_of(source: Stream, name: str) -> np.ndarray:
    blocks = list(source.blocks())
    assert [block.start for block in blocks] == np.cumsum([0, *map(len, blocks[:-1])]).tolist()
    return np.concatenate([getattr(block, name) for block in blocks])


@pytest.mark.parametrize("format", FORMATS)
def test_three_files_hold_the_rows_of_one(tmp_path: Path, format: str) -> None:
    suspect = np.arange(100) % 7 == 0
    whole, folder = in_three(tmp_path / "parts", format, id=np.arange(100), suspect=suspect)
    one, several = stream(whole), stream((folder,))
    for name in ("logits", "targets", "ids", "suspects"):
        assert (rows_of(one, name) == rows_of(several, name)).all(), name
    assert several.survey.notes[0] == "The rows come from 3 files."
    assert one.survey == several.survey._replace(name=one.survey.name, notes=several.survey.notes[1:])


def test_rows_without_ids_are_called_by_their_file_and_number(tmp_path: Path) -> None:
    _, folder = in_three(tmp_path / "parts", "csv")
    ids = rows_of(stream((folder,)), "ids")
    assert [ids[0], ids[39], ids[40], ids[41]] == ["part-8.csv:1", "part-8.csv:40", "part-9.csv:1", "part-10.csv:1"]
    with_none = stream((folder,), ColumnFlags(id="none"))
    assert not with_none.survey.ids and next(with_none.blocks()).ids is None


def test_ignored_rows_keep_the_numbers_of_the_others(tmp_path: Path) -> None:
    for name, labels in (("a.csv", (0, -100, 1)), ("b.csv", (-100, 1))):
        text(tmp_path / name, "logit_0,logit_1,label\n" + "".join(f"1,2,{y}\n" for y in labels))
    source = stream((tmp_path,))
    assert rows_of(source, "ids").tolist() == ["a.csv:1", "a.csv:3", "b.csv:2"]
    assert rows_of(source, "row_numbers").tolist() == [0, 2, 4]
    assert source.survey.ignored == (("-100", 2),)


def test_folders_of_a_key_are_groups(tmp_path: Path) -> None:
    z, y = made(2, 30)
    for value, part in (("val%2Fa", slice(0, 10)), ("test", slice(10, 30))):
        folder = tmp_path / "run" / f"split={value}" / "seed=1"
        folder.mkdir(parents=True)
        written_file(folder / "rows.parquet", z[part], y[part])
    for names in ((tmp_path / "run",), (tmp_path / "run" / "*" / "seed=1",), (tmp_path / "run" / "**" / "*.parquet",)):
        source = stream(names)
        assert source.survey.groups == ("test", "val/a"), names
        assert [source.survey.groups[code] for code in rows_of(source, "groups")] == ["test"] * 20 + ["val/a"] * 10
    by_seed = stream((tmp_path / "run",), ColumnFlags(group="seed"))
    assert by_seed.survey.groups == ("1",)
    assert stream((tmp_path / "run",), ColumnFlags(group="none")).survey.groups == ()


def test_files_stand_in_natural_order_and_bookkeeping_is_none(tmp_path: Path) -> None:
    for name in ("part-10.csv", "part-2.csv", "_metadata.csv", ".part-1.csv.crc", "notes.md", "deep/part-1.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text(tmp_path / name, "logit_0,logit_1,label\n1,2,0\n")
    assert [shard.name for shard in paths.shards_of((tmp_path,))] == ["deep/part-1.csv", "part-2.csv", "part-10.csv"]


def refusal(*names: Path, mapping: ColumnMapping | ColumnFlags | None = None) -> str:
    with pytest.raises(FileProblem) as caught:
        stream(names, mapping)
    return str(caught.value)


def test_names_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    one = text(tmp_path / "a.csv", "logit_0,logit_1,label\n1,2,0\n")
    assert refusal(tmp_path / "*.npz") == f"No file matches '{tmp_path}/*.npz'."
    assert "empty holds no file of predictions; expected .csv" in refusal(tmp_path / "empty")
    assert "b.csv cannot be opened" in refusal(one, tmp_path / "b.csv")
    assert "a.csv is named twice" in refusal(tmp_path, one)


DIFFERENT = {
    "logit_0,logit_1,y\n1,2,0\n": ("b.csv has no column 'label', which a.csv has.",),
    "logit_0,logit_1,label,id\n1,2,0,7\n": ("b.csv has the column 'id', which a.csv has not.",),
    "logit_1,logit_0,label\n1,2,0\n": ("b.csv has its columns in another order than a.csv.",),
    'logit_0,logit_1,label\n1,"[1, 2]",0\n': ("b.csv and a.csv: one has lists in column 'logit_1'",),
    "logit_0,logit_1,label\n1,2,0\n1,x,1\n1,2,5\n": ("b.csv, row 2 (line 3), logit_1: 'x'", "b.csv, row 3 (line 4), label: 5"),
    "logit_0,logit_1,label\n1,2,0\n1,2\n": ("b.csv:", "b.csv, row 2 (line 3)"),
    "": ("b.csv: The file is empty.",),
}


@pytest.mark.parametrize("content", DIFFERENT)
def test_a_file_that_differs_is_named(tmp_path: Path, content: str) -> None:
    one = text(tmp_path / "a.csv", "logit_0,logit_1,label\n1,2,0\n\n1,2,1\n")
    message = refusal(one, text(tmp_path / "b.csv", content))
    for words in DIFFERENT[content]:
        assert words in message


def test_files_of_other_classes_or_kinds_are_named(tmp_path: Path) -> None:
    z, y = made(3, 10)
    one = written_file(tmp_path / "a.parquet", z, y)
    wide = written_file(tmp_path / "b.parquet", np.hstack((z, z)), y)
    assert "b.parquet: 6 logits a row, where a.parquet has 3" in refusal(one, wide)
    double = written_file(tmp_path / "c.parquet", z.astype(np.float64), y)
    assert "c.parquet: float64 logits, where a.parquet has float32" in refusal(one, double)
    assert stream((double, one)).survey.dtype == "float64"
    (tmp_path / "split=val").mkdir()
    keyed = written_file(tmp_path / "split=val" / "d.parquet", z, y)
    assert "lies below split=…" in refusal(tmp_path / "split=val" / ".." / "a.parquet", tmp_path / "*=val" / keyed.name)


def test_a_damaged_file_is_named_and_a_changed_one_noticed(tmp_path: Path) -> None:
    _, folder = in_three(tmp_path / "parts", "parquet")
    source = stream((folder,))
    part = folder / "part-9.parquet"
    content = part.read_bytes()
    part.write_bytes(content + b" ")
    with pytest.raises(FileProblem, match=r"part-9\.parquet has changed"):
        next(source.blocks())
    part.write_bytes(content[:-40])
    assert "part-9.parquet: " in refusal(folder)


def test_what_a_few_rows_leave_open_all_files_decide(tmp_path: Path) -> None:
    """Labels −1 and +1, or probabilities, may not be seen in a file of one row."""
    text(tmp_path / "a.csv", "logit,label\n0.5,1\n")
    text(tmp_path / "b.csv", "logit,label\n-2,-1\n3,1\n")
    assert rows_of(stream((tmp_path,)), "targets").tolist() == [1, 0, 1]


@pytest.mark.parametrize("names", [(7, 8, 9), ("a", "b", "c")])
def test_samples_that_a_sampler_repeats_are_told(tmp_path: Path, names: tuple[int | str, ...]) -> None:
    """Three samples for two processes: the second one gets the first sample once more, so that each has two."""
    for rank, ids in enumerate((names[:2], (names[2], names[0]))):
        text(tmp_path / f"rank{rank}.csv", "logit_0,logit_1,label,id\n" + "".join(f"1,2,0,{name}\n" for name in ids))
    notes = stream((tmp_path,)).survey.notes
    sentence = "1 of 4 rows have an id that an earlier row has, too. If a distributed sampler repeated them, they count twice."
    assert sentence in notes
    assert sentence not in stream((tmp_path,), ColumnFlags(id="none")).survey.notes
    assert not any("earlier" in note for note in stream((tmp_path / "rank0.csv",)).survey.notes)


def test_only_so_many_ids_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lossviz.data.files.repeated_ids.MOST", 3)
    text(tmp_path / "a.csv", "logit_0,logit_1,label,id\n" + "".join(f"1,2,0,{name}\n" for name in "aabaa"))
    assert any(note.startswith("1 of 3 rows have an id") for note in stream((tmp_path / "a.csv",)).survey.notes)
