"""What the server lets in, and what it says to strangers."""

from __future__ import annotations

import asyncio
import re
import time
from base64 import b64encode
from hashlib import sha256

import pytest
import websockets
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from streamlit import config, net_util
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

from lossviz.ui.server.headers import SecurityHeaders
from lossviz.ui.server.origins import SameOrigin

from ..awaiting import awaited
from .client import Tab
from .conftest import Server

FOREIGN = (
    "https://evil.example",
    "http://localhost.evil.example",
    "null",
    "http://[",
    "https://",
    "file://",
    "http://10.0.0.1",
)


def test_foreign_pages_are_refused_at_once_and_nobody_waits_for_it(server: Server) -> None:
    """Streamlit alone asks an outside service for its own address first, while everybody waits."""
    seconds = awaited(_refused(server, FOREIGN * 3))
    assert max(seconds) < 10
    assert "Rejecting WebSocket" not in server.log, "Streamlit has seen them"
    assert "external IP" not in server.log, "and has asked for its own address"


async def _refused(server: Server, origins: tuple[str, ...]) -> list[float]:
    start = time.perf_counter()
    handshakes = [asyncio.create_task(_refusal(server.port, origin)) for origin in origins]
    assert await asyncio.to_thread(server.status, "/_stcore/health") == 200
    healthy = time.perf_counter() - start
    assert await asyncio.gather(*handshakes) == [403] * len(origins)
    return [healthy, time.perf_counter() - start]


async def _refusal(port: int, origin: str) -> int:
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await Tab.open(port, origin=origin)
    return refusal.value.response.status_code


@pytest.mark.parametrize("forwarded", [None, "lossviz.example"])
def test_a_visitor_of_this_server_comes_in(server: Server, forwarded: str | None) -> None:
    """Directly, and through a proxy that has its own idea of the host."""
    origin = f"https://{forwarded}" if forwarded else server.address
    headers = {"X-Forwarded-Host": forwarded} if forwarded else {}

    async def visit() -> Tab:
        tab = await Tab.open(server.port, origin=origin, additional_headers=headers)
        await tab.close()
        return tab

    assert awaited(visit()).session


SAME = [
    ("https://a.example", {"host": "a.example"}),
    ("https://A.example", {"host": "a.example:443"}),
    ("http://a.example:8501", {"host": "a.example:8501"}),
    ("https://a.example", {"host": "10.1.2.3:8501", "x-forwarded-host": "a.example, proxy.example"}),
    ("http://localhost:8501", {"host": "127.0.0.1:8501"}),
    ("http://[::1]:8501", {"host": "[::1]:8501"}),
    ("https://course.example", {"host": "a.example"}),
]
OTHER = [
    ("https://a.example:8443", {"host": "a.example"}),
    ("https://b.a.example", {"host": "a.example"}),
    ("https://a.example.evil.example", {"host": "a.example"}),
    ("https://a.example@evil.example", {"host": "a.example"}),
    ("https://evil.example", {"host": "a.example", "x-forwarded-host": "a.example"}),
    ("", {"host": "a.example"}),
]


@pytest.fixture
def asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A course that is named in the settings, and no outside service."""
    monkeypatch.setattr(net_util, "get_external_ip", lambda: pytest.fail("an outside service is asked"))
    monkeypatch.setattr(net_util, "get_internal_ip", lambda: pytest.fail("nor does it look for addresses of its own"))
    known = {"server.corsAllowedOrigins": ["https://course.example"], "server.enableCORS": True, "server.allowedHosts": []}
    monkeypatch.setattr(config, "get_option", known.__getitem__)
    monkeypatch.setattr(config, "is_manually_set", lambda _: False)


def streamlit_lets_in(origin: str, headers: dict[str, str]) -> bool:
    """What Streamlit's own check says to what comes through ours; False where nothing does."""
    answers: list[bool] = []

    async def streamlit(scope: Scope, _: Receive, __: Send) -> None:
        passed = Headers(scope=scope)
        answers.append(_is_origin_allowed(passed["origin"], passed["host"]))

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        answers.append(message["type"] != "websocket.close")

    raw = [(name.encode(), text.encode()) for name, text in {"origin": origin, **headers}.items()]
    awaited(SameOrigin(streamlit)({"type": "websocket", "headers": raw}, receive, send))
    (answer,) = answers
    return answer


@pytest.mark.usefixtures("asks_nobody")
@pytest.mark.parametrize(("origin", "headers"), SAME)
def test_streamlit_lets_in_whom_we_let_in_and_asks_nobody(origin: str, headers: dict[str, str]) -> None:
    assert streamlit_lets_in(origin, headers)


@pytest.mark.usefixtures("asks_nobody")
@pytest.mark.parametrize(("origin", "headers"), OTHER)
def test_a_foreign_origin_never_reaches_streamlit(origin: str, headers: dict[str, str]) -> None:
    assert not streamlit_lets_in(origin, headers)


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "//_stcore/metrics", "/_stcore/metrics?families=x"])
def test_figures_of_the_server_are_not_public(server: Server, path: str) -> None:
    answer = server.answer(path)
    assert "memory" not in answer.text and "session" not in answer.text
    assert "# EOF" not in answer.text


@pytest.mark.parametrize("path", ["/", "/batch", "/_stcore/health", "/nothing.js"])
def test_every_answer_has_careful_headers(server: Server, path: str) -> None:
    headers = server.answer(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    is_page = headers["Content-Type"].startswith("text/html")
    assert is_page == ("Content-Security-Policy" in headers) == (path != "/_stcore/health")


def test_a_page_runs_what_is_known_and_loads_nothing_from_elsewhere(server: Server) -> None:
    """That every page works under it, tests of the browser see."""
    answer = server.answer("/curves")
    rules = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["connect-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == "'none'"
    programs = rules["script-src"].split()
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "http:", "*"} & set(programs)
    inline = [digest(text) for text in re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)]
    assert inline and set(inline) < set(programs), "Streamlit’s own, and ours"
    assert "frame-ancestors" not in rules, "Community Cloud shows the app in a frame, and so do pages of courses"


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_who_may_show_the_app_in_a_frame_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSVIZ_FRAME_ANCESTORS", "'self' https://course.example")
    policy = sent_headers("text/html; charset=utf-8")["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors 'self' https://course.example")
    assert "Content-Security-Policy" not in sent_headers("text/plain")


def sent_headers(media_type: str) -> Headers:
    """The headers of an answer of that type."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    awaited(SecurityHeaders(Response("content", media_type=media_type))(scope, receive, send))
    return Headers(raw=messages[0]["headers"])
