"""A Field becomes a widget: its name is the widget's key, the session's key and the link's word."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ...fields import Choice, Field, Number, Text, Vector
from ...state.fields import FIELDS
from ...texts import say
from .. import elements as st
from .. import session
from ..session.address import OF_THE_FRAME
from ..session.store import current_session

MANY = 6
"""A field with more options than this is a menu rather than buttons in a row, however few are on offer."""


def control(
    name: str,
    options: Sequence[str] | None = None,
    idle: str | None = None,
    on_change: Callable[[], None] | None = None,
    default: str | None = None,
    placeholder: str | None = None,
    row: bool = False,
    declared: Field | None = None,
    bare: bool = False,
    menu: bool = False,
) -> Any:
    """Draw the widget of a field and give its value.

    `options` and `default` replace the field's own where they depend on other choices; `placeholder` is what an empty text
    or number stands for. `idle` says why the field has no effect now; it is then disabled. `row`: buttons in a row, however
    many; `menu`: a menu, however few. `declared` is the field of a parameter as the present loss declares it. `bare`: its label
    is only for those who hear the page, and its help stands elsewhere.

    In a scene with a question all but those of the frame wait for an answer. What the session has of the word is put into the
    widget where the browser does not show it already.
    """
    field = declared or FIELDS[name]
    waits = current_session().lecture.locked and name not in OF_THE_FRAME
    shared: dict[str, Any] = {"key": name, "help": idle or field.help, "disabled": idle is not None or waits}
    if bare:
        shared |= {"label_visibility": "collapsed", "help": None}
    shared["on_change"] = session.on_change(name, on_change) if on_change else "rerun"
    if isinstance(field, Choice):
        menu = menu or (len(field.options) > MANY and not row)
        value = _choice(field, tuple(options or field.options), default, menu, shared)
    elif isinstance(field, Number):
        value = _number(field, placeholder, shared)
    else:
        value = _text(field, placeholder, shared)
    return value


def undrawn(name: str) -> Any:
    """The value of a field that buttons of the page set, and no widget: it stands in the link like any other."""
    return session.bind_widget(name, FIELDS[name].default)[0]


@contextmanager
def popover(label: str, key: str, **how: Any) -> Iterator[None]:
    """A popover with controls: the browser draws them only while it is open. At its end stands what is wrong with them."""
    present = current_session()
    with st.popover(label, key=key, **how):
        present.popover = key
        try:
            yield
        finally:
            present.popover = ""
            if key == present.open_chip:
                present.problem_places[key] = st.container()


def _choice(field: Choice, options: tuple[str, ...], default: str | None, menu: bool, shared: dict[str, Any]) -> str:
    default = default or (field.default if field.default in options else options[0])
    value, sent = session.bind_widget(field.name, default, options)
    shared["format_func"] = field.label_of
    if menu:
        width = max(120, 56 + 8 * len(field.label_of(value)))  # pixels: the chosen label and the arrow
        return str(st.selectbox(field_label(field), options, 0 if sent else options.index(value), width=width, **shared))
    first = None if sent else value
    return str(st.segmented_control(field_label(field), options, default=first, required=True, **shared) or value)


def _text(field: Vector | Text, placeholder: str | None, shared: dict[str, Any]) -> str:
    value, sent = session.bind_widget(field.name, field.default)
    return str(st.text_input(field_label(field), "" if sent else value, placeholder=placeholder, **shared))


def _number(field: Number, placeholder: str | None, shared: dict[str, Any]) -> Any:
    # Whole numbers too are floats to Streamlit 1.67: its int() of `?digit=inf` would end the run with an OverflowError.
    default = float(field.default) if isinstance(field.default, int | float) else None
    value, sent = session.bind_widget(field.name, default)
    bounds: dict[str, Any] = {
        "min_value": None if field.low == -math.inf else float(field.low),
        "max_value": None if field.high == math.inf else float(field.high),
        "value": (None if field.optional else "min") if sent else value,
        "step": float(field.step),
    }
    return st.number_input(
        field_label(field),
        format="%.0f" if field.integer else "%g",
        placeholder=placeholder or ("off" if field.optional else None),
        width=150,
        **bounds,
        **shared,
    )


def field_label(field: Field) -> str:
    """What a person reads before the widget of a field."""
    if not (field.label and field.symbol):
        return field.label or field.symbol
    return say("{label} {symbol}", label=field.label, symbol=field.symbol)
