"""A visit to every page before the first visitor: what is slow the first time is over, and what fails is known."""

from __future__ import annotations

import asyncio

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, get_instance
from streamlit.runtime.session_manager import ClientContext, SessionClient

from . import failures

PATIENCE = 120.0
"""Seconds that one page may take."""


async def visit_every_page() -> list[str]:
    """Draw each page once; returns what went wrong, a line for each page."""
    runtime, visitor = get_instance(), Visitor()
    session = runtime.connect_session(client=visitor, user_info={})
    try:
        problems = [await _open(runtime, session, visitor, "")]
        for page in list(visitor.pages):
            problems.append(await _open(runtime, session, visitor, page))
    finally:
        runtime.close_session(session)
    return [problem for problem in problems if problem]


async def _open(runtime: Runtime, session: str, visitor: Visitor, page: str) -> str:
    """Draw a page; returns what went wrong."""
    visitor.finished.clear()
    visitor.problems.clear()
    failures.recent.clear()
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    runtime.handle_backmsg(session, message)
    name = visitor.pages.get(page, "the first page")
    try:
        await asyncio.wait_for(visitor.finished.wait(), PATIENCE)
    except TimeoutError:
        return f"{name}: not drawn after {PATIENCE:g} seconds"
    problems = (*visitor.problems, *failures.recent)
    return f"{name}: {', '.join(problems)}" if problems else ""


class Visitor(SessionClient):
    """A visitor inside the process: remembers which pages there are, and what went wrong."""

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
