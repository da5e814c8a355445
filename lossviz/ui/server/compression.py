"""Compressed answers, also where Streamlit sends files as they are: its programs and styles, and the page that loads them.

It would compress those anew for every visitor. Here a file that stays the same is compressed once, when it is first asked for.
"""

from __future__ import annotations

import asyncio
import posixpath
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOM = 16_000_000
"""Compressed bytes that are kept; all of Streamlit's programs and styles take half of it."""

SMALLEST, LEVEL = 500, 6
"""Bytes that are worth it, and how hard to try: the highest level takes half as long again for 0.3 % less."""

KINDS = (".js", ".css")

CONDITIONS = (b"if-none-match", b"if-modified-since")


@dataclass
class _Answer:
    """An answer as a whole."""

    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    async def hear(self, message: Message) -> None:
        """Take what the app sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=message["headers"])
        self.body += message.get("body", b"")

    @property
    def stays(self) -> bool:
        """Whether it is the same for everybody, for ever."""
        return self.status == 200 and "immutable" in self.headers.get("cache-control", "") and "set-cookie" not in self.headers

    async def tell(self, request: Headers, send: Send) -> None:
        """Send it to a browser, or that it is what that has."""
        tag = self.headers.get("etag")
        known = self.status == 200 and tag is not None and tag in request.get("if-none-match", "")
        headers = [(name, text) for name, text in self.headers.raw if name != b"content-length"]
        if not known:
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": 304 if known else self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known else self.body})


class Compression:
    """Middleware: everything is compressed that is worth it, and what stays the same comes from memory after that."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressed = GZipMiddleware(app, SMALLEST, LEVEL)
        self._kept: dict[str, _Answer] = {}
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave alone what is asked for in parts, or by a browser that unpacks nothing."""
        request = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "gzip" not in request.get("accept-encoding", "") or "range" in request or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        path = posixpath.normpath(scope["path"])
        if not path.endswith(KINDS):
            await self.compressed(scope, receive, send)
            return
        answer = self._kept.get(path) or await self._first(path, scope, receive)
        await answer.tell(request, send)

    async def _first(self, path: str, scope: Scope, receive: Receive) -> _Answer:
        """Compress a file; who asks for it meanwhile waits."""
        async with self._one_at_a_time:
            if path not in self._kept:
                answer = _Answer()
                headers = [(name, text) for name, text in scope["headers"] if name not in CONDITIONS]
                await self.compressed(dict(scope, headers=headers), receive, answer.hear)
                if not answer.stays or len(answer.body) + sum(len(one.body) for one in self._kept.values()) > ROOM:
                    return answer
                self._kept[path] = answer
            return self._kept[path]
