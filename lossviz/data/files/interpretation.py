"""From rows as they stand in a file to predictions: what the facts decide, done to every block alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions, Rounding, Survey, rows_of_a_block
from .ambiguities import all_ignored, check_renormalized, decided, label_remedies, sigmoids, too_few_columns
from .columns import BY_CONTENT, Mapping, listed
from .notes import notes_on
from .problems import FileProblem
from .row_statistics import Facts
from .table import Raw


@dataclass(frozen=True)
class Meaning:
    """The survey of a file, and how its rows become predictions.

    signs: labels are −1 and +1. plain_ids: ids are numbers. background: some rows have no true class, so that targets are
    written out. floors: what probabilities of 0, and 1 − p for those of 1, are taken for.
    """

    survey: Survey
    one_hot: bool
    signs: bool
    plain_ids: bool
    background: bool = False
    floors: tuple[float, float] = (0.0, 0.0)

    def predictions(self, raw: Raw, start: int) -> Predictions:
        """The rows that are used, understood; `raw` is used up."""
        survey, logits = self.survey, raw.logits
        if survey.given == "probabilities":
            rounded = survey.rounding is not None and survey.rounding.places is not None
            logits = _logits(logits, survey.activations[0], *self.floors, rounded)
        ids = raw.ids if survey.ids else None
        ids = ids.astype(np.int64) if ids is not None and self.plain_ids and ids.dtype.kind == "T" else ids
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

    def _groups(self, raw: Raw) -> NDArray[np.int32] | None:
        if raw.groups is None or not self.survey.groups:
            return None
        names, codes = raw.groups
        place = {name: k for k, name in enumerate(self.survey.groups)}
        return np.array([place.get(name, 0) for name in names], np.int32)[codes]


def meaning(facts: Facts, name: str, why: str, notes: tuple[str, ...]) -> Meaning:
    """What the facts decide; FileProblem with all that is wrong."""
    C, mapping = facts.shape.classes, facts.mapping
    if not facts.rows:
        raise FileProblem("The file has no rows.")
    facts.faults.refuse(f"cannot be used{too_few_columns(facts)}", label_remedies(facts))
    if not facts.samples:
        all_ignored(facts)
    signs = C == 1 and facts.minus.count > 0
    if signs and (facts.zero or facts.between):
        facts.minus.refuse("cannot be used", label_remedies(facts))
    given, doubt = decided(facts)
    check_renormalized(facts, given)
    several = facts.several or (facts.background > 0 and C > 1)
    activations = _activations(facts, given, several)
    rounding = _rounding(facts, given, activations)
    unusable = facts.faults.unusable
    ids = mapping.id is not None and mapping.id not in unusable
    survey = Survey(
        name=name,
        samples=facts.samples,
        classes=C,
        task=_task(C, several),
        soft=facts.between,
        activations=activations if C > 1 else ("sigmoid",),
        given=given,
        why=f"{why}{doubt}{_hint(facts)}",
        counts=tuple(map(float, facts.counts)),
        groups=() if mapping.group in unusable else tuple(sorted(facts.groups, key=_order)),
        ids=ids,
        suspects=None if mapping.suspect in unusable else facts.suspects,
        notes=(*notes, *notes_on(facts, given, signs, activations, rounding)),
        dtype=str(facts.shape.dtype),
        class_names=class_names(mapping, C),
        ignored=tuple(facts.ignored.items()),
        rounding=rounding,
        masked=facts.infinite,
    )
    floors = (rounding.bound, rounding.below_one) if rounding else (0.0, 0.0)
    return Meaning(survey, facts.one_hot, signs, facts.plain_ids and ids, several and not facts.several, floors)


def class_names(mapping: Mapping, classes: int) -> tuple[str, ...]:
    """What the classes are called; those that are only numbered from another number than 0 by that number."""
    if classes == 1:
        return ()
    if mapping.classes:
        return tuple(f"class {name}" if name.strip().isdigit() else name for name in mapping.classes)
    first = mapping.first_label
    return tuple(f"class {k + first}" for k in range(classes)) if first else ()


def reason(facts: Facts, by_hand: bool) -> str:
    """Why numbers were taken for what they are."""
    names, given = facts.mapping.logits, facts.mapping.given
    columns = f"column {listed(names)} was" if len(names) == 1 else f"columns {listed(names[:1])} to {listed(names[-1:])} were"
    if given in BY_CONTENT:
        return f"The {columns} taken for the model's outputs by name."
    return f"The {columns} mapped as {given}." if by_hand else f"The {columns} taken for {given} by name."


def _task(classes: int, several: bool) -> str:
    if classes == 1:
        return "binary"
    return "multi-label" if several else "two-logit" if classes == 2 else "multi-class"


def _activations(facts: Facts, given: str, several: bool) -> tuple[str, ...]:
    """The activations under which the numbers mean what was given."""
    if facts.shape.classes == 1:
        return ("sigmoid",)
    if given == "logits":
        return ("sigmoid",) if facts.background else ("softmax", "sigmoid")
    return ("sigmoid",) if sigmoids(facts, several) else ("softmax",)


def _rounding(facts: Facts, given: str, activations: tuple[str, ...]) -> Rounding | None:
    """What is known of probabilities that are written as 0."""
    if given != "probabilities":
        return None
    known = facts.resolution
    bound, below_one = max(known.bound, facts.excess), max(known.below_one, facts.excess)
    C = facts.shape.classes
    labelled = facts.shape.targets == 1 and not facts.between and not facts.background
    if not labelled or (C > 1 and activations == ("sigmoid",)):
        return Rounding(known.places, bound, below_one, known.in_words(), None, None)
    least = -np.log(bound)
    mean = (facts.true_nll + facts.true_zeros * least) / facts.samples
    return Rounding(known.places, bound, below_one, known.in_words(), facts.true_zeros, float(mean))


def _hint(facts: Facts) -> str:
    if facts.mapping.given != "logits" or not facts.unit:
        return ""
    if facts.shape.classes == 1:
        return " But they all lie in [0, 1]: if they are probabilities, map them as such."
    if facts.sums.off(facts.resolution).count:
        return ""
    return " But they all lie in [0, 1] and sum to 1: if they are probabilities, map them as such."


def _order(name: str) -> tuple[bool, float, str]:
    """Numbers by size, then words by the alphabet."""
    try:
        return False, float(name), name
    except ValueError:
        return True, 0.0, name.casefold() + "\0" + name


def _logits(p: NDArray[Any], activation: str, zero: float, below_one: float, rounded: bool) -> NDArray[Any]:
    """log p, or log p − log(1 − p), in place if that may be; 0 and 1 are moved inwards by what nobody can tell from them."""
    z = p if p.flags.writeable else p.copy()
    rows = rows_of_a_block(z.shape[1])
    for start in range(0, len(z), rows):
        here = z[start : start + rows]
        if activation == "softmax":
            _fill(here, zero, rounded)
            np.log(here, out=here)
        else:
            here[...] = _log_odds(here, zero, below_one)
    return z


def _fill(p: NDArray[Any], zero: float, shared: bool) -> None:
    """Put something in the place of zeros, (n, C): the zeros of a row share what the others leave of 1.

    Each has no more than half of the last digit, since half a digit for each of many classes would be more than all; together
    they have no less.
    """
    empty = p <= 0
    if not empty.any():
        return
    share: Any = zero
    if shared:
        left = np.maximum(1 - np.maximum(p, 0).sum(1, keepdims=True, dtype=np.float64), zero)
        share = np.minimum(zero, left / np.maximum(empty.sum(1, keepdims=True), 1))
    np.copyto(p, np.broadcast_to(share, p.shape), where=empty, casting="same_kind")


def _log_odds(p: NDArray[Any], zero: float, below_one: float) -> NDArray[Any]:
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(p < 0.5, np.log1p(-np.maximum(p, 0)), np.log(np.maximum(1 - p, below_one)))
        odds: NDArray[Any] = np.log(np.maximum(p, zero)) - rest
    return odds
