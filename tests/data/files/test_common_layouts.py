"""What pandas, R, Excel, NumPy, polars and Spark write is read; what is doubtful is refused with the remedy."""

from __future__ import annotations

import decimal
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import preview, read
from lossviz.data.predictions import Batch

from .written_files import both, refused, text

H = "logit_0,logit_1,label\n"
Z = np.array([[1.5, -2.25], [0.5, 3.0], [-1.0, 2.5]])
Y = np.array([0, 1, 1])
ROWS = "1.5,-2.25,0\n0.5,3.0,1\n-1.0,2.5,1\n"
LISTS = '"[1.5, -2.25]",0\n"[0.5, 3.0]",1\n"[-1.0, 2.5]",1\n'


def holds(batch: Batch) -> Batch:
    """The three rows that all these files hold."""
    assert batch.rows.logits.tolist() == Z.tolist() and batch.rows.targets.tolist() == Y.tolist()
    return batch


FILES = {
    "Excel tells the mark": "sep=;\n" + (H + ROWS).replace(",", ";"),
    "Excel in Germany": (H + ROWS).replace(",", ";").replace(".", ","),
    "Excel's Unicode text": (H + ROWS).replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
    "PowerShell": (H + ROWS).encode("utf-16-be"),
    "UTF-16 big-endian with a mark": b"\xfe\xff" + (H + ROWS).encode("utf-16-be"),
    "a byte order mark": b"\xef\xbb\xbf" + (H + ROWS).encode(),
    "returns alone": (H + ROWS).replace("\n", "\r"),
    "savetxt": "# " + H + ROWS,
    "savetxt with spaces": ("# " + H + ROWS).replace(",", " "),
    "savetxt with a title": "# ResNet, epoch 3\n# " + H + ROWS,
    "comments ahead of the names": "# made by eval.py\n# on Monday\n" + H + ROWS,
    "a column called #": "#" + ",logit_0,logit_1,label\n1,1.5,-2.25,0\n2,0.5,3.0,1\n3,-1.0,2.5,1\n",
    "marks at the ends of rows": H + ROWS.replace("\n", ",\n"),
    "pandas' index and marks at the ends": ",logit_0,logit_1,label,\n0,1.5,-2.25,0,\n1,0.5,3.0,1,\n2,-1.0,2.5,1,\n",
    "R's write.table": '"logit_0" "logit_1" "label"\n"1" 1.5 -2.25 0\n"2" 0.5 3 1\n"3" -1 2.5 1\n',
    "R's write.table without quotes": H + "1,1.5,-2.25,0\n2,0.5,3.0,1\n3,-1.0,2.5,1\n",
    "everything in quotes": "".join(
        ",".join(f'"{value}"' for value in line.split(",")) + "\n" for line in (H + ROWS).splitlines()
    ),
    "lists": "logits,label\n" + LISTS,
    "lists as NumPy writes them": "logits,label\n" + LISTS.replace(",", "").replace('"0', '",0').replace('"1', '",1'),
    "lists as PyTorch writes them": "logits,label\n"
    + LISTS.replace("[", "tensor([").replace("]", "], device='cuda:0', dtype=torch.float64)"),
    "lists with line ends": "logits,label\n" + LISTS.replace(", ", ",\n "),
    "the typographic minus": (H + ROWS).replace("-", "\u2212"),
    "decimal commas in quotes": H + '"1,5","-2,25",0\n"0,5","3,0",1\n"-1,0","2,5",1\n',
    "a very long text": H.replace("label", "label,note") + ROWS.replace("\n", "," + "x" * 150_000 + "\n"),
    "Latin-1 in a text that nobody asked for": (H.replace("label", "label,note") + ROWS.replace("\n", ",caf\xe9\n")).encode(
        "latin-1"
    ),
    "two columns of one name": "note,note," + H + "".join("a,b," + line + "\n" for line in ROWS.splitlines()),
    "texts of several lines": "text," + H + "".join(f'"one, two\nthree ""four""",{line}\n' for line in ROWS.splitlines()),
    "texts with inches": "text," + H + "".join(f'5" disk,{line}\n' for line in ROWS.splitlines()),
}


@pytest.mark.parametrize("name", FILES)
def test_text(tmp_path: Path, name: str) -> None:
    path = text(tmp_path / "a.csv", FILES[name])
    holds(both(path))
    shown = preview(path, "a.csv")
    assert shown.problem is None and len(shown.rows) == 3
    assert all(len(row) == len(shown.columns) == len(set(shown.columns)) for row in shown.rows)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("options", [{}, {"index": False}, {"quoting": 1}, {"lineterminator": "\r\n"}, {"decimal": ","}])
