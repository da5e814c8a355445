"""What is saved is read again, equal; what could not be read again is not saved."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch

from lossviz.data.files.loader import preview, read
from lossviz.data.files.problems import FileProblem
from lossviz.data.files.writer import examples, save_predictions

from .written_files import both

FORMATS = ("csv", "npz", "parquet")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("seed", "N", "C"), [(1, 40, 3), (2, 1, 5), (3, 33, 1), (4, 20, 2)])
def test_round_trips(tmp_path: Path, format: str, dtype: Any, seed: int, N: int, C: int) -> None:
    r = np.random.default_rng(seed)
    z, y = (r.normal(size=(N, C)) * 10.0 ** r.integers(-20, 20, (N, C))).astype(dtype), r.integers(0, max(2, C), N)
    more = {
        "ids": [f'ß{n}, "quoted"\n' for n in range(N)],
        "groups": r.choice(["a", "b", "ü"], N),
        "suspects": r.random(N) < 0.5,
    }
    path = tmp_path / f"a.{format}"
    save_predictions(path, z, y, **more)
    rows = both(path).rows
    assert (rows.logits == z).all() and (rows.targets == y).all()
    assert rows.logits.dtype == (np.float64 if format == "csv" else dtype)
    assert list(rows.ids) == more["ids"] and (rows.suspects == more["suspects"]).all()
    names = np.array(both(path).survey.groups)
    assert (names[rows.groups] == more["groups"]).all()


@pytest.mark.parametrize("format", FORMATS)
def test_targets_of_many_values(tmp_path: Path, format: str) -> None:
    r = np.random.default_rng(5)
    z, soft, hot = r.normal(size=(30, 4)), r.dirichlet(np.ones(4), 30), r.random((30, 4)) < 0.5
    hot[0] = [True, True, False, False]
    for n, t in enumerate((soft, hot)):
        save_predictions(tmp_path / f"{n}.{format}", z, t)
        assert (both(tmp_path / f"{n}.{format}").rows.targets == t).all()


@pytest.mark.parametrize("format", FORMATS)
def test_tensors_and_lists(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"a.{format}"
    z = torch.randn(12, 3, generator=torch.Generator().manual_seed(6), requires_grad=True)
    y = torch.arange(12) % 3
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        save_predictions(path, z.to(dtype), y, ids=torch.arange(12), suspects=y == 1)
        rows = both(path).rows
        assert (rows.logits == z.to(dtype).detach().float().numpy()).all() and (rows.targets == y.numpy()).all()
        assert (rows.ids == np.arange(12)).all() and (rows.suspects == (y == 1).numpy()).all()
    save_predictions(str(path), [1, -2.5, 3], [True, False, True], groups=[7, 10, 7])
    batch = both(path)
    assert batch.rows.logits.tolist() == [[1], [-2.5], [3]] and batch.rows.targets.tolist() == [1, 0, 1]
    assert batch.survey.groups == ("7", "10")


@pytest.mark.parametrize(
    ("logits", "targets", "more", "words"),
    [
        ([[1.0, float("nan")]], [0], {}, ["row 1", "logits[1]: nan"]),
        ([[1.0, 2], [3, 4]], [0, 2], {}, ["row 2", "targets: 2", "0 to 1"]),
        ([[1.0, 2], [3, 4]], [0], {}, ["targets have shape (1,)", "(2,) or (2, 2)"]),
        ([[1.0, 2], [3, 4]], ["cat", "dog"], {}, ["targets hold", "labels"]),
        ([[1.0, 2], [3]], [0, 1], {}, ["logits are not an array"]),
        ([["a", "b"]], [0], {}, ["logits hold", "real numbers"]),
        ([[[1.0]]], [0], {}, ["shape (1, 1, 1)"]),
        ([], [], {}, ["shape (0, 1)"]),
        ([[1.0, 2]], [0], {"ids": ["a", "b"]}, ["ids have shape (2,)", "(1,)"]),
        ([[1.0, 2]], [0], {"groups": [None]}, ["row 1", "group", "missing"]),
        ([[1.0, 2]], [0], {"suspects": ["x"]}, ["suspects hold"]),
    ],
)
def test_what_could_not_be_read_is_not_saved(tmp_path: Path, logits: Any, targets: Any, more: Any, words: list[str]) -> None:
    for format in FORMATS:
        with pytest.raises(FileProblem) as caught:
            save_predictions(tmp_path / f"a.{format}", logits, targets, **more)
        assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("format", FORMATS)
def test_names_of_classes_and_ignored_rows(tmp_path: Path, format: str) -> None:
    path, names = tmp_path / f"a.{format}", ("cat", "type2", "a/b, ‘ü’")
    z = np.random.default_rng(7).normal(size=(5, 3))
    z[1], z[2, 0] = np.nan, -np.inf
    save_predictions(path, z, [0, 255, 2, 1, 255], class_names=names, ignore_index=255, ids=list("abcde"))
    batch = both(path)
    assert batch.survey.class_names == names and batch.survey.ignored == (("-100", 2),)
    assert batch.rows.targets.tolist() == [0, 2, 1] and batch.rows.row_numbers.tolist() == [0, 2, 3]
    assert (batch.rows.logits == z[[0, 2, 3]]).all() and list(batch.rows.ids) == ["a", "c", "d"]
    save_predictions(path, z[[0, 3]], ["type2", "cat"], class_names=names)
    assert both(path).rows.targets.tolist() == [1, 0]
    save_predictions(path, torch.zeros(4, 3), torch.tensor([0, -100, 2, -100]))
    assert both(path).survey.rows == 4


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("cat", "cat", "dog"), ["'cat', 'cat'", "could not be read back"]),
        (("1", "2", "3"), ["could not be read back"]),
        (("", "a", "b"), ["could not be read back"]),
        (("cat", "dog"), ["2 names", "3 logits"]),
    ],
)
def test_names_of_classes_that_are_none(tmp_path: Path, names: Any, words: list[str]) -> None:
    with pytest.raises(FileProblem) as caught:
        save_predictions(tmp_path / "a.csv", np.zeros((2, 3)), [0, 1], class_names=names)
    assert all(word in str(caught.value) for word in words) and not list(tmp_path.iterdir())
    with pytest.raises(FileProblem, match="expected one of 'a', 'b', 'c'"):
        save_predictions(tmp_path / "a.csv", np.zeros((1, 3)), ["d"], class_names=["a", "b", "c"])


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"a\.pkl ends in \.pkl; expected one of \.parquet, \.npz, \.csv"):
        save_predictions(tmp_path / "a.pkl", [[1.0, 2]], [0])


def test_examples_are_small_and_the_same_in_every_format() -> None:
    files = examples()
    assert set(files) == {"predictions.csv", "predictions.npz", "predictions.parquet"}
    batches = [read(io.BytesIO(data), name) for name, data in files.items()]
    for batch in batches:
        assert (batch.survey.samples, batch.survey.classes, batch.survey.ids) == (12, 3, True)
        assert batch.survey.groups == ("day", "night") and not batch.survey.notes
        assert (batch.rows.logits == batches[0].rows.logits).all() and (batch.rows.targets == batches[0].rows.targets).all()
    assert all(preview(io.BytesIO(data), name).problem is None and len(data) < 6000 for name, data in files.items())
    assert b"0.10000000" not in files["predictions.csv"]


@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
def test_masks_are_not_dropped(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"a.{format}"
    z = np.arange(12.0).reshape(4, 3)
    labels = np.ma.masked_array([0, 1, 2, 0], [False, True, False, False])
    save_predictions(path, z, labels)
    batch = read(path, path.name)
    assert batch.survey.rows == 4 and batch.rows.row_numbers.tolist() == [0, 2, 3] and batch.rows.targets.tolist() == [0, 2, 0]
    targets = np.ma.masked_array(np.eye(3)[[0, 1, 2, 0]], np.zeros((4, 3), bool))
    targets[3] = np.ma.masked
    save_predictions(path, np.ma.masked_array(z, False), targets)
    assert read(path, path.name).rows.targets.tolist() == [0, 1, 2]
    targets[1, 1] = np.ma.masked
    path.unlink()
    for what, arguments in {
        "targets are masked in part of row 2": (z, targets),
        "logits are masked, first in row 2": (np.ma.masked_array(z, z == 4), [0, 1, 2, 0]),
        "ids are masked, first in row 3": (z, [0, 1, 2, 0], np.ma.masked_array([1, 2, 3, 4], [0, 0, 1, 0])),
    }.items():
        with pytest.raises(FileProblem, match=what):
            save_predictions(path, *arguments[:2], ids=arguments[2] if len(arguments) > 2 else None)
        assert not path.exists()


@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
def test_a_positive_class_that_comes_first_is_saved_by_name(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"a.{format}"
    save_predictions(path, [[1.0, 2.0], [3.0, 0.0], [0.0, 0.0]], [0, 1, -100], class_names=["yes", "no"])
    batch = read(path, path.name)
    assert batch.rows.targets.tolist() == [0, 1] and batch.survey.class_names == ("yes", "no") and batch.survey.rows == 3


def test_row_groups_fit_in_memory_however_many_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lossviz.data.files.writer.ROW_GROUP", 1 << 16)
    z = np.random.default_rng(0).normal(size=(700, 100)).astype(np.float32)
    save_predictions(tmp_path / "a.parquet", z, np.arange(700) % 100)
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    rows = [metadata.row_group(k).num_rows for k in range(metadata.num_row_groups)]
    assert max(rows) * 408 <= 1 << 16 and sum(rows) == 700
    assert (both(tmp_path / "a.parquet").rows.logits == z).all()
