"""A phone in a room, as a light page of the app: for hosts that run the script and serve nothing beside it.

It is drawn without the frame, the chips and any figure, and looks every two seconds at what is on.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import streamlit
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from ...errors import InputError
from ...figures.theme import css
from ...lectures.ballot import STEPS, Axis
from ...lectures.lecture import Drag, Option, Poll
from ...lectures.rooms import ROOMS, NoRoomError, RoomError, Tally, TooManyError, View, plain
from ...lectures.rooms.words import again, answered, decimals, head, in_all, is_right, on_axis, own, standing, truth
from ...texts import say
from .. import elements as st
from ..components.markdown import literal
from ..server.room.place import WORD, below, inside
from ..stylesheet import stylesheet
from . import tally_bars

FOLDER = Path(__file__).parent

STYLE = stylesheet(FOLDER / "phone.css", css() + (FOLDER / "lecture.css").read_text(encoding="utf-8"))

LOOK = 2.0
"""Seconds between two looks at what is on."""

LARGEST = 1e15
"""A slider of Streamlit's goes no further."""

TOKEN, PROBLEM, TYPED = "phone-token", "phone-problem", "phone-code"


def draw() -> None:
    """The page, which the rest of a run does not touch."""
    st.html(STYLE)
    _look()


@st.fragment(run_every=LOOK)
def _look() -> None:
    """The room of the link, again and again, or the door where a code is typed."""
    code = plain(str(st.query_params.get(WORD, ""))[:40])
    if not code:
        _door(say("Join a room"))
        return
    st.caption(say("Room {code}", code=literal(code)))
    try:
        problem = _join(code) or streamlit.session_state.get(PROBLEM, "")
        view = ROOMS.view(code, _voter())
    except NoRoomError as error:
        _door(say("Join another room"), error.args[0])
        return
    _draw(code, view)
    if problem:
        st.warning(problem)


def _door(title: str, why: str = "") -> None:
    st.markdown(say("# {title}", title=title))
    if why:
        st.markdown(why)
    st.text_input(
        "Code of the room", key=TYPED, max_chars=12, help="Five letters and digits; they stand on the lecturer’s screen."
    )
    st.button("Join", on_click=_enter, type="primary", width="stretch")


def _enter() -> None:
    st.query_params[WORD] = plain(streamlit.session_state[TYPED])


def _join(code: str) -> str:
    """Be known to the room; why not, if it is too full."""
    try:
        ROOMS.join(code, str(st.context.ip_address or ""), _voter(), keep=True)
    except TooManyError as error:
        return str(error.args[0])
    return ""


def _voter() -> str:
    """The word by which rooms know this phone: its browser's, by a cookie of Streamlit's; without cookies this session's."""
    token, _ = decode_xsrf_token_string(str(st.context.cookies.get(XSRF_COOKIE_NAME, "")))
    return token.hex() if token else streamlit.session_state.setdefault(TOKEN, secrets.token_urlsafe(16))


def _draw(code: str, view: View) -> None:
    if view.ballot:
        st.caption(literal(head(view)))
        _question(code, view)
    else:
        st.markdown(say("# {title}", title=literal(head(view))))
    if text := standing(view):
        st.markdown(text)
    if text := answered(view):
        st.caption(text)
    if view.link:
        url = below(str(st.context.url or "http://localhost/"), inside(view))
        st.link_button("Open this scene on my phone", url, width="stretch")


def _question(code: str, view: View) -> None:
    if text := again(view):
        st.caption(text)
    st.markdown(say("# {title}", title=literal(view.question)))
    if view.revealed:
        _revealed(view)
    elif view.axis:
        _place(code, view, view.axis)
    else:
        _options(code, view)


def _options(code: str, view: View) -> None:
    with st.container(key="answers-to-choose-from"):
        for i, option in enumerate(view.options):
            chosen = view.own == i
            st.button(
                say("✓ {option}", option=literal(option)) if chosen else literal(option),
                key=f"option-{view.ballot}-{i}",
                on_click=_vote,
                args=(code, view.ballot, i),
                type="primary" if chosen else "secondary",
                width="stretch",
            )


def _place(code: str, view: View, axis: Axis) -> None:
    """A place on the axis, sent when somebody says so."""
    key = f"place-{view.ballot}"
    streamlit.session_state.setdefault(key, float(axis.value(STEPS // 2) if view.own is None else view.own))
    label = axis.label or say("Your answer")
    low, high = float(axis.low), float(axis.high)
    draw_place: Any = st.slider if max(-low, high) < LARGEST else st.number_input
    value = draw_place(label, low, high, step=(high - low) / STEPS, format=f"%.{decimals(axis)}f", key=key)
    is_sent = view.own is not None and on_axis(view.own, axis) == on_axis(value, axis)
    st.button(
        say("Send {value}", value=on_axis(value, axis)),
        key=f"send-{view.ballot}",
        on_click=_vote,
        args=(code, view.ballot, value),
        type="primary" if is_sent else "secondary",
        icon=":material/check:" if is_sent else None,
        width="stretch",
    )


def _vote(code: str, ballot: int, answer: float) -> None:
    try:
        ROOMS.vote(code, _voter(), ballot, answer)
        streamlit.session_state[PROBLEM] = ""
    except (RoomError, InputError) as error:
        streamlit.session_state[PROBLEM] = error.args[0]


def _revealed(view: View) -> None:
    """Who thought what, what is right, and why."""
    tally = Tally(None, view.round, True, 0, view.answers, view.outcomes)
    if view.axis and view.value is not None:
        st.html(tally_bars.html(Drag("", view.value, view.tolerance), tally, view.axis))
        st.markdown(truth(view))
        st.markdown(own(view))
    else:
        options = tuple(Option(text, i in view.right) for i, text in enumerate(view.options))
        st.html(tally_bars.html(Poll("", options), tally, None))
        if view.own is not None and not is_right(view, view.own):
            st.markdown(say("Your answer: {value}", value=literal(view.options[int(view.own)])))
    st.markdown(literal(view.why))
    st.caption(in_all(view))
