"""What a person has chosen, and the address that says it.

A word that was not chosen has its default, which may depend on the others: it follows them, and stands in no link. So the
words that were chosen *are* the link, and what is on the screen is what the link opens.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ...errors import InputError
from ...fields import Choice, Field, Number
from ...state.edits import commit
from ...state.fields import FIELDS
from .acts import Shown

LAST_DRAWN = "last-drawn"
"""The key of the hidden widget by which a browser says which run it has drawn last."""


@dataclass
class Session:
    """What Python remembers of a session from run to run."""

    chosen: dict[str, Any] = field(default_factory=dict)
    """The words that are not at their default."""
    parked: dict[str, Any] = field(default_factory=dict)
    """Such words of other pages, until one comes back to them."""
    defaults: dict[str, Any] = field(default_factory=dict)
    """The words whose widgets the browser has, with what each is by default."""
    drawn: set[str] = field(default_factory=set)
    """The words that this run has drawn."""
    acts: set[str] = field(default_factory=set)
    """The words that a person has set since the last run."""
    echoes: set[str] = field(default_factory=set)
    """The words of which the browser has sent an old value since."""
    shown: Shown = field(default_factory=Shown)
    run: int = 0
    page: str = ""
    moved: bool = False
    """Whether this run draws another page than the last one, or what Back or Forward ask for."""
    step: int = 0
    """How many steps a person has taken to which Back leads."""
    folded: bool = False
    """Whether what is drawn now is in a popover."""
    applied: int = 0
    """The number of the last act on a component that has been applied."""
    link: str = ""


def session() -> Session:
    """The present one."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    found: Session = st.session_state["session"]
    return found


def last_drawn() -> int:
    """The last run that the browser has drawn to its end, as far as Python has heard."""
    said = str(st.session_state.get(LAST_DRAWN, ""))
    return min(int(said), session().run) if said.isdecimal() else 0


def listen() -> Session:
    """Take over what a person has done at widgets, and put right what the browser has not heard of; as often as one likes."""
    present, drawn = session(), last_drawn()
    for word, default in present.defaults.items():
        value, known = st.session_state.get(word), present.chosen.get(word, default)
        if word not in st.session_state:
            continue
        if value == known:
            if word not in present.echoes:
                present.shown.heard(word)
            continue
        if _legal(FIELDS[word], value) and present.shown.is_act(word, value, drawn):
            present.shown.acted(word, value, drawn)
            present.chosen[word] = value
            present.acts.add(word)
            present.step += 1
        else:
            present.echoes.add(word)
            st.session_state[word] = known
    return present


def _legal(known: Field, value: Any) -> bool:
    """Whether a widget's value is one: Streamlit has None for an option that is no longer on offer."""
    return value in known.options if isinstance(known, Choice) else value is not None or getattr(known, "optional", False)


def values() -> dict[str, Any]:
    """The values of the words: those that were chosen, and the defaults of those that are drawn."""
    present = session()
    defaults = {word: present.defaults[word] for word in present.drawn}
    return defaults | present.chosen


def drawn_values() -> dict[str, Any]:
    """The values of the words that this run has drawn: those of others are for other settings, or other pages."""
    found = values()
    return {word: found[word] for word in session().drawn}


def value(word: str) -> Any:
    """The value of a word; its field's default where it was not chosen."""
    return session().chosen.get(word, FIELDS[word].default)


def assign(words: Mapping[str, Any]) -> None:
    """Give words these values, as one step of Back; for callbacks, which come before the widgets are drawn."""
    _write(listen(), words)
    session().step += 1


def forget(*words: str) -> None:
    """Let words have their defaults again, but for those that a person has set at the same time."""
    present = session()
    for word in set(words) - present.acts:
        present.chosen.pop(word, None)
        if word in present.defaults:
            _show(word, present.defaults[word])


def _write(present: Session, words: Mapping[str, Any]) -> None:
    for word, new in words.items():
        number = isinstance(FIELDS[word], Number) and new is not None
        present.chosen[word] = float(new) if number else new
        _show(word, present.chosen[word])


def _show(word: str, new: Any) -> None:
    """Let the widget of a word have this value. What Streamlit is told it tells the browser, though it shows that already."""
    if word not in st.session_state or st.session_state[word] != new:
        st.session_state[word] = new


def on_change(word: str, then: Callable[[], None]) -> Callable[[], None]:
    """What a widget calls: `then`, if it was a person who has changed the word."""

    def changed() -> None:
        if word in listen().acts:
            then()

    return changed


def draw(word: str, default: Any, options: tuple[str, ...] | None = None) -> tuple[Any, bool]:
    """A widget of this word is about to be drawn: the value it has, and whether the browser must be told."""
    present = session()
    chosen = present.chosen.get(word, default)
    if chosen == default or (options is not None and chosen not in options):
        present.chosen.pop(word, None)
        chosen = default
    present.defaults[word] = default
    present.drawn.add(word)
    (present.shown.folded.add if present.folded else present.shown.folded.discard)(word)
    known = word in st.session_state and st.session_state[word] == chosen
    if known and not present.moved and present.shown.certain(word, chosen, last_drawn()):
        return chosen, False
    st.session_state[word] = chosen
    present.shown.sent(word, chosen, present.run)
    return chosen, True


def committed(event: dict[str, Any]) -> None:
    """Apply what a hand has done on a component, and what it did before in case that was lost on the way; each act once."""
    for act in (*event.get("before", ()), event):
        number = act.get("act")
        if isinstance(number, int):
            if number <= session().applied:
                continue
            session().applied = number
        _apply({name: part for name, part in act.items() if name != "before"})


def _apply(event: dict[str, Any]) -> None:
    present = listen()
    try:
        changes = commit(values(), event)
    except (InputError, ValueError) as error:
        st.session_state["link_problems"] = [str(error)]
        return
    st.session_state["link_problems"] = []
    _write(present, changes)
    # No step of Back for what was dragged, or moved step by step with keys.
    present.step += event.get("action", "move") not in ("move", "place")


def new_batch(batch: Hashable) -> None:
    """Another batch takes the activation that fits it, and no row of the one before; but a link means what it says."""
    present = session()
    before = st.session_state.get("batch-before", batch)
    st.session_state["batch-before"] = batch
    if batch != before and not present.moved:
        forget("activation", "row")


def revision() -> int:
    """How many runs this session has had: a component tells old news from new by it."""
    st.session_state["revision"] = st.session_state.get("revision", 0) + 1
    return int(st.session_state["revision"])


def navigate_to(path: str, words: Mapping[str, Any]) -> None:
    """Give words these values and open a page; for a button's `on_click`."""
    assign(words)
    st.session_state["turned"] = path


def take_pending_navigation() -> str | None:
    """The page that has been asked for with `navigate_to`; once."""
    found: str | None = st.session_state.pop("turned", None)
    return found


def link() -> Callable[[], str]:
    """Gives the address of what is on show, when all of it is."""
    present = session()
    return lambda: present.link
