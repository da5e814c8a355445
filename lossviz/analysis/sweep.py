"""What happens along one control, everything else held? The table that the browser plays while a hand moves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..fields import Number
from ..losses import LOSSES, LossSpec
from .sample import Array, Parts, Setting, Table, baseline, compare, p_t, parts, table

STEPS = (0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
LIVE = ("gamma", "alpha", "label_smoothing", "temperature")
"""Parameters that get a slider of their own."""


class Sweep(NamedTuple):
    """One control over its grid: `values` (R,) rising, `at` the index of the present value, and a row of `table` for each.

    `control` is "z0", "z1" … for logits, "t0" … for targets, or a parameter's name. `targets` (R, C) is set for targets,
    which may move together.
    """

    control: str
    values: Array
    at: int
    table: Table
    targets: Array | None = None


def sweeps(setting: Setting, soft: bool, room: int) -> list[Sweep]:
    """The sweeps of every control that has an effect: logits, soft targets, and those of `LIVE` that the loss has.

    `room` bounds the numbers sent: grids grow coarser, along round steps, with more classes and controls.
    """
    names = live_parameters(setting.spec)
    controls = len(setting.logits) * (2 if soft else 1) + len(names)
    points = max(15, min(121, room // (controls * (5 * len(setting.logits) + 7))))
    return (
        _logits(setting, points) + (_targets(setting, points) if soft else []) + [_parameter(setting, n, points) for n in names]
    )


def live_parameters(spec: LossSpec) -> list[str]:
    """Parameters of `LIVE` that this setting has and that are at a scalar value."""
    have = {p.name for p in LOSSES[spec.key].parameters}
    off = {"alpha"} if spec.alpha is None or isinstance(spec.alpha, tuple) else set()
    return [name for name in LIVE if name in have - off]


def moved(setting: Setting, control: str, value: float) -> Setting:
    """The setting with one control put to `value`: what a released slider means, and what each row of its sweep shows."""
    if control[0] in "zt" and control[1:].isdigit():
        i = int(control[1:])
        if control[0] == "z":
            return setting._replace(logits=(*setting.logits[:i], value, *setting.logits[i + 1 :]))
        moved = moved_targets(setting, i, np.array([value]))[0]
        return setting._replace(targets=tuple(moved.tolist()))
    return setting._replace(spec=changed(setting.spec, control, value))


def changed(spec: LossSpec, name: str, value: float) -> LossSpec:
    """The same loss with one parameter changed."""
    return LossSpec(spec.key, spec.activation, tuple((n, value if n == name else v) for n, v in spec.parameters))


def moved_targets(setting: Setting, i: int, values: Array) -> Array:
    """Targets (R, C) with the i-th at each value; a softmax distribution stays one, the others sharing the rest as before."""
    t = np.array(setting.targets)
    rows = np.repeat(t[None], len(values), 0)
    rows[:, i] = values
    total = t.sum()
    if setting.spec.activation != "softmax" or abs(total - 1) > 1e-9 or len(t) == 1:
        return rows
    others = np.delete(t, i)
    share = others / others.sum() if others.sum() > 0 else np.full(len(others), 1 / len(others))
    rows[:, np.arange(len(t)) != i] = (1 - values)[:, None] * share
    return rows


def grid(low: float, high: float, present: float, points: int) -> tuple[Array, int]:
    """About `points` round values from low to high, the present one among them, and its index."""
    low, high = min(low, present), max(high, present)
    step = next((s for s in STEPS if (high - low) / s < points), (high - low) / (points - 1))
    values = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    values = np.clip(np.round(values, 6) if step in STEPS else values, low, high)
    ends = [end for end in (low, high) if not np.isclose(values, end).any()]
    values = np.unique(np.concatenate((values[~np.isclose(values, present, rtol=1e-9, atol=1e-9)], [present], ends)))
    return values, int(np.searchsorted(values, present))


def span(logits: Sequence[float]) -> float:
    """Half the width of the logit sliders: at least 6, a round number that holds every finite logit up to 1000."""
    largest = max((abs(z) for z in logits if np.isfinite(z) and abs(z) <= 1000), default=0.0)
    return next(r for r in (6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 50.0, 100.0, 200.0, 500.0, 1000.0) if largest <= r)


def _logits(setting: Setting, points: int) -> list[Sweep]:
    """All logits in one batch."""
    reach = span(setting.logits)
    grids = [grid(-reach, reach, z, points) if np.isfinite(z) else (np.array([z]), 0) for z in setting.logits]
    rows = np.repeat([setting.logits], sum(len(values) for values, _ in grids), 0)
    ends = np.cumsum([0, *(len(values) for values, _ in grids)])
    for i, (values, _) in enumerate(grids):
        rows[ends[i] : ends[i + 1], i] = values
    whole = table(setting, rows, np.repeat([setting.targets], len(rows), 0))
    parts = (whole.rows(slice(a, b)) for a, b in pairwise(ends))
    return [Sweep(f"z{i}", values, at, part) for (i, (values, at)), part in zip(enumerate(grids), parts, strict=True)]


def _targets(setting: Setting, points: int) -> list[Sweep]:
    found = []
    for i, t in enumerate(setting.targets):
        values, at = grid(0.0, 1.0, t, points)
        rows = moved_targets(setting, i, values)
        rows[at] = setting.targets
        whole = table(setting, np.repeat([setting.logits], len(rows), 0), rows)
        found.append(Sweep(f"t{i}", values, at, whole, rows))
    return found


def _parameter(setting: Setting, name: str, points: int) -> Sweep:
    field = next(p for p in LOSSES[setting.spec.key].parameters if p.name == name)
    assert isinstance(field, Number)
    present = getattr(setting.spec, name)
    values, at = grid(field.range_low, field.range_high, present, min(points, 51))
    along = {"temperature": _along_temperature, "label_smoothing": _along_smoothing, "alpha": _along_alpha}.get(name)
    return Sweep(name, values, at, along(setting, values) if along else _along(setting, name, values))


def _along(setting: Setting, name: str, values: Array) -> Table:
    """Any parameter: one evaluation for each value, of the baseline too where it has that parameter."""
    logits, targets = np.array([setting.logits]), np.array([setting.targets])
    specs = [changed(setting.spec, name, float(value)) for value in values]
    against = [baseline(spec) for spec in specs]
    ours = _stacked([parts(setting, spec, logits, targets) for spec in specs])
    ce = ours
    if against != specs:
        once = parts(setting, against[0], logits, targets) if len(set(against)) == 1 else None
        ce = _stacked([once or parts(setting, spec, logits, targets) for spec in against])
    return compare(ours, ce, p_t(setting.spec, ours.probs, targets))


def _along_alpha(setting: Setting, values: Array) -> Table:
    """From its two ends: α weighs what the positives say and 1 − α what the negatives say, and the loss is their sum."""
    logits, targets = np.array([setting.logits]), np.array([setting.targets])
    yes, no = (changed(setting.spec, "alpha", end) for end in (1.0, 0.0))
    ours = _mixed(parts(setting, yes, logits, targets), parts(setting, no, logits, targets), values)
    ce = _mixed(parts(setting, baseline(yes), logits, targets), parts(setting, baseline(no), logits, targets), values)
    return compare(ours, ce, p_t(setting.spec, ours.probs, targets))


def _mixed(yes: Parts, no: Parts, values: Array) -> Parts:
    share = values[:, None]
    probs = np.repeat(yes.probs, len(values), 0)
    terms, grad = (_part(share, a) + _part(1 - share, b) for a, b in ((yes.terms, no.terms), (yes.grad, no.grad)))
    return Parts(probs, terms, grad, _part(values, yes.loss) + _part(1 - values, no.loss))


def _part(share: Array, x: Array) -> Array:
    """share·x, with 0·∞ = 0."""
    with np.errstate(invalid="ignore"):
        return np.where(share == 0, 0.0, share * x)


def _stacked(found: list[Parts]) -> Parts:
    return Parts(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _along_temperature(setting: Setting, values: Array) -> Table:
    """In one batch: dividing by T is dividing logits and gradient."""
    relative = (setting.spec.temperature / values)[:, None]
    targets = np.repeat([setting.targets], len(values), 0)
    found = table(setting, np.array([setting.logits]) * relative, targets)
    scaled = {name: getattr(found, name) * relative for name in ("grad", "ce_grad")}
    norms = {name: getattr(found, name) * relative[:, 0] for name in ("norm", "ce_norm")}
    return found._replace(**scaled, **norms)


def _along_smoothing(setting: Setting, values: Array) -> Table:
    """In one batch: smoothing is another target."""
    plain = setting._replace(spec=changed(setting.spec, "label_smoothing", 0.0))
    outcomes = 2 if plain.spec.activation == "sigmoid" else len(setting.logits)
    given = np.array([setting.targets])
    targets = given * (1 - values[:, None]) + values[:, None] / outcomes
    found = table(plain, np.repeat([setting.logits], len(values), 0), targets)
    return found._replace(p_t=p_t(plain.spec, found.probs, given))
