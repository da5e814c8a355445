"""From rows as they stand in a file to predictions: what the facts decide, done to every block alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..predictions import Predictions, Survey, rows_of_a_block
from .checks import FileProblem
from .columns import listed
from .facts import Facts
from .table import Raw


@dataclass(frozen=True)
class Meaning:
    """The survey of a file, and how its rows become predictions. signs: labels are −1 and +1. plain_ids: ids are numbers."""

    survey: Survey
    one_hot: bool
    signs: bool
    plain_ids: bool

    def predictions(self, raw: Raw, start: int) -> Predictions:
        """The rows, understood; `raw` is used up."""
        logits = raw.logits
        if self.survey.given == "probabilities":
            logits = _logits(logits, self.survey.activations[0])
        as_numbers = raw.ids is not None and self.plain_ids and raw.ids.dtype.kind == "T"
        ids = raw.ids.astype(np.int64) if raw.ids is not None and as_numbers else raw.ids
        return Predictions(logits, self._targets(raw.target), ids, self._groups(raw), raw.suspects, start)

    def _targets(self, target: NDArray[Any]) -> NDArray[Any]:
        if self.one_hot:
            labels: NDArray[np.int64] = target.argmax(1)
            return labels
        if self.survey.soft or target.ndim == 2:
            return target.reshape(len(target), -1).astype(self.survey.dtype, copy=False)
        return (target > 0).astype(np.int64) if self.signs else target.astype(np.int64, copy=False)

    def _groups(self, raw: Raw) -> NDArray[np.int32] | None:
        if raw.groups is None:
            return None
        names, codes = raw.groups
        place = {name: k for k, name in enumerate(self.survey.groups)}
        return np.array([place[name] for name in names], np.int32)[codes]


def meaning(facts: Facts, name: str, why: str, notes: tuple[str, ...]) -> Meaning:
    """What the facts decide; FileProblem with all that is wrong."""
    C, given = facts.shape.classes, facts.mapping.given
    if not facts.samples:
        raise FileProblem("The file has no rows.")
    facts.faults.refuse("cannot be used")
    signs = C == 1 and facts.minus.count > 0
    if signs and (facts.zero or facts.between):
        facts.minus.refuse("cannot be used")
    activations = ("softmax", "sigmoid") if given == "logits" else _activations(facts)
    soft = facts.between
    survey = Survey(
        name=name,
        samples=facts.samples,
        classes=C,
        task=_task(C, facts.several),
        soft=soft,
        activations=activations if C > 1 else ("sigmoid",),
        given=given,
        why=f"{why}{_hint(facts)}",
        counts=tuple(map(float, facts.counts)),
        groups=tuple(sorted(facts.groups, key=_order)),
        ids=facts.mapping.id is not None,
        suspects=facts.suspects,
        notes=(*notes, *_notes(facts, signs, activations)),
        dtype=str(facts.shape.dtype),
    )
    return Meaning(survey, facts.one_hot, signs, facts.plain_ids)


def reason(facts: Facts, by_hand: bool) -> str:
    """Why numbers were taken for what they are."""
    names, given = facts.mapping.logits, facts.mapping.given
    columns = f"column {listed(names)} was" if len(names) == 1 else f"columns {names[0]!r} to {names[-1]!r} were"
    return f"The {columns} mapped as {given}." if by_hand else f"The {columns} taken for {given} by name."


def _task(classes: int, several: bool) -> str:
    if classes == 1:
        return "binary"
    return "multi-label" if several else "two-logit" if classes == 2 else "multi-class"


def _activations(facts: Facts) -> tuple[str, ...]:
    """The activation that made the probabilities."""
    if facts.shape.classes == 1:
        return ("sigmoid",)
    if not facts.off_sum.count:
        return ("softmax",)
    if not facts.several:
        facts.off_sum.refuse("of probabilities do not sum to 1, though each sample has one class")
    return ("sigmoid",)


def _hint(facts: Facts) -> str:
    if facts.mapping.given == "probabilities" or not facts.unit:
        return ""
    if facts.shape.classes == 1:
        return " But they all lie in [0, 1]: if they are probabilities, map them as such."
    if facts.off_sum.count:
        return ""
    return " But they all lie in [0, 1] and sum to 1: if they are probabilities, map them as such."


def _notes(facts: Facts, signs: bool, activations: tuple[str, ...]) -> list[str]:
    notes = []
    if facts.mapping.given == "probabilities":
        moved = facts.zeros + (facts.ones if activations == ("sigmoid",) else 0)
        made = "log p" if activations == ("softmax",) else "log p − log(1 − p)"
        notes.append(f"Logits were made of the probabilities: {made}.")
        if moved:
            ends = "0" if activations == ("softmax",) else "0 or 1"
            were = "1 probability was" if moved == 1 else f"{moved:,} probabilities were"
            notes.append(f"{were} exactly {ends}; moved to the nearest number of which the logit is finite.")
    if signs:
        notes.append("Labels −1 and +1 were read as 0 and 1.")
    if facts.one_hot:
        notes.append("Targets with a single 1 in each row were read as labels.")
    if facts.between and facts.shape.targets == 1:
        notes.append("Labels between 0 and 1 were read as soft targets.")
    elif facts.written_as_float:
        notes.append("Labels written with a decimal point are whole, and were read as such.")
    present = np.flatnonzero(facts.counts)
    if len(present) == 1 and not facts.several and not facts.between and facts.samples > 1:
        notes.append(f"All samples are of one class: {present[0]}.")
    return notes


def _order(name: str) -> tuple[bool, float, str]:
    """Numbers by size, then words by the alphabet."""
    try:
        return False, float(name), name
    except ValueError:
        return True, 0.0, name.casefold() + "\0" + name


def _logits(p: NDArray[Any], activation: str) -> NDArray[Any]:
    """log p, or log p − log(1 − p), in place if that may be; 0 and 1 are moved inwards just enough to be finite."""
    z = p if p.flags.writeable else p.copy()
    info = np.finfo(z.dtype)
    rows = rows_of_a_block(z.shape[1])
    for start in range(0, len(z), rows):
        here = z[start : start + rows]
        np.maximum(here, info.smallest_normal, out=here)
        if activation == "softmax":
            np.log(here, out=here)
        else:
            np.minimum(here, 1 - info.epsneg, out=here)
            here[...] = np.log(here) - np.log1p(-here)
    return z
