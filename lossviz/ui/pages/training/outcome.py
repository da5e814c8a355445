"""What a training came to, with its counterpart: whether anything can be judged by it, and what is said then."""

from __future__ import annotations

from typing import NamedTuple

from ....analysis.training import Record, contrast
from ....analysis.training.sentences import Judgement, judgements
from ....state.training import TrainingQuery
from ....texts import say
from .progress import Trainings


class TrainingResult(NamedTuple):
    """An experiment's record, and that of its counterpart, None where it has none or the counterpart did not get as far."""

    record: Record
    counterpart: Record | None


def training_result(now: Trainings) -> TrainingResult | None:
    """What has been measured so far; None before anything has."""
    if not (records := now.records):
        return None
    first, *others = records
    return TrainingResult(first, next((one for one in others if one.epochs == first.epochs), None))


def verdict_obstacle(query: TrainingQuery, result: TrainingResult) -> str:
    """Why nothing can be judged; empty where it can."""
    if len(query.labels) == 1:
        return say("Only one loss selected. Add another to compare.")
    if result.record.epochs[-1] < query.experiment.epochs or (query.claim and result.counterpart is None):
        return say("No verdict for a stopped run: early epochs can point the other way.")
    return ""


def measure_judgements(query: TrainingQuery, result: TrainingResult, measure: str) -> tuple[Judgement, ...]:
    """What is said of each loss but the first by a measure, which may be no endpoint."""
    return judgements(query.experiment, contrast(*result, measure), query.labels, measure, query.margin)


def claim_judgements(query: TrainingQuery, result: TrainingResult) -> tuple[Judgement, ...]:
    """What is said of the claim by its endpoint; nothing without a claim, or where nothing can be judged."""
    if query.claim is None or verdict_obstacle(query, result):
        return ()
    return measure_judgements(query, result, query.claim.endpoint)
