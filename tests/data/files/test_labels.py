"""Labels as people write them: names, true and false, from 1 on; and rows without one, of which every one is accounted for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz import evaluate, loss
from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import preview, read, stream
from lossviz.data.files.problems import FileProblem
from lossviz.data.files.recognition import ColumnFlags

from .written_files import FORMATS, both, refused, text, written_file

NAMES = np.array(["cat", "dog", "bird"])
"""Not in the order of the alphabet, which must not matter."""


def made(seed: int, N: int = 60) -> tuple[Any, Any]:
    r = np.random.default_rng(seed)
    return r.normal(size=(N, 3)), r.integers(0, 3, N)


def flagged(path: Path, **flags: Any) -> Any:
    """A file read as the command line reads it: the survey and all rows."""
    source = stream(path, ColumnFlags(**flags))
    blocks = list(source.blocks())
    return source.survey, blocks[0] if blocks else None


def columns(path: Path, columns: dict[str, Any]) -> Path:
    """A file with these columns of single values."""
    if path.suffix == ".npz":
        np.savez(path, **columns)
    elif path.suffix == ".csv":
        rows = zip(*(["" if x is None else str(x) for x in column] for column in columns.values()), strict=True)
        text(path, "\n".join([",".join(columns), *map(",".join, rows)]) + "\n")
    else:
        pq.write_table(pa.table({name: pa.array(column) for name, column in columns.items()}), path)
    return path


@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
@pytest.mark.parametrize("prefix", ["prob_", "logit_", "", "p.", "class_"])
def test_labels_are_names_of_columns(tmp_path: Path, format: str, prefix: str) -> None:
    z, y = made(1)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    values = z if prefix == "logit_" else p
    path = columns(tmp_path / f"a.{format}", {"label": NAMES[y]} | {prefix + n: values[:, k] for k, n in enumerate(NAMES)})
    batch = both(path)
    assert batch.survey.class_names == tuple(NAMES) and (batch.rows.targets == y).all()
    assert batch.survey.output_type == ("logits" if prefix == "logit_" else "probabilities")
    numbers = columns(tmp_path / f"b.{format}", {"label": y} | {prefix + n: values[:, k] for k, n in enumerate(NAMES)})
    if prefix:
        assert both(numbers).survey.class_names == tuple(NAMES), "also where labels are numbers"


@pytest.mark.parametrize("format", FORMATS)
def test_names_without_columns_are_asked_for(tmp_path: Path, format: str) -> None:
    z, y = made(2)
    path = written_file(tmp_path / f"a.{format}", z, NAMES[y])
    problem = refused(path, "60 rows", "row 1", repr(str(NAMES[y[0]])))
    assert set(problem.labels) == set(NAMES) and problem.remedies[0].flag.startswith("--classes ")
    mapping = preview(path, path.name).mapping
    assert mapping is not None
    batch = both(path, replace(mapping, classes=tuple(NAMES)))
    assert (batch.rows.targets == y).all() and batch.survey.class_names == tuple(NAMES)
    survey, _ = flagged(path, classes=tuple(NAMES))
    assert survey == batch.survey
    refused(path, "row", "expected one of 'cat', 'dog', 'eel'", mapping=replace(mapping, classes=("cat", "dog", "eel")))
    refused(path, "2 class names", "expected 3", mapping=replace(mapping, classes=("cat", "dog")))


def test_dictionaries_and_views_of_parquet(tmp_path: Path) -> None:
    _, y = made(3)
    for name, labels in (("a", pa.array(NAMES[y]).dictionary_encode()), ("b", pa.array(NAMES[y]).cast(pa.string_view()))):
        table = pa.table({"label": labels} | {f"prob_{n}": np.full(60, 1 / 3) for n in NAMES})
        pq.write_table(table, tmp_path / f"{name}.parquet")
        assert (both(tmp_path / f"{name}.parquet").rows.targets == y).all()


WORDS = [("False", "True"), ("FALSE", "TRUE"), ("no", "yes"), ("f", "t"), ("Negative", "Positive"), ("N", "Y")]


@pytest.mark.parametrize(("no", "yes"), WORDS)
@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
def test_true_and_false(tmp_path: Path, format: str, no: str, yes: str) -> None:
    y = np.random.default_rng(4).integers(0, 2, 30)
    labels = np.array([no, yes])[y]
    one = columns(tmp_path / f"a.{format}", {"prob": np.linspace(0.1, 0.9, 30), "label": labels})
    assert (both(one).rows.targets == y).all()
    swapped = {f"prob_{yes}": np.full(30, 0.75), f"prob_{no}": np.full(30, 0.25), "label": labels}
    batch = both(columns(tmp_path / f"b.{format}", swapped))
    assert batch.survey.class_names == (yes, no) and (batch.rows.targets == 1 - y).all(), "columns have names: they decide"


@pytest.mark.parametrize("format", ["npz", "parquet"])
def test_booleans(tmp_path: Path, format: str) -> None:
    y = np.random.default_rng(5).integers(0, 2, 30).astype(bool)
    assert (both(columns(tmp_path / f"a.{format}", {"prob": np.linspace(0, 1, 30), "label": y})).rows.targets == y).all()
    swapped = {"prob_True": np.full(30, 0.75), "prob_False": np.full(30, 0.25), "label": y}
    assert (both(columns(tmp_path / f"b.{format}", swapped)).rows.targets == ~y).all()
    refused(written_file(tmp_path / f"c.{format}", np.zeros((30, 3)), y), "30 rows", "'true'" if format == "npz" else "label")


def test_which_of_two_names_is_positive_is_asked(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "prob,label\n0.9,spam\n0.2,ham\n0.6,spam\n")
    problem = refused(path, "'spam'")
    assert [r.flag for r in problem.remedies] == ["--classes spam ham", "--classes ham spam"]
    survey, rows = flagged(path, classes=("ham", "spam"))
    assert rows.targets.tolist() == [1, 0, 1] and any("'spam' the positive" in note for note in survey.notes)


@pytest.mark.parametrize("format", FORMATS)
def test_labels_from_one_on(tmp_path: Path, format: str) -> None:
    z, y = made(6)
    path = written_file(tmp_path / f"a.{format}", z, y + 1)
    problem = refused(path, "label: 3", "from 0 to 2")
    assert problem.remedies[0].flag == "--first-label 1"
    survey, rows = flagged(path, first_label=1)
    assert (rows.targets == y).all() and survey.class_names == ("class 1", "class 2", "class 3")


def test_columns_from_one_on_say_it_by_themselves(tmp_path: Path) -> None:
    batch = both(text(tmp_path / "a.csv", "prob_1,prob_2,label\n0.25,0.75,2\n0.5,0.5,1\n"))
    assert batch.rows.targets.tolist() == [1, 0] and batch.survey.class_names == ("class 1", "class 2")
    path = text(tmp_path / "b.csv", "prob_1,prob_2,label\n0.25,0.75,0\n0.5,0.5,1\n")
    assert refused(path, "label: 0").remedies[0].flag == "--first-label 0"
    assert flagged(path, first_label=0)[1].targets.tolist() == [0, 1]


def test_names_that_are_numbers(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "logit_0,logit_1,logit_2,label\n1,2,3,7\n1,2,3,3\n1,2,3,11\n")
    survey, rows = flagged(path, classes=("3", "7", "11"))
    assert rows.targets.tolist() == [1, 0, 2] and survey.class_names == ("class 3", "class 7", "class 11")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("label", [-100, -1, 255, 3])
def test_ignored_rows_are_counted(tmp_path: Path, format: str, label: int) -> None:
    z, y = made(7)
    gone = np.random.default_rng(8).random(60) < 0.2
    z[gone] = np.array([np.nan, np.inf, -np.inf])
    labels = np.where(gone, label, y)
    ids = np.arange(60) + 1000
    path = written_file(tmp_path / f"a.{format}", z, labels, id=ids)
    if label != -100:
        problem = refused(path, f"label: {label}")
        assert f"--ignore-label {label}" in [remedy.flag for remedy in problem.remedies]
    survey, rows = flagged(path, ignore_label=(str(label),))
    assert (survey.rows, survey.samples) == (60, (~gone).sum())
    assert survey.ignored == ((str(label), int(gone.sum())),)
    assert (rows.logits == z[~gone]).all() and (rows.targets == y[~gone]).all()
    assert (rows.row_numbers == np.flatnonzero(~gone)).all() and (rows.ids == ids[~gone]).all()
    assert any(note.startswith(f"60 rows = {(~gone).sum()} used + {gone.sum()} ignored") for note in survey.notes)
    one = rows.numbered(int(np.flatnonzero(~gone)[5]))
    assert one is not None and one.ids == ids[~gone][5:6]
    assert rows.numbered(int(np.flatnonzero(gone)[0])) is None and rows.numbered(60) is None
    theirs = evaluate(loss("cross-entropy", ignore_index=label), np.where(gone[:, None], 0, z), labels).reduce("mean")
    ours = evaluate(loss("cross-entropy"), rows.logits, rows.targets).reduce("mean")
    assert float(ours) == pytest.approx(float(theirs)), "as torch's ignore_index"


@pytest.mark.parametrize("blank", ["", "nan", "NaN", "NA", "null", "None", " "])
def test_blank_labels(tmp_path: Path, blank: str) -> None:
    for name, content in (
        ("a", f"logit_0,logit_1,label\n1,2,0\n3,4,{blank}\n5,6,1.0\n"),
        ("b", f"prob_cat,prob_dog,label\n0.5,0.5,cat\n0.5,0.5,{blank}\n0.25,0.75,dog\n"),
        ("c", f"logit_0,logit_1,target_0,target_1\n1,2,0,1\n3,4,{blank},{blank}\n5,6,1,1\n"),
        ("d", f"prob,label\n0.25,yes\n0.5,{blank}\n0.25,no\n"),
    ):
        batch = both(text(tmp_path / f"{name}.csv", content))
        assert (batch.survey.samples, batch.survey.rows) == (2, 3) and batch.rows.row_numbers.tolist() == [0, 2]
    refused(text(tmp_path / "e.csv", f"logit_0,logit_1,target_0,target_1\n1,2,0,1\n3,4,{blank},1\n"), "row 2", "missing")
    refused(text(tmp_path / "f.csv", f"logit,label\n1,{blank}\n2,{blank}\n"), "No row has a label", "all 2")


def test_missing_labels_of_arrays(tmp_path: Path) -> None:
    z, y = made(9)
    np.savez(tmp_path / "a.npz", logits=z, labels=np.where(y == 2, np.nan, y))
    assert both(tmp_path / "a.npz").survey.ignored == (("", int((y == 2).sum())),)
    lists = pa.FixedSizeListArray.from_arrays(pa.array(z.ravel()), 3)
    for labels in (pa.array([None if k == 2 else int(k) for k in y]), pa.array([None if k == 2 else str(k) for k in y])):
        pq.write_table(pa.table({"logits": lists, "label": labels}), tmp_path / "a.parquet")
        batch = both(tmp_path / "a.parquet")
        assert batch.survey.ignored == (("", int((y == 2).sum())),) and (batch.rows.targets == y[y < 2]).all()
    targets = pa.array([None if k == 2 else np.eye(3)[k].tolist() for k in y])
    pq.write_table(pa.table({"logits": lists, "target": targets}), tmp_path / "b.parquet")
    assert both(tmp_path / "b.parquet").survey.rows == 60


def test_words_may_be_ignored(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "prob_cat,prob_dog,label\n0.5,0.5,cat\n0.5,0.5,Unknown\n0.25,0.75,dog\n")
    assert refused(path, "'Unknown'").remedies[0].flag == "--ignore-label Unknown"
    assert flagged(path, ignore_label=("unknown",))[0].ignored == (("Unknown", 1),)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("label", [-1, 3])
def test_background_is_no_class(tmp_path: Path, format: str, label: int) -> None:
    z, y = made(10)
    nothing = np.arange(60) % 7 == 0
    path = written_file(tmp_path / f"a.{format}", z, np.where(nothing, label, y))
    survey, rows = flagged(path, background_label=str(label))
    assert (survey.task, survey.activations, survey.rows, survey.samples) == ("multi-label", ("sigmoid",), 60, 60)
    assert (rows.targets == np.eye(3)[y] * ~nothing[:, None]).all() and rows.targets.dtype == rows.logits.dtype
    assert survey.counts == tuple(float((y[~nothing] == k).sum()) for k in range(3))
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    path = written_file(tmp_path / f"b.{format}", p, np.where(nothing, label, y), name="prob")
    with pytest.raises(FileProblem, match="probabilities sum to 1") as caught:
        flagged(path, background_label=str(label))
    assert caught.value.remedies[0].flag == f"--ignore-label {label}"


def test_outputs_and_targets_of_the_same_names_belong_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    z, _ = made(15)
    t = np.random.default_rng(16).integers(0, 2, (60, 3))
    order = [2, 0, 1]
    outputs = {f"prob_{n}": 1 / (1 + np.exp(-z[:, k])) for k, n in enumerate(NAMES)}
    for stem in ("label_", "target.", ""):
        targets = {f"{stem}{NAMES[k]}": t[:, k] for k in order}
        for format in ("csv", "npz", "parquet"):
            path = columns(tmp_path / f"a.{format}", targets | outputs)
            assert (both(path).rows.targets == t).all() and both(path).survey.class_names == tuple(NAMES)
            survey, rows = flagged(path, probs=("prob_*",), label=tuple(targets))
            assert (rows.targets == t).all() and survey.task == "multi-label"
    monkeypatch.setattr("lossviz.data.files.delimited_text.COLUMNS_AT_ONCE", 400)
    many = [f"w{k}" for k in range(500)]  # more than are given to Arrow at a time
    table = {f"prob_{n}": [0.25, 0.5] for n in many} | {f"label_{n}": [k % 2, 1] for k, n in reversed([*enumerate(many)])}
    rows = both(columns(tmp_path / "c.csv", table)).rows
    assert rows.targets.tolist() == [[k % 2 for k in range(500)], [1] * 500] and rows.logits.shape == (2, 500)
    wrong = columns(tmp_path / "b.csv", {"label_cat": t[:, 0], "label_dog": t[:, 1], "label_eel": t[:, 2]} | outputs)
    refused(wrong, "no column of outputs for 'label_eel'")


@pytest.mark.parametrize(("yes", "no"), [("pos", "neg"), ("Yes", "No"), ("true", "false")])
@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
def test_a_positive_class_in_the_first_column_is_asked_about(tmp_path: Path, format: str, yes: str, no: str) -> None:
    p, y = np.linspace(0.1, 0.9, 9), np.arange(9) % 2
    path = columns(tmp_path / f"a.{format}", {f"prob_{yes}": p, f"prob_{no}": 1 - p, "label": y})
    problem = refused(path, f"Which label is '{yes}'")
    mapping = preview(path, path.name).mapping
    assert mapping is not None
    for remedy, targets in zip(problem.remedies, (y, 1 - y), strict=True):
        batch = both(path, replace(mapping, **dict(remedy.changes)))
        assert (batch.rows.targets == y).all()
        true = np.where(targets == 1, p, 1 - p)
        assert np.allclose(np.exp(batch.rows.logits[np.arange(9), y]), true)
        survey, rows = flagged(path, probs=tuple(remedy.flag.split()[1:]))
        assert survey.class_names == batch.survey.class_names and (rows.logits == batch.rows.logits).all()
    lone = columns(tmp_path / f"b.{format}", {f"prob_{no}": p, "label": y})
    problem = refused(lone, "class 0 or of class 1")
    mapping = preview(lone, lone.name).mapping
    assert mapping is not None
    of_0, of_1 = (both(lone, replace(mapping, **dict(remedy.changes))).rows for remedy in problem.remedies)
    assert (of_0.targets == 1 - y).all() and (of_1.targets == y).all() and (of_0.logits == of_1.logits).all()


@pytest.mark.parametrize("word", ["class_{}", "LABEL_{}", "Class{}", "class {}"])
def test_names_with_a_number_are_numbers(tmp_path: Path, word: str) -> None:
    z, y = made(17)
    numbered = np.array([word.format(k) for k in y])
    for format in FORMATS:
        assert (both(written_file(tmp_path / f"a.{format}", z, numbered)).rows.targets == y).all()
    from_one = np.array([word.format(k + 1) for k in y])
    path = written_file(tmp_path / "b.csv", z, from_one)
    assert refused(path, "label: 3").remedies[0].flag == "--first-label 1"
    assert (flagged(path, first_label=1)[1].targets == y).all()
    assert flagged(path, ignore_label=("3",))[0].samples == (y < 2).sum(), "ignored by the number"


def test_signs_and_other_numbers_of_two_classes(tmp_path: Path) -> None:
    _, y = made(18)
    y = np.minimum(y, 1)
    p = np.stack([np.full(60, 0.25), np.full(60, 0.75)], 1)
    path = written_file(tmp_path / "a.csv", p, 2 * y - 1, name="prob")
    assert refused(path, "label: -1").remedies[0].flag == "--classes -1 1"
    assert (flagged(path, classes=("-1", "1"))[1].targets == y).all()
    path = columns(tmp_path / "b.csv", {"prob": p[:, 0], "label": 255 * y})
    assert refused(path, "label: 255").remedies[0].flag == "--classes 0 255"
    assert (flagged(path, classes=("0", "255"))[1].targets == y).all()
    path = columns(tmp_path / "c.csv", {"prob": p[:, 0], "label": y + 1})
    assert refused(path, "label: 2").remedies[0].flag == "--first-label 1"
    assert (flagged(path, first_label=1)[1].targets == y).all()
    path = text(tmp_path / "d.csv", "prob_7,prob_42,label\n0.25,0.75,42\n0.5,0.5,7\n")
    problem = refused(path, "prob_1 is missing")
    assert problem.remedies[0].flag == "--probs prob_7 prob_42 --classes 7 42"
    assert flagged(path, probs=("prob_*",), classes=("7", "42"))[1].targets.tolist() == [1, 0]


def test_true_and_false_of_many_classes(tmp_path: Path) -> None:
    z, _ = made(19)
    t = np.random.default_rng(20).integers(0, 2, (60, 3)).astype(bool)
    for format in ("csv", "npz", "parquet"):
        table = {f"logit_{k}": z[:, k] for k in range(3)} | {f"label_{k}": t[:, k] for k in range(3)}
        assert (both(columns(tmp_path / f"a.{format}", table)).rows.targets == t).all()


def test_only_labels_with_decimals_are_said_to_have_them(tmp_path: Path) -> None:
    def is_said(content: str) -> bool:
        return any("decimal point" in note for note in both(text(tmp_path / "a.csv", content)).survey.notes)

    assert is_said("logit_0,logit_1,label\n1,2,0.0\n3,4,1.0\n")
    for content in ("prob_cat,prob_dog,label\n0.5,0.5,cat\n0.25,0.75,dog\n", "logit_0,logit_1,label\n1,2,0\n3,4,\n5,6,1\n"):
        assert not is_said(content)
    soft = both(text(tmp_path / "b.csv", "logit,label\n1,1e-1\n2,\n3,1\n"))
    assert soft.rows.targets.tolist() == [[0.1], [1.0]]


def test_masked_classes(tmp_path: Path) -> None:
    z, y = made(11)
    masked = np.random.default_rng(12).random((60, 3)) < 0.3
    masked[np.arange(60), y] = False
    z[masked] = -np.inf
    for format in ("csv", "npz", "parquet"):
        batch = both(written_file(tmp_path / f"a.{format}", z, y))
        assert (batch.rows.logits == z).all() and batch.survey.masked == masked.sum()
    z[5, y[5]] = -np.inf
    refused(written_file(tmp_path / "b.npz", z, y), "row 6", "masked")


@pytest.mark.parametrize("format", ["csv", "npz", "parquet"])
@pytest.mark.parametrize("seed", range(8))
def test_every_row_is_accounted_for(tmp_path: Path, format: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generated files: rows = used + ignored if the file is read, and rows named + counted if it is refused."""
    monkeypatch.setattr("lossviz.data.predictions.BLOCK", 60)
    monkeypatch.setattr("lossviz.data.predictions.MIN_ROWS", 1)
    monkeypatch.setattr("lossviz.data.files.limits.LINE", 500)
    r = np.random.default_rng(100 + seed)
    N, C = int(r.integers(30, 300)), int(r.integers(1, 5))
    z, y = r.normal(size=(N, C)), r.integers(0, max(2, C), N).astype(float)
    ignored = r.random(N) < r.choice([0, 0.1, 0.9])
    y[ignored] = r.choice([-100, np.nan], int(ignored.sum()))
    bad = (r.random(N) < r.choice([0, 0.05])) & ~ignored
    y[bad] = 17
    path = written_file(tmp_path / f"a.{format}", z, y, group=r.choice(["a", "b"], N), suspect=r.random(N) < 0.5)
    if bad.any():
        problem = refused(path, "label: 17")
        assert len(problem.rows) + problem.more == bad.sum()
        assert [row.row - 1 for row in problem.rows] == np.flatnonzero(bad)[:10].tolist()
        return
    batch = both(path)
    assert (batch.survey.rows, batch.survey.samples) == (N, (~ignored).sum())
    assert (batch.rows.logits == z[~ignored]).all() and (batch.rows.row_numbers == np.flatnonzero(~ignored)).all()
    assert sum(batch.survey.counts) == batch.survey.samples


