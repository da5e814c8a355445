"""The whole app, once a run: navigation, the shared controls, a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import streamlit

from ..figures.theme import css
from ..languages import of_browser
from ..lectures import shipped
from ..state import links
from ..texts import say
from . import elements as st
from .components.frame import mount_chips, mount_frame
from .components.markdown import literal
from .controls import batch as batch_controls
from .controls import sample as sample_controls
from .controls import training as training_controls
from .controls.field import control, popover
from .language import choose_language, shown
from .lecture import phone, trainings
from .lecture.addition import add_screen, draw_for_phone, note_screen
from .lecture.panel import scene_columns
from .lecture.stage import draw_next, on_stage, open_scene
from .pages import batch, curves, lecture, mistakes, names, one_sample, surfaces, training
from .server import cache
from .server.batch_cache import release_closed_sessions
from .server.room.place import PAGE, ROUTES
from .server.training_queue import training_queue, watcher
from .session import address, keys, show_chips
from .session.store import current_session
from .stylesheet import stylesheet

BIG = stylesheet(Path(__file__).with_name("big.css"))

STYLE = stylesheet(Path(__file__).with_name("app.css"), css())


TOUR = shipped.NAMES[0]
"""The lecture that a newcomer is offered."""


@dataclass(frozen=True, eq=False)
class AppPage:
    """A page: its path and title, what it is for, what draws it, what it is about, the chips that matter to it (or what says so
    where that depends on its view), the words with which it opens where nobody has said anything of it, what to do first."""

    path: str
    title: str
    purpose: str
    draw: Callable[..., None]
    about: Literal["sample", "batch", "training", "lecture"] = "sample"
    chips: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    opening: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""


PAGES = (
    AppPage(
        "one-sample",
        say("One sample"),
        say("One sample under one loss: logits, probabilities, loss and gradient, live."),
        one_sample.draw,
        chips=("loss", "parameters", "sample", "targets", "compare"),
        hint=say("One sample under one loss. Drag any dot."),
    ),
    AppPage(
        "curves",
        say("Curves"),
        say("Loss, gradient, multiplier and curvature along one logit; the p that minimizes each loss."),
        curves.draw,
        chips=("loss", "parameters", "sample", "targets", "compare"),
        opening={"pins": "paper"},
        hint=say("The loss against the probability. Drag the dot, or γ."),
    ),
    AppPage(
        "surfaces",
        say("Surfaces"),
        say("Loss and gradient over two logits, over p_t and γ, or over three probabilities; gradient descent."),
        surfaces.draw,
        chips=("loss", "parameters", "sample", "targets", "compare"),
        opening={"height": "norm", "drawn": "contour", "beside": "side-by-side"},
        hint=say("The loss over two logits. Drag the dot, or γ."),
    ),
    AppPage(
        "names",
        say("Names"),
        say("A map of loss names, your loss in other libraries, and statements about losses, checked."),
        names.draw,
        chips=names.chips,
        hint=say("One formula, many names. Click one."),
    ),
    AppPage(
        "mistakes",
        say("Mistakes"),
        say("Common bugs and what they do to the loss, numerical precision, and what a stuck loss value means."),
        mistakes.draw,
        chips=mistakes.chips,
        opening={"example": "own-example"},
        hint=say("A bug and its fix, side by side. Guess first."),
    ),
    AppPage(
        "batch",
        say("Batch"),
        say("Many samples, or your own file: which samples drive the loss?"),
        batch.draw,
        "batch",
        opening={"ask": "shares", "by": "gradient"},
        hint=say("Many samples under one loss. Drag γ."),
    ),
    AppPage(
        "training",
        say("Training"),
        say("Training with class imbalance or label noise: which loss helps, and how sure is that?"),
        training.draw,
        "training",
        opening={"look": "regions"},
        hint=say("One model, several losses. Drag the epoch."),
    ),
    AppPage(
        "lecture",
        say("Lecture"),
        say("Scenes with a question before the answer: take one alone, or present it to a room."),
        lecture.draw,
        "lecture",
    ),
)
"""In the order of the menu; the first is what the bare address opens."""


def draw() -> None:
    """The whole app, once a run. Controls that pages share are drawn around them, so that they last."""
    choose_language(address.begin() or of_browser(st.context.locale))
    # Streamlit wants what draws a page before it says which page is open: `content` is known once the controls are drawn.
    entries = {page: _entry(page, lambda: content()) for page in PAGES}
    on_phones = () if ROUTES.are_served else (_phone(),)
    entry = streamlit.navigation([*entries.values(), *on_phones], position="hidden")
    if entry in on_phones:
        entry.run()
        return
    st.html(STYLE)
    end = st.container(key="lossviz-end")
    device = cache.warm_up()
    page = next(page for page in PAGES if entries[page] is entry)
    wanted = address.page_wanted(entry.url_path)
    if wanted not in (page.path, entry.url_path):
        st.switch_page(next(other for one, other in entries.items() if wanted in (one.path, other.url_path)))
    address.read(entry.url_path, page.opening)
    _check_link(page)
    scene, unknown = on_stage()
    _page_line(entries, page, is_lecture=scene is not None)
    trainings.begin(scene)
    with scene_columns(scene):
        content, problems = _draw_controls(page, device)
        if page.about != "training":
            training_queue().withdraw(watcher())
        _show_problems((*unknown, *problems))
        entry.run()
    with end:
        address.write()
    note_screen(page.title)
    draw_next(scene)


def _entry(page: AppPage, draw_content: Callable[[], None]) -> Any:
    """A page as Streamlit's navigation has it."""
    return streamlit.Page(
        draw_content, title=shown(say("{title} · lossviz", title=page.title)), url_path=page.path, default=page is PAGES[0]
    )


