"""Everything about every sample, or about those that are chosen, as columns of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions, Source, Survey
from ...evaluation.targets import IGNORE
from ...losses import LossSpec
from .batch_stats import BatchStats
from .classes import class_names
from .counting_unit import evaluated, of_samples, true
from .sample_filter import SampleFilter, chosen, guesses_of, labels_of

Columns = dict[str, NDArray[Any]]

SEPARATOR = "; "
"""Between the classes of a sample of which several are true."""


def tables(
    source: Source, spec: LossSpec, own: BatchStats, ce_spec: LossSpec, ce: BatchStats, selection: SampleFilter | None = None
) -> Iterator[Columns]:
    """A table for each block of the source, of the samples that are chosen.

    row, id and group; label and guess, as numbers and, where classes have names, as names, or "labels" and "guesses" where
    several classes may be true; p_t; loss, norm and their shares of the whole batch, under the loss and under cross-entropy.
    `own` and `ce` are the statistics of the whole. Without a
    filter, rows of the file that are ignored come last, marked as such.
    """
    survey = source.survey
    used = np.zeros(survey.rows if survey.ignored and selection is None else 0, bool)
    table: Columns = {}
    for block in source.blocks():
        rows = block.row_numbers
        if selection is not None:
            kept = chosen(block, spec.activation, survey.task == "multi-label", selection)
            rows, block = rows[kept], _only(block, kept)
        table = _table(block, survey, {"row": rows}, ((spec, own), (ce_spec, ce)))
        if len(used):
            used[rows] = True
            table["ignored"] = np.zeros(len(rows), bool)
            if "id" in table:
                table["id"] = table["id"].astype(np.dtypes.StringDType())  # so that an id may be missing
        yield table
    if len(used):
        yield _ignored(table, np.flatnonzero(~used))


def _ignored(like: Columns, rows: NDArray[np.int64]) -> Columns:
    """Rows without a label, which have neither loss nor p_t."""
    empty = {"f": np.nan, "i": IGNORE, "b": False}
    columns = {name: np.full(len(rows), empty.get(column.dtype.kind, ""), column.dtype) for name, column in like.items()}
    return columns | {"row": rows, "ignored": np.ones(len(rows), bool)}


class Hardest(NamedTuple):
    """Some samples, the largest loss first; how many there are in all, and their shares of the batch's loss and gradient."""

    columns: Columns
    samples: int
    loss_share: float
    norm_share: float


def hardest(blocks: Iterable[Columns], most: int) -> Hardest:
    """The samples with the largest loss of some tables."""
    top: Columns = {}
    samples, loss, norm = 0, 0.0, 0.0
    for block in blocks:
        samples += len(block["row"])
        loss, norm = loss + float(block["loss_share"].sum()), norm + float(block["norm_share"].sum())
        joined = {name: np.concatenate((top[name], column)) if top else column for name, column in block.items()}
        order = np.argsort(-joined["loss"], kind="stable")[:most]
        top = {name: column[order] for name, column in joined.items()}
    return Hardest(top, samples, loss, norm)


def _table(block: Predictions, survey: Survey, columns: Columns, under: tuple[tuple[LossSpec, BatchStats], ...]) -> Columns:
    ours, base = (evaluated(spec, block) for spec, _ in under)
    columns |= _identity(block, survey, under[0][0].activation)
    columns["p_t"] = true(ours, block)
    for prefix, ev, (_, stats) in zip(("", "ce_"), (ours, base), under, strict=True):
        for name, values in zip(("loss", "norm"), of_samples(ev), strict=True):
            columns[prefix + name] = values
            columns[f"{prefix}{name}_share"] = values / (float(getattr(stats.samples, name)) or 1.0)
    return columns


def _only(block: Predictions, kept: NDArray[np.bool_]) -> Predictions:
    """The rows that are kept."""
    names = ("logits", "targets", "ids", "groups", "suspects", "numbers")
    parts: dict[str, Any] = {name: None if (x := getattr(block, name)) is None else x[kept] for name in names}
    return replace(block, **parts)


def _identity(block: Predictions, survey: Survey, activation: str) -> Columns:
    columns: Columns = {}
    if block.ids is not None:
        columns["id"] = block.ids
    if block.groups is not None:
        columns["group"] = np.array(survey.groups, object)[block.groups]
    several = survey.task == "multi-label"
    label, guess = labels_of(block, several), guesses_of(block, activation, several)
    if several:
        names = class_names(survey) if survey.class_names else tuple(map(str, range(survey.classes)))
        columns |= {"labels": _listed(label, names), "guesses": _listed(guess, names)}
    else:
        columns |= {"label": _positive(block) if _soft(block) and survey.classes == 1 else label, "guess": guess}
        if survey.class_names:
            names_of = np.array(class_names(survey), object)
            columns |= {"label_name": names_of[label], "guess_name": names_of[guess]}
    if block.suspects is not None:
        columns["suspect"] = block.suspects
    return columns


def _soft(block: Predictions) -> bool:
    return block.targets.dtype.kind == "f"


def _positive(block: Predictions) -> NDArray[Any]:
    """The soft target of a single sigmoid, which no label stands for."""
    return block.targets.reshape(-1)


def _listed(true_: NDArray[np.int64], names: tuple[str, ...]) -> NDArray[Any]:
    """The names of the classes of each row, (N,)."""
    row, number = np.nonzero(true_)
    ends = np.searchsorted(row, np.arange(len(true_) + 1))
    texts = [SEPARATOR.join(names[c] for c in number[a:b]) for a, b in pairwise(ends)]
    return np.array(texts, object)
