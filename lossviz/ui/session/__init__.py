"""What a person has chosen, and the address that says it.

A word that was not chosen has its default, which may depend on the others: it follows them, and stands in no link. So the
words that were chosen *are* the link, and what is on the screen is what the link opens.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import streamlit as st

from ...analysis.training import Experiment
from ...errors import InputError
from ...fields import Choice, Field, Number
from ...state.edits import apply_event
from ...state.events import AnswerQuestion, acts_of, is_drag, parse_event
from ...state.fields import FIELDS
from .keys import LAST_DRAWN
from .store import Session, current_session
from .widget_values import ABSENT


def show_chips(chips: tuple[str, ...]) -> None:
    """Say which chips the page shows. Where they are others than in the last run, the words of those that went are parked, and
    the words of those that are back are as they were."""
    present = current_session()
    if chips != present.chips and not present.moved:
        park(present)
    present.chips = chips


def park(present: Session) -> None:
    """Keep the words of what is drawn no longer, and take up again those of what is drawn once more."""
    present.parked |= present.chosen
    present.chosen = dict(present.parked)


def last_drawn() -> int:
    """The last run that the browser has drawn to its end, as far as Python has heard."""
    run = str(st.session_state.get(LAST_DRAWN, ""))
    return min(int(run), current_session().run) if run.isdecimal() else 0


def read_widgets() -> Session:
    """Take over what a person has done at widgets, and put right what the browser has not heard of; as often as one likes."""
    present, drawn = current_session(), last_drawn()
    present.widget_values.note_open([present.open_chip] if present.open_chip else [], drawn)
    for word, default in present.defaults.items():
        value, known = st.session_state.get(word, ABSENT), present.chosen.get(word, default)
        if value is ABSENT:
            continue
        if value == known:
            if word not in present.outdated:
                present.widget_values.confirm(word)
            continue
        if _legal(FIELDS[word], value) and present.widget_values.is_user_input(word, value, drawn):
            present.widget_values.record_input(word, value, drawn)
            present.chosen[word] = value
            present.set_aside.pop(word, None)
            present.user_set.add(word)
            present.step += 1
            present.link_problems = []
        else:
            present.outdated.add(word)
            st.session_state[word] = known
    return present


def _legal(known: Field, value: Any) -> bool:
    """Whether a widget's value is one: Streamlit has None for an option that is no longer on offer."""
    return value in known.options if isinstance(known, Choice) else value is not None or getattr(known, "optional", False)


def values() -> dict[str, Any]:
    """The values of the words: those that were chosen, and the defaults of those that are drawn."""
    present = current_session()
    defaults = {word: present.defaults[word] for word in present.drawn}
    return defaults | present.chosen


def drawn_values() -> dict[str, Any]:
    """The values of the words that this run has drawn: those of others are for other settings, or other pages."""
    every = values()
    return {word: every[word] for word in current_session().drawn}


def value(word: str) -> Any:
    """The value of a word; its field's default where it was not chosen."""
    return current_session().chosen.get(word, FIELDS[word].default)


def assign(words: Mapping[str, Any]) -> None:
    """Give words these values, as one step of Back; for callbacks, which come before the widgets are drawn."""
    choose(words)
    current_session().step += 1


def choose(words: Mapping[str, Any]) -> None:
    """Give words these values, as part of what a person does at a widget; for callbacks."""
    _write(read_widgets(), words)


def reset(*words: str) -> None:
    """Let words have their defaults again, but for those that a person has set at the same time."""
    present = current_session()
    for word in set(words) - present.user_set:
        present.chosen.pop(word, None)
        present.set_aside.pop(word, None)
        if word in present.defaults:
            _show(word, present.defaults[word])


def _write(present: Session, words: Mapping[str, Any]) -> None:
    for word, new in words.items():
        number = isinstance(FIELDS[word], Number) and new is not None
        present.chosen[word] = float(new) if number else new
        present.set_aside.pop(word, None)
        _show(word, present.chosen[word])


