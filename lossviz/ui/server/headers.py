"""Headers that make a browser more careful with what this server sends."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .policy import policy


class SecurityHeaders:
    """Middleware: content is what it is declared to be, links tell other sites nothing, and a page runs what is known.

    What says nothing of how long it may be kept, such as the file of a download, is kept by nobody between.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(headers: MutableHeaders) -> None:
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cache-Control", "private, no-cache")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", policy())
