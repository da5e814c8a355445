"""Batches made from a seed, and what is true of them: losses as textbooks write them, gradients by autograd, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from lossviz import loss
from lossviz.analysis.batch.histogram import Histogram
from lossviz.data.predictions import Batch, Predictions, Survey, task_of
from lossviz.losses import LossSpec

from ... import specs

GROUPS = ("a", "b", "c")


class Kind(NamedTuple):
    """A loss on a task: classes, and the targets' form ("labels", "one-hot", "multi-hot", "distribution", "soft")."""

    key: str
    activation: str
    classes: int
    targets: str
    parameters: tuple[tuple[str, Any], ...] = ()

    @property
    def spec(self) -> LossSpec:
        return loss(self.key, self.activation, **dict(self.parameters))

    def __str__(self) -> str:
        return "-".join(map(str, (self.key, self.activation, self.classes, self.targets, *sum(self.parameters, ()))))


GAMMA = (("gamma", 2.0),)
KINDS = (
    Kind("focal", "sigmoid", 1, "labels", GAMMA),
    Kind("focal", "sigmoid", 1, "soft", (("gamma", 1.5),)),
    Kind("cross-entropy", "sigmoid", 1, "labels"),
    Kind("logistic", "sigmoid", 1, "labels"),
    Kind("quality-focal", "sigmoid", 1, "soft", GAMMA),
    Kind("focal", "softmax", 2, "labels", GAMMA),
    Kind("cross-entropy", "softmax", 2, "distribution"),
    Kind("nll", "exp", 2, "labels"),
    Kind("focal", "softmax", 7, "labels", (("gamma", 5.0),)),
    Kind("focal", "softmax", 7, "distribution", GAMMA),
    Kind("focal", "sigmoid", 7, "labels", GAMMA),
    Kind("cross-entropy", "softmax", 7, "one-hot"),
    Kind("cross-entropy", "sigmoid", 7, "labels"),
    Kind("nll", "exp", 7, "labels"),
    Kind("nll", "exp", 7, "distribution"),
    Kind("focal", "sigmoid", 5, "multi-hot", GAMMA),
    Kind("cross-entropy", "sigmoid", 2, "multi-hot"),
    Kind("focal", "softmax", 5, "multi-hot", GAMMA),
    Kind("quality-focal", "sigmoid", 5, "soft", GAMMA),
)
"""Each activation, loss, task and form of target."""


def batch(kind: Kind, n: int = 137, dtype: type = np.float64, *seed: object) -> Batch:
    """Rows with ids, groups and suspects."""
    rng = specs.seeded(kind, n, np.dtype(dtype).name, *seed)
    z = rng.normal(0, 2, (n, kind.classes)).astype(dtype)
    if kind.classes == 1:
        t = (rng.random(n) < 0.3).astype(np.int64) if kind.targets == "labels" else rng.random((n, 1)).astype(dtype)
    else:
        t = specs.targets(kind.targets, n, kind.classes, rng)
        t = t.astype(np.int64 if t.ndim == 1 else dtype)
    return marked(z, t, rng)


def marked(z: NDArray[Any], t: NDArray[Any], rng: specs.Rng) -> Batch:
    """Predictions with ids, groups and suspects of which nothing is known."""
    n = len(z)
    ids = np.array([f"row-{i}" for i in range(n)], object)
    rows = Predictions(z, t, ids, rng.integers(len(GROUPS), size=n).astype(np.int32), rng.random(n) < 0.1)
    return Batch(survey(rows, GROUPS), rows)


def survey(rows: Predictions, groups: tuple[str, ...] = ()) -> Survey:
    """What a reader would say of these rows."""
    n, classes = rows.logits.shape
    t = rows.targets
    task = task_of(classes, t)
    if classes == 1:
        positives = float((t.reshape(-1) > 0.5).sum())
        counts: tuple[float, ...] = (n - positives, positives)
    else:
        counts = tuple((np.bincount(t, minlength=classes) if t.ndim == 1 else t.sum(0)).astype(float).tolist())
    soft = bool(((t != 0) & (t != 1)).any()) if t.ndim == 2 else False
    return Survey(
        "made", n, classes, task, soft, ("softmax", "sigmoid"), "logits", "", counts, groups, dtype=str(rows.logits.dtype)
    )


def plain(logits: Any, targets: Any, **more: Any) -> Batch:
    """A batch of just these numbers."""
    t = np.asarray(targets)
    rows = Predictions(np.asarray(logits), t.astype(np.int64) if t.ndim == 1 else t, **more)
    return Batch(survey(rows, GROUPS if "groups" in more else ()), rows)