def _show(word: str, new: Any) -> None:
    """Let the widget of a word have this value. What Streamlit is told it tells the browser, though it shows that already."""
    if st.session_state.get(word, ABSENT) != new:
        st.session_state[word] = new


def on_change(word: str, then: Callable[[], None]) -> Callable[[], None]:
    """What a widget calls: `then`, if it was a person who has changed the word."""

    def changed() -> None:
        if word in read_widgets().user_set:
            then()

    return changed


def bind_widget(word: str, default: Any, options: tuple[str, ...] | None = None) -> tuple[Any, bool]:
    """A widget of this word is about to be drawn: the value it has, and whether the browser must be sent it."""
    present = current_session()
    if options is not None:
        _fall_back(present, word, options)
    chosen = present.chosen.get(word, default)
    if chosen == default:
        present.chosen.pop(word, None)
    present.defaults[word] = default
    present.drawn.add(word)
    present.widget_values.popovers.pop(word, None)
    if present.popover:
        present.widget_values.popovers[word] = present.popover
    known = st.session_state.get(word, ABSENT)
    if known == chosen and not present.moved and present.widget_values.is_up_to_date(word, chosen, last_drawn()):
        return chosen, False
    st.session_state[word] = chosen
    present.widget_values.record_update(word, chosen, present.run)
    return chosen, True


def _fall_back(present: Session, word: str, options: tuple[str, ...]) -> None:
    """A word that is not on offer is set aside, and has its place again when it is, unless a person has said another."""
    if word not in present.chosen and present.set_aside.get(word) in options:
        present.chosen[word] = present.set_aside.pop(word)
    elif word in present.chosen and present.chosen[word] not in options:
        present.set_aside[word] = present.chosen.pop(word)


def receive_event(message: Mapping[str, Any]) -> None:
    """Apply what a hand has done on a component, and what it did before in case that was lost on the way; each act once."""
    try:
        acts = acts_of(message)
    except InputError as error:
        current_session().link_problems = [str(error)]
        return
    for number, act in acts:
        if number is None or number > current_session().last_event:
            current_session().last_event = number or current_session().last_event
            _apply(act)


def receive_unheard(acts: Sequence[Mapping[str, Any]]) -> None:
    """Apply acts that may have been lost on the way, the latest last."""
    if acts:
        *earlier, last = acts
        receive_event({**last, "before": earlier})


def _apply(act: Mapping[str, Any]) -> None:
    present = read_widgets()
    try:
        event = parse_event(act)
        if isinstance(event, AnswerQuestion):
            present.lecture.answer(event.value)
            return
        changes = apply_event(values(), event)
    except (InputError, ValueError) as error:
        present.link_problems = [str(error)]
        return
    present.link_problems = []
    _write(present, changes)
    present.step += not is_drag(event)


def note_subject(title: str) -> str:
    """Remember what the page is about, for a scene that may be made of it; gives it back."""
    current_session().subject = title
    return title


def new_batch(key: Hashable) -> None:
    """Another batch takes the activation that fits it, and no row of the one before; but a link means what it says.

    `key` tells batches apart.
    """
    present = current_session()
    before, present.batch_key = present.batch_key, key
    if before not in (None, key) and not present.moved:
        reset("activation", "row", "part")


def next_revision() -> int:
    """The number of the data that a component is about to be sent: it tells old data from new by it."""
    current_session().revision += 1
    return current_session().revision


def navigate_to(path: str, words: Mapping[str, Any]) -> None:
    """Give words these values and open a page; for a button's `on_click`."""
    assign(words)
    current_session().pending_page = path


def request_training(experiments: tuple[Experiment, ...]) -> None:
    """Train them, whatever it takes; for a button's `on_click`."""
    current_session().training_request, current_session().stopped_jobs = experiments, []


def link() -> Callable[[], str]:
    """Gives the address of what is on show, when all of it is."""
    present = current_session()
    return lambda: present.link
