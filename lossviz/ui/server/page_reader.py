"""A page as it is sent to a browser, for a file that shows it without one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance

from . import failures
from .visitor import Visitor, page_drawn, run_in_server, session_of

PATIENCE = 60.0
"""Seconds that one page may take."""

MAIN = 0
"""The number of the part of a page that is no sidebar, in Streamlit's paths."""


class Node(NamedTuple):
    """An element or a container of a page, as Streamlit's protocol has it, where it stands, and its kind."""

    path: tuple[int, ...]
    kind: str
    content: Any


class PageError(Exception):
    """A page could not be drawn; says what went wrong."""


def read_page(path: str, words: Mapping[str, str], beginning: Mapping[str, Any]) -> list[Node]:
    """Draw a page in a session of its own; to be called where a script runs, not where the server does its own work.

    Args:
        path: of the page, "" for the first one.
        words: those of its address.
        beginning: what the state of the session has before the page is drawn.

    Returns:
        All that is on it, each container before what is in it.

    Raises:
        PageError: if it is not drawn in time, or fails.
    """
    return run_in_server(_read(path, urlencode(words), beginning)).result()


async def _read(path: str, query: str, beginning: Mapping[str, Any]) -> list[Node]:
    reader = _PageVisitor()
    with session_of(reader) as session:
        app_session = get_instance().get_app_session(session)
        assert app_session
        app_session.session_state._new_session_state.update(beginning)  # no script runs here, of which setting one would warn
        try:
            await page_drawn(session, reader, PATIENCE, page_name=path, query_string=query)
        except TimeoutError:
            raise PageError(f"not drawn after {PATIENCE:g} seconds") from None
    if reader.problems or session in failures.failed:
        raise PageError(", ".join(reader.problems) or "the page fails")
    return [reader.nodes[at] for at in sorted(reader.nodes) if at[0] == MAIN]


class _PageVisitor(Visitor):
    """A visitor who remembers what is on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: dict[tuple[int, ...], Node] = {}

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """What a browser would be sent."""
        match msg.WhichOneof("type"):
            case "new_session":
                self.nodes.clear()
            case "delta":
                self._note(tuple(msg.metadata.delta_path), msg.delta)
        super().write_forward_msg(msg)

    def _note(self, path: tuple[int, ...], delta: Any) -> None:
        match delta.WhichOneof("type"):
            case "new_element":
                content = delta.new_element
            case "add_block":
                content = delta.add_block
            case _:
                return
        kind = content.WhichOneof("type") or "container"
        for inner in [one for one in self.nodes if one[: len(path)] == path]:
            del self.nodes[inner]
        self.nodes[path] = Node(path, kind, content)