def test_pandas(tmp_path: Path, mark: str, options: dict[str, Any]) -> None:
    frame = pd.DataFrame({"logit_0": Z[:, 0], "logit_1": Z[:, 1], "label": Y, "when": pd.Timestamp("2024-01-01"), "who": "ä"})
    frame.to_csv(tmp_path / "a.csv", sep=mark, **options)
    holds(both(tmp_path / "a.csv"))


QUOTES = {
    'text\tlogit_0\tlogit_1\tlabel\na\t1\t2\t0\n"b\t1\t2\t0\nc\t1\t2\t0\n"d\t1\t2\t0\n': ["line 3", "line 5", '"b'],
    'text\tlogit_0\tlogit_1\tlabel\na\t1\t2\t0\n"b\t1\t2\t0\nc\t1\t2\t0\nd"\t1\t2\t0\n': ["line 3", "line 5", '"b'],
    H.replace("label", "label,text") + '1,2,0,"a\n1,2,0,b\n1,2,1,c"\n': ["line 2", "line 4", '"a'],
    H.replace("label", "label,text") + '1,2,0,"a\n1,2,0,b"\n': ["line 2", "line 3", '"a'],
    "text," + H + 'a,1,2,0\n"b,1,2,0\nc,1,2,0\n': ["line 3", "never closed"],
    "text," + H + "a,1,2,0\n" * 30 + '"b,1,2,0\nc,1,2,0\n': ["line 32", "never closed"],
}


@pytest.mark.parametrize("content", QUOTES)
def test_quotes_that_would_swallow_rows(tmp_path: Path, content: str) -> None:
    refused(text(tmp_path / "a.tsv", content), *QUOTES[content])


def test_the_reason_is_the_reason(tmp_path: Path) -> None:
    def is_refused(content: str, *words: str) -> None:
        refused(text(tmp_path / "a.csv", content), *words)

    is_refused(
        "logit_0;logit_1;label\n354,091;-255,566;0\n-56,776;104,735;1\n", "thousands", "logit_0: '354,091'", "354.091 or 354091"
    )
    is_refused(H + '"1,234.5",2,0\n', "row 1 (line 2), logit_0", "commas as thousands separators")
    is_refused('logits,label\n"[1.0 2.0 ... 9.0]",0\n', "row 1 (line 2), logits", "truncated")
    is_refused('logits,label\n"[1.0, 2.0]",0\n"[1.0]",0\n', "row 2 (line 3), logits: '1 values'", "another length")
    is_refused('logits,label\n"[1.0, 2.0]",0\n"[1.0, x]",0\n', "row 2 (line 3), logits[1]: 'x'")
    is_refused('logits,label\n"[1.0, 2.0]",0\nnone,0\n', "row 2 (line 3), logits: 'none'", "in brackets")
    is_refused("label,label,logit\n0,1,2\n", "2 columns are called 'label'")
    wrong = ColumnMapping(("logit",), ("label",))
    refused(text(tmp_path / "a.csv", "label,label,logit\n0,1,2\n"), "2 columns are called 'label'", mapping=wrong)
    by_place = ColumnMapping(("logit",), ("label (column 2)",))
    assert read(text(tmp_path / "a.csv", "label,label,logit\n0,1,2\n"), "a.csv", by_place).rows.targets.tolist() == [1]
    assert read(text(tmp_path / "b.csv", "logit_0;logit_1;label\n354,091;-255,56;0\n"), "b").rows.logits.tolist() == [
        [354.091, -255.56]
    ]


def test_left_alone_and_told(tmp_path: Path) -> None:
    when, paths = np.array(["2024-01-01"] * 3, "datetime64[D]"), np.array(["a", None, 3], object)
    np.savez(tmp_path / "a.npz", logits=Z, label=Y, when=when, paths=paths, z=np.zeros((3, 0)), text=np.array(["x" * 5000] * 3))
    assert any("4 columns were not used: 'when', 'paths'" in note for note in holds(both(tmp_path / "a.npz")).survey.notes)
    assert preview(tmp_path / "a.npz", "a.npz").problem is None
    table = {"logits": pa.array(Z.tolist()), "label": Y, "s": pa.array([{"a": [1]}] * 3), "n": pa.nulls(3)}
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    assert any("2 columns were not used: 's', 'n'" in note for note in holds(both(tmp_path / "a.parquet")).survey.notes)


def test_whole_numbers_and_numpy_scalars_in_lists(tmp_path: Path) -> None:
    for cells in (('"[1, -2]"', '"[3, 0]"'), ('"[np.float64(1.0), np.float64(-2.0)]"', '"[np.int64(3), np.float32(0.0)]"')):
        batch = both(text(tmp_path / "a.csv", f"logits,label\n{cells[0]},0\n{cells[1]},1\n"))
        assert batch.rows.logits.tolist() == [[1, -2], [3, 0]]


