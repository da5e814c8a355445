"""A lecture on the page: every scene of every shipped one, its answers, and its words in the address."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.languages import LANGUAGES
from lossviz.lectures import Drag, Lecture, Poll, draft_of, parse, place, shipped
from lossviz.lectures.ballot import Axis
from lossviz.lectures.lecture import Scene
from lossviz.lectures.rooms import ROOMS
from lossviz.state.fields import FIELDS
from lossviz.ui.lecture import stage
from lossviz.ui.lecture.axis import axis_of, guess_of
from lossviz.ui.lecture.room import results
from lossviz.ui.lecture.stage import OnStage
from lossviz.ui.lecture.trainings import trainings_of
from lossviz.ui.session.address import words_of

from .components import components, triggered
from .pages import again, opened, pressed, turned, values_of
from .test_training_page import texts

SCENES = [(name, number) for name in shipped.NAMES for number in range(1, len(shipped.lecture(name).scenes) + 1)]


def at_scene(name: str, number: int, **more: str) -> AppTest:
    """A scene as its own link opens it."""
    path, words = place(shipped.lecture(name).scenes[number - 1].link)
    return opened(path, words | {"lecture": name, "scene": str(number)} | more)


def remote(at: AppTest) -> Any:
    return next(one for one in at.get("bidi_component") if "remote" in one.proto.component_name)


def after_press(at: AppTest, what: str, to: int = 0, **more: Any) -> AppTest:
    """What the remote control sends."""
    present = at.session_state["session"]
    number = int(present.chosen["scene"])
    sealed = "Show the answer" in [button.label for button in at.button]
    act = {"what": what, "from": number, "to": to, "sealed": sealed, "id": time.time(), "before": []}
    triggered(at, remote(at), "act", act | more)
    return arrived(at)


def arrived(at: AppTest) -> AppTest:
    """AppTest does not turn to a page by itself."""
    present = at.session_state["session"]
    chosen = present.chosen
    if "scene" not in chosen:
        return again(turned(at, present.page))
    lecture = present.lecture.presentable if chosen["lecture"] == "own" else shipped.lecture(chosen["lecture"])
    number = int(chosen["scene"])
    scene = lecture.scenes[number - 1]
    is_open = (chosen["lecture"], number) in present.lecture.revealed
    return turned(at, place(scene.then if is_open and scene.then else scene.link)[0])


def of_scene(at: AppTest, scene: Scene) -> bool:
    return scene.title in texts(at).replace("\\", "")


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_every_scene_opens_as_it_says(name: str, number: int) -> None:
    scene = shipped.lecture(name).scenes[number - 1]
    at = at_scene(name, number)
    assert of_scene(at, scene)
    wanted = words_of(place(scene.link)[1])
    shown = values_of(at)
    assert {word: shown[word] for word in wanted if word in shown} == {word: wanted[word] for word in wanted if word in shown}
    assert not at.warning, [one.value for one in at.warning]
    labels = [button.label for button in at.button]
    assert ("Show the answer" in labels) == (scene.question is not None)


def test_a_poll_is_answered_before_its_answer_is_shown() -> None:
    at = at_scene("focal-in-15", 2)
    poll = shipped.lecture("focal-in-15").scenes[1].question
    assert isinstance(poll, Poll)
    assert poll.why[:20] not in texts(at).replace("\\", "")
    wrong = next(n for n, option in enumerate(poll.options) if not option.right)
    at.radio[0].set_value(wrong).run()
    pressed(at, "Show the answer")
    at = arrived(at)
    assert "Not quite" in texts(at) and poll.why[:20] in texts(at).replace("\\", "")
    assert at.radio[0].value == wrong and at.radio[0].disabled


def test_keys_turn_scenes_and_stop_at_both_ends() -> None:
    lecture = shipped.lecture("focal-in-15")
    at = at_scene("focal-in-15", 1)
    at = after_press(at, "turn", 2)
    assert of_scene(at, lecture.scenes[1])
    at = after_press(at, "forward")
    assert "By about 34" in texts(at)
    at = after_press(at, "turn", 3)
    assert of_scene(at, lecture.scenes[2])
    at = after_press(at, "turn", 2)
    assert of_scene(at, lecture.scenes[1]) and "Show the answer" not in [one.label for one in at.button]
    for beyond in (0, len(lecture.scenes) + 1):
        at = after_press(at, "turn", beyond)
        assert of_scene(at, lecture.scenes[1])


def test_a_second_press_goes_on_and_shows_no_answer_of_the_next_scene() -> None:
    at = after_press(at_scene("focal-in-15", 1), "forward")
    at = after_press(at, "forward", **{"from": 1, "sealed": True})
    assert "Show the answer" in [one.label for one in at.button]


def test_a_scene_is_as_its_link_says_whatever_was_chosen_before() -> None:
    at = after_press(at_scene("focal-in-15", 3), "turn", 4)
    alone = at_scene("focal-in-15", 4)
    assert values_of(at) == values_of(alone)


def test_leaving_ends_where_one_stood() -> None:
    at = at_scene("focal-in-15", 4)
    before = values_of(at)
    at = after_press(at, "leave")
    assert "Where focal loss raises" not in texts(at)
    frame = {"lecture", "scene"}
    assert {k: v for k, v in values_of(at).items() if k not in frame} == {k: v for k, v in before.items() if k not in frame}
    assert "lecture" not in dict(parse_qsl(urlsplit(at.session_state["session"].link).query))


def test_language_and_size_last_from_scene_to_scene() -> None:
    at = at_scene("ten-names", 1, lang="zh", big="1")
    at = after_press(at, "turn", 2)
    assert shipped.lecture("ten-names", "zh").scenes[1].title in texts(at).replace("\\", "")
    assert at.session_state["session"].chosen["big"] == "1"


@pytest.mark.parametrize(("words", "says"), [
    ({"lecture": "no-such", "scene": "1"}, "no-such"),
    ({"lecture": "own", "scene": "1"}, "no lecture of its own"),
    ({"lecture": "focal-in-15", "scene": "99"}, "99 of 9"),
    ({"lecture": "focal-in-15", "scene": "0"}, "scene"),
    ({"lecture": "focal-in-15", "scene": "x"}, "scene"),
])  # fmt: skip
def test_what_is_wrong_with_the_place_is_told(words: dict[str, str], says: str) -> None:
    at = opened("curves", words)
    assert any(says in one.value.replace("\\", "") for one in at.warning), [one.value for one in at.warning]


@pytest.mark.parametrize(
    "link", ["/training?examples=80&seeds=5&epochs=2&batch_size=40", "/training?examples=80&seeds=5&epochs=2&flips=none"]
)
def test_no_verdict_before_the_answer(link: str) -> None:
    at = opened("lecture")
    at.text_area[0].set_value(f"# A\n\n## B\n[scene]({link})\nC.\n? D\n- [x] E\n- [ ] F\n> G\n").run()
    at = arrived(pressed(at, "Take the tour"))
    for _ in range(100):
        if not at.get("progress"):
            break
        at = again(at)
    assert "points [" not in texts(at) and "Known result" not in texts(at)
    pressed(at, "Show the answer")
    at = arrived(at)
    assert "points [" in texts(at)


def test_trainings_of_a_lecture_are_bounded() -> None:
    scene = "## B{n}\n[scene](/training?seeds={seeds}&first_seed={n})\nC.\n"
    many = parse("# A\n\n" + "\n".join(scene.format(n=n, seeds=3) for n in range(1, 60)))
    assert 0 < len(trainings_of(many)) <= 20
    huge = parse("# A\n\n" + scene.format(n=1, seeds=100).replace("?", "?examples=5000&epochs=200&model=mlp&width=256&"))
    assert not trainings_of(huge)
    assert trainings_of(Lecture("A", (Scene("B", "/curves"),))) == ()


def test_the_page_offers_all_and_opens_one_s_own() -> None:
    at = opened("lecture")
    titles = [shipped.lecture(name).title for name in shipped.NAMES]
    labels = [button.label.replace("\\", "") for button in at.button]
    assert set(titles) <= set(labels)
    at.text_area[0].set_value("# Mine\n\n## First\n[scene](/curves?loss=focal)\nHello *you*.\n").run()
    assert at.session_state["session"].lecture.presentable.title == "Mine" and not at.error
    at = arrived(pressed(at, "Take the tour"))
    assert r"Hello \*you\*" in texts(at)


def test_what_is_wrong_with_one_s_own_is_told_with_its_place() -> None:
    at = opened("lecture")
    at.text_area[0].set_value("# Mine\n\n## First\n[scene](https://elsewhere.org/)\n").run()
    assert len(at.error) == 1
    message = at.error[0].value.replace("\\", "").replace("\u2060", "")
    assert "Scene 1" in message and "line 4" in message and "elsewhere.org" in message


@pytest.mark.parametrize("word", LANGUAGES[:2])
def test_the_first_page_offers_the_tour(word: str) -> None:
    at = opened("", {"lang": word})
    label = {"en": "Take the tour", "zh": "开始导览"}[word]
    at = arrived(pressed(at, label))
    assert shipped.lecture("ten-names", word).scenes[0].title in texts(at).replace("\\", "")


def test_a_card_that_a_reveal_opens_does_not_ask_again() -> None:
    number = next(n for n, scene in enumerate(shipped.lecture("ten-names").scenes, 1) if place(scene.then)[0] == "mistakes")
    at = at_scene("ten-names", number)
    pressed(at, "Show the answer")
    at = arrived(at)
    assert not any("**?**" in one.value for one in at.markdown)


def test_an_answer_to_a_question_that_has_fewer_answers_now_is_none() -> None:
    scene = "# A\n\n## B\n[scene](/curves)\nC.\n? D\n- [x] E\n- [ ] F\n"
    at = opened("lecture")
    at.text_area[0].set_value(scene + "- [ ] G\n- [ ] H\n").run()
    at = arrived(pressed(at, "Take the tour"))
    at.radio[0].set_value(3).run()
    at.session_state["session"].lecture.draft = draft_of(parse(scene))
    at = again(at)
    assert at.radio[0].options == ["E", "F"] and at.radio[0].value is None


def test_a_room_that_is_gone_is_told_and_not_looked_for_again() -> None:
    at = at_scene("focal-in-15", 2)
    pressed(at, "Open a room")
    room = at.session_state["session"].lecture.room
    ROOMS.close(room.code, room.host)
    at = again(at)
    assert any("room is gone" in one.value for one in at.warning)
    assert at.session_state["session"].lecture.room is None and at.session_state["session"].lecture.room_left


def test_a_room_goes_on_in_another_language_and_its_results_name_the_lecture() -> None:
    at = at_scene("focal-in-15", 2)
    pressed(at, "Open a room")
    at = again(at)
    room = at.session_state["session"].lecture.room
    voter = ROOMS.join(room.code, "")
    ROOMS.vote(room.code, voter, ROOMS.view(room.code).ballot, 0)
    at.session_state["session"].chosen["lang"] = "zh"
    at = again(at)
    assert ROOMS.view(room.code, voter).question == shipped.lecture("focal-in-15", "zh").scenes[1].question.text
    assert ROOMS.tally(room.code, room.host).answers == 1
    ROOMS.reveal(room.code, room.host)
    assert "focal-in-15,2," in results(room)
    ROOMS.close(room.code, room.host)


def test_what_comes_next_is_drawn_ahead_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(stage, "draw_ahead", lambda page, query: drawn.append((page, dict(parse_qsl(query)))))
    scenes = shipped.lecture("focal-in-15").scenes
    at = at_scene("focal-in-15", 2, lang="en")
    wanted = [place(link) for link in (scenes[1].then, scenes[2].link)]
    assert drawn == [(page, words | {"lang": "en"}) for page, words in wanted]
    again(at)
    assert len(drawn) == 2


def message(at: AppTest) -> Any:
    """What the player has been sent."""
    return json.loads(bytes(components(at)[0].proto.bytes))


def dragged(at: AppTest, value: object, act: int = 1) -> AppTest:
    """A line that was let go of on the axis of the figure."""
    triggered(at, components(at)[0], "commit", {"action": "answer", "value": value, "act": act, "before": [], "revision": 1})
    return at


QUESTIONS = [(name, number) for name, number in SCENES if shipped.lecture(name).scenes[number - 1].question]


@pytest.mark.parametrize(("name", "number"), QUESTIONS)
def test_nothing_can_be_tried_out_before_an_answer(name: str, number: int) -> None:
    at = at_scene(name, number)
    frame = {"lang", "big"}
    controls = [one for one in (*at.number_input, *at.get("button_group"), *at.selectbox, *at.text_input) if one.key in FIELDS]
    assert all(one.proto.disabled for one in controls if one.key not in frame), [one.key for one in controls]
    question = shipped.lecture(name).scenes[number - 1].question
    if isinstance(question, Poll):
        at.radio[0].set_value(0).run()
    else:
        at.number_input(key=f"answer-{name}-{number}-0").set_value(0.5).run()
    controls = [one for one in (*at.number_input, *at.get("button_group"), *at.selectbox) if one.key in FIELDS]
    shown = shipped.lecture(name).scenes[number - 1].show
    assert not any(one.proto.disabled for one in controls if one.key in shown and one.key != "gamma")


def test_a_room_s_lecturer_tries_nothing_out_before_the_reveal() -> None:
    at = at_scene("focal-in-15", 3)
    assert message(at)["locked"]
    pressed(at, "Open a room")
    at.number_input(key="answer-focal-in-15-3-0").set_value(0.5).run()
    assert message(at)["locked"]
    pressed(at, "Show the answer")
    assert not message(arrived(at))["locked"]


def test_an_answer_is_dragged_along_the_axis_of_the_figure() -> None:
    at = at_scene("focal-in-15", 3)
    drag = shipped.lecture("focal-in-15").scenes[2].question
    assert isinstance(drag, Drag)
    guess = message(at)["guess"]
    assert guess["value"] is None and guess["truth"] is None
    dragged(at, 0.31)
    assert at.number_input(key="answer-focal-in-15-3-0").value == 0.31
    assert message(at)["guess"]["value"] == 0.31 and not message(at)["locked"] and "0.298" not in texts(at)
    at.number_input(key="answer-focal-in-15-3-0").set_value(0.4).run()
    assert message(at)["guess"]["value"] == 0.4
    pressed(at, "Show the answer")
    at = arrived(at)
    assert message(at)["guess"]["truth"] == [drag.value, drag.tolerance] and "Not quite" in texts(at)
    dragged(at, 0.298, act=2)
    assert message(at)["guess"]["value"] == 0.4


@pytest.mark.parametrize("value", ["inf", "nan", "x", None, [1]])
def test_an_answer_that_is_no_number_is_none(value: object) -> None:
    at = dragged(at_scene("focal-in-15", 3), value)
    assert at.number_input(key="answer-focal-in-15-3-0").value is None and message(at)["locked"] and not at.exception


AXES = [
    "/curves?task=binary&logits=2.1972&pins=cross-entropy+sigmoid",
    "/curves?loss=cross-entropy&sample=own+numbers&logits=2+0+0&x=margin",
    "/curves?sample=own+numbers&logits=2+0+0&x=logit&along=1&pins=cross-entropy+sigmoid",
    "/curves?task=binary&y=optimum",
    "/curves?task=binary&y=recovery",
]


@pytest.mark.parametrize("link", AXES)
def test_phones_have_the_axis_of_the_figure(link: str) -> None:
    scene = Scene("A", link, question=Drag("Where?", 0.5, 0.1))
    path, words = place(link)
    axis = axis_of(scene)
    layout = message(opened(path, words))["pictures"][0]["figure"]["layout"]["xaxis"]
    assert axis and [axis.low, axis.high] == pytest.approx(layout["range"]) and layout.get("type", "linear") == "linear"
    guess = guess_of(OnStage("own", Lecture("L", (scene,)), 1))
    assert guess and guess.axis == layout["uirevision"]


def test_a_value_beyond_the_axis_of_the_figure_is_typed() -> None:
    scene = Scene("A", "/curves?task=binary&y=optimum", question=Drag("Where?", 2.0, 0.1))
    assert guess_of(OnStage("own", Lecture("L", (scene,)), 1)) is None and axis_of(scene) == Axis(0.0, 10.0)
