"""How the lines of several settings look: the present one thick, a family of γ in one ramp, all others by loss and slot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..analysis.series import Series
from ..evaluation.setting import Setting, baseline
from ..losses import LossSpec
from .theme import DASHES, gamma_shade, shade

PRESENT, PINNED = 4.5, 2.25
"""How thick lines are, in pixels."""


class LineLook(NamedTuple):
    """A line's colour on a light and on a dark page, its dash, and how thick it is in pixels."""

    light: str
    dark: str
    dash: str
    width: float


def looks(series: Sequence[Series]) -> tuple[LineLook, ...]:
    """The look of each line; the present setting comes first."""
    return _looks(tuple((one.setting.spec, one.slot) for one in series))


@lru_cache(maxsize=4096)
def _looks(lines: tuple[tuple[LossSpec, int], ...]) -> tuple[LineLook, ...]:
    family = is_family([spec for spec, _ in lines])
    solid: set[float] = set()
    result = []
    for spec, slot in lines:
        gamma = gamma_of(spec) if family else None
        # The present line is as thick as no other: only pins of one γ need a dash to be told apart.
        plain = slot == 0 or (gamma is not None and gamma not in solid)
        if gamma is not None and slot:
            solid.add(gamma)
        colours = shade(spec.key, slot) if gamma is None else gamma_shade(gamma)
        result.append(LineLook(*colours, "solid" if plain else DASHES[slot], PINNED if slot else PRESENT))
    return tuple(result)


def is_family(specs: Sequence[LossSpec]) -> bool:
    """Whether there are several focal losses. It does not matter what their γ is, so that a scrubber changes nothing in it."""
    return sum(spec.key == "focal" for spec in specs) > 1


def gamma_of(spec: LossSpec) -> float | None:
    """The γ of a focal loss, 0 for cross-entropy; None for other losses."""
    if spec.key == "focal":
        return float(spec.gamma)
    return 0.0 if spec.key == "cross-entropy" else None


def is_twin(one: Setting, other: Setting) -> bool:
    """Whether two settings are one loss of one sample: focal loss with γ = 0 is cross-entropy."""
    if one.spec.key == other.spec.key:
        return one == other
    if gamma_of(one.spec) == gamma_of(other.spec) == 0:
        return one._replace(spec=baseline(one.spec)) == other._replace(spec=baseline(other.spec))
    return False
