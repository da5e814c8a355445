"""What a component in the browser sends back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .. import elements as st

Receiver: TypeAlias = Callable[[Mapping[str, Any]], object]
"""What is called with the message of an event, before the next run draws its widgets; `state.events` says what it may be."""


def forward_to(receive: Receiver, key: str) -> Callable[[], None]:
    """What Streamlit calls when the component of a key has sent something; what is no message is dropped."""

    def forward() -> None:
        message = st.session_state[key].commit
        if isinstance(message, dict):
            receive(message)

    return forward
