"""Names for lines that stand on one picture: only what tells them apart, since a line has room for a few letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..fields import Number
from ..losses import LOSSES, LossSpec
from ..numbers import minus
from ..texts import joined, say

ABBREVIATIONS = {"cross-entropy": "CE", "focal": "FL", "nll": "NLL", "quality-focal": "QFL", "logistic": say("logistic")}
"""Of losses that state no abbreviation among their other names."""


class ShortName(NamedTuple):
    """A name for a large screen and one for a phone."""

    wide: str
    phone: str


@lru_cache(maxsize=1024)
def short_names(specs: tuple[LossSpec, ...]) -> tuple[ShortName, ...]:
    """A name for the present setting, which comes first, and for each of the pins, of the parts in which they differ.

    Pins say how they differ from each other, the present setting how it differs from all of them. Two may have one name.

    Example:
        >>> from lossviz import loss
        >>> short_names((loss("focal", gamma=0.5), loss("cross-entropy")))
        (ShortName(wide='γ = 0.5', phone='½'), ShortName(wide='CE, γ = 0', phone='CE'))
        >>> [name.wide for name in short_names((loss("focal"), loss("generalized-cross-entropy")))]
        ['focal loss, γ = 2', 'generalized cross-entropy, q = 0.7']
    """
    keys, activations = {spec.key for spec in specs}, {spec.activation for spec in specs}
    parts = [_parts(specs[0], _differing(specs)), *(_parts(spec, _differing(specs[1:])) for spec in specs[1:])]
    if "focal" in keys <= {"focal", "cross-entropy"} and len(activations) == 1:
        return tuple(map(_in_family, specs, parts))
    return tuple(_among_losses(spec, own, len(activations) > 1) for spec, own in zip(specs, parts, strict=True))


def _differing(specs: Sequence[LossSpec]) -> frozenset[str]:
    """The parameters that do not have one value in all specs, or that a loss is known by."""
    names = {parameter.name for spec in specs for parameter in LOSSES[spec.key].parameters}
    own = {name for spec in specs for name in LOSSES[spec.key].own_parameters}
    return frozenset(name for name in names if name in own or len({getattr(spec, name, None) for spec in specs}) > 1)


def _parts(spec: LossSpec, names: frozenset[str]) -> list[str]:
    """The numbers of a loss among these parameters, with their symbols."""
    parameters = [p for p in LOSSES[spec.key].parameters if isinstance(p, Number) and p.symbol and p.name in names]
    values = [(p.symbol, getattr(spec, p.name)) for p in parameters]
    return [f"{symbol} = {_number(value)}" for symbol, value in values if value is not None]


def _in_family(spec: LossSpec, parts: list[str]) -> ShortName:
    more = [part for part in parts if not part.startswith("γ")]
    if spec.key == "cross-entropy" or spec.gamma == 0:
        return ShortName(joined(("CE", "γ = 0", *more), ", "), joined(("CE", *more), ", "))
    number = "½" if spec.gamma == 0.5 else f"{spec.gamma:g}"
    return ShortName(joined((f"γ = {spec.gamma:g}", *more), ", "), joined((number, *more), ", "))


def _among_losses(spec: LossSpec, parts: list[str], activations: bool) -> ShortName:
    name = LOSSES[spec.key].name
    if activations:
        name = say("{activation} {loss}", activation=spec.activation, loss=name)
    tight = (part.replace(" ", "") for part in parts)
    return ShortName(joined((name, *parts), ", "), joined((abbreviation(spec.key), *tight), " "))


def abbreviation(key: str) -> str:
    """A loss in a few letters; its name if nobody has shortened it."""
    kind = LOSSES[key]
    return ABBREVIATIONS.get(key) or next((name for name in kind.also if name.isupper() and len(name) <= 4), kind.name)


def _number(value: Any) -> str:
    return minus(f"({', '.join(f'{v:g}' for v in value)})" if isinstance(value, tuple) else f"{value:g}")
