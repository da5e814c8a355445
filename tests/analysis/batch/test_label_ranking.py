"""Every label in a table, the most doubtful first, against sorting all of them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from scipy.special import expit, softmax

from lossviz.analysis.batch import label_ranking
from lossviz.analysis.batch.label_ranking import columns, ranking
from lossviz.analysis.batch.suspect_sentences import about_gamma, method, remarks, summary
from lossviz.analysis.batch.suspects import Suspects, ranked, suspects
from lossviz.data import digits
from lossviz.data.noise import noisy
from lossviz.data.predictions import Batch
from lossviz.data.tables import table_bytes

from . import made
from .made import Kind
from .test_suspects import several

scores = pytest.mark.parametrize("score", ["normalized-margin", "self-confidence"])


def named(batch: Batch, *names: str) -> Batch:
    return Batch(batch.survey._replace(class_names=names), batch.rows)


def rows_of(batch: Batch, activation: str, judgement: Suspects, score: str) -> list[dict[str, str]]:
    text = table_bytes(ranking(batch, activation, judgement.errors, score), "csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


@scores
@pytest.mark.parametrize("size", [100, 5000])
def test_every_digit(score: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_ranking, "rows_per_block", lambda _: size)
    batch = noisy(digits.batch(), "uniform", 0.1, 1)
    judgement = suspects(batch, "softmax")
    table = rows_of(batch, "softmax", judgement, score)
    p, y = softmax(batch.rows.logits.astype(float), 1), batch.rows.targets
    own = p[np.arange(1797), y]
    others = np.where(np.arange(10) == y[:, None], -1, p)
    margin = own - others.max(1)
    value = margin if score == "normalized-margin" else own
    row = np.array([int(one["row"]) for one in table])
    assert sorted(row.tolist()) == list(range(1797))
    assert (np.diff(value[row]) >= -1e-12).all()
    assert [int(one["rank"]) for one in table] == list(range(1, 1798))
    np.testing.assert_allclose([float(one["normalized_margin"]) for one in table], margin[row], atol=1e-12)
    np.testing.assert_allclose([float(one["self_confidence"]) for one in table], own[row], rtol=1e-9)
    assert [one["label"] for one in table] == [f"class {y[i]}" for i in row]
    assert [one["guess"] for one in table] == [f"class {p[i].argmax()}" for i in row]
    assert {int(one["row"]) for one in table if one["estimated_error"] == "true"} == set(judgement.errors.row.tolist())
    listed = [int(one["row"]) for one in table if one["estimated_error"] == "true"]
    assert listed == ranked(judgement.errors, score).row.tolist()
    assert batch.rows.suspects is not None
    assert [one["suspect"] == "true" for one in table] == batch.rows.suspects[row].tolist()


@scores
def test_every_entry(score: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_ranking, "rows_per_block", lambda _: 7)
    batch = named(several(0, 3, 120)[0], "cat", "dog", "hen")
    judgement = suspects(batch, "sigmoid")
    table = rows_of(batch, "sigmoid", judgement, score)
    t, p = batch.rows.targets, expit(batch.rows.logits)
    own = np.where(t == 1, p, 1 - p)
    entries = [(int(one["row"]), ("cat", "dog", "hen").index(one["class"])) for one in table]
    assert len(set(entries)) == len(entries) == t.size
    assert (np.diff([own[entry] for entry in entries]) >= -1e-12).all()
    assert [one["label"] for one in table] == [("negative", "positive")[int(t[entry])] for entry in entries]
    assert [one["guess"] for one in table] == [("negative", "positive")[int(p[entry] > 0.5)] for entry in entries]
    wrong = {entry for entry, one in zip(entries, table, strict=True) if one["estimated_error"] == "true"}
    assert wrong == set(zip(judgement.errors.row.tolist(), judgement.errors.problem.tolist(), strict=True))


@pytest.mark.parametrize("kind", made.KINDS, ids=str)
def test_words_of_every_kind(kind: Kind) -> None:
    batch = made.batch(kind, 90)
    if batch.survey.soft:
        return
    table = rows_of(batch, kind.activation, suspects(batch, kind.activation), "normalized-margin")
    t = made.one_hot(batch.rows.targets, kind.classes)
    assert len(table) == (t.size if batch.survey.task == "multi-label" else 90)
    for one in table:
        row = int(one["row"])
        assert batch.rows.groups is not None
        assert one["group"] == made.GROUPS[batch.rows.groups[row]]
        if batch.survey.task == "multi-label":
            assert one["label"] == ("negative", "positive")[int(t[row, int(one["class"].removeprefix("class "))])]
        elif kind.classes == 1:
            assert one["label"] == ("negative", "positive")[int(t[row, 0])]
        else:
            assert one["label"] == f"class {t[row].argmax()}"


def test_classes_by_their_names() -> None:
    z, y = np.array([[5.0, 0], [5, 0], [0, 5], [0, 5], [5, 0]]), np.array([0, 0, 1, 1, 1])
    batch = named(made.plain(z, y), "cat", "dog")
    (error,) = [columns(suspects(batch, "softmax").errors, batch.survey)]
    assert (error["label"].tolist(), error["guess"].tolist()) == (["dog"], ["cat"])
    one = named(made.plain(z[:, :1] - 2.5, 1 - y), "cat", "dog")
    error = columns(suspects(one, "sigmoid").errors, one.survey)
    assert (error["label"].tolist(), error["guess"].tolist()) == (["cat"], ["dog"])


def test_what_is_said_is_what_is_listed() -> None:
    batch = noisy(digits.batch(), "uniform", 0.05, 0)
    judgement = suspects(batch, "softmax")
    text = summary(judgement, batch.survey)
    rows, marked = judgement.errors.row, batch.rows.suspects
    assert marked is not None
    both = marked[rows].sum()
    assert text[0] == (
        f"About {len(rows)} of 1,797 labels look wrong (confident learning); the list has all of them, most doubtful first."
    )
    assert text[1] == (
        f"Of the {marked.sum()} marked suspects the list has {both} (recall {100 * both / marked.sum():.3g}%); "
        f"of the {len(rows)} samples on the list {both} are marked (precision {100 * both / len(rows):.3g}%)."
    )
    assert len(text) == 2
    assert f"at {judgement.estimate:.0f}; the list has {len(rows)}." in method(judgement)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (0, "None of the 40 labels looks wrong (confident learning)."),
        (1, "About 1 of 41 labels looks wrong (confident learning); it is listed."),
        (3, "About 3 of 43 labels look wrong (confident learning); the list has all of them, most doubtful first."),
    ],
)
def test_none_one_and_several(wrong: int, words: str) -> None:
    y = np.array([0, 1] * 20 + [0] * wrong)
    z = np.where(np.arange(len(y)) < 40, 2 * y - 1, 1)[:, None] * 50.0
    batch = made.plain(z, y)
    assert summary(suspects(batch, "sigmoid"), batch.survey) == (words,)


def test_classes_that_no_label_names_are_said() -> None:
    batch = named(made.plain(np.eye(3)[[0, 1]] * 9, [0, 1]), "cat", "dog", "hen")
    assert "No sample is labeled hen, so samples" in summary(suspects(batch, "softmax"), batch.survey)[-1]
    t = np.array([[1.0, 1, 0], [0, 1, 0]])
    batch = named(made.plain(20 * t - 10, t), "cat", "dog", "hen")
    text = summary(suspects(batch, "sigmoid"), batch.survey)
    assert text[0].startswith("None of the 6 entries")
    assert "dog: negative, hen: positive" in text[-1]


def test_what_gamma_adds() -> None:
    assert "adds nothing" in about_gamma(digits.batch().survey, "softmax")
    assert "adds nothing" not in about_gamma(digits.batch().survey, "sigmoid")
    assert "adds nothing" not in about_gamma(several(0)[0].survey, "sigmoid")


def test_whose_probabilities_they_are_is_said_where_it_is_no_matter_of_course() -> None:
    batch = several(0, 3, 120)[0]
    judgement = suspects(batch, "sigmoid")
    assert "judged by sigmoid" in remarks(judgement, batch.survey, "softmax")[0]
    assert "judged by sigmoid" not in remarks(judgement, batch.survey, "sigmoid")[0]
