"""Rounded probabilities: what is read off the digits is the same in every format, and near what was never rounded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lossviz import evaluate, loss
from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import preview, stream
from lossviz.data.files.recognition import ColumnFlags
from lossviz.data.files.resolution import Resolution
from lossviz.data.predictions import Batch

from .written_files import FORMATS, both, refused, text, written_file


def softmax(z: Any) -> Any:
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def made(seed: int, N: int, C: int, scale: float = 4.0, wrong: float = 0.05) -> tuple[Any, Any, float]:
    """Probabilities, labels drawn from them with a few wrong ones, and the true mean cross-entropy."""
    r = np.random.default_rng(seed)
    p = softmax(r.normal(0, scale, (N, C)))
    y = (p.cumsum(1) > r.random((N, 1))).argmax(1)
    y = np.where(r.random(N) < wrong, r.integers(0, C, N), y)
    return p, y, float(-np.log(p[np.arange(N), y]).mean())


def mean_ce(batch: Batch) -> float:
    key = "softmax" if "softmax" in batch.survey.activations else "sigmoid"
    return float(evaluate(loss("cross-entropy", key), batch.rows.logits.astype(np.float64), batch.rows.targets).loss.mean())


@pytest.mark.parametrize(("decimals", "near"), [(2, 0.25), (3, 0.16), (4, 0.1), (6, 0.04)])
@pytest.mark.parametrize("C", [2, 5, 40])
def test_rounded_probabilities_are_near_those_that_were_not(tmp_path: Path, decimals: int, near: float, C: int) -> None:
    p, y, true = made(decimals * 10 + C, 700, C, scale=3.0)
    rounded = np.round(p, decimals)
    means, roundings = [], []
    for format, dtype in (("csv", "float64"), ("npz", "float64"), ("npz", "float32"), ("list.parquet", "float32")):
        batch = both(written_file(tmp_path / f"a{dtype}.{format}", rounded.astype(dtype), y, name="prob"))
        means.append(mean_ce(batch))
        assert batch.survey.rounding is not None
        roundings.append(batch.survey.rounding)
    assert means == pytest.approx([means[0]] * 4, rel=1e-6), "the same numbers mean the same in every format"
    assert abs(means[0] - true) < near * true
    assert {(r.places, r.bound) for r in roundings} == {(decimals, 0.5 * 10.0**-decimals)}
    zeros = int((rounded[np.arange(700), y] == 0).sum())
    assert {r.zeros for r in roundings} == {zeros}
    kept = rounded / rounded.sum(1, keepdims=True)
    least = -np.log(np.maximum(kept[np.arange(700), y], 0.5 * 10.0**-decimals)).mean()
    assert [r.min_cross_entropy for r in roundings] == pytest.approx([least] * 4, rel=1e-5)
    notes = " ".join(both(tmp_path / "afloat64.npz").survey.notes)
    assert (f"In {zeros:,} of 700 rows" in notes) == (zeros > 0)


def test_the_bound_is_told_to_be_one(tmp_path: Path) -> None:
    """The true mean is never below what is said to be the least."""
    for seed in range(6):
        p, y, true = made(seed, 800, 4, scale=6.0, wrong=0.1)
        rounding = both(written_file(tmp_path / f"{seed}.npz", np.round(p, 3), y, name="prob")).survey.rounding
        assert rounding is not None and rounding.zeros and rounding.min_cross_entropy is not None
        assert rounding.min_cross_entropy < true * 1.001 and rounding.min_cross_entropy > true / 3


@pytest.mark.parametrize("C", [1, 3])
def test_zeros_and_ones_of_sigmoids(tmp_path: Path, C: int) -> None:
    r = np.random.default_rng(C)
    z = r.normal(0, 5, (900, C))
    p = 1 / (1 + np.exp(-z))
    t = (r.random((900, C)) < p).astype(int)
    true = float(np.mean(np.sum(np.logaddexp(0, z) - t * z, 1)))
    target = t if C > 1 else t[:, 0]
    batch = both(written_file(tmp_path / "a.npz", np.round(p, 3), target, name="prob", label="target"))
    assert batch.survey.activations == ("sigmoid",)
    assert abs(mean_ce(batch) - true) < 0.1 * true


@pytest.mark.parametrize(("dtype", "written_as"), [("float16", "float16"), ("float32", "float32"), ("float64", "float64")])
def test_the_precision_of_storage_is_seen(tmp_path: Path, dtype: str, written_as: str) -> None:
    p, y, true = made(7, 600, 6, scale=8.0)
    stored = p.astype(dtype)
    shortest = [[str(x) for x in row] for row in stored]  # as Python, pandas and NumPy write them
    rows = "\n".join(",".join((*row, str(label))) for row, label in zip(shortest, y, strict=True))
    head = ",".join((*(f"prob_{k}" for k in range(6)), "label"))
    from_text = both(text(tmp_path / "a.csv", f"{head}\n{rows}\n"))
    from_array = both(written_file(tmp_path / "a.npz", stored, y, name="prob"))
    for batch in (from_text, from_array):
        assert batch.survey.rounding is not None and batch.survey.rounding.places is None
        assert written_as in batch.survey.rounding.resolution
        assert abs(mean_ce(batch) - true) < 0.12 * true
    assert mean_ce(from_text) == pytest.approx(mean_ce(from_array), rel=2e-3)


def test_few_numbers_tell_little() -> None:
    """Two numbers with one decimal each say nothing about a third decimal."""
    few, many = Resolution(), Resolution()
    few.add(np.array([0.0, 1.0, 0.6, 0.4]))
    many.add(np.arange(11) / 10)
    assert (few.places, many.places) == (3, 1)


@pytest.mark.parametrize("format", FORMATS)
def test_the_example_of_the_report(tmp_path: Path, format: str) -> None:
    batch = both(written_file(tmp_path / f"a.{format}", [[0.000, 1.000], [0.600, 0.400]], [0, 0], name="prob"))
    losses = evaluate(loss("cross-entropy"), batch.rows.logits, batch.rows.targets).loss.tolist()
    assert losses == pytest.approx([-np.log(0.0005), -np.log(0.6)], rel=1e-3)


@pytest.mark.parametrize(("decimals", "C"), [(3, 3), (4, 1000), (2, 20), (3, 100)])
def test_sums_that_rounding_explains_are_read(tmp_path: Path, decimals: int, C: int) -> None:
    p, y, _ = made(C, 300, C, scale=1.0)
    batch = both(written_file(tmp_path / "a.npz", np.round(p, decimals), y, name="prob"))
    sums = np.round(p, decimals).sum(1)
    (note,) = [note for note in batch.survey.notes if note.startswith("Rows sum to between")]
    assert f"{sums.min():.6g}" in note and f"{sums.max():.6g}" in note and "divided by its sum" in note
    q = softmax(batch.rows.logits)
    assert np.allclose(q.sum(1), 1)
    cut = np.floor(p * 10**decimals) / 10**decimals
    assert both(written_file(tmp_path / "b.npz", cut, y, name="prob")).survey.activations == ("softmax",), (
        "cut off, not rounded"
    )


def test_half_precision_is_read(tmp_path: Path) -> None:
    p, y, true = made(3, 400, 10)
    for dtype in (torch.bfloat16, torch.float16):
        stored = torch.tensor(p).to(dtype)
        batch = both(written_file(tmp_path / "a.npz", stored.float().numpy(), y, name="prob"))
        assert str(dtype).removeprefix("torch.") in " ".join(batch.survey.notes)
        assert abs(mean_ce(batch) - true) < 0.05 * true


def test_noise_beyond_the_ends_is_read(tmp_path: Path) -> None:
    p, y, _ = made(4, 50, 3)
    p[0], y[0] = [1.0000000002, -2e-10, 0], 0
    batch = both(written_file(tmp_path / "a.csv", p, y, name="prob"))
    assert any("1 probability was exactly 0" in note or "2 probabilities" in note for note in batch.survey.notes)
    assert (
        any("outside [0, 1] by at most 2e-10" in note for note in batch.survey.notes) and np.isfinite(batch.rows.logits).all()
    )
    p[0] = np.array([1.0000001, 0, 0])
    assert np.isfinite(both(written_file(tmp_path / "b.npz", p.astype(np.float32), y, name="prob")).rows.logits).all()


def test_what_rounding_does_not_explain_is_refused(tmp_path: Path) -> None:
    p, y, _ = made(5, 60, 3, scale=1.0)
    for name, change in (("a", [0.5, 0.3, 0.25]), ("b", [0.5, 0.3, 0.1]), ("c", [0.9, 0.2, 0])):
        q = np.round(p, 3)
        q[17] = change
        refused(written_file(tmp_path / f"{name}.npz", q, y, name="prob"), "1 row", "row 18", "sum of 1")
    q = p.copy()
    q[3] = [1.01, -0.01, 0]
    refused(written_file(tmp_path / "d.npz", q, y, name="prob"), "row 4", "lies in [0, 1]")
    problem = refused(
        written_file(tmp_path / "e.npz", np.where(np.arange(60)[:, None] < 9, p / 2, p), y, name="prob"), "9 rows"
    )
    assert [remedy.flag for remedy in problem.remedies] == ["--renormalize", "--activation sigmoid"]


def test_logarithms_that_are_called_probabilities(tmp_path: Path) -> None:
    p, y, _ = made(9, 30, 3)
    path = written_file(tmp_path / "a.npz", np.log(p), y, name="prob")
    problem = refused(path, "30 rows", "lies in [0, 1]")
    assert [remedy.flag for remedy in problem.remedies] == ["--logits prob"]
    rows = next(stream(path, ColumnFlags(logits=("prob",))).blocks())
    assert np.allclose(softmax(rows.logits), p)


def test_rows_are_divided_by_their_sums_if_one_says_so(tmp_path: Path) -> None:
    p, y, _ = made(6, 60, 3, scale=1.0)
    q = p * np.where(np.arange(60) % 9 == 0, 1.04, 1)[:, None]
    path = written_file(tmp_path / "a.npz", q, y, name="prob")
    problem = refused(path, "7 rows", "all sums: 1 to 1.04")
    mapping = preview(path, path.name).mapping
    assert mapping is not None
    batch = both(path, replace(mapping, **dict(problem.remedies[0].changes)))
    assert batch.survey.activations == ("softmax",) and np.allclose(softmax(batch.rows.logits), p)
    assert any("between 1 and 1.04 rather than 1, in 7 of 60 rows further from it" in note for note in batch.survey.notes)
    assert stream(path, ColumnFlags(renormalize=True)).survey == batch.survey
    assert both(path, replace(mapping, activation="sigmoid")).survey.activations == ("sigmoid",)
    refused(path, "7 rows", mapping=replace(mapping, activation="softmax"))
    q[3] = 0
    refused(
        written_file(tmp_path / "b.npz", q, y, name="prob"), "row 4", "divided by 0", mapping=replace(mapping, renormalize=True)
    )
    logits = written_file(tmp_path / "c.csv", np.log(p), y)
    mapping = ColumnMapping(("logit_0", "logit_1", "logit_2"), ("label",), renormalize=True)
    refused(logits, "this file has logits", mapping=mapping)
    noise = p.astype(np.float32)
    noise[0], y[0] = [1.0000001, 0, 0], 0
    assert both(written_file(tmp_path / "d.npz", noise, y, name="prob")).survey.activations == ("softmax",), "no question"


@pytest.mark.parametrize("format", FORMATS)
def test_one_against_the_rest_is_a_sigmoid_for_each_class(tmp_path: Path, format: str) -> None:
    r = np.random.default_rng(8)
    z, y = r.normal(0, 2, (80, 4)), r.integers(0, 4, 80)
    batch = both(written_file(tmp_path / f"a.{format}", 1 / (1 + np.exp(-z)), y, name="prob"))
    assert (batch.survey.task, batch.survey.activations) == ("multi-class", ("sigmoid",))
    assert np.allclose(batch.rows.logits, z, atol=1e-9) and (batch.rows.targets == y).all()
    ours = evaluate(loss("cross-entropy", "sigmoid"), batch.rows.logits, batch.rows.targets).loss
    one_hot = torch.nn.functional.one_hot(torch.tensor(y), 4).double()
    theirs = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(z), one_hot, reduction="none").sum(1)
    assert torch.allclose(ours, theirs, atol=1e-8)
