"""A list of things to choose from beside what is chosen, and what brings a choice into view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import elements as st
from ..scripts import Script
from ..session.store import current_session
from ..stylesheet import stylesheet

STYLE = stylesheet(Path(__file__).with_name("rows.css"))


@contextmanager
def rows(key: str) -> Iterator[None]:
    """A list; `row` puts its lines into it."""
    st.html(STYLE)
    with st.container(key=f"rows-{key}", gap=None):
        yield


def row(label: str, key: str, chosen: bool, choose: Callable[..., None], *args: Any, icon: str | None = None) -> None:
    """A line of a list, which calls `choose` with `args`."""
    kind: Any = "primary" if chosen else "tertiary"
    st.button(label, key=key, on_click=choose, args=args, type=kind, icon=icon, width="stretch")


def list_and_card(name: str) -> tuple[Any, Any]:
    """Two columns: for a list, and for what is chosen of it, which a small screen has first."""
    with st.container(key=f"list-and-card-{name}"):
        first, second = st.columns([2, 5], gap="medium")
    return first, second


def bring_into_view(selector: str) -> None:
    """Scroll what a person has just chosen to where it can be seen; nothing moves if it begins in the upper half, nor in a
    scene of a lecture, whose words come first."""
    step = current_session().step
    if step and not current_session().lecture.scene:
        st.html(REVEAL.html({"selector": selector, "step": step}), unsafe_allow_javascript=True)


REVEAL = Script("""
function reveal({ selector, step }, delay) {
  const done = (window.lossvizRevealed ??= {});
  if (done[delay] === step) return;
  done[delay] = step;
  const shown = [...document.querySelectorAll(selector)].find((one) => one.offsetHeight > 0);
  const top = shown?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > innerHeight / 2) shown?.scrollIntoView({ block: "start" });
}
for (const delay of [0, 400]) setTimeout(() => reveal(message, delay), delay);
""")
"""The same step scrolls once, and once more when what it has brought is drawn; however often its script is run."""
