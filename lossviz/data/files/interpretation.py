"""From rows as they stand in a file to predictions: what the statistics decide, done to every block alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...texts import joined, say
from ..predictions import Predictions, Rounding, Survey, numbered_classes, rows_per_block
from .ambiguities import (
    check_renormalize,
    have_sigmoids,
    label_remedies,
    refuse_all_ignored,
    resolve_output_type,
    unusable,
)
from .columns import AMBIGUOUS_TYPES, ColumnMapping, name_list
from .notes import import_notes
from .problems import FileProblem
from .reader import RawRows
from .row_statistics import RowStatistics


@dataclass(frozen=True)
class Interpretation:
    """The survey of a file, and how its rows become predictions.

    one_hot: targets with a single 1 in each row become labels. signs: labels are −1 and +1. ids_are_integers: texts become
    numbers. background: some rows have no true class, so that labels become targets for each class. floors: what probabilities
    of 0, and 1 − p for those of 1, are taken for.
    """

    survey: Survey
    one_hot: bool
    signs: bool
    ids_are_integers: bool
    background: bool = False
    floors: tuple[float, float] = (0.0, 0.0)

    def predictions(self, raw: RawRows, start: int) -> Predictions:
        """The rows that are used, understood; `raw` is used up."""
        survey, logits = self.survey, raw.logits
        if survey.output_type == "probabilities":
            rounded = survey.rounding is not None and survey.rounding.places is not None
            logits = _logits(logits, survey.activations[0], *self.floors, rounded)
        ids = raw.ids if survey.ids else None
        ids = ids.astype(np.int64) if ids is not None and self.ids_are_integers and ids.dtype.kind == "T" else ids
        suspects = None if survey.suspects is None else raw.suspects
        rows = raw.rows if survey.ignored else None
        return Predictions(logits, self._targets(raw.target), ids, self._groups(raw), suspects, start, rows)

    def _targets(self, target: NDArray[Any]) -> NDArray[Any]:
        if self.one_hot:
            labels: NDArray[np.int64] = target.argmax(1)
            return labels
        if self.background:
            one_hot: NDArray[np.bool_] = target[:, None] == np.arange(self.survey.classes)
            return one_hot.astype(self.survey.dtype)
        if self.survey.soft or target.ndim == 2:
            return target.reshape(len(target), -1).astype(self.survey.dtype, copy=False)
        positive = self.signs or (self.survey.classes == 1)
        return (target > 0).astype(np.int64) if positive else target.astype(np.int64, copy=False)

    def _groups(self, raw: RawRows) -> NDArray[np.int32] | None:
        if raw.groups is None or not self.survey.groups:
            return None
        names, codes = raw.groups
        code_of = {name: k for k, name in enumerate(self.survey.groups)}
        return np.array([code_of.get(name, 0) for name in names], np.int32)[codes]


def interpret(stats: RowStatistics, name: str, reason: str, notes: tuple[str, ...]) -> Interpretation:
    """What the statistics decide; FileProblem with all that is wrong."""
    C, mapping = stats.shape.classes, stats.mapping
    if not stats.rows:
        raise FileProblem(say("The file has no rows."))
    stats.faults.raise_if_any(unusable(stats), label_remedies(stats))
    if not stats.samples:
        refuse_all_ignored(stats)
    signs = C == 1 and stats.minus_ones.count > 0
    if signs and (stats.has_zero or stats.has_soft):
        stats.minus_ones.raise_if_any(say("{rows} cannot be used:", rows=stats.minus_ones.counted), label_remedies(stats))
    output_type, doubt = resolve_output_type(stats)
    check_renormalize(stats, output_type)
    multi_label = stats.is_multi_label or (stats.background_rows > 0 and C > 1)
    activations = _activations(stats, output_type, multi_label)
    rounding = _rounding(stats, output_type, activations)
    left_out = stats.faults.unusable_columns
    ids = mapping.id is not None and mapping.id not in left_out
    survey = Survey(
        name=name,
        samples=stats.samples,
        classes=C,
        task=_task(C, multi_label),
        soft=stats.has_soft,
        activations=activations if C > 1 else ("sigmoid",),
        output_type=output_type,
        output_type_reason=joined(filter(None, (reason, doubt, _hint(stats))), " "),
        counts=tuple(map(float, stats.counts)),
        groups=() if mapping.group in left_out else tuple(sorted(stats.groups, key=_group_order)),
        ids=ids,
        suspects=None if mapping.suspect in left_out else stats.suspects,
        notes=(*notes, *import_notes(stats, output_type, signs, activations, rounding)),
        dtype=str(stats.shape.dtype),
        class_names=class_names(mapping, C),
        ignored=tuple(stats.ignored.items()),
        rounding=rounding,
        masked=stats.masked,
    )
    floors = (rounding.bound, rounding.below_one) if rounding else (0.0, 0.0)
    background = multi_label and not stats.is_multi_label
    return Interpretation(survey, stats.one_hot, signs, stats.ids_are_integers and ids, background, floors)


def class_names(mapping: ColumnMapping, classes: int) -> tuple[str, ...]:
    """What the classes are called; those that are only numbered from another number than 0 by that number."""
    if classes == 1:
        return ()
    if mapping.classes:
        named = numbered_classes(mapping.classes)
        return tuple(ours if own.strip().isdigit() else own for own, ours in zip(mapping.classes, named, strict=True))
    first = mapping.first_label
    return numbered_classes(range(first, classes + first)) if first else ()


def output_type_reason(stats: RowStatistics) -> str:
    """Why numbers were taken for logits or probabilities, in a sentence."""
    names, output_type = stats.mapping.logits, stats.mapping.output_type
    by_hand = names[0] not in stats.mapping.by_name
    content = say("probabilities") if output_type == "probabilities" else say("logits")
    values = {"first": name_list(names[:1]), "last": name_list(names[-1:]), "content": content}
    if len(names) == 1:
        if output_type in AMBIGUOUS_TYPES:
            return say("The column {first} was recognized as the model's outputs by name.", **values)
        if by_hand:
            return say("The column {first} was mapped as {content}.", **values)
        return say("The column {first} was recognized as {content} by name.", **values)
    if output_type in AMBIGUOUS_TYPES:
        return say("The columns {first} to {last} were recognized as the model's outputs by name.", **values)
    if by_hand:
        return say("The columns {first} to {last} were mapped as {content}.", **values)
    return say("The columns {first} to {last} were recognized as {content} by name.", **values)


def _task(classes: int, multi_label: bool) -> str:
    if classes == 1:
        return "binary"
    return "multi-label" if multi_label else "two-logit" if classes == 2 else "multi-class"


def _activations(stats: RowStatistics, output_type: str, multi_label: bool) -> tuple[str, ...]:
    """The activations under which the numbers mean what the file has."""
    if stats.shape.classes == 1:
        return ("sigmoid",)
    if output_type == "logits":
        return ("sigmoid",) if stats.background_rows else ("softmax", "sigmoid")
    return ("sigmoid",) if have_sigmoids(stats, multi_label) else ("softmax",)


def _rounding(stats: RowStatistics, output_type: str, activations: tuple[str, ...]) -> Rounding | None:
    """How probabilities were rounded, and what that says of those that are written as 0."""
    if output_type != "probabilities":
        return None
    resolution = stats.resolution
    bound, below_one = max(resolution.bound, stats.excess), max(resolution.below_one, stats.excess)
    C = stats.shape.classes
    labelled = stats.shape.targets == 1 and not stats.has_soft and not stats.background_rows
    if not labelled or (C > 1 and activations == ("sigmoid",)):
        return Rounding(resolution.places, bound, below_one, resolution.in_words(), None, None)
    min_nll = -np.log(bound)
    mean = (stats.true_nll + stats.true_zeros * min_nll) / stats.samples
    return Rounding(resolution.places, bound, below_one, resolution.in_words(), stats.true_zeros, float(mean))


def _hint(stats: RowStatistics) -> str:
    if stats.mapping.output_type != "logits" or not stats.in_unit_interval:
        return ""
    if stats.shape.classes == 1:
        return say("But they all lie in [0, 1]: if they are probabilities, map them as such.")
    if stats.sums.violations(stats.resolution).count:
        return ""
    return say("But they all lie in [0, 1] and sum to 1: if they are probabilities, map them as such.")


def _group_order(name: str) -> tuple[bool, float, str]:
    """Numbers by size, then words by the alphabet."""
    try:
        return False, float(name), name
    except ValueError:
        return True, 0.0, name.casefold() + "\0" + name


def _logits(p: NDArray[Any], activation: str, zero: float, below_one: float, rounded: bool) -> NDArray[Any]:
    """log p, or log p − log(1 − p), (n, C), in place where p is writeable; 0 and 1 are moved inwards, as far as their digits
    leave open."""
    z = p if p.flags.writeable else p.copy()
    rows = rows_per_block(z.shape[1])
    for start in range(0, len(z), rows):
        block = z[start : start + rows]
        if activation == "softmax":
            _fill_zeros(block, zero, rounded)
            np.log(block, out=block)
        else:
            block[...] = _log_odds(block, zero, below_one)
    return z


def _fill_zeros(p: NDArray[Any], zero: float, rounded: bool) -> None:
    """Replaces the zeros of p (n, C) in place: those of a row share what the other probabilities leave of 1.

    Each has no more than half of the last digit, since half a digit for each of many classes would be more than all; together
    they have no less.
    """
    empty = p <= 0
    if not empty.any():
        return
    share: Any = zero
    if rounded:
        rest = np.maximum(1 - np.maximum(p, 0).sum(1, keepdims=True, dtype=np.float64), zero)
        share = np.minimum(zero, rest / np.maximum(empty.sum(1, keepdims=True), 1))
    np.copyto(p, np.broadcast_to(share, p.shape), where=empty, casting="same_kind")


def _log_odds(p: NDArray[Any], zero: float, below_one: float) -> NDArray[Any]:
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(p < 0.5, np.log1p(-np.maximum(p, 0)), np.log(np.maximum(1 - p, below_one)))
        odds: NDArray[Any] = np.log(np.maximum(p, zero)) - rest
    return odds
