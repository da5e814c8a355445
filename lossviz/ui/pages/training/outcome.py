"""What a training came to, with its counterpart: whether anything can be judged by it, and what is said then."""

from __future__ import annotations

from typing import NamedTuple

from ....analysis.training import Record, contrast
from ....analysis.training.sentences import Judgement, judged
from ....state.training import Asked


class Trained(NamedTuple):
    """An experiment's record, and that of its counterpart, None where it has none or the counterpart did not get as far."""

    record: Record
    counterpart: Record | None


def no_verdict(asked: Asked, trained: Trained) -> str:
    """Why nothing can be judged; empty where it can."""
    if len(asked.labels) == 1:
        return "Only one loss is selected. Add another to compare."
    if trained.record.epochs[-1] < asked.experiment.epochs or (asked.claim and trained.counterpart is None):
        return "No verdict on a stopped training: early epochs can point the other way."
    return ""


def by_measure(asked: Asked, trained: Trained, measure: str) -> tuple[Judgement, ...]:
    """What is said of each loss but the first by a measure, which may be no endpoint."""
    return judged(asked.experiment, contrast(*trained, measure), asked.labels, measure, asked.margin)


def of_claim(asked: Asked, trained: Trained) -> tuple[Judgement, ...]:
    """What is said of the claim by its endpoint; nothing without a claim, or where nothing can be judged."""
    if asked.claim is None or no_verdict(asked, trained):
        return ()
    return by_measure(asked, trained, asked.claim.endpoint)
