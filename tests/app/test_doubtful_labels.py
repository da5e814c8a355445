"""The page on doubtful labels: the numbers of the analysis, in the order that is asked for, and the report says the same."""

from __future__ import annotations

import csv
import io
from html import unescape
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.analysis.batch.pruning import SCORES
from lossviz.analysis.batch.suspect_sentences import summary
from lossviz.analysis.batch.suspects import ranked, suspects
from lossviz.data import digits
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch
from lossviz.ui import elements as st
from lossviz.ui.components.markdown import literal

from ..analysis.batch import made
from ..analysis.batch.test_suspects import several
from .pages import Downloads, opened
from .test_batch_page import holding

NOISE = {"ask": "suspects", "noise": "pair", "noise_rate": "0.3"}


def tables(at: AppTest) -> list[Any]:
    """Those of labels: what was understood has one of classes."""
    return [frame.value for frame in at.dataframe if "self_confidence" in frame.value]


def table_of(at: AppTest) -> Any:
    (table,) = tables(at)
    return table


def texts(at: AppTest) -> str:
    return " ".join(text.value for text in (*at.markdown, *at.caption))


@pytest.mark.parametrize("score", SCORES)
def test_the_list_is_in_the_order_of_the_link(score: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    at = opened("batch", NOISE | {"label_score": score})
    batch = noisy(digits.batch(), "pair", 0.3, 0, (3, 8))
    judgement = suspects(batch, "softmax")
    rows = ranked(judgement.errors, score).row.tolist()
    assert table_of(at)["row"].tolist() == rows
    for sentence in summary(judgement, batch.survey):
        assert literal(sentence) in texts(at)
    listed = list(csv.DictReader(io.StringIO(files.text("lossviz-doubtful-labels.csv"))))
    assert [int(row["row"]) for row in listed] == rows
    every = list(csv.DictReader(io.StringIO(files.text("lossviz-every-label.csv"))))
    assert len(every) == 1797
    assert [int(row["row"]) for row in every if row["estimated_error"] == "true"] == rows
    report = unescape(files.text("lossviz-report.html"))
    for sentence in summary(judgement, batch.survey):
        assert sentence in report


def test_the_table_says_how_many_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    at = opened("batch", NOISE | {"noise": "uniform"})
    number = len(suspects(noisy(digits.batch(), "uniform", 0.3), "softmax").errors.row)
    assert len(table_of(at)) == 200 < number
    assert f"Showing the first 200 of {number}" in texts(at)
    assert files.text("lossviz-doubtful-labels.csv").count("\n") == number + 1
    assert f"Showing the first 100 of {number}" in unescape(files.text("lossviz-report.html"))


def test_entries_have_the_names_of_their_classes() -> None:
    batch = several(0, 3)[0]
    at = holding(Batch(batch.survey._replace(class_names=("cat", "dog", "hen")), batch.rows), {"ask": "suspects"})
    assert set(table_of(at)["class"]) <= {"cat", "dog", "hen"}
    assert set(table_of(at)["label"]) == {"negative", "positive"}
    assert "entries look wrong" in texts(at)
    assert next(group for group in at.get("button_group") if group.key == "label_score").disabled


def test_soft_targets_are_told_to_have_no_labels() -> None:
    soft = np.full((20, 3), 1 / 3)
    at = holding(made.plain(np.zeros((20, 3)), soft), {"ask": "suspects"})
    assert any("soft" in info.value for info in at.info)
    assert tables(at) == []


def test_a_class_is_called_by_its_name_below_the_table() -> None:
    batch = digits.batch()
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    at = holding(Batch(batch.survey._replace(name="mine", class_names=names), batch.rows), {"ask": "suspects", "row": "0"})
    assert f"label **{names[batch.rows.targets[0]]}**" in texts(at)
    assert " on class " not in texts(at)
