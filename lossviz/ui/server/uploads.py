"""Files on their way in: within the budget of the process, one at a time for a visitor, and not for ever."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import get_instance

from .budget import budget, store, stored_files

PATH = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")

FILES_KEPT = 2
"""Files of a visitor that wait to be read; the dialog has one, and the one before may still be in use."""

SILENCE = 30.0
"""Seconds without a byte after which a file is not waited for any more."""

UNOPENED = 120.0
"""Seconds after which a file that no page has opened is dropped."""

HEAD = 65_536
"""Bytes in which the name of a file is looked for."""

DISCONNECT = {"type": "http.disconnect"}

_latest: dict[str, str] = {}
"""By session, the file that is arriving; an earlier one of the same session is not waited for any more."""

_unopened: dict[tuple[str, str], float] = {}
"""When files arrived that no page has opened yet, by session and file."""


class Uploads:
    """Middleware: a file comes in if there is room for it.

    If there is none, Streamlit is given an empty file in its place: then the page can say why, in a sentence. A status of
    413 would show as "Request failed".
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        where = PATH.search(scope.get("path", "")) if scope.get("method") == "PUT" else None
        if where is None or not get_instance().is_active_session(where[1]):
            await self.app(scope, receive, send)  # Streamlit refuses a stranger before it reads anything
            return
        size = Headers(scope=scope).get("content-length", "")
        if not size.isdecimal():
            await PlainTextResponse("A Content-Length header is required", 411)(scope, receive, send)
        elif int(size) > config.get_option("server.maxUploadSize") * 2**20:
            await self.app(scope, receive, send)  # Streamlit refuses it by its length
        elif budget.admit(where[2], int(size)):
            await self._take(scope, receive, send, *where.groups())
        else:
            await self.app(*await _emptied(scope, receive), send)

    async def _take(self, scope: Scope, receive: Receive, send: Send, session: str, file: str) -> None:
        _latest[session] = file

        async def receive_while_latest() -> Message:
            return await _received(receive) if _latest.get(session) == file else dict(DISCONNECT)

        try:
            await self.app(scope, receive_while_latest, send)
            _unopened[session, file] = time.monotonic()
            _keep_the_latest(session)
        finally:
            budget.arrived(file)
            if _latest.get(session) == file:
                del _latest[session]


def _keep_the_latest(session: str) -> None:
    for old in stored_files().get(session, [])[:-FILES_KEPT]:
        store().remove_file(session, old.file_id)


async def _received(receive: Receive) -> Message:
    """The next part of a file, if it comes in time."""
    try:
        return await asyncio.wait_for(receive(), SILENCE)
    except TimeoutError:
        return dict(DISCONNECT)


async def _emptied(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The same request with nothing in its file; what was sent is read and thrown away."""
    head, more = b"", True
    while more:
        message = await _received(receive)
        more = message.get("more_body", False)
        if len(head) < HEAD:
            head += message.get("body", b"")
    headers = head.partition(b"\r\n\r\n")[0]
    boundary = headers.partition(b"\r\n")[0]
    body = headers + b"\r\n\r\n\r\n" + boundary + b"--\r\n"
    changed = dict(scope, headers=list(scope["headers"]))
    MutableHeaders(scope=changed)["content-length"] = str(len(body))
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive_body() -> Message:
        return next(messages, dict(DISCONNECT))

    return changed, receive_body


def watch(manager: Any) -> None:
    """Note which files of Streamlit's store a page opens."""
    get_files = manager.get_files

    def get_files_and_note(session_id: str, file_ids: Sequence[str]) -> Any:
        for file in file_ids:
            _unopened.pop((session_id, file), None)
        return get_files(session_id, file_ids)

    manager.get_files = get_files_and_note


def drop_unopened(now: float) -> bool:
    """Drop the files that no page has opened for long; whether there were any."""
    late = [key for key, arrived in list(_unopened.items()) if now - arrived > UNOPENED]
    for session, file in late:
        store().remove_file(session, file)
        _unopened.pop((session, file), None)
    return bool(late)
