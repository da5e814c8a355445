"""What happens along one control, everything else held? The table that the browser plays while a hand moves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..evaluation.setting import Array, Setting, baseline
from ..fields import Number
from ..losses import LOSSES, LossSpec
from .sample import EvaluatedRows, Pulls, SampleTable, compare, p_t, parts, pull, table

POINTS = 51
"""Of a parameter's grid, at most: steps of 0.1 from 0 to 5, the scale of γ on every page."""

WHOLE = ("gamma",)
"""Parameters whose grid never grows coarser."""

STEPS = (0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


class Sweep(NamedTuple):
    """One control over its grid: `values` (R,) rising, `at` the index of the present value, and a row of `table` for each.

    `control` is "z0", "z1" … for logits, "t0" … for targets, or a parameter's name. `targets` (R, C) is set for targets,
    which may move together.
    """

    control: str
    values: Array
    at: int
    table: SampleTable
    targets: Array | None = None


def sweeps(setting: Setting, soft: bool, room: int) -> list[Sweep]:
    """The sweeps of every control that has an effect: logits, soft targets, and the loss's sliders.

    `room` bounds the numbers sent: grids grow coarser, along round steps, with more classes and controls.
    """
    names = live_parameters(setting.spec)
    row = 5 * len(setting.logits) + 8
    whole = [name for name in names if name in WHOLE]
    controls = len(setting.logits) * (2 if soft else 1) + len(names) - len(whole)
    points = max(15, min(121, (room // row - POINTS * len(whole)) // max(controls, 1)))
    classes = range(len(setting.logits))
    plans = [_logit(setting, i, points) for i in classes] + [_target(setting, i, points) for i in classes if soft]
    return _evaluated(setting, plans) + [_parameter(setting, name, POINTS if name in WHOLE else points) for name in names]


def sliders(spec: LossSpec) -> list[str]:
    """The parameters that deserve a slider: the loss's own numbers, and those shared ones that make a single curve."""
    kind = LOSSES[spec.key]
    return [p.name for p in kind.parameters if isinstance(p, Number) and (p.name in kind.own_parameters or p.name in SHARED)]


def live_parameters(spec: LossSpec) -> list[str]:
    """Those of `sliders` that are on, at one number for all classes."""
    return [name for name in sliders(spec) if isinstance(getattr(spec, name), float)]


def moved(setting: Setting, control: str, value: float) -> Setting:
    """The setting with one control put to `value`: what a released slider means, and what each row of its sweep shows."""
    if control[0] in "zt" and control[1:].isdigit():
        i = int(control[1:])
        if control[0] == "z":
            return setting._replace(logits=(*setting.logits[:i], value, *setting.logits[i + 1 :]))
        moved = moved_targets(setting, i, np.array([value]))[0]
        return setting._replace(targets=tuple(moved.tolist()))
    return setting._replace(spec=setting.spec.replace(**{control: value}))


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
    # Six decimals, as a link can hold them; the largest of the others takes what rounding leaves, so that the sum stays 1.
    shared = np.round((1 - values)[:, None] * share, 6)
    largest = int(share.argmax())
    shared[:, largest] = 0
    shared[:, largest] = np.round(1 - values - shared.sum(1), 12).clip(0, 1)
    rows[:, np.arange(len(t)) != i] = shared
    return rows


def grid(low: float, high: float, present: float, points: int, stops: Sequence[float] = ()) -> tuple[Array, int]:
    """About `points` round values from low to high, the `stops` and the present one among them, and the latter's index."""
    low, high = min(low, present), max(high, present)
    step = next((s for s in STEPS if (high - low) / s < points), (high - low) / (points - 1))
    values = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    values = np.clip(np.round(values, 6) if step in STEPS else values, low, high) + 0.0  # no −0
    ends = [end for end in (low, *stops, high) if low <= end <= high and not np.isclose(values, end).any()]
    values = np.unique(np.concatenate((values[~np.isclose(values, present, rtol=1e-9, atol=1e-9)], [present], ends)))
    return values, int(np.searchsorted(values, present))


def span(logits: Sequence[float]) -> float:
    """Half the width of the logit sliders: at least 6, a round number that holds every finite logit up to 1000."""
    largest = max((abs(z) for z in logits if np.isfinite(z) and abs(z) <= 1000), default=0.0)
    return next(r for r in (6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 50.0, 100.0, 200.0, 500.0, 1000.0) if largest <= r)


class _Plan(NamedTuple):
    """A sweep that is yet to be evaluated: its rows of logits and targets, each (R, C)."""

    control: str
    values: Array
    at: int
    logits: Array
    targets: Array


def _evaluated(setting: Setting, plans: list[_Plan]) -> list[Sweep]:
    """All of them in one batch."""
    whole = table(setting, np.concatenate([p.logits for p in plans]), np.concatenate([p.targets for p in plans]))
    ends = np.cumsum([0, *(len(p.values) for p in plans)])
    tables = (whole.rows(slice(a, b)) for a, b in pairwise(ends))
    return [
        Sweep(p.control, p.values, p.at, swept, p.targets if p.control[0] == "t" else None)
        for p, swept in zip(plans, tables, strict=True)
    ]


def _logit(setting: Setting, i: int, points: int) -> _Plan:
    reach, present = span(setting.logits), setting.logits[i]
    values, at = grid(-reach, reach, present, points) if np.isfinite(present) else (np.array([present]), 0)
    logits, targets = (np.repeat([x], len(values), 0) for x in (setting.logits, setting.targets))
    logits[:, i] = values
    return _Plan(f"z{i}", values, at, logits, targets)


def _target(setting: Setting, i: int, points: int) -> _Plan:
    values, at = grid(0.0, 1.0, setting.targets[i], points)
    targets = moved_targets(setting, i, values)
    targets[at] = setting.targets
    return _Plan(f"t{i}", values, at, np.repeat([setting.logits], len(values), 0), targets)


def _parameter(setting: Setting, name: str, points: int) -> Sweep:
    field = next(p for p in LOSSES[setting.spec.key].parameters if p.name == name)
    assert isinstance(field, Number)
    present = getattr(setting.spec, name)
    values, at = grid(field.range_low, field.range_high, present, min(points, POINTS), field.stops)
    swept = SHARED[name](setting, values) if name in SHARED else _along_own(setting, name, values)
    return Sweep(name, values, at, swept)


def _along_own(setting: Setting, name: str, values: Array) -> SampleTable:
    """In one batch: a parameter of the loss's own, which the baseline has not."""
    logits, targets = (np.repeat([x], len(values), 0) for x in (setting.logits, setting.targets))
    ours = parts(setting, setting.spec, logits, targets, (name, values))
    ce = parts(setting, baseline(setting.spec), logits, targets)

    def pulls(rows: NDArray[np.intp]) -> Pulls:
        own = pull(setting, setting.spec, logits[rows], targets[rows], (name, values[rows]))
        return own, pull(setting, baseline(setting.spec), logits[rows], targets[rows])

    return compare(ours, ce, p_t(setting.spec, ours.probs, targets), pulls)


def _along_alpha(setting: Setting, values: Array) -> SampleTable:
    """From its two ends: α weighs what the positives say and 1 − α what the negatives say, and the loss is their sum."""
    logits, targets = np.array([setting.logits]), np.array([setting.targets])
    yes, no = (setting.spec.replace(alpha=end) for end in (1.0, 0.0))
    ours = _mixed(parts(setting, yes, logits, targets), parts(setting, no, logits, targets), values)
    ce = _mixed(parts(setting, baseline(yes), logits, targets), parts(setting, baseline(no), logits, targets), values)

    def pulls(rows: NDArray[np.intp]) -> Pulls:
        own, plain = (_pull(setting, ends, values[rows]) for ends in ((yes, no), (baseline(yes), baseline(no))))
        return own, plain

    return compare(ours, ce, p_t(setting.spec, ours.probs, targets), pulls)


def _pull(setting: Setting, ends: tuple[LossSpec, LossSpec], values: Array) -> Array | None:
    """What pulls at the logits with α at each value, between the losses with α = 1 and α = 0."""
    logits, targets = np.array([setting.logits]), np.array([setting.targets])
    yes, no = (pull(setting, end, logits, targets) for end in ends)
    return None if yes is None or no is None else _part(values[:, None], yes) + _part(1 - values[:, None], no)


def _mixed(yes: EvaluatedRows, no: EvaluatedRows, values: Array) -> EvaluatedRows:
    share = values[:, None]
    probs = np.repeat(yes.probs, len(values), 0)
    terms, grad = (_part(share, a) + _part(1 - share, b) for a, b in ((yes.terms, no.terms), (yes.grad, no.grad)))
    return EvaluatedRows(probs, terms, grad, _part(values, yes.loss) + _part(1 - values, no.loss))


def _part(share: Array, x: Array) -> Array:
    """share·x, with 0·∞ = 0."""
    with np.errstate(invalid="ignore"):
        return np.where(share == 0, 0.0, share * x)


def _along_temperature(setting: Setting, values: Array) -> SampleTable:
    """In one batch: dividing by T is dividing logits and gradient."""
    relative = (setting.spec.temperature / values)[:, None]
    targets = np.repeat([setting.targets], len(values), 0)
    swept = table(setting, np.array([setting.logits]) * relative, targets)
    scaled = {name: getattr(swept, name) * relative for name in ("grad", "ce_grad")}
    norms = {name: getattr(swept, name) * relative[:, 0] for name in ("norm", "ce_norm")}
    return swept._replace(**scaled, **norms)


def _along_smoothing(setting: Setting, values: Array) -> SampleTable:
    """In one batch: smoothing is another target."""
    plain = setting._replace(spec=setting.spec.replace(label_smoothing=0.0))
    outcomes = plain.spec.outcomes(len(setting.logits))
    unsmoothed = np.array([setting.targets])
    targets = unsmoothed * (1 - values[:, None]) + values[:, None] / outcomes
    swept = table(plain, np.repeat([setting.logits], len(values), 0), targets)
    return swept._replace(p_t=p_t(plain.spec, swept.probs, unsmoothed))


SHARED = {"alpha": _along_alpha, "label_smoothing": _along_smoothing, "temperature": _along_temperature}
"""Parameters that act around every loss, and the sweep of each."""
