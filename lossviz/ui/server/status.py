"""What the server says about itself: health that is true, and no figures for strangers."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ...numbers import counted

HEALTH, METRICS = "/_stcore/health", "/_stcore/metrics"


class Status:
    """Middleware: the health check fails where pages do, and Streamlit's figures (sessions, bytes of uploads) stay inside."""

    failures: Sequence[str] = ()
    """What went wrong when the pages were first drawn."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        path = scope.get("path", "").rstrip("/")
        if path.endswith(METRICS):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        elif path.endswith(HEALTH) and Status.failures:
            text = f"{counted(len(Status.failures), 'page')} failed; see the server log"
            await PlainTextResponse(text, 503, {"Cache-Control": "no-cache"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)
