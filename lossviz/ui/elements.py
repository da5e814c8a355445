"""The elements of Streamlit in the language of the reader; pages and controls know this module as `st`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit
from streamlit import (  # fmt: skip
    column_config,
    columns,
    components,
    container,
    context,
    divider,
    empty,
    fragment,
    html,
    latex,
    query_params,
    rerun,
    session_state,
    switch_page,
)

from ..languages import localized
from ..texts import Lookup
from .language import reader, shown

__all__ = [
    "column_config", "columns", "components", "container", "context", "divider", "empty", "fragment", "html",
    "latex", "query_params", "rerun", "session_state", "switch_page",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")

TEXTS = {"label", "help", "placeholder", "body", "text", "title", "alt"}
"""Arguments that are texts, by name. The first is one, too, whatever its name."""


def _with_texts(draw: Callable[P, R]) -> Callable[P, R]:
    """An element whose literals and messages are looked up."""

    @wraps(draw)
    def drawn(*args: P.args, **how: P.kwargs) -> R:
        lookup = reader()
        if lookup is str:
            return draw(*args, **how)
        texts: Any = (*(_text(x, lookup) for x in args[:1]), *args[1:])
        named: Any = {name: _text(x, lookup) if name in TEXTS else x for name, x in how.items()}
        return draw(*texts, **named)

    return drawn


def _with_options(draw: Callable[P, R]) -> Callable[P, R]:
    """The same of one with options: these keep their values, and are only read in another language."""

    @wraps(draw)
    def drawn(*args: P.args, **how: P.kwargs) -> R:
        lookup = reader()
        if lookup is str:
            return draw(*args, **how)
        label_of: Any = how.get("format_func", str)
        named: Any = how | {"format_func": lambda option: localized(label_of(option), lookup)}
        return _with_texts(draw)(*args, **named)

    return drawn


def _with_cells(draw: Callable[P, R]) -> Callable[P, R]:
    """A table whose headings and cells are looked up where they are messages."""

    @wraps(draw)
    def drawn(*args: P.args, **how: P.kwargs) -> R:
        lookup = reader()
        texts: Any = (*localized(args[:1], lookup), *args[1:])
        named: Any = {name: localized(x, lookup) if name == "column_config" else x for name, x in how.items()}
        return draw(*texts, **named)

    return drawn


def _text(x: Any, lookup: Lookup) -> Any:
    return shown(x, lookup) if isinstance(x, str) else x


markdown, caption = _with_texts(streamlit.markdown), _with_texts(streamlit.caption)
info, success, warning, error = map(_with_texts, (streamlit.info, streamlit.success, streamlit.warning, streamlit.error))
button, download_button = _with_texts(streamlit.button), _with_texts(streamlit.download_button)
link_button, slider = _with_texts(streamlit.link_button), _with_texts(streamlit.slider)
popover, expander, spinner = _with_texts(streamlit.popover), _with_texts(streamlit.expander), _with_texts(streamlit.spinner)
text_input, text_area = _with_texts(streamlit.text_input), _with_texts(streamlit.text_area)
number_input, checkbox = _with_texts(streamlit.number_input), _with_texts(streamlit.checkbox)
file_uploader, plotly_chart = _with_texts(streamlit.file_uploader), _with_texts(streamlit.plotly_chart)
selectbox, multiselect = _with_options(streamlit.selectbox), _with_options(streamlit.multiselect)
segmented_control, pills = _with_options(streamlit.segmented_control), _with_options(streamlit.pills)
radio = _with_options(streamlit.radio)
code = _with_cells(streamlit.code)
table, dataframe, tabs = _with_cells(streamlit.table), _with_cells(streamlit.dataframe), _with_cells(streamlit.tabs)


class Progress:
    """A bar with what is going on, which can be filled further and taken away."""

    def __init__(self, value: float, text: str) -> None:
        self._text = shown(text)
        self._bar = streamlit.progress(min(value, 1.0), self._text)

    def fill(self, share: float) -> None:
        """Say how much is done."""
        self._bar.progress(min(share, 1.0), self._text)

    def empty(self) -> None:
        """Take the bar away."""
        self._bar.empty()


def dialog(title: str, **how: Any) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A function that draws a dialog; its title is looked up when it opens."""

    def opened_by(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def opened(*args: P.args, **kwargs: P.kwargs) -> None:
            streamlit.dialog(shown(title), **how)(draw)(*args, **kwargs)

        return opened

    return opened_by
