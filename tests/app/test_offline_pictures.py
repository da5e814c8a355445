"""What the files of a lecture draw: each scene before and after its reveal, each payload once, and nothing without bounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from lossviz.errors import InputError
from lossviz.lectures import Lecture, Option, Poll, Scene, shipped
from lossviz.ui.lecture.offline import pictures
from lossviz.ui.lecture.offline.picture import Payloads
from lossviz.ui.lecture.offline.pictures import SceneState, on_paper, take, views
from lossviz.ui.server.page_reader import Node, PageError
from lossviz.ui.session import keys

WITH_QUESTION = Scene("b", "/curves?gamma=1", question=Poll("?", (Option("x", True), Option("y"))), then="/curves?gamma=2")
LECTURE = Lecture("t", (Scene("a", "/batch"), WITH_QUESTION))


def test_a_question_has_a_picture_before_and_after_and_paper_only_the_first() -> None:
    before, after = SceneState(2, True, "/curves?gamma=1"), SceneState(2, False, "/curves?gamma=2")
    assert views(LECTURE) == [SceneState(1, False, "/batch"), before, after]
    assert on_paper(LECTURE) == [SceneState(1, False, "/batch"), before]


@pytest.mark.parametrize("name", shipped.NAMES)
def test_on_paper_each_scene_is_there_once_and_sealed_where_it_asks(name: str) -> None:
    lecture = shipped.lecture(name)
    paper = on_paper(lecture)
    assert [view.number for view in paper] == list(range(1, len(lecture.scenes) + 1))
    assert [view.sealed for view in paper] == [scene.question is not None for scene in lecture.scenes]


def test_pages_are_read_in_the_language_at_their_scene_and_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[tuple[str, dict[str, str], bool]] = []

    def read(path: str, words: Mapping[str, str], beginning: Mapping[str, Any]) -> list[Node]:
        requests.append(
            (path, dict(words), (words["lecture"], int(words["scene"])) in beginning[keys.SESSION].lecture.revealed)
        )
        return []

    monkeypatch.setattr(pictures, "read_page", read)
    done: list[None] = []
    take(LECTURE, views(LECTURE), "zh", Payloads(), lambda: done.append(None))
    rest = {"lecture": "own", "lang": "zh"}
    assert requests == [
        ("batch", {"scene": "1", **rest}, True),
        ("curves", {"gamma": "1", "scene": "2", **rest}, False),
        ("curves", {"gamma": "2", "scene": "2", **rest}, True),
    ]
    assert len(done) == 3


def test_a_page_that_fails_is_named_by_its_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: Any) -> list[Node]:
        raise PageError("it is not there")

    monkeypatch.setattr(pictures, "read_page", read)
    with pytest.raises(InputError, match=r"scene 1 could not be drawn .it is not there"):
        take(LECTURE, views(LECTURE), "en", Payloads(), lambda: None)


def test_what_would_be_too_large_is_refused_before_all_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    payloads = Payloads()
    monkeypatch.setattr(pictures, "read_page", lambda *_: [])
    monkeypatch.setattr(pictures, "draw", lambda _, some: str(some.number(json.dumps("x" * 30_000_000 + str(len(some.every))))))
    with pytest.raises(InputError, match="more than 40 MB by scene 2"):
        take(LECTURE, views(LECTURE), "en", payloads, lambda: None)


def test_a_payload_is_there_once() -> None:
    payloads = Payloads()
    assert [payloads.number(text) for text in ("a", "b", "a")] == [0, 1, 0]
