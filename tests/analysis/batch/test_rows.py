"""A table of every sample, against losses as textbooks write them."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.batch.rows import tables

from . import made
from .made import KINDS, Kind
from .test_contributions import pair


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_sample_is_in_the_table(kind: Kind) -> None:
    batch = made.batch(kind, 150)
    asked = pair(kind.spec, batch)
    cut = made.Cut(batch.survey, batch.rows, (1, 90))
    blocks = list(tables(cut, asked.spec, asked.tally, asked.ce_spec, asked.ce))
    assert [len(b["row"]) for b in blocks] == [1, 89, 60]
    found = {name: np.concatenate([b[name] for b in blocks]) for name in blocks[0]}
    assert batch.rows.groups is not None
    np.testing.assert_array_equal(found["row"], np.arange(150))
    assert found["id"].tolist() == [f"row-{i}" for i in range(150)]
    assert found["group"].tolist() == [made.GROUPS[g] for g in batch.rows.groups]
    np.testing.assert_array_equal(found["suspect"], batch.rows.suspects)
    for prefix, spec in (("", asked.spec), ("ce_", asked.ce_spec)):
        true = made.truth(spec, batch.rows)
        for name, values in (("loss", true.terms.sum(1)), ("norm", made.norms(true.grad))):
            np.testing.assert_allclose(found[prefix + name], values, rtol=1e-10, atol=1e-14)
            np.testing.assert_allclose(found[f"{prefix}{name}_share"], values / values.sum(), rtol=1e-10, atol=1e-14)
            assert found[f"{prefix}{name}_share"].sum() == pytest.approx(1, rel=1e-12)
    true = made.truth(asked.spec, batch.rows)
    likeliest = true.probs.argmax(1) if kind.classes > 1 else (true.probs[:, 0] > 0.5).astype(int)
    np.testing.assert_array_equal(found["guess"], likeliest)
    if kind.targets == "labels":
        np.testing.assert_array_equal(found["label"], batch.rows.targets)
    t = made.one_hot(batch.rows.targets, kind.classes)
    agreed = (t * true.probs + (1 - t) * (1 - true.probs)).min(1) if kind.activation == "sigmoid" else (t * true.probs).sum(1)
    np.testing.assert_allclose(found["p_t"], agreed, rtol=1e-10)
