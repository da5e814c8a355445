"""The question of a scene that is worked on: answers to choose from, or a number; why it is so, and what the reveal opens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ....lectures import Drag, Option, Poll, Question, Scene
from ....lectures.limits import FEWEST_OPTIONS, MOST_OPTIONS
from ....lectures.scene_faults import Faults
from ....texts import say
from ... import elements as st
from ...lecture.own import change
from ...session.store import current_session
from . import entries

KINDS: dict[str, type | None] = {"none": None, "choices": Poll, "number": Drag}
LABELS = {"none": say("None"), "choices": say("Choices"), "number": say("Number")}
LETTERS = "ABCDEFGH"


def draw(one: int, scene: Scene, faults: Faults) -> None:
    """Whether there is one, and what it is."""
    key, question = f"draft-{one}", scene.question
    kind = next(name for name, made in KINDS.items() if made is (type(question) if question else None))
    entries.choice(say("Question"), f"{key}-kind", kind, tuple(KINDS), lambda name: _ask(one, name), format_func=LABELS.get)
    if question is None:
        return
    with st.container(key="draft-question", gap="small", border=True):
        entries.text(say("What do you ask?"), f"{key}-question", question.text, _store(one, "text"), faults.get("question", ()))
        if isinstance(question, Poll):
            _options(one, question, faults)
        else:
            _value(one, question, faults)
        entries.lines(
            say("Why it is so"),
            f"{key}-why",
            question.why,
            _store(one, "why"),
            faults.get("why", ()),
            placeholder=say("Shown with the answer"),
            height=80,
        )


def _ask(one: int, kind: str) -> None:
    draft = current_session().lecture.draft
    if draft and draft.position(one) >= 0:
        text = question.text if (question := draft.scene(one).question) else ""
        change(draft.asking(one, KINDS[kind], _blank(kind, text)))


def _blank(kind: str, text: str) -> Question | None:
    if kind == "choices":
        return Poll(text, (Option("", right=True), *(Option(""),) * (FEWEST_OPTIONS - 1)))
    return Drag(text, math.nan, math.nan) if kind == "number" else None


def _store(one: int, part: str) -> Callable[[Any], None]:
    return lambda value: _rewrite(one, **{part: value})


def _rewrite(one: int, **parts: Any) -> None:
    draft = current_session().lecture.draft
    question = draft.scene(one).question if draft and draft.position(one) >= 0 else None
    if draft and question:
        changed: Any = replace(question, **parts)
        change(draft.rewritten(one, question=changed))


def _options(one: int, poll: Poll, faults: Faults) -> None:
    key, count = f"draft-{one}", len(poll.options)
    right = next((number for number, option in enumerate(poll.options) if option.right), None)
    entries.choice(
        say("Right answer"),
        f"{key}-right",
        right,
        range(count),
        lambda at: _set_right(one, at),
        format_func=lambda at: LETTERS[at],
    )
    for number, option in enumerate(poll.options):
        _option(one, number, option, count)
        entries.tell(faults.get(f"option {number}", ()))
    entries.tell(faults.get("options", ()))
    st.button(
        "Add an answer",
        on_click=_add_option,
        args=(one,),
        icon=":material/add:",
        disabled=count >= MOST_OPTIONS,
        key=f"{key}-more",
    )


def _option(one: int, number: int, option: Option, count: int) -> None:
    key, letter = f"draft-{one}-{number}", LETTERS[number]
    answer, misconception, remove = st.columns([5, 5, 1], gap="xsmall", vertical_alignment="bottom")
    with answer:
        entries.text(say("Answer {letter}", letter=letter), f"{key}-text", option.text, _store_option(one, number, "text"))
    with misconception:
        entries.text(
            say("Misconception behind {letter}", letter=letter),
            f"{key}-misconception",
            option.misconception,
            _store_option(one, number, "misconception"),
            disabled=option.right,
            placeholder=say("None: it is right") if option.right else None,
        )
    with remove:
        st.button(
            say("Remove answer {letter}", letter=letter),
            on_click=_remove_option,
            args=(one, number),
            key=f"{key}-remove",
            icon=":material/close:",
            type="tertiary",
            disabled=count <= FEWEST_OPTIONS,
        )


def _change_options(one: int, changed: Callable[[tuple[Option, ...]], tuple[Option, ...]]) -> None:
    draft = current_session().lecture.draft
    question = draft.scene(one).question if draft and draft.position(one) >= 0 else None
    if isinstance(question, Poll):
        _rewrite(one, options=changed(question.options))


def _store_option(one: int, number: int, part: str) -> Callable[[Any], None]:
    def store(text: str) -> None:
        _change_options(one, lambda every: (*every[:number], replace(every[number], **{part: text}), *every[number + 1 :]))  # type: ignore[arg-type]

    return store


def _set_right(one: int, right: int) -> None:
    _change_options(one, lambda every: tuple(replace(option, right=at == right) for at, option in enumerate(every)))


def _add_option(one: int) -> None:
    _change_options(one, lambda every: (*every, Option(""))[:MOST_OPTIONS])


def _remove_option(one: int, number: int) -> None:
    _change_options(one, lambda every: every[:number] + every[number + 1 :])


def _value(one: int, drag: Drag, faults: Faults) -> None:
    key = f"draft-{one}"
    value, tolerance = st.columns(2, gap="small")
    for part, label, column in (("value", say("Value"), value), ("tolerance", say("Right within ±"), tolerance)):
        present = getattr(drag, part)
        with column:
            entries.number(label, f"{key}-{part}", present if math.isfinite(present) else None, _store_number(one, part))
    entries.tell(faults.get("value", ()))
    entries.text(
        say("Misconceptions behind other numbers"),
        f"{key}-misconception",
        drag.misconception,
        _store(one, "misconception"),
        faults.get("misconception", ()),
    )


def _store_number(one: int, part: str) -> Callable[[Any], None]:
    return lambda number: _rewrite(one, **{part: math.nan if number is None else number})
