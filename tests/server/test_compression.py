"""What travels compressed, what a browser may keep, and what must not be touched."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
import requests
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope
from streamlit import file_util

from lossviz.ui.server import compression
from lossviz.ui.server.compression import Compression

from ..awaiting import awaited
from .conftest import Server

STATIC = Path(file_util.get_static_dir())


def named(pattern: str) -> str:
    """The path of one of Streamlit's files."""
    return f"/{next(STATIC.glob(pattern)).relative_to(STATIC).as_posix()}"


def raw(server: Server, path: str, **headers: str) -> requests.Response:
    """An answer whose body is as it came."""
    request = {"Accept-Encoding": "gzip"} | {name.replace("_", "-"): text for name, text in headers.items()}
    answer = requests.get(server.address + path, headers=request, stream=True, timeout=60)
    answer._content = answer.raw.read(decode_content=False)
    return answer


@pytest.mark.parametrize("pattern", ["static/js/PlotlyChart.*.js", "static/css/index.*.css", "static/js/index.*.js"])
def test_a_file_that_stays_the_same_travels_compressed_and_is_kept(server: Server, pattern: str) -> None:
    path = named(pattern)
    for _ in range(2):  # as it is made, and from memory
        answer = raw(server, path)
        content = (STATIC / path[1:]).read_bytes()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(answer.content) < len(content) / 2
        assert gzip.decompress(answer.content) == content
        assert {"public", "immutable", "max-age=31536000"} == set(answer.headers["Cache-Control"].split(", "))
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_has_a_file_is_not_sent_it_again(server: Server) -> None:
    path = named("static/js/index.*.js")
    tag = raw(server, path).headers["ETag"]
    again = raw(server, path, If_None_Match=f'"other", W/{tag}')
    assert (again.status_code, again.content) == (304, b"")
    assert raw(server, path, If_None_Match='"other"').status_code == 200


def test_who_unpacks_nothing_gets_a_file_as_it_is(server: Server) -> None:
    path = named("static/js/index.*.js")
    for request in ({"Accept_Encoding": "identity"}, {"Range": "bytes=0-99"}):
        answer = raw(server, path, **request)
        assert "Content-Encoding" not in answer.headers
        assert (STATIC / path[1:]).read_bytes().startswith(answer.content)
        assert len(answer.content) == (100 if "Range" in request else (STATIC / path[1:]).stat().st_size)


def test_what_is_compressed_already_is_left_alone(server: Server) -> None:
    for path in (named("static/media/*.woff2"), "/favicon.png"):
        answer = raw(server, path)
        assert "Content-Encoding" not in answer.headers
        assert answer.content == (STATIC / path[1:]).read_bytes()


@pytest.mark.parametrize("path", ["/", "/curves", "/static/js/nothing.js"])
def test_the_page_itself_is_asked_for_each_time(server: Server, path: str) -> None:
    """A new version of the app is seen at once; where there is no file, Streamlit sends its page."""
    answer = raw(server, path)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b'<div id="root">' in gzip.decompress(answer.content)


def test_a_room_is_kept_by_nobody(server: Server) -> None:
    assert raw(server, "/r/ABCDE").headers["Cache-Control"] == "no-store"
    assert "no-store" in requests.post(f"{server.address}/r/ABCDE/join", json={}, timeout=60).headers["Cache-Control"]


class CountingApp:
    """An app under the middleware, which counts how often it is asked."""

    def __init__(self, body: bytes, media_type: str, headers: dict[str, str]) -> None:
        self.body, self.media_type, self.headers = body, media_type, headers
        self.count, self.app = 0, Compression(self._counted)

    async def _counted(self, scope: Scope, receive: object, send: object) -> None:
        self.count += 1
        await asyncio.sleep(0.01)
        answer = Response(self.body, media_type=self.media_type, headers=self.headers)
        await answer(scope, receive, send)  # type: ignore[arg-type]

    async def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body."""
        return await answer_of(self.app, path, headers)


async def answer_of(app: ASGIApp, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        messages.append(message)

    raw_headers = [(name.encode(), text.encode()) for name, text in {"accept-encoding": "gzip", **headers}.items()]
    await app({"type": "http", "method": "GET", "path": path, "headers": raw_headers}, receive, send)
    return messages[0]["status"], b"".join(message.get("body", b"") for message in messages[1:])


STAYS = {"Cache-Control": "public, immutable", "ETag": '"1"'}


def test_a_crowd_has_a_file_compressed_once() -> None:
    app = CountingApp(b"x" * 5000, "text/javascript", STAYS)

    async def crowd() -> list[tuple[int, bytes]]:
        return await asyncio.gather(*(app.get(path) for path in ["/static/a.js", "/static/./a.js"] * 10))

    answers = awaited(crowd())
    assert {(status, gzip.decompress(body)) for status, body in answers} == {(200, b"x" * 5000)}
    assert app.count == 1


@pytest.mark.parametrize("headers", [{"Cache-Control": "no-cache"}, {}, {**STAYS, "Set-Cookie": "who=you"}])
def test_what_may_change_or_is_for_one_alone_is_not_kept(headers: dict[str, str]) -> None:
    app = CountingApp(b"x" * 5000, "text/javascript", headers)
    for _ in range(2):
        assert gzip.decompress(awaited(app.get("/a.js"))[1]) == b"x" * 5000
    assert app.count == 2


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "ROOM", 100)
    app = CountingApp(b"x" * 5000, "text/javascript", STAYS)
    for path in ("/a.js", "/b.js", "/c.js", "/c.js", "/a.js"):
        assert gzip.decompress(awaited(app.get(path))[1]) == b"x" * 5000
    assert 3 <= app.count < 5, "the first files are kept, and then no more"


def test_websockets_and_streams_of_events_are_left_alone() -> None:

    async def stream(scope: Scope, _receive: object, _send: object) -> None:
        assert scope["type"] == "websocket"
        heard.append(scope)

    heard: list[Scope] = []
    awaited(Compression(stream)({"type": "websocket", "path": "/_stcore/stream", "headers": []}, None, None))  # type: ignore[arg-type]
    assert heard
    app = CountingApp(b"data: 1\n\n" * 500, "text/event-stream", {})
    assert awaited(app.get("/events"))[1] == b"data: 1\n\n" * 500