def test_decimals_are_the_nearest_numbers(tmp_path: Path) -> None:
    r = np.random.default_rng(6)
    texts = [f"{x:.4f}" for x in r.normal(size=400)]
    column = pa.array([decimal.Decimal(x) for x in texts])
    pq.write_table(pa.table({"logit": column, "label": r.integers(0, 2, 400)}), tmp_path / "a.parquet")
    assert both(tmp_path / "a.parquet").rows.logits[:, 0].tolist() == list(map(float, texts))


@pytest.mark.parametrize("what", ["dates", "pairs", "bytes", "gaps", "objects"])
def test_ids_that_nobody_asked_for_do_no_harm(tmp_path: Path, what: str) -> None:
    ids = {
        "dates": np.arange(3).astype("datetime64[D]"),
        "pairs": np.zeros((3, 2)),
        "bytes": np.array([b"\xe9a", b"b", b"c"]),
        "gaps": np.array([1, np.nan, 2]),
        "objects": np.array(["a", None, 3], object),
    }
    np.savez(tmp_path / "a.npz", logits=Z, label=Y, id=ids[what], group=ids[what])
    batch = holds(both(tmp_path / "a.npz"))
    assert not batch.survey.ids and not batch.survey.groups
    assert "'id'" in " ".join(batch.survey.notes) and "'group'" in " ".join(batch.survey.notes)
    refused(tmp_path / "a.npz", "id", mapping=ColumnMapping(("logits",), ("label",), "id"))


def test_columns_called_by_classes_come_before_a_guess(tmp_path: Path) -> None:
    rows = "cat,cat,0.5,0.25,0.25,1\ndog,cat,0.75,0.125,0.125,2\nbird,bird,0.25,0.25,0.5,3\n"
    batch = both(text(tmp_path / "a.csv", "obs,pred,cat,dog,bird,rowIndex\n" + rows))
    assert batch.survey.class_names == ("cat", "dog", "bird") and batch.rows.targets.tolist() == [0, 1, 2]
    batch = both(text(tmp_path / "b.csv", "0,1,2,y_true\n0.5,0.25,0.25,0\n0.75,0.125,0.125,1\n0.25,0.25,0.5,2\n"))
    assert batch.rows.targets.tolist() == [0, 1, 2] and batch.survey.classes == 3
    batch = both(text(tmp_path / "c.csv", "0,1,prob,label\n0.5,0.25,0.25,0\n0.75,0.125,0.125,1\n0.25,0.25,0.5,1\n"))
    assert batch.survey.classes == 1, "columns that are only numbered are features beside a probability"


LARGE = 2**63 + 5


@pytest.mark.parametrize("name", ["a.npz", "a.parquet", "a.csv"])
def test_large_ids_are_kept(tmp_path: Path, name: str) -> None:
    ids = np.array([1, LARGE, 2**64 - 1], np.uint64)
    frame = pd.DataFrame({"logit_0": Z[:, 0], "logit_1": Z[:, 1], "label": Y, "id": ids})
    path = tmp_path / name
    if name == "a.npz":
        np.savez(path, logits=Z, label=Y, id=ids)
    elif name == "a.csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    assert [int(id) for id in holds(both(path)).rows.ids] == ids.tolist()  # type: ignore[union-attr]


KINDS: dict[str, Any] = {
    "large strings": lambda: pa.array(["1", "2", "3"], pa.large_string()),
    "views": lambda: pa.array(["1", "2", "3"], pa.string_view()),
    "a dictionary": lambda: pa.array(["1", "2", "3"]).dictionary_encode(),
    "numbers": lambda: pa.array([1, 2, 3], pa.uint8()),
    "decimals": lambda: pa.array([decimal.Decimal(k) for k in (1, 2, 3)], pa.decimal128(20, 0)),
}


