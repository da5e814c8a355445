"""The live component: draggable bars and landscape sliders that play what torch has computed; payload.py is its protocol."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ....figures.theme import css
from ...session.store import current_session
from ..events import Receiver, forward_to
from ..registering import registered

FOLDER = Path(__file__).parent


@cache
def _component(language: str) -> Any:
    return registered("live", FOLDER, language, css())


def mount_live(data: bytes, key: str, receive: Receiver) -> None:
    """Draw the component with its data, bytes of payload.py; `receive` gets what it sends back."""
    _component(current_session().language)(data=data, key=key, on_commit_change=forward_to(receive, key))
