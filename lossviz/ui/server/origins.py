"""Which pages of the web may open a connection to this server.

Streamlit refuses a foreign page too, but only after it has asked an outside service for the address of this machine, while
everybody waits. So foreign pages are refused before Streamlit sees them, and for those that may come it need not ask.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "::1")
STANDARD_PORTS = {"http": 80, "https": 443}


class SameOrigin:
    """Middleware: a websocket from a foreign page is refused (403), at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            if not allowed(headers):
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
            scope = _as_same_origin(scope, headers)
        await self.app(scope, receive, send)


def allowed(headers: Headers) -> bool:
    """Whether a handshake comes from a page of this server, from one that the settings name, or from no page at all."""
    if not is_host_allowed(headers.get("host")):
        return False
    origin = headers.get("origin")
    if origin is None or not config.get_option("server.enableCORS"):
        return True
    place = _place(origin)
    if place is None:
        return False
    # A browser lets no page set X-Forwarded-Host in a handshake: it comes from the proxy.
    forwarded = headers.get("x-forwarded-host", "").split(",")[0].strip()
    scheme = urlsplit(origin).scheme
    return place in {_place(f"{scheme}://{host}") for host in (headers.get("host"), forwarded) if host} or place[0] in _named()


def _named() -> set[str]:
    """Names that may come from any port: this machine's, and what the settings name."""
    settings = list(config.get_option("server.corsAllowedOrigins"))
    if config.is_manually_set("browser.serverAddress"):
        settings.append(config.get_option("browser.serverAddress"))
    places = (_place(name if "//" in name else f"http://{name}") for name in settings)
    return {*LOCAL, *(place[0] for place in places if place)}


def _place(address: str) -> tuple[str, int | None] | None:
    """Name and port of an address; None if it has no name or is none."""
    try:
        parts = urlsplit(address)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (name.rstrip("."), port or STANDARD_PORTS.get(parts.scheme)) if name else None


def _as_same_origin(scope: Scope, headers: Headers) -> Scope:
    """The same handshake with the page's own host, which Streamlit then compares with nothing else."""
    origin = headers.get("origin")
    if origin is None or not config.get_option("server.enableCORS"):
        return scope
    changed = dict(scope, headers=list(scope["headers"]))
    MutableHeaders(scope=changed)["host"] = urlsplit(origin).netloc
    return changed
