"""The numbers of a detector with a thousand negatives to a positive (Lin et al. 2017, section 3.3), through all of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossviz import loss
from lossviz.analysis.batch.advisor import advice, grid_losses
from lossviz.analysis.batch.batch_stats import BatchStats, plan, total
from lossviz.analysis.batch.counting_unit import partitions
from lossviz.analysis.batch.parts import parts
from lossviz.analysis.batch.shares import carried_by, lorenz
from lossviz.data.predictions import Batch
from lossviz.losses import LossSpec

from . import made

POSITIVES, NEGATIVES = 100, 99_900
CE = loss("cross-entropy", "sigmoid")
FOCAL = loss("focal", "sigmoid", gamma=2.0, alpha=0.25)


def head(prior: float, dtype: type) -> Batch:
    """All anchors are given the same probability."""
    t = np.zeros(POSITIVES + NEGATIVES, np.int64)
    t[::1000] = 1
    assert t.sum() == POSITIVES
    return made.plain(np.full((len(t), 1), -math.log((1 - prior) / prior), dtype), t)


def stats_of(spec: LossSpec, batch: Batch) -> BatchStats:
    cut = made.Cut(batch.survey, batch.rows, (1, 2000, 70_000))
    return total(plan(spec, batch.survey), cut)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("spec", "prior", "share", "per_positive"),
    [(CE, 0.5, 0.9990, 693.0), (CE, 0.01, 0.6856, 14.65), (FOCAL, 0.01, 0.0007, 1.13)],
)
def test_share_of_the_negatives(spec: LossSpec, prior: float, share: float, per_positive: float, dtype: type) -> None:
    batch = head(prior, dtype)
    result = stats_of(spec, batch)
    side = parts(result, stats_of(CE, batch), partitions(batch.survey)["side"])
    negatives = side.names.index("negatives")
    assert side.counts[negatives] == pytest.approx(0.999)
    assert side.loss[negatives] == pytest.approx(share, abs=5e-5)
    assert result.samples.loss / POSITIVES == pytest.approx(per_positive, rel=5e-3)
    if prior == 0.5:
        assert side.ce_norm[negatives] == pytest.approx(0.999, abs=1e-6)


def test_the_hardest_tenth_of_a_percent_are_the_positives() -> None:
    batch = head(0.01, np.float64)
    assert carried_by(lorenz(stats_of(CE, batch).loss), 0.001) == pytest.approx(1 - 0.6856, abs=5e-5)


def test_the_advisor_says_the_same() -> None:
    batch = head(0.01, np.float64)
    result = advice(CE, batch.survey, {spec: stats_of(spec, batch) for spec in grid_losses(CE, batch.survey)})
    half = result.knobs.tolist().index(0.5)
    # With γ = 0 a positive has the gradient 1 − π and a negative π.
    assert result.ratio[0, half] == pytest.approx(100 * 0.99 / (99_900 * 0.01), rel=1e-9)
    assert result.threshold[half] == pytest.approx(0.5, abs=1e-12)