class Cut(NamedTuple):
    """A batch that comes in parts, cut before the rows in `before`."""

    survey: Survey
    rows: Predictions
    before: tuple[int, ...]

    def blocks(self) -> Iterator[Predictions]:
        ends = [0, *self.before, len(self.rows)]
        return (self.rows.rows(slice(a, b)) for a, b in pairwise(ends))


def one_hot(targets: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Targets as (N, C)."""
    if targets.ndim == 2:
        return targets.astype(np.float64)
    return targets[:, None].astype(np.float64) if classes == 1 else np.eye(classes)[targets]


class Truth(NamedTuple):
    """terms, grad, probs (N, C)."""

    terms: NDArray[np.float64]
    grad: NDArray[np.float64]
    probs: NDArray[np.float64]


def truth(spec: LossSpec, rows: Predictions) -> Truth:
    """A loss in float64 as it is written in textbooks, per-term or quality, and its gradient by autograd."""
    t = torch.from_numpy(one_hot(rows.targets, rows.logits.shape[1]))
    z = torch.from_numpy(rows.logits.astype(np.float64))
    if spec.key in ("nll", "logistic"):
        t = F.one_hot(t.argmax(1), t.shape[1]).double() if spec.key == "nll" else (t > 0.5).double()
    if spec.activation == "exp":
        z = z.log_softmax(1)
    z.requires_grad_()
    if spec.activation == "sigmoid":
        probs, ce = z.sigmoid(), torch.stack((t * -F.logsigmoid(z), (1 - t) * -F.logsigmoid(-z)))
        away = torch.stack((1 - probs, probs))
        if spec.key == "quality-focal":
            away = (t - probs).abs().expand_as(ce)
        terms = (away**spec.gamma * ce).sum(0)
    else:
        logs = z if spec.activation == "exp" else z.log_softmax(1)
        probs = logs.exp()
        terms = (1 - probs) ** spec.gamma * t * -logs
    (grad,) = torch.autograd.grad(terms.sum(), z)
    return Truth(*(x.detach().numpy() for x in (terms, grad, probs)))


class Counted(NamedTuple):
    """Units: loss, norm, p_t, stratum and the row of each."""

    loss: NDArray[np.float64]
    norm: NDArray[np.float64]
    p_t: NDArray[np.float64]
    stratum: NDArray[np.int64]
    row: NDArray[np.int64]


def counted(spec: LossSpec, made: Batch) -> Counted:
    """The units of a batch, one by one."""
    true, rows, task = truth(spec, made.rows), made.rows, made.survey.task
    t = one_hot(rows.targets, made.survey.classes)
    n, classes = t.shape
    agreed = t * true.probs + (1 - t) * (1 - true.probs)
    result = []
    for i in range(n):
        if task in ("binary", "multi-label"):
            result += [
                (true.terms[i, c], abs(true.grad[i, c]), agreed[i, c], 2 * c + int(t[i, c] > 0.5), i) for c in range(classes)
            ]
        else:
            p_t = agreed[i].min() if spec.activation == "sigmoid" else float(t[i] @ true.probs[i])
            result.append((true.terms[i].sum(), np.sqrt((true.grad[i] ** 2).sum()), p_t, int(t[i].argmax()), i))
    loss, norm, p_t, stratum, row = (np.array(x) for x in zip(*result, strict=True))
    return Counted(loss, norm, p_t, stratum, row)


def norms(grad: Any) -> NDArray[np.float64]:
    """The length of each row."""
    result: NDArray[np.float64] = np.sqrt((np.asarray(grad, np.float64) ** 2).sum(1))
    return result


class Dense(NamedTuple):
    """A histogram with the cells that hold nothing, (P, B)."""

    counts: NDArray[np.int64]
    total: NDArray[np.float64]


def dense(sparse: Histogram) -> Dense:
    size = sparse.strata * sparse.cells
    both = (np.bincount(sparse.cell, x, size).reshape(sparse.strata, -1) for x in (sparse.counts, sparse.total))
    return Dense(*both)


def hardest(values: NDArray[np.floating], part: float) -> float:
    """The share of the total that the largest `part` of the values carry, by sorting; with a straight line between two."""
    carried = np.concatenate(([0], np.cumsum(np.sort(values.astype(np.float64))[::-1])))
    return float(np.interp(part * len(values), np.arange(len(carried)), carried / carried[-1]))


def digits() -> Batch:
    """The real batch."""
    from lossviz.data.digits import FILE

    with np.load(FILE) as file:
        return plain(file["logits"], file["labels"])
