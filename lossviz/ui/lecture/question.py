"""A question of a scene on the page: answered before its answer is shown, and then with the reason."""

from __future__ import annotations

from typing import Any

import streamlit

from ...lectures import Drag, Option, Poll, Question
from ...texts import say
from .. import elements as st
from ..components.markdown import literal
from ..session.store import current_session
from .stage import OnStage, reveal

LOCKED = say("Controls are locked until you answer.")
LOCKED_FOR_ROOM = say("Controls are locked until the answer is shown.")


def draw(at: OnStage, question: Question) -> None:
    """The question; when it is open, what was answered, what is right, and why."""
    present = current_session().lecture
    with st.container(key="scene-question", gap="small"):
        st.markdown(say("**{question}**", question=literal(question.text)))
        answer = _poll(at, question) if isinstance(question, Poll) else _drag(at, question)
        if at.is_sealed:
            st.button("Show the answer", on_click=reveal, type="primary", key="reveal")
            if present.locked:
                st.caption(LOCKED_FOR_ROOM if present.room else LOCKED)
        else:
            st.markdown(answer)
            st.markdown(literal(question.why))


def _poll(at: OnStage, poll: Poll) -> str:
    """The answers to choose from, which a person may change until the reveal; what is said then of the one chosen."""
    chosen = st.radio(
        say("Answers"),
        range(len(poll.options)),
        index=_answer(at, range(len(poll.options))),
        format_func=lambda n: _label(poll.options[n], at.is_sealed),
        disabled=not at.is_sealed,
        key=_key(at, len(poll.options)),
        on_change=_note,
        args=(at, len(poll.options)),
        label_visibility="collapsed",
    )
    right = next(option for option in poll.options if option.right)
    if chosen is not None and poll.options[chosen].right:
        return say(":green[**Right.**]")
    if chosen is None:
        return say("Right: **{right}**", right=literal(right.text))
    return say(":orange[**Not quite.**] Right: **{right}**", right=literal(right.text))


def _key(at: OnStage, options: int) -> str:
    """A question that was given other answers to choose from is another one; `options`: how many, 0 for a number."""
    return f"answer-{at.name}-{at.number}-{options}"


def _answer(at: OnStage, options: range | None = None) -> Any:
    """What has been answered: Streamlit forgets it where the reveal opens another page. One's own lecture may have another
    question there by now."""
    answer = current_session().lecture.answers.get((at.name, at.number))
    return answer if options is None or answer in options else None


def _note(at: OnStage, options: int) -> None:
    current_session().lecture.answer(streamlit.session_state[_key(at, options)])


def _label(option: Option, sealed: bool) -> str:
    """An answer; when it is open, the right one with a mark."""
    if sealed or not option.right:
        return literal(option.text)
    return say("**{option}** ✓", option=literal(option.text))


def _drag(at: OnStage, drag: Drag) -> str:
    """A number to give, beside the line that is dragged along the figure's axis, and what is said of it then."""
    streamlit.session_state[_key(at, 0)] = _answer(at)
    guess = st.number_input(
        say("Your answer"),
        value=None,
        step=0.01,
        format="%g",
        disabled=not at.is_sealed,
        key=_key(at, 0),
        on_change=_note,
        args=(at, 0),
    )
    truth = say("**{value:g}** (± {tolerance:g} counts as right)", value=drag.value, tolerance=drag.tolerance)
    if guess is None:
        return say("Right: {truth}", truth=truth)
    if abs(guess - drag.value) <= drag.tolerance:
        return say(":green[**Right:**] {truth}", truth=truth)
    return say(":orange[**Not quite.**] Right: {truth}", truth=truth)
