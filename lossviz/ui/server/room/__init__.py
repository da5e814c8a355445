"""The page of a phone in a room, and what it asks the server: plain routes beside the app, no session and no websocket."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import config

from ....errors import InputError
from ....languages import localized, lookup
from ....lectures.rooms import (
    ROOMS,
    NoRoomError,
    NotAllowedError,
    TooLateError,
    TooManyError,
    plain,
)
from ....lectures.rooms.limits import LONGEST
from ....lectures.rooms.words import sentences
from ....texts import say
from ..origins import allowed
from .client import address_of, language_of
from .page import page, policy
from .place import PATH, inside

COOKIE = "room"

LARGEST, PATIENCE = 500, 10.0
"""Bytes that a phone may send at once, and seconds that it may take for them."""

STATUS: dict[type[Exception], int] = {
    NoRoomError: 404,
    NotAllowedError: 403,
    TooManyError: 429,
    TooLateError: 409,
    InputError: 422,
}

Answer = Callable[[Request], Awaitable[Response]]


def routes() -> list[Route]:
    """For `st.App`, which puts its own routes below `server.baseUrlPath`, and others where they say."""
    base = config.get_option("server.baseUrlPath").strip("/")
    top = f"{base and f'/{base}'}/{PATH}"
    return [
        Route(top, _door),
        Route(f"{top}/", _door),
        Route(f"{top}/{{code}}", _page),
        Route(f"{top}/{{code}}/now", _in_words(_now)),
        Route(f"{top}/{{code}}/join", _in_words(_join), methods=["POST"]),
        Route(f"{top}/{{code}}/vote", _in_words(_vote), methods=["POST"]),
        Route(f"{top}/{{rest:path}}", _nothing),  # what Streamlit would take for a page of the app
    ]


async def _door(request: Request) -> Response:
    """The page where a code is typed, and the way from there into the room."""
    inside = request.url.path.endswith("/")
    if code := plain(request.query_params.get("code", "")[:40]):
        return RedirectResponse(f"{'' if inside else f'{PATH}/'}{quote(code, safe='')}", 303)
    return _html(request, "" if inside else PATH, 200, is_door=True)


async def _page(request: Request) -> Response:
    """The page of a room, at the code as it is kept; of a room that is gone as well: what the page asks next says so."""
    code = request.path_params["code"]
    if plain(code) != code:
        return RedirectResponse(quote(plain(code), safe="") or "../" + PATH, 308)
    try:
        ROOMS.view(code)
    except NoRoomError:
        return _html(request, f"../{PATH}", 404)
    return _html(request, f"../{PATH}", 200)


async def _nothing(_request: Request) -> Response:
    return PlainTextResponse("Not Found", 404)


def _html(request: Request, door: str, status: int, is_door: bool = False) -> Response:
    text = page(language_of(request), door, is_door)
    headers = {"Content-Security-Policy": policy(text), "Cache-Control": "no-store", "Vary": "Accept-Language"}
    return HTMLResponse(text, status, headers)


def _in_words(answer: Answer) -> Answer:
    """The same, but what a room does not do is told in the phone's language."""

    async def answer_or_tell(request: Request) -> Response:
        try:
            if request.method == "POST" and not allowed(request.headers):
                raise NotAllowedError(say("This request comes from another site."))
            return await answer(request)
        except tuple(STATUS) as error:
            return _refusal(request, error, next(status for kind, status in STATUS.items() if isinstance(error, kind)))
        except _BadRequestError as error:
            return _refusal(request, error, error.status)

    return answer_or_tell


def _refusal(request: Request, error: Exception, status: int) -> Response:
    words = localized(error.args[0], lookup(language_of(request)))
    return JSONResponse({"error": words}, status, {"Cache-Control": "no-store"})


async def _now(request: Request) -> Response:
    return _state(request)


async def _join(request: Request) -> Response:
    """Know the phone from now on, by a cookie that scripts cannot read.

    It names no path, so that a browser sends it to this room alone, wherever a proxy has put the app.
    """
    await _sent(request)
    voter = ROOMS.join(request.path_params["code"], address_of(request), request.cookies.get(COOKIE))
    response = JSONResponse({}, headers={"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, voter, int(LONGEST), path=None, secure=secure, httponly=True, samesite="strict")
    return response


async def _vote(request: Request) -> Response:
    """Take an answer; what is told is how things stand with it."""
    sent = await _sent(request)
    ballot = sent.get("ballot")
    if isinstance(ballot, bool) or not isinstance(ballot, int):
        raise _BadRequestError(400)
    ROOMS.vote(request.path_params["code"], request.cookies.get(COOKIE), ballot, sent.get("answer"))
    return _state(request)


def _state(request: Request) -> Response:
    view = ROOMS.view(request.path_params["code"], request.cookies.get(COOKIE))
    in_words = lookup(language_of(request))
    words = {name: localized(text, in_words) for name, text in sentences(view).items()}
    state = asdict(view) | {"link": f"../{inside(view)}" if view.link else "", "words": words}
    body = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{hashlib.blake2b(body, digest_size=9).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Language"}
    if request.method == "GET" and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


async def _sent(request: Request) -> dict[str, Any]:
    """The object of a request; one that is large is not read to its end."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise _BadRequestError(415)
    try:
        sent = json.loads(await asyncio.wait_for(_body(request), PATIENCE))
    except (ValueError, TimeoutError, ClientDisconnect):
        raise _BadRequestError(400) from None
    if not isinstance(sent, dict):
        raise _BadRequestError(400)
    return sent


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise _BadRequestError(413)
    return body


class _BadRequestError(Exception):
    """What no phone of ours sends."""

    def __init__(self, status: int) -> None:
        super().__init__(say("The server did not understand this phone. Reload the page."))
        self.status = status