def _phone() -> Any:
    """The page of a phone in a room, which no name in the line of pages leads to."""
    return streamlit.Page(phone.draw, title=shown(say("lossviz · room")), url_path=PAGE)


def _page_line(entries: Mapping[AppPage, Any], current: AppPage, is_lecture: bool) -> None:
    """The names of all pages, on a phone too, and what is the same on each of them."""
    row: dict[str, Any] = {"horizontal": True, "wrap": False, "vertical_alignment": "center"}
    with st.container(**row, gap="xsmall", key="pages"):
        links = "".join(_page_link(page, entry.url_path, page is current) for page, entry in entries.items())
        title = f'<h1 class="brand">lossviz</h1><h2 class="unseen">{shown(current.title)}</h2>'
        st.html(f'<nav class="page-links" aria-label="{shown(say("Pages"))}">{title}{links}</nav>')
        with st.container(**row, gap=None, key="page-tools", width="content"):
            with popover("Aa", "chip-reading", icon=":material/translate:", help=say("Language and size of text")):
                control("lang", default=of_browser(st.context.locale))
                big = control("big") == "1"
                if current.about != "lecture":
                    draw_for_phone()
            mount_frame(entries[current].url_path, None if current.about == "lecture" else add_screen)
            mount_chips()
    if big:
        st.html(BIG)
    if current.hint and not is_lecture and current_session().step == 0 and not current_session().last_event:
        _hint(current)


def _hint(page: AppPage) -> None:
    """What this is and what to do first; on the first page also the way into a lecture that one takes alone."""
    with st.container(key="hint", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(page.hint)
        if page is PAGES[0]:
            st.button("Take the tour", on_click=_take_tour, key=keys.TOUR, type="tertiary", icon=":material/play_circle:")


def _take_tour() -> None:
    """Begin it; a request that knows nothing yet of the button's end is no click on it."""
    if st.session_state.get(keys.TOUR):
        open_scene(TOUR, 1)


def _page_link(page: AppPage, path: str, is_open: bool) -> str:
    """A link as the browser knows them: the frame turns to its page without loading all anew."""
    current = ' aria-current="page"' if is_open else ""
    return f'<a href="./{path}" title="{shown(page.purpose)}"{current}>{shown(page.title)}</a>'


def _draw_controls(page: AppPage, device: str) -> tuple[Callable[[], None], tuple[str, ...]]:
    """Draw the controls of a page; what draws the page as they say, and what of them cannot be."""
    match page.about:
        case "training":
            query, problems = training_controls.draw()
            return partial(page.draw, query), problems
        case "batch":
            batch_query, problems = batch_controls.draw(device)
            return partial(page.draw, batch_query), problems
        case "lecture":
            return page.draw, ()
        case "sample":
            chips = page.chips() if callable(page.chips) else page.chips
            show_chips(chips)
            view, pins, problems = sample_controls.draw(device, chips)
            return partial(page.draw, view, pins), problems


def _check_link(page: AppPage) -> None:
    """Where the words of the address have just been read, find out what of them cannot be used, and is left out."""
    if current_session().link_problems is None:
        release_closed_sessions()
        current_session().link_problems = links.link_problems(st.query_params.to_dict(), page.about)


def _show_problems(problems: Iterable[str]) -> None:
    """Tell each once: with its field if that is in the chip that is open, otherwise below the chips."""
    present = current_session()
    every = dict.fromkeys((*(present.link_problems or ()), *problems))
    present.has_problems = bool(every)
    for problem in every:
        popover = present.widget_values.popovers.get(links.word_of(problem), "")
        with present.problem_places.get(popover) or nullcontext():
            st.warning(literal(problem))
