"""What a report says about classes, whatever the task: names, all of them, nothing that only a program could read."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from lossviz import loss
from lossviz.data.predictions import Batch
from lossviz.losses import LossSpec
from lossviz.report import compute, report
from lossviz.report.sections.classes import PAIRS_PRINTED
from lossviz.state.batch import named, query_of_lines

from .. import specs
from ..analysis.batch import made

Rows = list[list[str]]


def page(batch: Batch, *losses: LossSpec) -> str:
    lines = tuple(named(spec, batch.rows, slot) for slot, spec in enumerate(losses))
    html = report(compute(batch, query_of_lines(batch.survey, lines)))
    return re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.S)


def table(html: str, title: str) -> Rows:
    """The rows below a heading."""
    section = re.split(rf"<h2[^>]*>{re.escape(title)}</h2>", html)[1].split("<h2")[0]
    cells = (re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", section))
    return [[unescape(cell) for cell in row] for row in cells]


def batch_of(classes: int, targets: str, n: int = 300, names: tuple[str, ...] = ()) -> Batch:
    rng = specs.seeded("report", classes, targets, n)
    z = rng.normal(0, 2, (n, classes))
    t = (rng.random((n, classes)) < 0.3).astype(float) if targets == "multi-hot" else rng.integers(max(2, classes), size=n)
    batch = made.plain(z, t)
    return Batch(batch.survey._replace(class_names=names), batch.rows)


CASES = [(1, "labels", ()), (3, "labels", ("cat", "<b>dog</b>", "=cow")), (4, "multi-hot", ("a", "b", "c", "d"))]


@pytest.mark.parametrize(("classes", "targets", "names"), CASES, ids=str)
def test_every_class_is_in_the_report_with_what_scikit_learn_says(classes: int, targets: str, names: tuple[str, ...]) -> None:
    batch = batch_of(classes, targets, names=names)
    activation = "softmax" if classes == 3 else "sigmoid"
    rows = table(page(batch, loss("focal", activation)), "How well does each class do?")
    z, t = batch.rows.logits, batch.rows.targets
    guess = z[:, 0] > 0 if classes == 1 else z.argmax(1) if t.ndim == 1 else z > 0
    precision, recall, _, support = precision_recall_fscore_support(t, guess, labels=np.arange(max(2, classes)))
    result = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [row["class"] for row in result] == list(names or ("negative", "positive"))
    for k, row in enumerate(result):
        assert float(row["positives" if targets == "multi-hot" else "samples"]) == support[k]
        assert float(row["recall (%)"]) == pytest.approx(100 * recall[k], abs=0.051)
        assert float(row["precision (%)"]) == pytest.approx(100 * precision[k], abs=0.051)
    assert sum(float(row["% of loss"]) for row in result) == pytest.approx(100, abs=0.2)


def test_a_report_on_a_thousand_classes_has_them_all_and_says_what_is_cut() -> None:
    html = page(batch_of(1000, "labels"), loss("focal"))
    assert len(table(html, "How well does each class do?")) == 1001
    kinds = table(html, "Which classes are confused?")
    assert len(kinds) == PAIRS_PRINTED + 1
    assert f"Showing the first {PAIRS_PRINTED} of " in html


@pytest.mark.parametrize(("classes", "targets", "names"), CASES, ids=str)
@pytest.mark.parametrize("n", [1, 2])
def test_nothing_in_it_is_a_program_s(classes: int, targets: str, names: tuple[str, ...], n: int) -> None:
    batch = batch_of(classes, targets, n, names)
    text = unescape(re.sub(r"<[^>]+>", " ", page(batch, loss("focal", "softmax" if classes == 3 else "sigmoid"))))
    assert not re.search(r"\b1 (samples|classes|times|groups|kinds|entries|labels)\b|\(\)|\('|\bnan\b", text), text
    assert "fitted and judged on the same rows" in text or "temperature tried" in text
