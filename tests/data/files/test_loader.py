"""What is in a file comes out of it, whatever the format, whole or a block at a time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import preview, read, stream

from .written_files import FORMATS, both, text, written_file

RNG = np.random.default_rng


def made(seed: int, N: int, C: int, dtype: str = "float64") -> tuple[Any, Any]:
    r = RNG(seed)
    return (3 * r.normal(size=(N, C))).astype(dtype), r.integers(0, max(2, C), N)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("seed", "N", "C"), [(1, 57, 3), (2, 1, 2), (3, 40, 1), (4, 8, 1000), (5, 200, 10)])
def test_what_was_written_is_read(tmp_path: Path, format: str, seed: int, N: int, C: int) -> None:
    z, y = made(seed, N, C)
    batch = both(written_file(tmp_path / f"a.{format}", z, y))
    assert (batch.rows.logits == z).all()
    assert (batch.rows.targets == y).all() and batch.rows.targets.dtype == np.int64
    survey = batch.survey
    assert (survey.samples, survey.classes, survey.output_type, survey.soft) == (N, C, "logits", False)
    assert survey.task == {1: "binary", 2: "two-logit"}.get(C, "multi-class")
    assert survey.activations == (("sigmoid",) if C == 1 else ("softmax", "sigmoid"))
    assert survey.counts == tuple(float((y == c).sum()) for c in range(max(2, C)))


@pytest.mark.parametrize("format", FORMATS)
def test_ids_groups_and_suspects(tmp_path: Path, format: str) -> None:
    z, y = made(6, 90, 4)
    r = RNG(7)
    ids = np.array([f"Bild {n} – größer ø 图.png" for n in range(90)])
    groups = np.array(["tag", "Nacht", "ümlaut"])[r.integers(0, 3, 90)]
    suspects = r.random(90) < 0.3
    batch = both(written_file(tmp_path / f"a.{format}", z, y, id=ids, group=groups, suspect=suspects))
    assert batch.rows.ids is not None and list(batch.rows.ids) == list(ids)
    assert batch.survey.groups == ("Nacht", "tag", "ümlaut")
    assert [batch.survey.groups[k] for k in batch.rows.groups] == list(groups)
    assert batch.rows.groups.dtype == np.int32
    assert (batch.rows.suspects == suspects).all() and batch.survey.suspects == suspects.sum()


@pytest.mark.parametrize("format", FORMATS)
def test_ids_that_are_numbers_stay_numbers(tmp_path: Path, format: str) -> None:
    z, y = made(8, 30, 2)
    ids = RNG(9).permutation(10**12 + np.arange(30))
    batch = both(written_file(tmp_path / f"a.{format}", z, y, id=ids))
    assert batch.rows.ids is not None and batch.rows.ids.dtype == np.int64 and (batch.rows.ids == ids).all()


def test_ids_with_zeros_before_them_are_names(tmp_path: Path) -> None:
    batch = both(text(tmp_path / "a.csv", "id,logit,label\n007,1,0\n8,2,1\n"))
    assert list(batch.rows.ids) == ["007", "8"]


@pytest.mark.parametrize("format", FORMATS[1:])
@pytest.mark.parametrize(
    ("stored", "kept"), [("float16", "float32"), ("float32", "float32"), ("float64", "float64"), ("int16", "float64")]
)
def test_dtypes(tmp_path: Path, format: str, stored: str, kept: str) -> None:
    z, y = made(10, 20, 3, stored)
    batch = both(written_file(tmp_path / f"a.{format}", z, y))
    assert batch.survey.dtype == kept and (batch.rows.logits == z.astype(kept)).all()


@pytest.mark.parametrize("format", FORMATS)
def test_soft_and_multi_hot_and_one_hot_targets(tmp_path: Path, format: str) -> None:
    z, y = made(11, 50, 4)
    soft = RNG(12).dirichlet(np.ones(4), 50)
    batch = both(written_file(tmp_path / f"soft.{format}", z, soft, label="target"))
    assert (batch.survey.task, batch.survey.soft) == ("multi-class", True) and (batch.rows.targets == soft).all()
    assert batch.survey.counts == pytest.approx(soft.sum(0))
    hot = (RNG(13).random((50, 4)) < 0.4).astype(np.int64)
    batch = both(written_file(tmp_path / f"hot.{format}", z, hot, label="target"))
    assert (batch.survey.task, batch.survey.soft) == ("multi-label", False) and (batch.rows.targets == hot).all()
    assert batch.rows.targets.dtype == batch.rows.logits.dtype and batch.survey.counts == tuple(hot.sum(0))
    batch = both(written_file(tmp_path / f"one.{format}", z, np.eye(4)[y], label="target"))
    assert batch.rows.targets.dtype == np.int64 and (batch.rows.targets == y).all()


@pytest.mark.parametrize("format", FORMATS)
def test_probabilities_that_sum_to_one_are_softmax(tmp_path: Path, format: str) -> None:
    p = RNG(14).dirichlet(np.ones(5), 60)
    p[3] = [0, 0, 1, 0, 0]
    batch = both(written_file(tmp_path / f"a.{format}", p, RNG(15).integers(0, 5, 60), name="probs"))
    assert (batch.survey.output_type, batch.survey.activations) == ("probabilities", ("softmax",))
    rest = np.arange(60) != 3
    assert np.allclose(batch.rows.logits[rest], np.log(p[rest]), rtol=1e-14)
    assert np.isfinite(batch.rows.logits).all() and np.allclose(np.exp(batch.rows.logits), p, atol=1e-300)
    assert any(note.startswith("4 probabilities were exactly 0") for note in batch.survey.notes)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_probabilities_of_one_class_or_of_several_at_once_are_sigmoid(tmp_path: Path, dtype: str) -> None:
    p = RNG(16).random((40, 3)).astype(dtype)
    p[0] = [0, 1, 0.5]
    hot = (RNG(17).random((40, 3)) < 0.5).astype(float)
    for name, q, t in (("a", p, hot), ("b", p[:, :1], hot[:, 0].astype(int)), ("c", p[:, 0], hot[:, 0].astype(int))):
        batch = both(written_file(tmp_path / f"{name}.npz", q, t, name="probs"))
        z = batch.rows.logits
        assert batch.survey.activations == ("sigmoid",) and np.isfinite(z).all() and z.dtype == dtype
        assert np.allclose(1 / (1 + np.exp(-z.astype(float))), q.reshape(z.shape), atol=1e-7)
    assert z[0, 0] == np.float64(np.log(np.finfo(dtype).smallest_normal)).astype(dtype)


def test_logits_that_look_like_probabilities_are_told_but_not_changed(tmp_path: Path) -> None:
    p = RNG(18).dirichlet(np.ones(3), 30)
    batch = both(written_file(tmp_path / "a.npz", p, RNG(19).integers(0, 3, 30)))
    assert (batch.rows.logits == p).all() and "they all lie in [0, 1] and sum to 1" in batch.survey.output_type_reason
    mapped = both(tmp_path / "a.npz", ColumnMapping(("logits",), ("label",), output_type="probabilities"))
    assert np.allclose(mapped.rows.logits, np.log(p)) and "mapped as probabilities" in mapped.survey.output_type_reason
    assert "all lie in" not in both(written_file(tmp_path / "b.npz", p - 0.5, [0] * 30)).survey.output_type_reason


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("logit_0,logit_1,label\n1,2,1.0\n1,2,0.0\n", "whole, and were read as such"),
        ("logit,label\n1,-1\n2,1\n", "−1 and +1 were read as 0 and 1"),
        ("logit,label\n1,0.25\n2,1\n", "soft targets"),
        ("logit_0,logit_1,label\n1,2,1\n1,2,1\n", "All samples are of one class: 1"),
    ],
)
def test_notes(tmp_path: Path, content: str, note: str) -> None:
    assert any(note in line for line in both(text(tmp_path / "a.csv", content)).survey.notes)


def test_signs_become_zero_and_one(tmp_path: Path) -> None:
    y = RNG(20).choice([-1, 1], 50)
    batch = both(written_file(tmp_path / "a.parquet", RNG(21).normal(size=50), y, name="score"))
    assert (batch.rows.targets == (y + 1) // 2).all() and batch.survey.counts == ((y < 0).sum(), (y > 0).sum())


PLAIN = "logit_0,logit_1,label,group\n1.5,-2.25,1,a\n-3e-2,4,0,b\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", ";").replace(".", ","),
        '"logit_0","logit_1","label","group"\n"1.5","-2.25","1","a"\n-3e-2,4,0,b\n',
        PLAIN.replace("1.5", " 1.5 ").replace("4", "+4"),
        PLAIN + "\n\n",
        PLAIN.upper().replace("A", "a").replace("B\n", "b\n").replace("LaBEL", "LaBel"),
    ],
)
def test_dialects_of_csv(tmp_path: Path, content: str) -> None:
    batch = both(text(tmp_path / "a.csv", content))
    assert batch.rows.logits.tolist() == [[1.5, -2.25], [-0.03, 4.0]]
    assert batch.rows.targets.tolist() == [1, 0] and batch.survey.groups == ("a", "b")


def test_names_with_line_breaks_and_quotes(tmp_path: Path) -> None:
    ids = ['a\nb,"c"', "ß;", "x" * 500]
    batch = both(written_file(tmp_path / "a.csv", [[1.0, 2], [3, 4], [5, 6]], [0, 1, 1], id=ids))
    assert list(batch.rows.ids) == ids


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (("Logits_0", "Logits_1"), "Y"),
        (("z0", "z1"), "Target"),
        (("LOGIT 0", "LOGIT 1"), "labels"),
        (("logits[0]", "logits[1]"), "targets"),
    ],
)
def test_names_that_are_recognised(tmp_path: Path, names: tuple[str, str], target: str) -> None:
    path = text(tmp_path / "a.csv", f"{names[1]},x,{target},{names[0]}\n2,9,1,1\n")
    assert both(path).rows.logits.tolist() == [[1, 2]]
    with path.open("rb") as file:
        assert preview(file, "a.csv").mapping == ColumnMapping(names, (target,))


def test_a_mapping_by_hand(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "cat,dog,truth,file\n1,2,0,a.png\n3,4,1,b.png\n")
    head = preview(path, path.name)
    assert head.mapping is None and head.problem is not None and "'cat', 'dog'" in head.problem
    assert (head.format, head.columns) == ("CSV", ("cat", "dog", "truth", "file"))
    assert head.rows == (("1", "2", "0", "a.png"), ("3", "4", "1", "b.png"))
    batch = both(path, ColumnMapping(("dog", "cat"), ("truth",), id="file"))
    assert batch.rows.logits.tolist() == [[2, 1], [4, 3]] and list(batch.rows.ids) == ["a.png", "b.png"]


@pytest.mark.parametrize("format", FORMATS)
def test_previews(tmp_path: Path, format: str) -> None:
    z, y = made(22, 30, 3)
    path = written_file(tmp_path / f"a.{format}", z, y)
    head = preview(io.BytesIO(path.read_bytes()), path.name)
    assert len(head.rows) == 10 and all(len(row) == len(head.columns) for row in head.rows)
    assert head.rows[4][-1] == str(y[4]) and head.problem is None
    assert head.mapping is not None and set(head.mapping.names) == set(head.columns)


@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
def test_the_content_decides_and_not_the_name(tmp_path: Path, format: str) -> None:
    z, y = made(23, 9, 2)
    path = written_file(tmp_path / f"a.{format}", z, y)
    wrong = path.rename(tmp_path / f"a.{'parquet' if format == 'csv' else 'csv'}")
    batch = both(wrong)
    assert (batch.rows.logits == z).all()
    assert any("was read as such" in note for note in batch.survey.notes)


@pytest.mark.parametrize("format", FORMATS)
def test_many_blocks(tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, with groups that turn up late."""
    monkeypatch.setattr("lossviz.data.predictions.BLOCK", 40)
    monkeypatch.setattr("lossviz.data.predictions.MIN_ROWS", 1)
    monkeypatch.setattr("lossviz.data.files.limits.LINE", 300)
    z, y = made(24, 200, 3)
    groups = np.array([f"{n // 30}" for n in range(200)][::-1])
    shares: list[float] = []
    path = written_file(tmp_path / f"a.{format}", z, y, group=groups, id=np.arange(200))
    batch = read(path, path.name, progress=shares.append)
    blocks = list(stream(path).blocks())
    assert len(blocks) > 10 and len(shares) > 10 and shares == sorted(shares) and shares[-1] == 1.0
    assert (np.concatenate([b.logits for b in blocks]) == z).all() and (batch.rows.logits == z).all()
    assert (np.concatenate([b.targets for b in blocks]) == y).all() and (batch.rows.targets == y).all()
    assert batch.survey.groups == tuple(map(str, range(7)))
    for rows in (np.concatenate([b.groups for b in blocks]), batch.rows.groups):
        assert [batch.survey.groups[k] for k in rows] == list(groups)
    assert (batch.rows.ids == np.arange(200)).all()


