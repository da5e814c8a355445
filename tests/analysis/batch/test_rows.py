"""A table of every sample, against losses as textbooks write them."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.batch.rows import tables
from lossviz.analysis.batch.sample_filter import SampleFilter, chosen
from lossviz.data.predictions import Batch

from . import made
from .made import KINDS, Kind
from .test_contributions import pair


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_sample_is_in_the_table(kind: Kind) -> None:
    batch = made.batch(kind, 150)
    pair_ = pair(kind.spec, batch)
    cut = made.Cut(batch.survey, batch.rows, (1, 90))
    blocks = list(tables(cut, pair_.spec, pair_.stats, pair_.ce_spec, pair_.ce))
    assert [len(b["row"]) for b in blocks] == [1, 89, 60]
    result = {name: np.concatenate([b[name] for b in blocks]) for name in blocks[0]}
    assert batch.rows.groups is not None
    np.testing.assert_array_equal(result["row"], np.arange(150))
    assert result["id"].tolist() == [f"row-{i}" for i in range(150)]
    assert result["group"].tolist() == [made.GROUPS[g] for g in batch.rows.groups]
    np.testing.assert_array_equal(result["suspect"], batch.rows.suspects)
    for prefix, spec in (("", pair_.spec), ("ce_", pair_.ce_spec)):
        true = made.truth(spec, batch.rows)
        for name, values in (("loss", true.terms.sum(1)), ("norm", made.norms(true.grad))):
            np.testing.assert_allclose(result[prefix + name], values, rtol=1e-10, atol=1e-14)
            np.testing.assert_allclose(result[f"{prefix}{name}_share"], values / values.sum(), rtol=1e-10, atol=1e-14)
            assert result[f"{prefix}{name}_share"].sum() == pytest.approx(1, rel=1e-12)
    true = made.truth(pair_.spec, batch.rows)
    t = made.one_hot(batch.rows.targets, kind.classes)
    if batch.survey.task == "multi-label":
        likeliest = true.probs == true.probs.max(1, keepdims=True)
        guess = true.probs > 0.5 if kind.activation == "sigmoid" else likeliest
        for name, entries in (("labels", t > 0.5), ("guesses", guess)):
            assert result[name].tolist() == ["; ".join(map(str, np.flatnonzero(row))) for row in entries]
        assert "label" not in result and "guess" not in result
    else:
        likeliest = true.probs.argmax(1) if kind.classes > 1 else (true.probs[:, 0] > 0.5).astype(int)
        np.testing.assert_array_equal(result["guess"], likeliest)
        np.testing.assert_array_equal(result["label"], t[:, 0] if kind.classes == 1 else t.argmax(1))
    assert "label_name" not in result
    agreed = (t * true.probs + (1 - t) * (1 - true.probs)).min(1) if kind.activation == "sigmoid" else (t * true.probs).sum(1)
    np.testing.assert_allclose(result["p_t"], agreed, rtol=1e-10)


NAMES = ("cat", "dog", "=cow", "a; b", "é", "f", "g")


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[8], KINDS[15]], ids=str)
def test_names_stand_beside_numbers(kind: Kind) -> None:
    plain = made.batch(kind, 60)
    names = NAMES[: max(2, kind.classes)]
    batch = Batch(plain.survey._replace(class_names=names), plain.rows)
    pair_ = pair(kind.spec, batch)
    (result,) = tables(batch, pair_.spec, pair_.stats, pair_.ce_spec, pair_.ce)
    if batch.survey.task == "multi-label":
        assert result["labels"].tolist() == ["; ".join(names[c] for c in np.flatnonzero(row)) for row in plain.rows.targets]
    else:
        assert result["label_name"].tolist() == [names[c] for c in plain.rows.targets]
        assert result["guess_name"].tolist() == [names[c] for c in result["guess"]]


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[8], KINDS[15]], ids=str)
@pytest.mark.parametrize(
    "selection", [SampleFilter(label=1), SampleFilter(of_class=0, group=2), SampleFilter(label=1, guess=0)], ids=str
)
def test_chosen_rows_are_those_of_the_whole_table(kind: Kind, selection: SampleFilter) -> None:
    batch = made.batch(kind, 150)
    pair_ = pair(kind.spec, batch)
    cut = made.Cut(batch.survey, batch.rows, (1, 90))
    (whole,) = tables(batch, pair_.spec, pair_.stats, pair_.ce_spec, pair_.ce)
    blocks = list(tables(cut, pair_.spec, pair_.stats, pair_.ce_spec, pair_.ce, selection))
    some = {name: np.concatenate([b[name] for b in blocks]) for name in blocks[0]}
    kept = chosen(batch.rows, kind.activation, batch.survey.task == "multi-label", selection)
    assert 0 < kept.sum() < 150
    assert some["row"].tolist() == np.flatnonzero(kept).tolist()
    for name, column in whole.items():
        if column.dtype.kind == "f":
            np.testing.assert_allclose(some[name], column[kept], rtol=1e-10)
        else:
            assert some[name].tolist() == column[kept].tolist()


def test_no_row_chosen_is_a_table_without_rows() -> None:
    batch = made.batch(KINDS[8], 40)
    pair_ = pair(KINDS[8].spec, batch)
    nothing = SampleFilter(group=len(made.GROUPS))
    (result,) = tables(batch, pair_.spec, pair_.stats, pair_.ce_spec, pair_.ce, nothing)
    assert {len(column) for column in result.values()} == {0}
