"""What the words of a plot mean for a view: which curve, which plane, and what can be chosen at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..analysis.curves import axes
from ..analysis.planes import KINDS, Plane, planes
from ..analysis.scrub import Scrub
from ..analysis.sweep import grid, live_parameters, moved, span
from ..errors import InputError
from ..fields import Number
from ..losses import LOSSES
from ..numbers import subscript
from ..texts import say
from .fields import CLASSES, CONTROLS, FIELDS, PLANES, parameters_of
from .pins import parse_pins, series
from .sample import SampleView, Values


class CurveView(NamedTuple):
    """A curve along logit `k`: quantity, axis, whether the height is logarithmic and the modulator detached."""

    quantity: str
    axis: str
    k: int
    log: bool
    detached: bool


class SurfaceView(NamedTuple):
    """A plane, what stands over it, how it is drawn, what with (slot 0 is cross-entropy), and gradient descent's steps."""

    plane: Plane
    height: str
    drawn: str
    comparison: str
    other: int
    rate: float
    steps: int


NO_SCRUB = Scrub("", (0.0,), 0)
"""Of a figure that nothing moves."""


def scrub_of(control: str, values: tuple[float, ...], at: int, symbol: str = "", key: str = "") -> Scrub:
    """A slider over these values of a control, under the name it has with a loss; `symbol` if it has another here."""
    label, own = control_label(control, key)
    field = FIELDS.get(control)
    return Scrub(control, values, at, label, symbol or own, field.stops if isinstance(field, Number) else ())


def control_label(control: str, key: str = "") -> tuple[str, str]:
    """What a control is called with a loss, and its symbol: a word of a link, or `z0`, `z1` … for the logit of a class."""
    fields = {**FIELDS, **(parameters_of(key) if key else {})}
    if control in fields:
        return fields[control].label, fields[control].symbol
    number = control[1:]
    return say("Logit of class {number}", number=number), "z" + subscript(number)


def curve_view(values: Values, view: SampleView) -> CurveView:
    """The curve that these values describe; what does not exist here is replaced by what comes first."""
    k = _class(values, "along", view)
    axis = _available_option(values, "x", axes(view.setting, k))
    quantity = _option(values, "y")
    return CurveView(quantity, axis, k, _option(values, "scale") == "log", _option(values, "modulator") == "detached")


def surface_view(values: Values, view: SampleView) -> SurfaceView | None:
    """The surface that these values describe; None where there is no plane: a single logit under a loss without γ."""
    offered = planes_for(view)
    if not offered:
        return None
    over = _available_option(values, "over", offered)
    classes = plane_classes(values, view)
    kind = PLANES[over]
    plane = Plane(kind, classes[: KINDS[kind]], classes[0], _reach(view))
    other = _available_option(values, "other", comparisons_for(values, view))
    slot = 0 if other == "cross-entropy" else int(other.removeprefix("pin-"))
    rate, steps = (_number(values, name) for name in ("rate", "steps"))
    return SurfaceView(
        plane, _option(values, "height"), _option(values, "drawn"), _option(values, "beside"), slot, rate, int(steps)
    )


def _reach(view: SampleView) -> float:
    """A plane's logits reach further than the sample's, so that there is somewhere to descend to."""
    return span([min(1.4 * abs(z), REACH) for z in view.setting.logits if abs(z) <= REACH])


def planes_for(view: SampleView) -> tuple[str, ...]:
    """The planes that there are for a setting, in the link's words."""
    kinds = planes(view.setting)
    return tuple(word for word, kind in PLANES.items() if kind in kinds)


def comparisons_for(values: Values, view: SampleView) -> tuple[str, ...]:
    """What a surface can be compared with: cross-entropy, and the pins that go with the sample."""
    pins, _ = parse_pins(_option(values, "pins"), view)
    fitting, _ = series(view, pins)
    return ("cross-entropy", *(f"pin-{one.slot}" for one in fitting[1:]))


def scrubs_for(view: SampleView) -> tuple[str, ...]:
    """What a scrubber can move: the loss's parameters that are on, and the finite logits."""
    setting = view.setting
    finite = [f"z{i}" for i, z in enumerate(setting.logits) if abs(z) <= REACH]
    return tuple(name for name in (*live_parameters(setting.spec), *finite) if name in CONTROLS)


