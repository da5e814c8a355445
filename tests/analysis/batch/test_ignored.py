"""Rows without a label: no answer knows them, and no row number is shifted by them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from lossviz import loss, save_predictions
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.analysis.batch.calibration_temperature import temperature_sums
from lossviz.analysis.batch.contributions import Pair, contributions
from lossviz.analysis.batch.rows import tables
from lossviz.data.files.loader import read, stream
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch
from lossviz.data.tables import table_bytes
from lossviz.errors import InputError

N, C = 200, 4
R = np.random.default_rng(3)
GONE = R.random(N) < 0.3
Z = R.normal(0, 2, (N, C))
Y = R.integers(0, C, N)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file with ignored rows, and one without these rows."""
    folder = tmp_path_factory.mktemp("files")
    save_predictions(folder / "all.parquet", np.where(GONE[:, None], np.nan, Z), np.where(GONE, -100, Y), ids=np.arange(N) + 7)
    save_predictions(folder / "used.parquet", Z[~GONE], Y[~GONE])
    return folder / "all.parquet", folder / "used.parquet"


def pair(batch: Batch) -> Pair:
    focal, ce = loss("focal"), loss("cross-entropy")
    return Pair(focal, total(plan(focal, batch.survey), batch), ce, total(plan(ce, batch.survey), batch))


def test_answers_are_those_of_the_used_rows(files: tuple[Path, Path]) -> None:
    whole, used = (pair(read(path, path.name)) for path in files)
    for name in ("samples", "cells", "loss_by"):
        for a, b in zip(getattr(whole.stats, name), getattr(used.stats, name), strict=True):
            np.testing.assert_array_equal(a, b)
    ours, theirs = contributions(whole), contributions(used)
    np.testing.assert_array_equal(ours.row, np.flatnonzero(~GONE)[theirs.row])
    assert ours.name == tuple(str(row + 7) for row in ours.row)


def test_every_row_is_in_the_table(files: tuple[Path, Path]) -> None:
    for source in (read(files[0], "all"), stream(files[0])):
        batch = read(files[0], "all")
        one = pair(batch)
        content = table_bytes(tables(source, one.spec, one.stats, one.ce_spec, one.ce), "parquet")
        table = pq.read_table(io.BytesIO(content)).to_pydict()
        assert sorted(table["row"]) == list(range(N)) and sum(table["ignored"]) == GONE.sum()
        for row, ignored, value, label in zip(table["row"], table["ignored"], table["loss"], table["label"], strict=True):
            assert ignored == GONE[row] and np.isnan(value) == ignored and label == (-100 if ignored else Y[row])
    text = table_bytes(tables(batch, one.spec, one.stats, one.ce_spec, one.ce), "csv")
    assert pyarrow.csv.read_csv(io.BytesIO(text)).num_rows == N


def test_masked_classes_have_a_temperature_and_no_noise(tmp_path: Path) -> None:
    z = Z.copy()
    masked = R.random(z.shape) < 0.3
    masked[np.arange(N), Y] = False
    z[masked] = -np.inf
    save_predictions(tmp_path / "a.npz", z, Y)
    batch = read(tmp_path / "a.npz", "a")
    for activation in ("softmax", "sigmoid"):
        sums = temperature_sums(batch.rows, activation)
        assert np.isfinite(sums.nll).all() and np.isfinite(sums.slope).all()
    with pytest.raises(InputError, match="masked class"):
        noisy(batch, "uniform", 0.1)
