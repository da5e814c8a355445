"""The scene of one's own lecture that is worked on: its words, its link, which controls stay, and its question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ....lectures import Draft, Scene, place, scene_faults
from ....lectures.limits import LINK, TITLE
from ....state.fields import FIELDS, WORDS_OF_PAGES
from ....texts import say
from ... import elements as st
from ...controls.field import field_label
from ...lecture.addition import link_of, within
from ...lecture.own import change
from ...lecture.stage import OWN, open_scene
from ...session.store import current_session
from . import entries, question_editor


def draw(draft: Draft) -> None:
    """The scene that is chosen."""
    one, scene = draft.chosen, draft.scene(draft.chosen)
    faults = scene_faults(scene)
    _acts(draft, not faults)
    key = f"draft-{one}"
    entries.text(say("Title"), f"{key}-title", scene.title, _store(one, "title"), faults.get("title", ()), max_chars=TITLE)
    entries.lines(
        say("Caption"),
        f"{key}-caption",
        scene.caption,
        _store(one, "caption"),
        faults.get("caption", ()),
        placeholder=say("What the audience reads beside the picture"),
    )
    question_editor.draw(one, scene, faults)
    if scene.question:
        link(
            say("Link that the answer opens"),
            f"{key}-then",
            one,
            "then",
            scene.then,
            faults.get("then", ()),
            placeholder=say("The same picture"),
        )
    entries.lines(
        say("Note"),
        f"{key}-note",
        scene.note,
        _store(one, "note"),
        faults.get("note", ()),
        placeholder=say("What only you read"),
    )
    entries.several(
        say("Controls that stay"),
        f"{key}-show-{current_session().language}",  # a browser keeps the labels, and not what they stand for
        scene.show,
        _words(scene),
        lambda words: rewrite(one, show=tuple(words)),
        format_func=lambda word: field_label(FIELDS[word]) if word in FIELDS else word,
        placeholder=say("None"),
        help=say("The others are hidden while the scene is on."),
    )
    entries.tell(faults.get("show", ()))
    link(say("Link"), f"{key}-link", one, "link", scene.link, faults.get("link", ()))
    if place(scene.link)[1].get("batch") == "upload":
        st.info("This scene shows a file that only this session has. Open that file again before you present.")


def link(label: str, key: str, one: int, part: str, value: str, faults: Any, **how: Any) -> None:
    """A link, which can be typed, pasted, or taken from the screen."""
    typed, last = st.columns([3, 2], gap="xsmall", vertical_alignment="bottom")
    with typed:
        entries.text(label, key, value, partial(_take_link, one, part), max_chars=LINK, **how)
    with last:
        title = current_session().lecture.page_title
        st.button(
            "Use last picture",
            on_click=_take_last,
            args=(one, part),
            key=f"{key}-last",
            disabled=not title,
            help=say("What was on the screen last: {page}", page=title) if title else say("No other page has been open yet."),
        )
    entries.tell(faults)


def rewrite(one: int, **parts: Any) -> None:
    """Change parts of a scene; for callbacks."""
    draft = current_session().lecture.draft
    if draft:
        change(draft.rewritten(one, **parts))


def _store(one: int, part: str) -> Callable[[Any], None]:
    return lambda text: rewrite(one, **{part: text})


def _take_link(one: int, part: str, typed: str) -> None:
    rewrite(one, **{part: within(typed, urlsplit(st.context.url or "").netloc)})


def _take_last(one: int, part: str) -> None:
    rewrite(one, **{part: link_of(*current_session().lecture.last_place)})


def _words(scene: Scene) -> tuple[str, ...]:
    """The words of the scene's page; and what is to stay already, so that it can be taken away."""
    page, _ = place(scene.link)
    return tuple(dict.fromkeys((*WORDS_OF_PAGES.get(page or "one-sample", ()), *scene.show)))


def _acts(draft: Draft, is_presentable: bool) -> None:
    one, at = draft.chosen, draft.position(draft.chosen)
    with st.container(horizontal=True, gap="xsmall", key="draft-acts"):
        st.button(
            "Preview",
            on_click=_preview,
            args=(one,),
            icon=":material/visibility:",
            disabled=not is_presentable,
            help=None if is_presentable else say("First finish what is marked below."),
        )
        _act("up", say("Up"), ":material/arrow_upward:", Draft.moved, one, -1, disabled=at == 0)
        _act("down", say("Down"), ":material/arrow_downward:", Draft.moved, one, 1, disabled=at == len(draft.ids) - 1)
        _act("duplicate", say("Duplicate"), ":material/content_copy:", _duplicated, one, disabled=draft.is_full)
        _act("delete", say("Delete"), ":material/delete:", Draft.without, one)


def _act(name: str, label: str, icon: str, act: Callable[..., Draft], *args: Any, disabled: bool = False) -> None:
    st.button(label, on_click=_do, args=(act, *args), icon=icon, type="tertiary", disabled=disabled, key=f"draft-{name}")


def _do(act: Callable[..., Draft], one: int, *args: Any) -> None:
    draft = current_session().lecture.draft
    if draft and draft.position(one) >= 0:
        change(act(draft, one, *args))


def _duplicated(draft: Draft, one: int) -> Draft:
    return draft.added(draft.scene(one), behind=one)


def _preview(one: int) -> None:
    draft = current_session().lecture.draft
    if draft and draft.position(one) >= 0:
        change(draft)
        open_scene(OWN, draft.number_on_stage(one))
