"""Anchors as a dense detector has them, drawn from a seed: few objects, much background (Lin et al. 2017, §3.3, 4.1)."""

from __future__ import annotations

import math

import numpy as np

from ..errors import InputError
from ..texts import say
from .predictions import Batch, Predictions, Survey

POSITIVE_SHARE = 0.9
"""The share of the separation by which positives lie above the bias; negatives lie below it by the rest."""


def detector(
    positives: int = 100,
    negatives: int = 99_900,
    separation: float = 4.0,
    prior: float = 0.01,
    seed: int = 0,
    spread: float = 1.0,
) -> Batch:
    """Anchors of a dense detector with one sigmoid logit each, in random order.

    z = b + spread · ε + 0.9 · separation for positives, b + spread · ε − 0.1 · separation for negatives; ε is standard normal,
    and b = −ln((1 − π)/π) is the bias of the last layer under which every anchor starts with probability π, the prior. With
    separation 0 and spread 0 it is that start: all logits are b. The same seed gives the same order and noise whatever the
    other arguments are, but for the counts.

    Args:
        positives: how many anchors lie on an object, 0 or more.
        negatives: how many lie on background, 0 or more; together at least 1.
        separation: between the means of the two, in logits, finite.
        prior: π, between 0 and 1, neither of them.
        seed: of the random numbers, 0 or more.
        spread: standard deviation of the logits, finite, 0 or more.

    Returns:
        Logits (N, 1) float32 and labels (N,) int64, 0 or 1, of N = positives + negatives anchors.

    Raises:
        InputError: for a number out of range.

    Reference:
        Lin, Goyal, Girshick, He, Dollár 2017, Focal Loss for Dense Object Detection, sections 3.3 and 4.1.

    Example:
        >>> anchors = detector(positives=1, negatives=3, separation=0.0, spread=0.0)
        >>> anchors.rows.logits.shape, round(float(anchors.rows.logits[0, 0]), 3), sorted(anchors.rows.targets.tolist())
        ((4, 1), -4.595, [0, 0, 0, 1])
    """
    _check(positives, negatives, separation, prior, seed, spread)
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.array([0, 1], np.int64), (negatives, positives)))
    noise = rng.standard_normal(len(labels))
    bias = math.log(prior) - math.log1p(-prior)
    z = bias + spread * noise + separation * np.where(labels == 1, POSITIVE_SHARE, POSITIVE_SHARE - 1)
    survey = Survey(
        say("detector"),
        len(labels),
        1,
        "binary",
        False,
        ("softmax", "sigmoid"),
        "logits",
        say("they are made as logits"),
        (float(negatives), float(positives)),
    )
    return Batch(survey, Predictions(z[:, None].astype(np.float32), labels))


def _check(positives: int, negatives: int, separation: float, prior: float, seed: int, spread: float) -> None:
    for name, count in (("positives", positives), ("negatives", negatives), ("seed", seed)):
        if count < 0:
            raise InputError(name, f"{count}", say("a whole number, 0 or more"))
    if positives + negatives == 0:
        raise InputError("positives", say("0 and no negatives"), say("at least one anchor"))
    if not math.isfinite(separation):
        raise InputError("separation", f"{separation:g}", say("a finite number of logits"))
    if not 0 < prior < 1:
        raise InputError("prior", f"{prior:g}", say("a probability above 0 and below 1"))
    if not 0 <= spread < math.inf:
        raise InputError("spread", f"{spread:g}", say("a finite number, 0 or more"))
