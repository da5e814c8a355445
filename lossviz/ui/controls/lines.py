"""The lines above a picture: the pages, the setting as chips that say their value, and what the picture shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ...fields import Field
from ...state.fields import FIELDS
from ...texts import say
from .. import elements as st
from .. import session
from .field import control, popover


@contextmanager
def setting_line() -> Iterator[None]:
    """What is computed: a row of chips, each with its value on it and its controls in it."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall", key="setting"):
        yield


@contextmanager
def chip(label: str, key: str, **how: Any) -> Iterator[None]:
    """One chip. It stays open while its label changes, and while what is in it is used."""
    with popover(label, f"chip-{key}", **how):
        yield


@contextmanager
def view_line(*names: str, key: str = "view") -> Iterator[None]:
    """What is drawn of it: buttons and menus without labels, and at the end what each of the fields `names` means."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=key):
        yield
        if names:
            _help(FIELDS[name] for name in names)


def number_chip(name: str) -> Any:
    """A number of the view as a chip that says its value; gives it."""
    field, value = FIELDS[name], session.value(name)
    parts = {"label": field.label, "symbol": field.symbol, "value": say("off") if value is None else f"{value:g}"}
    title = say("{label} {symbol} **{value}**", **parts) if field.symbol else say("{label} **{value}**", **parts)
    with popover(title, key=f"chip-{name}"):
        return control(name)


def _help(fields: Iterable[Field]) -> None:
    with st.popover(":material/help:", key="chip-help"):
        for field in fields:
            st.markdown(say("**{label}.** {help}", label=field.label, help=field.help))