@pytest.mark.parametrize("compressed", [False, True])
def test_arrays_that_are_stored_in_other_ways(tmp_path: Path, compressed: bool) -> None:
    z, y = made(25, 40, 3)
    save = np.savez_compressed if compressed else np.savez
    save(tmp_path / "a.npz", logits=np.asfortranarray(z), y=y.astype(">i2"))
    batch = both(tmp_path / "a.npz")
    assert (batch.rows.logits == z).all() and (batch.rows.targets == y).all()


def test_several_row_groups_and_dictionaries(tmp_path: Path) -> None:
    z, y = made(26, 1000, 3)
    group = pa.array(np.array(["a", "b"])[y % 2]).dictionary_encode()
    table = pa.table({"logits": pa.array(list(z)), "label": pa.array(y, pa.uint8()), "group": group})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=77, compression="zstd")
    batch = both(tmp_path / "a.parquet")
    assert (batch.rows.logits == z).all() and (batch.rows.groups == y % 2).all()


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    path = written_file(tmp_path / "a.csv", *made(27, 20, 2))
    streamed = stream(path)
    written_file(path, *made(28, 21, 2))
    with pytest.raises(ValueError, match="has changed"):
        list(streamed.blocks())


def test_a_file_of_others_stays_open(tmp_path: Path) -> None:
    for format in ("csv", "npz", "parquet"):
        file = io.BytesIO(written_file(tmp_path / f"a.{format}", *made(29, 5, 2)).read_bytes())
        read(file, f"a.{format}")
        preview(file, f"a.{format}")
        assert len(file.getvalue()) > 0 and not file.closed
