"""The lectures that come with lossviz, scene by scene: what they show, say and ask is what the engine gives."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from lossviz.errors import InputError
from lossviz.languages import LANGUAGES
from lossviz.languages import language as language_of
from lossviz.lectures import Drag, Poll, parse, place, write
from lossviz.lectures.shipped import NAMES, lecture

from . import focal_in_15, ten_names, when_focal_hurts
from .claims import Proof, numbers, scene, spoken
from .engine import curve, value

MODULES: tuple[ModuleType, ...] = (ten_names, focal_in_15, when_focal_hurts)
PROOFS: dict[str, Proof] = {module.NAME: module.PROOF for module in MODULES}

SCENES = [(name, number) for name in NAMES for number in range(1, len(lecture(name).scenes) + 1)]
SPOKEN = [(name, number, language) for name, number in SCENES for language in LANGUAGES]


def test_all_have_a_proof() -> None:
    assert tuple(PROOFS) == NAMES


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_a_scene_says_what_the_engine_gives(name: str, number: int) -> None:
    """A scene is one test, so that what it is about is trained once."""
    proof = PROOFS[name]
    claims = [one for one in proof.claims if one.scene == number]
    assert [f"{one.text}: {one.value()}" for one in claims if not one.holds()] == []
    assert [one.says for one in proof.facts if one.scene == number and not one.holds()] == []
    question = scene(name, number).question
    if isinstance(question, Poll):
        assert tuple(option.right for option in question.options) == proof.answers[number]()
    if isinstance(question, Drag):
        assert abs(question.value - proof.places[number]()) < 0.01 < question.tolerance


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_every_claim_is_written_in_every_language(name: str, number: int) -> None:
    for language in LANGUAGES:
        text = spoken(scene(name, number, language))
        assert [one.text for one in PROOFS[name].claims if one.scene == number and one.text not in text] == []


@pytest.mark.parametrize(("name", "number", "language"), SPOKEN)
def test_no_number_is_without_a_claim(name: str, number: int, language: str) -> None:
    one, proof = scene(name, number, language), PROOFS[name]
    known = numbers(" ".join(claim.text for claim in proof.claims if claim.scene == number))
    assert numbers(spoken(one)) <= known | set(proof.plain[number].split())


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_numbers_agree_in_all_languages(name: str, number: int) -> None:
    proof = PROOFS[name]
    results = numbers(" ".join(claim.text for claim in proof.claims if claim.scene == number))
    texts = [numbers(spoken(scene(name, number, language))) & results for language in LANGUAGES]
    assert all(one == texts[0] for one in texts)


def test_nothing_is_proved_of_questions_that_are_not_asked() -> None:
    for name, number in SCENES:
        question, proof = scene(name, number).question, PROOFS[name]
        assert (isinstance(question, Poll), isinstance(question, Drag)) == (number in proof.answers, number in proof.places)


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_languages_differ_in_words_only(name: str, number: int) -> None:
    """That links open without a message, and that words to show exist, is what reading a lecture asks for."""
    english = scene(name, number)
    for language in LANGUAGES:
        one = scene(name, number, language)
        assert (one.link, one.then, one.show) == (english.link, english.then, english.show)
        assert type(one.question) is type(english.question)
        assert one.caption and one.note
        if isinstance(one.question, Drag) and isinstance(english.question, Drag):
            assert (one.question.value, one.question.tolerance) == (english.question.value, english.question.tolerance)
        if isinstance(one.question, Poll) and isinstance(english.question, Poll):
            rights = [[option.right for option in question.options] for question in (one.question, english.question)]
            assert rights[0] == rights[1]
            assert all(bool(option.misconception) != option.right for option in one.question.options)
        if one.question:
            assert one.question.why


@pytest.mark.parametrize(("name", "number", "language"), SPOKEN)
def test_what_stands_beside_the_picture_is_short(name: str, number: int, language: str) -> None:
    one = scene(name, number, language)
    assert len(one.title) <= 45
    assert len(one.caption) <= 260
    assert len(re.findall(r"[.?!](?= |$)|[。？！]", one.caption)) <= 3
    assert not re.search(r"[`\[\]]|https?:", one.caption)


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_a_place_is_asked_for_on_an_axis_that_the_picture_has(name: str, number: int) -> None:
    one = scene(name, number)
    if isinstance(one.question, Drag):
        assert place(one.link)[0] == "curves" and value(one.link, "y") in ("loss", "gradient", "multiplier", "curvature")
        x = curve(one.link, value(one.link, "y")).x
        assert x.min() < one.question.value - one.question.tolerance
        assert one.question.value + one.question.tolerance < x.max()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_written_as_it_was_read(name: str, language: str) -> None:
    assert parse(write(lecture(name, language))) == lecture(name, language)


def test_another_language_is_english() -> None:
    assert lecture("ten-names", "fr") == lecture("ten-names")


def test_each_language_has_its_own_file() -> None:
    for name in NAMES:
        assert len({lecture(name, language).title for language in LANGUAGES}) == len(LANGUAGES)


def test_another_name_is_refused() -> None:
    with pytest.raises(InputError, match="ten-names"):
        lecture("../../../etc/passwd")


@pytest.mark.parametrize(("name", "number"), SCENES)
def test_controls_are_called_what_the_page_calls_them(name: str, number: int) -> None:
    """In Chinese 「」 stand around names of the interface; the English text has the same name."""
    english = spoken(scene(name, number))
    for control in re.findall("「(.+?)」", spoken(scene(name, number, "zh"))):
        assert any(text in english for text, translated in language_of("zh").texts.items() if translated == control), control
