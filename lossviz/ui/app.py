"""The whole app, once a run: navigation, the shared controls, a page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

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

STYLE = css() + Path(__file__).with_name("app.css").read_text(encoding="utf-8")

SAMPLE_PAGES: dict[str, Any] = {
    "one-sample": (
        one_sample.draw,
        "One sample",
        ":material/target:",
        "One sample under one loss: logits, probabilities, loss and gradient, live.",
    ),
    "curves": (
        curves.draw,
        "Curves",
        ":material/show_chart:",
        "Loss, gradient, multiplier and curvature along one logit; the p that minimises each loss.",
    ),
    "surfaces": (
        surfaces.draw,
        "Surfaces",
        ":material/landscape:",
        "Loss and gradient over two logits, over p_t and γ, over three probabilities; and the way down.",
    ),
    "names": (
        names.draw,
        "Names",
        ":material/label:",
        "A map of all names, what other libraries call and return, and the statements that tie the names together.",
    ),
    "mistakes": (
        mistakes.draw,
        "Mistakes",
        ":material/bug_report:",
        "What common mistakes do to loss and gradient, which digits a formula keeps, and what a stuck value points to.",
    ),
}
"""Pages about one sample, by their path: what draws them, title, icon and what they are for."""

BATCH_PAGE = (
    batch.draw,
    "Batch",
    ":material/stacked_bar_chart:",
    "Many samples, yours among them: which of them does the loss listen to?",
)

TRAINING_PAGE = (
    training.draw,
    "Training",
    ":material/model_training:",
    "Imbalance and label noise: what training makes of a loss, and how sure one can be of it.",
)


def draw() -> None:
    """The whole app, once a run. Controls that pages share are drawn around them, so that they last."""
    st.html(f"<style>{STYLE}</style>")
    end = st.container(key="lossviz-end")
    default = cache.warm_up()
    shown: list[Any] = []
    others: dict[str, Any] = {"batch": BATCH_PAGE, "training": TRAINING_PAGE}
    pages = {path: _page(path, page, shown) for path, page in {**SAMPLE_PAGES, **others}.items()}
    here = st.navigation(list(pages.values()), position="top")
    if (path := take_pending_navigation()) is not None and here is not pages[path]:
        st.switch_page(pages[path])
    address.read(here.url_path)
    about = next((path for path in others if here is pages[path]), "sample")
    _first_run(about)
    match about:
        case "training":
            experiment, problems = training_controls.draw()
            shown += [experiment]
        case "batch":
            asked, problems = batch_controls.draw(default)
            shown += [asked]
        case _:
            view, pins, problems = sample_controls.draw(default)
            shown += [view, pins]
    if about != "training":
        training_queue().withdraw(watcher())
    _problems(problems)
    here.run()
    with end:
        address.write()


def _page(path: str, page: Any, shown: list[Any]) -> Any:
    draw_it, title, icon, purpose = page
    return st.Page(lambda: draw_it(*shown), title=title, url_path=path, default=path == "one-sample", icon=icon, help=purpose)


def _first_run(about: str) -> None:
    """What cannot be used of a link is left out: find out once, and say which."""
    if "link_problems" not in st.session_state:
        release_closed_sessions()
        link = {name: st.query_params[name] for name in st.query_params}
        st.session_state["link_problems"] = links.link_problems(link, about)


def _problems(problems: Iterable[str]) -> None:
    for problem in dict.fromkeys((*st.session_state["link_problems"], *problems)):
        st.warning(literal(problem))
