"""A visitor inside the process: asks for pages as a browser does, and hears what a browser would be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.session_manager import ClientContext, SessionClient

T = TypeVar("T")


class Visitor(SessionClient):
    """Remembers which pages there are, and what went wrong."""

    def __init__(self) -> None:
        self.finished = asyncio.Event()
        self.problems: list[str] = []
        self.pages: dict[str, str] = {}

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """What a browser would be sent."""
        match msg.WhichOneof("type"):
            case "navigation":
                self.pages = {page.page_script_hash: page.page_name for page in msg.navigation.app_pages}
            case "delta" if msg.delta.new_element.WhichOneof("type") == "exception":
                self.problems.append(msg.delta.new_element.exception.type)
            case "script_finished":
                self._end(msg)

    def _end(self, msg: ForwardMsg) -> None:
        if msg.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.problems.append("the script does not compile")
        if msg.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.finished.set()

    @property
    def client_context(self) -> ClientContext | None:
        """Nothing is known about this visitor."""
        return None


@contextmanager
def session_of(visitor: Visitor) -> Iterator[str]:
    """A session of a visitor's own, which ends with the block."""
    runtime = get_instance()
    session = runtime.connect_session(client=visitor, user_info={})
    try:
        yield session
    finally:
        runtime.close_session(session)


async def page_drawn(session: str, visitor: Visitor, patience: float, **request: str) -> None:
    """Ask for a page, and wait until it is drawn; TimeoutError after so many seconds.

    `request`: what a browser says of the page: its `page_name` or its `page_script_hash`, and the `query_string`.
    """
    visitor.finished.clear()
    message = BackMsg()
    for name, text in request.items():
        setattr(message.rerun_script, name, text)
    get_instance().handle_backmsg(session, message)
    await asyncio.wait_for(visitor.finished.wait(), patience)


def run_in_server(work: Coroutine[Any, Any, T]) -> Future[T]:
    """Have something done where the server does its own work; to be called from a script, which has a thread of its own."""
    return asyncio.run_coroutine_threadsafe(work, get_instance()._get_async_objs().eventloop)
