"""The components of a page that are its own: the frame's is on every page."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest


def components(at: AppTest) -> list[Any]:
    """The live component or the player, if the page has one."""
    return [one for one in at.get("bidi_component") if "lossviz_frame" not in one.proto.component_name]
