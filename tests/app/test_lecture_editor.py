"""A lecture of one's own: scenes are added from pages, everything about them can be edited, and the file opens again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.languages import LANGUAGES
from lossviz.lectures import (
    Draft,
    Drag,
    Lecture,
    Option,
    Poll,
    Scene,
    normalized,
    parse,
    place,
    repaired,
    scene_faults,
    shipped,
    write,
)
from lossviz.lectures.limits import SCENES
from lossviz.state.fields import FRAME, WORDS_OF_PAGES
from lossviz.state.links import PAGES, link_problems

from ..pseudo import leak, pseudo
from .components import triggered
from .pages import again, pressed, trace, turned
from .test_language import PAGES as LOOKS
from .test_language import texts
from .test_links_of_acts import opened

__all__ = ["pseudo"]


def frame(at: AppTest) -> Any:
    return next(one for one in at.get("bidi_component") if "lossviz_frame" in one.proto.component_name)


def frame_data(at: AppTest) -> dict[str, Any]:
    """What the frame is told."""
    data: dict[str, Any] = json.loads(frame(at).proto.json or frame(at).proto.bytes)
    return data


def added(at: AppTest, click: str, *before: dict[str, Any]) -> AppTest:
    triggered(at, frame(at), "add", {"click": click, "before": list(before)})
    assert not at.exception, trace(at)
    return at


def draft(at: AppTest) -> Draft:
    made: Draft = at.session_state["session"].lecture.draft
    return made


def entry(at: AppTest, part: str) -> Any:
    """The widget of a part of the scene that is chosen, or of the lecture."""
    own = f"draft-{draft(at).chosen}-{part}"
    keys = (own, f"{own}-{at.session_state['session'].language}", f"draft-{part}")
    every = (*at.text_input, *at.text_area, *at.number_input, *at.multiselect, *at.button, *at.get("button_group"))
    return next(one for key in keys for one in every if one.key == key)


def edited(at: AppTest, **parts: Any) -> AppTest:
    for part, value in parts.items():
        entry(at, part.replace("_", "-")).set_value(value).run()
        assert not at.exception, trace(at)
    return at


def done(at: AppTest, act: str) -> AppTest:
    entry(at, act).click().run()
    assert not at.exception, trace(at)
    return at


@pytest.fixture
def editor() -> AppTest:
    """A lecture of three scenes from three pages."""
    at = added(opened("curves", {"gamma": "3", "y": "multiplier"}), "1")
    at = added(turned(at, "surfaces"), "2")
    return turned(added(turned(at, "mistakes"), "3"), "lecture")


QUICK = [look for look in LOOKS if look[0] != "lecture"]


@pytest.mark.parametrize(("page", "words"), [*QUICK[::3], ("mistakes", {"lab": "2x2"})], ids=str)
def test_what_is_added_opens_what_was_on_the_screen(page: str, words: dict[str, str]) -> None:
    at = added(opened(page, words | {"lang": "zh", "big": "1", "nothing": "1"}), "1")
    (scene,) = draft(at).lecture.scenes
    path, link_words = place(scene.link)
    assert path == page and not scene_faults(scene)
    assert not link_words.keys() & {field.name for field in FRAME}
    drawn = at.session_state["session"].drawn - {field.name for field in FRAME}
    assert drawn <= set(WORDS_OF_PAGES[page or "one-sample"]), "controls that the editor does not offer"
    shown = {name: at.query_params[name] for name in at.query_params if name not in ("lang", "big")}
    assert link_words == shown and not link_problems(link_words, PAGES[path])
    assert scene.title.startswith(title_of_page(at)) and "{" not in scene.title


def title_of_page(at: AppTest) -> str:
    """The name of the page in Chinese, as the line of pages has it."""
    texts_of_html = "".join(one.proto.body for one in at.get("html"))
    title: str = texts_of_html.split('class="unseen">')[1].split("<")[0]
    return title


def test_an_act_right_before_is_in_the_scene_and_the_confirmation_says_which_it_is() -> None:
    at = added(opened("curves", {}), "1", {"control": "gamma", "value": 3.5, "act": 1})
    assert place(draft(at).lecture.scenes[0].link)[1]["gamma"] == "3.5"
    assert frame_data(at)["added"] == {"click": "1", "number": 1} and frame_data(at)["unsaved"] is True
    added(at, "2")
    assert frame_data(at)["added"]["number"] == 2
    assert frame_data(again(at))["added"] is None


def test_one_click_is_one_scene() -> None:
    at = added(added(opened("curves", {}), "1"), "1")
    assert len(draft(at).lecture.scenes) == 1


def test_a_scene_of_a_lecture_that_is_on_becomes_one_without_the_lecture() -> None:
    at = added(opened("curves", {"lecture": "focal-in-15", "scene": "2"}), "1")
    assert "scene" not in place(draft(at).lecture.scenes[0].link)[1]
    assert "lecture" not in place(draft(at).lecture.scenes[0].link)[1]


def test_a_full_lecture_takes_no_more() -> None:
    at = added(opened("curves", {}), "1")
    scene = draft(at).lecture.scenes[0]
    for _ in range(SCENES - 1):
        at.session_state["session"].lecture.draft = draft(at).added(scene)
    assert frame_data(added(at, "2"))["added"] == {"click": "2", "number": 0}
    assert len(draft(at).ids) == SCENES


def test_nothing_is_added_on_the_page_lecture(editor: AppTest) -> None:
    assert frame_data(editor)["adds"] is False and len(draft(added(editor, "9")).ids) == 3


def test_every_field_is_edited_and_the_file_opens_again(editor: AppTest) -> None:
    at = edited(editor, title="Two bugs # one", caption="First line.\n\nSecond <b>.", note="Note: mine", kind="choices")
    at = edited(at, show=["card", "lab"], question="drag: which?", why="> Because.", then="/mistakes?lab=2x2")
    at = edited(at, **{"0_text": "Yes", "1_text": "- [x] No", "1_misconception": "a --> b"})
    at = edited(pressed(at, "Add an answer"), **{"2_text": "Perhaps", "right": 2})
    at.text_input(key="draft-title").set_value("Mine").run()
    at.text_area(key="draft-remark").set_value("Bring chalk.").run()
    lecture = draft(at).lecture
    scene = lecture.scenes[2]
    assert (lecture.title, lecture.remark, scene.title) == ("Mine", "Bring chalk.", "Two bugs # one")
    assert scene.show == ("card", "lab") and scene.then == "/mistakes?lab=2x2"
    assert isinstance(scene.question, Poll)
    assert [option.right for option in scene.question.options] == [False, False, True]
    assert not scene_faults(scene) and not at.warning
    pressed(at, "Download")
    name, text, _ = frame_data(at)["file"]
    assert name == "Mine.md" and parse(text) == normalized(lecture)
    assert frame_data(at)["unsaved"] is False
    assert frame_data(edited(at, title="Other"))["unsaved"] is True


def test_a_number_is_asked_for(editor: AppTest) -> None:
    at = edited(editor, kind="number", question="Where?", value=0.3)
    assert ["Tolerance" in one.value for one in at.warning] == [True]
    at = edited(at, tolerance=0.1, misconception="at 0.5")
    assert draft(at).lecture.scenes[2].question == Drag("Where?", 0.3, 0.1, "", "at 0.5") and not at.warning


def test_a_question_of_another_kind_comes_back_with_its_kind(editor: AppTest) -> None:
    at = edited(editor, kind="choices", **{"0_text": "Yes"})
    at = edited(at, kind="number", value=1.0)
    at = edited(at, kind="none")
    assert draft(at).lecture.scenes[2].question is None
    assert entry(edited(at, kind="choices"), "0-text").value == "Yes"
    assert entry(edited(at, kind="number"), "value").value == 1.0


def test_scenes_are_moved_duplicated_and_deleted_which_is_undone_once(editor: AppTest) -> None:
    a, b, c = draft(editor).lecture.scenes
    assert entry(editor, "down").disabled and not entry(editor, "up").disabled
    at = done(done(editor, "up"), "up")
    assert draft(at).lecture.scenes == (c, a, b) and entry(at, "up").disabled
    at = done(at, "duplicate")
    assert draft(at).lecture.scenes == (c, c, a, b)
    at = edited(at, title="Copy")
    assert [scene.title for scene in draft(at).lecture.scenes[:2]] == [c.title, "Copy"]
    at = done(at, "delete")
    assert draft(at).lecture.scenes == (c, a, b) and draft(at).scene(draft(at).chosen) == a
    pressed(at, "Undo")
    assert [scene.title for scene in draft(at).lecture.scenes] == [c.title, "Copy", a.title, b.title]
    assert not [one for one in at.button if one.label == "Undo"]


def test_the_last_scene_can_go(editor: AppTest) -> None:
    at = done(done(done(editor, "delete"), "delete"), "delete")
    assert draft(at).lecture.scenes == () and any("Add to lecture" in one.value for one in at.info)
    assert next(one for one in at.button if one.label == "Download").disabled
    added(turned(at, "curves"), "5")
    assert len(draft(at).ids) == 1


def test_what_is_wrong_is_told_and_the_scene_alone_is_not_shown(editor: AppTest) -> None:
    at = edited(editor, link="https://example.org/curves")
    assert any("a link within lossviz" in one.value for one in at.warning)
    assert next(one for one in at.button if one.label == "Preview").disabled
    assert len(at.session_state["session"].lecture.presentable.scenes) == 2
    pressed(at, "Download")
    opened_again = parse(frame_data(at)["file"][1])
    assert opened_again.scenes[2].link == "/" and "https://example.org/curves" in opened_again.scenes[2].note
    at = pressed(edited(at, link=""), "Use last picture")
    assert not scene_faults(draft(at).lecture.scenes[2])


def test_an_address_of_this_app_is_a_link(editor: AppTest) -> None:
    at = edited(editor, link="http://localhost:8501/curves?gamma=1&lang=zh&scene=3")
    assert draft(at).lecture.scenes[2].link in ("/curves?gamma=1", "http://localhost:8501/curves?gamma=1&lang=zh&scene=3")


UNFINISHED = (
    Scene("", "", caption="c"),
    Scene("t" * 300, "/curves", note="n" * 4000, show=("nothing",)),
    Scene("Title", "/nowhere?x=1", question=Poll("", ()), then="/also-nowhere"),
    Scene("Title", "/curves", question=Drag("Where?", float("nan"), -1.0), then="/curves"),
    Scene("Title", "/curves", then="/curves?gamma=1"),
    Scene("Title", "/curves?gamma=one", question=Poll("# ?", (Option("- [x] a"),)), note="Then: x"),
)


@pytest.mark.parametrize("scene", UNFINISHED, ids=range(len(UNFINISHED)))
def test_what_is_unfinished_is_written_so_that_it_opens_again(scene: Scene) -> None:
    lecture = repaired(Lecture("", (scene,)))
    assert parse(write(lecture)) == lecture
    assert not scene_faults(lecture.scenes[0])


@pytest.mark.parametrize("name", shipped.NAMES)
def test_nothing_is_wrong_with_what_is_shipped(name: str) -> None:
    for language in LANGUAGES:
        lecture = shipped.lecture(name, language)
        assert not [faults for scene in lecture.scenes if (faults := scene_faults(scene))]
        assert repaired(lecture) == lecture


def test_a_copy_of_a_shipped_lecture_is_edited_and_what_it_replaces_comes_back(editor: AppTest) -> None:
    before = draft(editor).lecture
    at = pressed(editor, "Ten names\\, one formula")
    at = pressed(at, "Edit a copy")
    assert draft(at).lecture == shipped.lecture("ten-names") and frame_data(at)["unsaved"] is True
    assert at.text_input(key="draft-title").value == "Ten names, one formula"
    assert draft(pressed(at, "Undo")).lecture == before


def test_nothing_typed_is_lost_on_another_page_or_in_another_language(editor: AppTest) -> None:
    at = edited(editor, caption="Mine", kind="choices", show=["card"], **{"1_text": "Second"})
    before = draft(at).lecture
    at.get("button_group")[0].set_value("zh").run()
    assert not at.exception and draft(at).lecture == before
    at = turned(turned(at, "curves"), "lecture")
    assert draft(at).lecture == before
    assert (entry(at, "caption").value, entry(at, "1-text").value) == ("Mine", "Second")
    assert len(entry(at, "show").value) == 1


def test_preview_opens_the_scene_and_leads_back_to_it(editor: AppTest) -> None:
    at = edited(editor, title="")
    at = pressed(at, "2. Surfaces\\: Softmax focal loss")
    at.button(key="draft-down").click().run()
    at = pressed(at, "Preview")
    words = at.session_state["session"].chosen
    assert (words["lecture"], words["scene"]) == ("own", 2)
    at = turned(at, "surfaces")
    pressed(at, "Edit this scene")
    assert draft(at).scene(draft(at).chosen).title.startswith("Surfaces")


LINKS = re.compile(r"\\?/[a-z\\-]*")
"""Paths as messages have them."""


@pytest.mark.usefixtures("pseudo")
def test_no_text_of_the_editor_escapes() -> None:
    at = opened("mistakes", {"lang": LANGUAGES[1]})
    at = turned(added(at, "1"), "lecture")
    titles = {"title": "§", "link": "/nowhere"}
    at = edited(at, **titles, kind="choices")
    for kind in ("choices", "number"):
        leaks = [rest for text in texts(edited(at, kind=kind)) if (rest := leak(LINKS.sub("", text)))]
        assert not leaks, "\n".join(leaks)
