"""The pages of figures as a link opens them, and as a hand works them."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from lossviz.state.fields import FIELDS
from lossviz.state.sample import SampleView, resolve

from ..plotted import unpacked
from .components import components, triggered
from .test_app import APP


def opened(page: str, words: dict[str, str] | None = None) -> AppTest:
    """A page as a link opens it: `st.Page` is known by the hash of its path."""
    at = AppTest.from_file(APP, default_timeout=30)
    for name, text in (words or {}).items():
        at.query_params[name] = text
    return turned(at, page)


def turned(at: AppTest, page: str) -> AppTest:
    """Another page of the same session."""
    at._page_hash = calc_hash(page)
    return again(at)


def again(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception, trace(at)
    return at


def trace(at: AppTest) -> str:
    return f"{at.exception[0].message} {''.join(at.exception[0].stack_trace)}"


def sent(at: AppTest) -> dict[str, Any]:
    """What the player has been sent."""
    (component,) = components(at)
    return unpacked(json.loads(component.proto.bytes, parse_constant=_refused))


def _refused(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def values_of(at: AppTest) -> dict[str, Any]:
    """What the session has for each field; asked for at once, because AppTest makes out all names for each question."""
    return {name: value for name, value in at.session_state.items() if name in FIELDS}


def view_of(at: AppTest) -> SampleView:
    """The view of the session's values."""
    return resolve(values_of(at))


def committed(at: AppTest, event: Any) -> AppTest:
    """What the browser does when a hand lets go."""
    (component,) = components(at)
    triggered(at, component, "commit", event)
    assert not at.exception, trace(at)
    return at


def pressed(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception, trace(at)
    return at


class Downloads:
    """Takes the place of `st.download_button` and keeps what it would give: AppTest presses none."""

    def __init__(self) -> None:
        self.files: dict[str, Any] = {}

    def __call__(self, _: str, data: Any, file_name: str, *__: Any, **___: Any) -> bool:
        self.files[file_name] = data
        return False

    def text(self, file_name: str) -> str:
        """A file, asked for now."""
        text: str = self.files[file_name]()
        return text
