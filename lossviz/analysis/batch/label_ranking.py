"""The labels of a batch as a table, the most doubtful first: those that are called wrong, or every one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Batch, Predictions, Survey, rows_per_block
from ...evaluation.setting import Array
from .label_probabilities import SIDES, label_probabilities, problems
from .pruning import DoubtfulLabels, doubtful_labels
from .rows import Columns


def answers(survey: Survey) -> tuple[str, ...]:
    """What a label can be: the classes, or negative and positive."""
    if problems(survey) == (1, survey.classes):
        return survey.class_labels
    return survey.class_names if survey.task == "binary" and len(survey.class_names) == 2 else SIDES


def columns(labels: DoubtfulLabels, survey: Survey) -> Columns:
    """Labels in words with both scores: row, id, group, class, label, guess, their probabilities, margin and suspect, as far as
    the batch has them."""
    names = np.array(answers(survey), object)
    table: Columns = {"row": labels.row}
    if survey.ids:
        table["id"] = labels.name
    if survey.groups:
        table["group"] = np.array(survey.groups, object)[labels.group]
    if survey.task == "multi-label":
        table["class"] = np.array(survey.class_labels, object)[labels.problem]
    table |= {"label": names[labels.label], "guess": names[labels.guess]}
    table |= {"self_confidence": labels.self_confidence, "guess_confidence": labels.guess_confidence}
    table["normalized_margin"] = labels.margin
    if survey.suspects is not None:
        table["suspect"] = labels.suspect
    return table


def ranking(batch: Batch, activation: str, errors: DoubtfulLabels, score: str) -> Iterator[Columns]:
    """A table of every label of a batch, the most doubtful first, some at a time; `estimated_error` marks `errors`."""
    survey = batch.survey
    width = problems(survey)[0]
    wrong = np.zeros(survey.samples * width, bool)
    wrong[errors.row * width + errors.problem] = True
    order = np.argsort(_scores(batch, activation, score), kind="stable")
    size = rows_per_block(survey.classes)
    for start in range(0, len(order), size):
        units = order[start : start + size]
        table: Columns = {"rank": np.arange(start + 1, start + 1 + len(units)), "estimated_error": wrong[units]}
        yield table | columns(_picked(batch.rows, survey.task, activation, units, width), survey)


def _scores(batch: Batch, activation: str, score: str) -> Array:
    blocks = ((label_probabilities(block, batch.survey.task, activation), block) for block in batch.blocks())
    return np.concatenate([doubtful_labels(units, block).score(score) for units, block in blocks])


def _picked(rows: Predictions, task: str, activation: str, units: NDArray[np.int64], width: int) -> DoubtfulLabels:
    """Labels by their number, which counts the problems of row 0, then those of row 1."""
    row, problem = units // width, units % width
    names = ("logits", "targets", "groups", "suspects")
    parts: dict[str, Any] = {name: None if (x := getattr(rows, name)) is None else x[row] for name in names}
    block = Predictions(**parts, ids=row if rows.ids is None else rows.ids[row])
    some = doubtful_labels(label_probabilities(block, task, activation), block, np.arange(len(row)) * width + problem)
    return some._replace(row=row)