def test_a_mapping_says_the_same_in_memory(tmp_path: Path) -> None:
    z, y = made(13)
    path = written_file(tmp_path / "a.csv", z, np.where(y == 0, -1, y + 1))
    mapping = ColumnMapping(("logit_0", "logit_1", "logit_2"), ("label",), first_label=1, ignored=("-1",))
    batch = read(path, path.name, mapping)
    assert (batch.rows.targets == y[y > 0]).all() and batch.survey == stream(path, mapping).survey


def test_labels_of_few_bits_and_targets_of_text(tmp_path: Path) -> None:
    z, y = made(14)
    for dtype in ("int8", "uint8", "float16", "int16", "uint64"):
        labels = (y + 1).astype(dtype)
        np.savez(tmp_path / "a.npz", logits=z, labels=labels)
        survey, rows = flagged(tmp_path / "a.npz", background_label="3", first_label=1)
        assert (rows.targets == np.eye(3)[y] * (y < 2)[:, None]).all() and survey.task == "multi-label"
    np.savez(tmp_path / "b.npz", logits=z, target=np.eye(3)[y].astype(str))
    assert (both(tmp_path / "b.npz").rows.targets == y).all()
    np.savez(tmp_path / "c.npz", logits=z, target=np.full((60, 3), "x"))
    refused(tmp_path / "c.npz", "60 rows", "'x'")
    text(tmp_path / "d.csv", "prob_a,prob_b,label\n1e999,0.5,a\n0.5,99999999999999999999,b\n")
    refused(tmp_path / "d.csv", "row 1", "inf")
    text(tmp_path / "e.csv", "logit_0,logit_1,label\n1,2,inf\n1,2,99999999999999999999\n1,2,1\n")
    refused(tmp_path / "e.csv", "2 rows", "row 1", "label: inf")
