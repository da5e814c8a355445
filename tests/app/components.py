"""The components of a page that are its own: the frame's is on every page."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest

FRAME = re.compile("lossviz_(frame|chips)")


def components(at: AppTest) -> list[Any]:
    """The live component or the player, if the page has one."""
    return [one for one in at.get("bidi_component") if not FRAME.search(one.proto.component_name)]
