"""Which samples contribute most to a batch's loss or gradient, and what would they contribute under cross-entropy?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions
from ...evaluation.setting import Array
from ...losses import LossSpec
from ...texts import joined, say
from . import counting_unit
from .batch_stats import BatchStats
from .label_probabilities import SIDES
from .top_samples import TopSamples

MOST = 20
"""So many samples are shown."""


class Contributions(NamedTuple):
    """K samples, the largest first: row numbers, names, labels and guesses in words, group codes (−1: none), suspects, p_t.

    loss, norm and ce_loss, ce_norm (K,): what each has under the loss and under cross-entropy; each as a share of the whole
    batch in `…_share`. logits (K, C) and targets are the samples' own.
    """

    row: NDArray[np.int64]
    name: tuple[str, ...]
    label: tuple[str, ...]
    guess: tuple[str, ...]
    group: NDArray[np.int32]
    suspect: NDArray[np.bool_]
    p_t: Array
    loss: Array
    norm: Array
    ce_loss: Array
    ce_norm: Array
    loss_share: Array
    norm_share: Array
    ce_loss_share: Array
    ce_norm_share: Array
    logits: NDArray[np.floating]
    targets: NDArray[np.generic]


class Pair(NamedTuple):
    """A loss and cross-entropy on the same batch."""

    spec: LossSpec
    stats: BatchStats
    ce_spec: LossSpec
    ce: BatchStats


def contributions(
    pair: Pair, by: str = "loss", under: str = "chosen", most: int = MOST, names: Sequence[str] = ()
) -> Contributions:
    """The samples with the largest "loss" or "gradient" under the "chosen" loss or under "cross-entropy"; `names`: of the
    classes, where they have any."""
    ranking = pair.stats if under == "chosen" else pair.ce
    return described(pair, ranking.by_loss if by == "loss" else ranking.by_norm, most, names)


def ranked_rows(ranking: BatchStats, by: str = "loss", most: int = MOST) -> tuple[int, ...]:
    """The row numbers of the samples with the largest "loss" or "gradient", the largest first."""
    return tuple((ranking.by_loss if by == "loss" else ranking.by_norm).row[:most].tolist())


def described(pair: Pair, samples: TopSamples, most: int, names: Sequence[str] = ()) -> Contributions:
    """All about the first of these samples."""
    first: Any = (x[:most] for x in samples)
    some = TopSamples(*first)
    block = Predictions(some.logits, some.targets)
    ours, base = (counting_unit.evaluated(spec, block) for spec in (pair.spec, pair.ce_spec))
    values = [x.astype(np.float64) for ev in (ours, base) for x in counting_unit.of_samples(ev)]
    totals = [float(x) or 1.0 for stats in (pair.stats, pair.ce) for x in (stats.samples.loss, stats.samples.norm)]
    columns: Any = (
        some.row,
        tuple(some.names),
        labels(some.targets, some.logits.shape[1], names),
        guesses(ours.probs.cpu().numpy(), pair.spec.activation, names),
        some.group,
        some.suspect,
        counting_unit.true(ours, block).astype(np.float64),
        *values,
        *(x / whole for x, whole in zip(values, totals, strict=True)),
        some.logits,
        some.targets,
    )
    return Contributions(*columns)


def labels(targets: NDArray[np.generic], classes: int, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Targets (K,) or (K, C) in words; `names`: of the classes, where they have any."""
    if classes == 1:
        return tuple(
            _side(t, names) if t in (0, 1) else say("{target:g} {side}", target=t, side=_side(1, names))
            for t in targets.reshape(-1).tolist()
        )
    if targets.ndim == 1:
        return tuple(_class(t, names) for t in targets.tolist())
    return tuple(_classes({c: t for c, t in enumerate(row) if t > 0}, names) for row in targets.tolist())


def _side(side: float, names: Sequence[str]) -> str:
    """What a yes or no is called: by both names, where two are known."""
    return (names if len(names) == 2 else SIDES)[int(side)]


def _class(number: int, names: Sequence[str]) -> str:
    return names[number] if names else say("class {number}", number=number)


def _classes(true: dict[int, float], names: Sequence[str]) -> str:
    """Classes that are true, with their targets unless these are 1; the largest five."""
    if not true:
        return say("no class")
    first = sorted(true.items(), key=lambda item: -item[1])[:5]
    called = [(names[c] if names else f"{c}", t) for c, t in first]
    words = joined(name if t == 1 else say("{name} ({target:.2g})", name=name, target=t) for name, t in called)
    if len(true) > 5:
        words = say("{list} …", list=words)
    if names:
        return words
    return say("classes {numbers}", numbers=words) if len(true) > 1 else say("class {number}", number=words)


def guesses(probs: NDArray[np.floating], activation: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """What the model says, (K, C), in words: the likeliest class, or for sigmoids all above one half."""
    if probs.shape[1] == 1:
        return tuple(_sure(_side(p > 0.5, names), max(p, 1 - p)) for p in probs[:, 0].tolist())
    if activation != "sigmoid":
        return tuple(_sure(_class(int(row.argmax()), names), row.max()) for row in probs)
    return tuple(_classes({c: p for c, p in enumerate(row) if p > 0.5}, names) for row in probs.tolist())


def _sure(guess: str, p: float) -> str:
    return say("{guess} ({p:.3g})", guess=guess, p=p)
