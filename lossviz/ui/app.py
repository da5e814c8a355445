"""The whole app, once a run: navigation, the shared controls, a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import streamlit as st

from ..figures.theme import css
from ..state import links
from .components.markdown import literal
from .controls import batch as batch_controls
from .controls import sample as sample_controls
from .controls import training as training_controls
from .pages import batch, curves, mistakes, names, one_sample, surfaces, training
from .server import cache
from .server.batch_cache import release_closed_sessions
from .server.training_queue import training_queue, watcher
from .session import address, take_pending_navigation
from .session.store import current_session

STYLE = css() + Path(__file__).with_name("app.css").read_text(encoding="utf-8")


class AppPage(NamedTuple):
    """A page: its path and title, what it is for, what draws it, and what it is about, which says which controls it has."""

    path: str
    title: str
    icon: str
    purpose: str
    draw: Callable[..., None]
    about: Literal["sample", "batch", "training"] = "sample"


PAGES = (
    AppPage(
        "one-sample",
        "One sample",
        "target",
        "One sample under one loss: logits, probabilities, loss and gradient, live.",
        one_sample.draw,
    ),
    AppPage(
        "curves",
        "Curves",
        "show_chart",
        "Loss, gradient, multiplier and curvature along one logit; the p that minimises each loss.",
        curves.draw,
    ),
    AppPage(
        "surfaces",
        "Surfaces",
        "landscape",
        "Loss and gradient over two logits, over p_t and γ, over three probabilities; and the way down.",
        surfaces.draw,
    ),
    AppPage(
        "names",
        "Names",
        "label",
        "A map of all names, what other libraries call and return, and the statements that tie the names together.",
        names.draw,
    ),
    AppPage(
        "mistakes",
        "Mistakes",
        "bug_report",
        "What common mistakes do to loss and gradient, which digits a formula keeps, and what a stuck value points to.",
        mistakes.draw,
    ),
    AppPage(
        "batch",
        "Batch",
        "stacked_bar_chart",
        "Many samples, yours among them: which of them does the loss listen to?",
        batch.draw,
        "batch",
    ),
    AppPage(
        "training",
        "Training",
        "model_training",
        "Imbalance and label noise: what training makes of a loss, and how sure one can be of it.",
        training.draw,
        "training",
    ),
)
"""In the order of the menu; the first is what the bare address opens."""


def draw() -> None:
    """The whole app, once a run. Controls that pages share are drawn around them, so that they last."""
    st.html(f"<style>{STYLE}</style>")
    end = st.container(key="lossviz-end")
    device = cache.warm_up()
    # Streamlit wants what draws a page before it says which page is open: `content` is known once the controls are drawn.
    entries = {page: _entry(page, lambda: content()) for page in PAGES}
    entry = st.navigation(list(entries.values()), position="top")
    page = next(page for page in PAGES if entries[page] is entry)
    if (path := take_pending_navigation()) not in (None, page.path):
        st.switch_page(next(entries[other] for other in PAGES if other.path == path))
    address.read(entry.url_path)
    _check_link(page)
    content, problems = _draw_controls(page, device)
    if page.about != "training":
        training_queue().withdraw(watcher())
    _show_problems(problems)
    entry.run()
    with end:
        address.write()


def _entry(page: AppPage, draw_content: Callable[[], None]) -> Any:
    """A page as Streamlit's navigation has it."""
    icon, first = f":material/{page.icon}:", page is PAGES[0]
    return st.Page(draw_content, title=page.title, url_path=page.path, default=first, icon=icon, help=page.purpose)


def _draw_controls(page: AppPage, device: str) -> tuple[Callable[[], None], tuple[str, ...]]:
    """Draw the controls of a page; what draws the page as they say, and what of them cannot be."""
    match page.about:
        case "training":
            query, problems = training_controls.draw()
            return partial(page.draw, query), problems
        case "batch":
            batch_query, problems = batch_controls.draw(device)
            return partial(page.draw, batch_query), problems
        case "sample":
            view, pins, problems = sample_controls.draw(device)
            return partial(page.draw, view, pins), problems


def _check_link(page: AppPage) -> None:
    """On the first run, find out what cannot be used of the link, and is left out."""
    if current_session().link_problems is None:
        release_closed_sessions()
        current_session().link_problems = links.link_problems(st.query_params.to_dict(), page.about)


def _show_problems(problems: Iterable[str]) -> None:
    for problem in dict.fromkeys((*(current_session().link_problems or ()), *problems)):
        st.warning(literal(problem))