REACH = 1000.0
"""A logit further out has no slider to be scrubbed on."""


def scrub(values: Values, view: SampleView, points: int) -> Scrub:
    """The scrubber that these values describe, with about so many steps."""
    offered = scrubs_for(view)
    if not offered:
        return NO_SCRUB
    control = _available_option(values, "scrub", offered)
    if control in view.setting.spec.__dict__:
        field = next(p for p in LOSSES[view.setting.spec.key].parameters if p.name == control)
        assert isinstance(field, Number)
        steps, at = grid(field.range_low, field.range_high, getattr(view.setting.spec, control), points, field.stops)
    else:
        reach = span(view.setting.logits)
        steps, at = grid(-reach, reach, view.setting.logits[int(control[1:])], points)
    return scrub_of(control, tuple(steps.tolist()), at, key=view.setting.spec.key)


def scrubbed_view(view: SampleView, control: str, value: float) -> SampleView:
    """The view with the scrubber at a value."""
    return view._replace(setting=moved(view.setting, control, value)) if control else view


def plane_classes(values: Values, view: SampleView) -> tuple[int, ...]:
    """Up to three classes of a plane: those that the values name, and for the rest the true class and then the strongest."""
    classes = range(len(view.setting.logits))
    truth = max(classes, key=view.setting.targets.__getitem__)
    requested = [_requested_class(values, name, len(classes)) for name in ("first", "second", "third")][: len(classes)]
    free = [i for i in sorted(classes, key=lambda i: (i != truth, -view.setting.logits[i])) if i not in requested]
    chosen: list[int] = []
    for wanted in requested:
        chosen.append(free.pop(0) if wanted is None or wanted in chosen else wanted)
    return tuple(chosen)


def _requested_class(values: Values, name: str, classes: int) -> int | None:
    """The class that a word names, if there is such a class."""
    wanted = values.get(name, "auto")
    return int(wanted) if wanted in CLASSES[1 : classes + 1] else None


def classes_for(view: SampleView) -> tuple[str, ...]:
    """The classes there are, in the link's words."""
    return CLASSES[: len(view.setting.logits) + 1]


OPTIONS_BY_VIEW: dict[str, Callable[[Values, SampleView], tuple[str, ...]]] = {
    "x": lambda values, view: axes(view.setting, _class(values, "along", view)),
    "over": lambda _, view: planes_for(view),
    "other": comparisons_for,
    "scrub": lambda _, view: scrubs_for(view),
    **dict.fromkeys(("along", "first", "second", "third"), lambda _, view: classes_for(view)),
}
"""Words whose options depend on the view."""


def plot_problems(values: Values, view: SampleView) -> list[str]:
    """What a link wants of a plot that there is not, among words that are each right by themselves."""
    messages: list[str] = [
        say(
            "{name}: {value} is not available for these settings. Using {instead} instead.",
            name=name,
            value=values[name],
            instead=offered[0],
        )
        for name, offers in OPTIONS_BY_VIEW.items()
        if name in values and (offered := offers(values, view)) and values[name] not in offered
    ]
    return messages + list(parse_pins(_option(values, "pins"), view)[1])


def _class(values: Values, name: str, view: SampleView) -> int:
    wanted = _requested_class(values, name, len(view.setting.logits))
    return plane_classes({}, view)[0] if wanted is None else wanted


def _number(values: Values, name: str) -> float:
    field = FIELDS[name]
    try:
        return float(field.check(values.get(name, field.default)))  # type: ignore[union-attr, arg-type]
    except (InputError, TypeError):
        return float(field.default)  # type: ignore[arg-type]


def _option(values: Values, name: str) -> str:
    field, value = FIELDS[name], values.get(name)
    try:
        return str(field.check(value))  # type: ignore[union-attr]
    except InputError:
        return str(field.default)


def _available_option(values: Values, name: str, offered: tuple[str, ...]) -> str:
    chosen = _option(values, name)
    return chosen if chosen in offered else offered[0]
