"""Predictions written to a file that the readers understand: from a notebook, and as examples to start from."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from . import cells, labels
from .columns import ColumnMapping, name_list
from .interpretation import interpret
from .label_parser import IGNORED, positive_first
from .problems import Faults, FileProblem
from .reader import RawRows, Shape, floating
from .recognition import recognise
from .row_statistics import RowStatistics

ROW_GROUP = 1 << 26
"""Bytes of a row group before it is compressed: whoever reads a file holds one in memory, and several read it side by side."""


class FileContent(NamedTuple):
    """Content of a file: logits (N, C), targets (N,) or (N, C), metadata (N,) by column, and class names (C,) or none."""

    logits: NDArray[Any]
    targets: NDArray[Any]
    metadata: dict[str, NDArray[Any]]
    class_names: tuple[str, ...] = ()

    @property
    def logit_columns(self) -> dict[str, NDArray[Any]]:
        """A column for each class, by its name or number."""
        names = self.class_names or range(self.logits.shape[1])
        return {f"logit_{name}": column for name, column in zip(names, self.logits.T, strict=True)}


def save_predictions(
    path: str | os.PathLike[str],
    logits: Any,
    targets: Any,
    *,
    ids: Any = None,
    groups: Any = None,
    suspects: Any = None,
    class_names: Sequence[str] | None = None,
    ignore_index: int = IGNORED,
) -> None:
    """Writes a model's predictions to a file that the app and `lossviz report` read.

    Arrays, lists and tensors are taken alike, on any device.

    Args:
        path: of the file; its suffix says the format: .parquet, .npz or .csv.
        logits: (N, C), or (N,) or (N, 1) for one sigmoid logit; finite, or −inf for masked classes.
        targets: labels (N,), integers in [0, C) or names of `class_names`; or a target for each class (N, C) in [0, 1].
        ids: a name of each row (N,).
        groups: a group of each row (N,), to compare.
        suspects: (N,), True where a label is doubted.
        class_names: of each class (C,), in the order of the logits.
        ignore_index: rows with this label are kept, and counted as ignored when the file is read; their logits may be anything.

    Raises:
        FileProblem: for what could not be read again; no file is written then.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "predictions.parquet"
        ...     save_predictions(path, [[2.0, 1.0, 0.0], [0.5, -1.0, 3.0]], [0, 2], ids=["cat.png", "dog.png"])
        ...     pq.read_table(path).column_names
        ['logits', 'label', 'id']
    """
    path = Path(path)
    write = WRITERS.get(path.suffix.casefold())
    if write is None:
        raise FileProblem(f"{path.name} ends in {path.suffix or 'nothing'}; expected one of {', '.join(WRITERS)}.")
    names = tuple(map(str, class_names)) if class_names is not None else ()
    content = _checked_content(logits, targets, {"id": ids, "group": groups, "suspect": suspects}, names, ignore_index)
    with path.open("wb") as file:
        write(content, file)


def examples() -> dict[str, bytes]:
    """Example files of twelve samples and three classes, with ids and groups: file name → content."""
    label = np.arange(12) % 3
    steps = (np.arange(36).reshape(12, 3) * 7 % 11 - 5) / 4
    logits = np.round(steps + 1.5 * np.eye(3)[label], 2)
    names = {"id": [f"sample-{n:02d}" for n in range(1, 13)], "group": ["day", "night"] * 6}
    content = _checked_content(logits, label, names)
    files = {}
    for suffix in (".csv", ".npz", ".parquet"):
        file = io.BytesIO()
        WRITERS[suffix](content, file)
        files[f"predictions{suffix}"] = file.getvalue()
    return files


def _checked_content(
    logits: Any, targets: Any, metadata: dict[str, Any], class_names: tuple[str, ...] = (), ignore_index: int = IGNORED
) -> FileContent:
    """Arrays that passed the checks of the readers."""
    z = _floats(logits)
    z = z.reshape(-1, 1) if z.ndim == 1 else z
    if z.ndim != 2 or 0 in z.shape:
        raise FileProblem(f"logits have shape {z.shape}; expected (N, C), or (N,) for one sigmoid logit.")
    y = _labels(targets, ignore_index)
    y = y.astype(np.int64) if y.dtype.kind == "b" else _named(y, class_names)
    if y.dtype.kind not in "iuf":
        raise FileProblem(
            f"targets hold {y.dtype}; expected labels, the numbers of the classes, or targets in [0, 1]; names of classes go "
            "with class_names=, which has them in the order of the logits."
        )
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.shape not in ((len(z),), z.shape):
        raise FileProblem(f"targets have shape {y.shape}; expected ({len(z)},) or {z.shape}, as the logits have it.")
    if y.ndim == 1 and ignore_index != IGNORED and (y == ignore_index).any():
        y = np.where(y == ignore_index, IGNORED, y.astype(np.int64) if y.dtype.kind == "u" else y)
    columns = {name: _column(name, values, len(z)) for name, values in metadata.items() if values is not None}
    content = FileContent(z, y.astype(z.dtype) if y.ndim == 2 else y, columns, class_names)
    _check_names(content)
    _check(z, y, columns)
    return content._replace(targets=_by_name(y, class_names)) if y.ndim == 1 and positive_first(class_names) else content


def _by_name(y: NDArray[Any], class_names: tuple[str, ...]) -> NDArray[Any]:
    """Labels as names, where their numbers would be doubted: class 0 is called the positive one."""
    return np.array([class_names[int(k)] if k in (0, 1) else str(int(k)) for k in y])


def _labels(targets: Any, ignore_index: int) -> NDArray[Any]:
    """Targets as an array; masked labels, and rows of which all targets are masked, are ignored."""
    y = _array("targets", targets)
    mask = np.ma.getmaskarray(targets) if np.ma.isMaskedArray(targets) else np.zeros(y.shape, bool)
    if not mask.any():
        return y
    masked_rows = mask if mask.ndim == 1 else mask.all(1)
    if mask.ndim > 1 and (mask.any(1) & ~masked_rows).any():
        row = int(np.flatnonzero(mask.any(1) & ~masked_rows)[0])
        raise FileProblem(f"targets are masked in part of row {row + 1}; a row is used or ignored as a whole.")
    if y.ndim == 1 and y.dtype.kind in "UO":
        raise FileProblem("targets are names of classes and masked; give those rows no mask and the label ignore_index.")
    y = y.astype(np.float64) if y.ndim > 1 else y.astype(np.float64 if y.dtype.kind == "f" else np.int64)
    y[masked_rows] = np.nan if y.ndim > 1 else ignore_index
    return y


def _named(y: NDArray[Any], class_names: tuple[str, ...]) -> NDArray[Any]:
    """Labels that are names, as numbers; what is no name of a class stays and is refused."""
    if y.dtype.kind not in "UO" or not class_names or y.ndim != 1:
        return y
    place = {name: k for k, name in enumerate(class_names)}
    unknown = next((name for name in y.tolist() if name not in place), None)
    if unknown is not None:
        raise FileProblem(f"targets hold {unknown!r}; expected one of {name_list(class_names)}.")
    return np.array([place[name] for name in y.tolist()], np.int64)


def _check_names(content: FileContent) -> None:
    """Refuses names of classes that would not be read again."""
    names, classes = content.class_names, content.logits.shape[1]
    if not names:
        return
    if len(names) != classes or classes == 1:
        raise FileProblem(f"class_names has {len(names)} names; expected one for each of {max(2, classes)} logits.")
    try:
        again = recognise((*content.logit_columns, "label")).classes
    except FileProblem:
        again = ()
    if again != names:
        reason = "expected different names, each with something else than a number in it"
        raise FileProblem(f"class_names {name_list(names)} could not be read back; {reason}.")


def _array(name: str, values: Any) -> NDArray[Any]:
    """An array of arrays, lists or tensors, on whatever device and whether or not they require a gradient."""
    if name.startswith("target") and np.ma.isMaskedArray(values):
        values = values.data
    if np.ma.isMaskedArray(values):
        if np.ma.getmaskarray(values).any():
            row = int(np.argwhere(np.ma.getmaskarray(values))[0][0])
            remedy = "give masked classes the logit −inf" if name == "logits" else "remove the mask"
            raise FileProblem(f"{name} are masked, first in row {row + 1}, and a mask cannot be written to a file: {remedy}.")
        values = values.data
    for step in ("detach", "cpu"):
        values = getattr(values, step)() if hasattr(values, step) else values
    if "bfloat16" in str(getattr(values, "dtype", "")):
        values = values.float()
    try:
        return np.asarray(values.numpy() if hasattr(values, "numpy") else values)
    except (ValueError, TypeError) as error:
        raise FileProblem(f"{name} are not an array: {str(error).splitlines()[0].rstrip('.')}.") from error


def _floats(logits: Any) -> NDArray[Any]:
    z = _array("logits", logits)
    if z.dtype.kind not in "biuf":
        raise FileProblem(f"logits hold {z.dtype}; expected real numbers.")
    return z.astype(floating(z.dtype), copy=False)


def _column(name: str, values: Any, rows: int) -> NDArray[Any]:
    array = _array(f"{name}s", values)
    if array.shape != (rows,):
        raise FileProblem(f"{name}s have shape {array.shape}; expected ({rows},), one for each row.")
    if name == "suspect" and array.dtype.kind not in "biu":
        raise FileProblem(f"suspects hold {array.dtype}; expected true or false, 1 or 0.")
    if name == "group" or array.dtype.kind not in "iubU":
        array = np.array([None if value is None else str(value) for value in array], object)
    return array


def _check(z: NDArray[Any], y: NDArray[Any], columns: dict[str, NDArray[Any]]) -> None:
    """The checks that a file has to pass, on all rows at once."""
    id, group, suspect = (name if name in columns else None for name in ("id", "group", "suspect"))
    names = ColumnMapping(("logits",), ("targets",), id, group, suspect)
    faults = Faults()
    faults.start_block(len(z))
    table = pa.RecordBatch.from_pydict({name: pa.array(values) for name, values in columns.items()})
    y, ignored = (
        labels.of_array(y, names, faults) if y.ndim == 1 else labels.ParsedLabels(y, labels.ignored_targets(y, names, faults))
    )
    raw = RawRows(z, y, *cells.metadata_columns(table, names, faults), ignored)
    stats = RowStatistics(names, Shape(z.shape[1], z.shape[1] if y.ndim == 2 else 1, z.dtype), faults)
    stats.add(raw)
    interpret(stats, "", "", ())


def _arrow(content: FileContent) -> dict[str, Any]:
    return {name: pa.array(values) for name, values in content.metadata.items()}


def _write_parquet(content: FileContent, file: BinaryIO) -> None:
    columns = {"logits": _lists(content.logits) if content.logits.shape[1] > 1 else pa.array(content.logits[:, 0])}
    if content.class_names:
        columns = {name: pa.array(column) for name, column in content.logit_columns.items()}
    name = "label" if content.targets.ndim == 1 else "target"
    columns[name] = pa.array(content.targets) if content.targets.ndim == 1 else _lists(content.targets)
    table = pa.table({**columns, **_arrow(content)})
    pq.write_table(table, file, row_group_size=max(1, ROW_GROUP * table.num_rows // table.nbytes))


def _lists(array: NDArray[Any]) -> Any:
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(array).reshape(-1)), array.shape[1])


def _write_npz(content: FileContent, file: BinaryIO) -> None:
    texts = {name: x.astype(str) if x.dtype.kind == "O" else x for name, x in content.metadata.items()}
    targets = {"label" if content.targets.ndim == 1 else "target": content.targets}
    logits = content.logit_columns if content.class_names else {"logits": np.ascontiguousarray(content.logits)}
    arrays: dict[str, Any] = {**logits, **targets, **texts}
    np.savez(file, **arrays)


def _write_csv(content: FileContent, file: BinaryIO) -> None:
    # As float64, so that what is read again is the very number and not its shortest name in single precision.
    columns = {name: pa.array(column.astype(np.float64)) for name, column in content.logit_columns.items()}
    if content.targets.ndim == 1:
        columns["label"] = pa.array(content.targets)
    else:
        columns |= {f"target_{k}": pa.array(column.astype(np.float64)) for k, column in enumerate(content.targets.T)}
    csv.write_csv(pa.table({**columns, **_arrow(content)}), file)


WRITERS = {".parquet": _write_parquet, ".npz": _write_npz, ".csv": _write_csv}
