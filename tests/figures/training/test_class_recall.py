"""Recall by class: means with their seeds' range, and the rare class called so."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.analysis.training import measure_values
from lossviz.figures.training import class_recall

from ...analysis.training.random_records import CLEAN, DIGITS, NOISY, SIX, random_record
from ...plotted import numbers
from .frames import every, lines, titles

dataset_specs = pytest.mark.parametrize("dataset_spec", [NOISY, CLEAN, DIGITS], ids=["rare", "clean", "digits"])


@dataset_specs
def test_recalls_are_means_with_the_seeds_range(dataset_spec) -> None:
    losses = SIX[:5] if dataset_spec is DIGITS else SIX
    record = random_record(dataset_spec, losses)
    figure = class_recall.figure(lines(record), record, 0)
    for e, traces in enumerate(every(figure, record)):
        for n in range(len(losses)):
            own = 100 * record.runs.recall[e, n]
            rows = np.column_stack((own, own.mean(-1), 100 * record.runs.accuracy[e, n]))
            mark = traces[f"recall-{n}"]
            np.testing.assert_allclose(numbers(mark, "x"), rows.mean(0), rtol=1e-5)
            high = numbers(mark, "x") + numbers(mark["error_x"], "array")
            np.testing.assert_allclose(high, rows.max(0), rtol=1e-4)
    texts = figure.layout["yaxis"]["ticktext"]
    assert len(texts) == record.experiment.classes + 2
    assert [text for text in texts if "rare" in text] == (
        [f"<b>class {dataset_spec.rare}, rare</b> "] if dataset_spec.ratio > 1 else []
    )
    assert len({traces[f"recall-{n}"]["marker"]["symbol"] for n in range(len(losses))}) == len(losses)


def test_the_title_of_recalls_is_about_the_rare_class_where_there_is_one() -> None:
    record, clean = random_record(DIGITS), random_record(CLEAN)
    rare = measure_values(record, "rare")[1].mean(-1)
    assert titles(class_recall.figure(lines(record), record, 0))[1] == (
        f"Epoch 1: recall of the rare class 3, {rare[0]:.3g}% with A, {rare[1]:.3g}% with B"
    )
    assert "balanced accuracy" in titles(class_recall.figure(lines(clean), clean, 0))[0]