@pytest.mark.parametrize("options", [{}, {"compression": "zstd", "data_page_version": "2.0"}, {"use_dictionary": False}])
@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_parquet(tmp_path: Path, kind: str, options: dict[str, Any]) -> None:
    table = pa.table({"logits": pa.array(Z.tolist(), pa.list_(pa.float64())), "label": Y, "id": KINDS[kind]()})
    pq.write_table(table, tmp_path / "a.parquet", **options)
    assert [str(id) for id in holds(both(tmp_path / "a.parquet")).rows.ids] == ["1", "2", "3"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "kind",
    [
        pa.float16(),
        pa.float32(),
        pa.decimal128(10, 3),
        pa.list_(pa.float32()),
        pa.large_list(pa.float16()),
        pa.list_(pa.float64(), 2),
    ],
)
@pytest.mark.parametrize("labels", [pa.int8(), pa.uint64(), pa.bool_(), pa.string_view(), pa.float64()])
def test_types_of_numbers(tmp_path: Path, kind: Any, labels: Any) -> None:
    values = [decimal.Decimal(str(v)) for v in Z.ravel()] if pa.types.is_decimal(kind) else Z.ravel().astype(np.float16)
    if pa.types.is_nested(kind):
        columns = {"logits": pa.array([row.astype("f2") for row in Z], kind)}
    else:
        columns = {f"logit_{k}": pa.array(values[k::2], kind) for k in range(2)}
    label = pa.array(Y).cast(labels) if labels != pa.string_view() else pa.array(list(map(str, Y))).cast(labels)
    pq.write_table(pa.table({**columns, "label": label}), tmp_path / "a.parquet", row_group_size=2)
    holds(both(tmp_path / "a.parquet"))


def test_texts_that_share_their_beginnings(tmp_path: Path) -> None:
    ids = [f"images/validation/{k:05}.png" for k in range(3)]
    table = pa.table({"logits": pa.array(Z.tolist()), "label": Y, "id": ids})
    encodings = {"id": "DELTA_BYTE_ARRAY"}
    pq.write_table(table, tmp_path / "a.parquet", use_dictionary=False, column_encoding=encodings, row_group_size=2)
    assert list(holds(both(tmp_path / "a.parquet")).rows.ids) == ids  # type: ignore[arg-type]


@pytest.mark.parametrize("ids", [(4,), (4, 5, 6)])
def test_images_and_texts(tmp_path: Path, ids: tuple[int, ...]) -> None:
    r = np.random.default_rng(3)
    z, y, names = r.normal(size=(4, 3, 5, 6)), r.integers(0, 3, (4, 5, 6)), np.arange(np.prod(ids)).reshape(ids)
    np.savez(tmp_path / "a.npz", logits=z, label=y, id=names)
    images = both(tmp_path / "a.npz")
    assert (images.rows.logits.reshape(4, 5, 6, 3) == z.transpose(0, 2, 3, 1)).all()
    assert (images.rows.targets.reshape(4, 5, 6) == y).all()
    assert (images.rows.ids.reshape(4, 5, 6) == names.reshape(*ids, *(1,) * (3 - len(ids)))).all()  # type: ignore[union-attr]
    assert any("120 rows of 3 classes: its second axis" in note for note in images.survey.notes)
    np.savez(tmp_path / "b.npz", logits=z.transpose(0, 2, 3, 1), label=y)
    words = both(tmp_path / "b.npz")
    assert (words.rows.logits == images.rows.logits).all() and any("its last axis" in note for note in words.survey.notes)
    np.savez(tmp_path / "c.npz", logits=r.normal(size=(4, 3, 3)), label=r.integers(0, 3, (4, 3)))
    refused(tmp_path / "c.npz", "second axis or the last", "Save the logits as (rows, classes)")


@pytest.mark.parametrize("C", [128_256, 256_000])
def test_large_vocabularies(tmp_path: Path, C: int) -> None:
    z, y = np.random.default_rng(4).normal(size=(3, C)).astype(np.float32), np.array([5, C - 1, 0])
    np.savez(tmp_path / "a.npz", logits=z, label=y)
    pq.write_table(pa.table({"logits": pa.FixedSizeListArray.from_arrays(z.ravel(), C), "label": y}), tmp_path / "a.parquet")
    for name in ("a.npz", "a.parquet"):
        batch = read(tmp_path / name, name)
        assert (batch.rows.logits == z).all() and batch.survey.classes == C


@pytest.mark.parametrize("name", ["a.csv", "a.npz", "a.parquet"])
def test_whoever_listens_may_stop(tmp_path: Path, name: str) -> None:
    class Gone(Exception):  # noqa: N818 - as frameworks call it
        pass

    def listener(_: float) -> None:
        raise Gone

    frame = pd.DataFrame({"logit_0": Z[:, 0], "logit_1": Z[:, 1], "label": Y})
    if name == "a.npz":
        np.savez(tmp_path / name, logits=Z, label=Y)
    else:
        (frame.to_csv if name == "a.csv" else frame.to_parquet)(tmp_path / name)
    with pytest.raises(Gone):
        read(tmp_path / name, name, progress=listener)
    with pytest.raises(Gone):
        read(io.BytesIO((tmp_path / name).read_bytes()), name, progress=listener)
