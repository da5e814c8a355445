"""The components of a page that are its own: the frame's is on every page."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

FRAME = re.compile("lossviz_(frame|chips|remote)")


def components(at: AppTest) -> list[Any]:
    """The live component or the player, if the page has one."""
    return [one for one in at.get("bidi_component") if not FRAME.search(one.proto.component_name)]


def triggered(at: AppTest, component: Any, event: str, value: Any) -> AppTest:
    """What a component sends, as the browser sends it: AppTest has no JavaScript and no setter for a component."""
    payload = json.dumps([{"event": event, "value": value}])
    states = at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=_make_trigger_id(component.proto.id, "events"), json_trigger_value=payload))
    at._run(states)
    return at
