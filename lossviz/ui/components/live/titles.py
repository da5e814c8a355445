"""What a loss is called while one of its sliders is dragged: a name changes at a few values only, and those are sent along."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ....analysis.sweep import live_parameters
from ....evaluation.setting import Setting, as_targets
from ....fields import Number
from ....losses import LOSSES, LossSpec
from ....losses.spec import NEUTRAL
from ....naming.names import names
from .messages import Title, TitleAt, TitlesAlong


def title(spec: LossSpec, targets: tuple[float, ...]) -> Title:
    """What a loss is called on these targets."""
    called = names(spec, as_targets(spec, np.array([targets])))
    return {"common": called.common, "text": called.title, "also": called.also, "why": called.why}


@lru_cache(maxsize=512)
def titles_along(setting: Setting) -> dict[str, TitlesAlong]:
    """The names along each slider of the loss; `setting` should come without its logits, on which no name depends."""
    return {name: _titles_of(setting, name) for name in live_parameters(setting.spec)}


def _titles_of(setting: Setting, name: str) -> TitlesAlong:
    spec, targets = setting.spec, setting.targets
    kind = LOSSES[spec.key]
    field = next(p for p in kind.parameters if p.name == name)
    assert isinstance(field, Number)
    limits = (limit.when.get(name) for limit in kind.limits if limit.when)
    special = sorted({float(v) for v in (NEUTRAL.get(name), *limits) if isinstance(v, int | float) and field.contains(v)})
    between = title(spec.replace(**{name: _other_than(special, field)}), targets)
    at: list[TitleAt] = [{"value": v, "title": title(spec.replace(**{name: v}), targets)} for v in special]
    return {"at": [one for one in at if one["title"] != between], "between": between}


def _other_than(special: list[float], field: Number) -> float:
    """A value of a slider at which nothing is special."""
    ends = sorted({field.range_low, *special, field.range_high})
    return (ends[0] + ends[1]) / 2
