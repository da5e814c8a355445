"""What is wrong with a file is told with its place, what was found and what would be right."""

from __future__ import annotations

import pytest

from lossviz.errors import InputError
from lossviz.lectures import Drag, LectureError, Option, Poll, parse, read
from lossviz.lectures.limits import LINE, LINES, LISTED, SCENES, SIZE, TEXT, TITLE
from lossviz.state.fields import FIELDS

HEAD = "# Losses\n\n## Focal\n[scene](/curves?loss=focal)\n"
POLL = "? Which?\n- [x] a\n- [ ] b\n"


def refused(text: str) -> list[str]:
    with pytest.raises(LectureError) as caught:
        parse(text)
    assert isinstance(caught.value, InputError)
    assert str(caught.value).split("\n")[: len(caught.value.faults)] == [str(fault) for fault in caught.value.faults]
    return [str(fault) for fault in caught.value.faults]


FAULTS = {
    "## S\n[scene](/)\n": "Line 1: found no title; expected “# ” and the title of the lecture.",
    "# \n\n## S\n[scene](/)\n": "Line 1: found nothing; expected the title of the lecture.",
    "# A\n# B\n\n## S\n[scene](/)": "Line 2: found “# B”; expected one title, before all scenes; a scene begins with “## ”.",
    HEAD + "# B": "Scene 1, “Focal”, line 5: found “# B”; expected one title, before all scenes; a scene begins with “## ”.",
    HEAD + "### B": "Scene 1, “Focal”, line 5: found “### B”; expected “# ” before the title, “## ” before that of a scene",
    "# A\n": "Line 1: found no scenes; expected “## ” and the title of a scene.",
    "# A\nintroduction\n## S\n[scene](/)": "Line 2: found “introduction”; expected “# ” and the title of the lecture, or “## ”",
    "# A\n? Why\n## S\n[scene](/)": "Line 2: found “? Why”; expected “## ” and the title of a scene before it.",
    "# A\n<!-- b\n## S\n[scene](/)": "Line 2: found a comment without an end; expected “-->” at its end.",
    "# A\n<!-- b --> c\n## S\n[scene](/)": "Line 2: found “c”; expected nothing after the comment.",
    "# A\n<!-- b -->\n<!-- c -->\n## S\n[scene](/)": "Line 3: found a second comment; expected one comment before the scenes.",
    "# A\n##\n[scene](/)": "Scene 1, line 2: found nothing; expected the title of the scene.",
    "# A\n## S\nCaption\n": "Scene 1, “S”, line 2: found no link; expected “[scene](/curves?loss=focal)” below the title.",
    HEAD + "[scene](/)": "line 5: found a second “[scene]”; expected one per scene; a new scene begins with “## ”",
    HEAD + "Note: a\nNote: b": "line 6: found a second “Note:”; expected one per scene",
    HEAD + "Show: loss\nshow: loss": "line 6: found a second “Show:”; expected one per scene",
    HEAD + POLL + "Then: [a](/)\nThen: [a](/)": "line 9: found a second “Then:”; expected one per scene",
    HEAD + POLL + POLL: "line 8: found a second “?”; expected one per scene",
    HEAD + "<!-- hidden -->": "line 5: found “<!-- hidden -->”; expected comments after answers only; what only the",
    HEAD + "Show:": "line 5: found nothing; expected words of links, such as “Show: gamma, alpha”.",
    HEAD + "Show: gama": "line 5: found 'gama'; expected one of 'task', 'loss'",
    HEAD + "Show: gamma\nmore": "line 6: found “more”; expected captions below the link, and notes after “Note:”.",
    HEAD + POLL + "more": "line 8: found “more”; expected an answer after “- [ ]” or “- [x]”, or the reason after “>”.",
    HEAD + "? Which": "line 5: found 0 answers; expected 2 to 8 answers, such as “- [x] right”.",
    HEAD + "? Which\n- [x] a": "line 5: found 1 answer; expected 2 to 8 answers",
    HEAD + "? Which\n- [x] a" + "\n- [ ] b" * 8: "line 5: found 9 answers; expected 2 to 8 answers",
    HEAD + "? Which\n- [ ] a\n- [ ] b": "line 5: found 0 right answers; expected one answer that begins with “- [x]”",
    HEAD + "? Which\n- [x] a\n- [x] b": "line 5: found 2 right answers; expected one answer that begins with “- [x]”",
    HEAD + "?\n- [x] a\n- [ ] b": "line 5: found nothing; expected the question after “?”.",
    HEAD + POLL + "- [ ] <!-- c -->": "line 8: found nothing; expected an answer after “- [ ]” or “- [x]”.",
    HEAD + POLL + "- [ ] c <!-- d": "line 8: found a comment without an end; expected “-->” at its end, on the same line.",
    HEAD + POLL + "- [ ] c <!-- d --> e": "line 8: found “e”; expected nothing after the comment.",
    HEAD + POLL + "= 0.5 ± 0.1": "line 8: found “= 0.5 ± 0.1”; expected values only below “? drag:”.",
    HEAD + "- [x] a": "line 5: found “- [x] a”; expected “?” and a question before it; a text that begins so has a backslash",
    HEAD + "> a": "line 5: found “> a”; expected “?” and a question before it",
    HEAD + "= 3": "line 5: found “= 3”; expected “?” and a question before it",
    HEAD + "? drag: where": "line 5: found no value; expected a line such as “= 0.5 ± 0.1” below the question.",
    HEAD + "? drag: where\n= 1 ± 1\n- [x] a": "line 7: found “a”; expected a value such as “= 0.5 ± 0.1” below “? drag:”",
    HEAD + "? drag: where\n= 1 ± 1\n= 2 ± 1": "line 7: found “= 2 ± 1”; expected one value per question.",
    HEAD + "Then: [answer](/)": "line 5: found “Then:” without a question; expected “?” and a question in the scene.",
    HEAD + POLL + "Then: /curves": "line 8: found “/curves”; expected “[…](/curves?loss=focal)” and nothing else",
    HEAD + POLL + "Then: [a](/curves) or so": "line 8: found “[a](/curves) or so”; expected “[…](/curves?loss=focal)”",
    HEAD + POLL + "Then: [a](//evil.example)": "line 8: found “//evil.example”; expected a link within lossviz",
    HEAD + "a\x00b": "line 5: found the control character U+0000; expected text only.",
    HEAD + "a\u202eb": "line 5: found the control character U+202E; expected text only.",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_alone(text: str) -> None:
    (fault,) = refused(text)
    assert FAULTS[text] in fault


@pytest.mark.parametrize(
    "value", ["", "3", "3 ±", "± 1", "a ± 1", "inf ± 1", "nan ± 1", "1e999 ± 1", "3 ± 0", "3 ± -1", "3 ± −1"]
)
def test_a_value_is_finite_and_has_a_tolerance(value: str) -> None:
    (fault,) = refused(HEAD + "? drag: where\n= " + value)
    assert fault.endswith("expected a number and a tolerance greater than 0, such as “= 0.5 ± 0.1”.")


@pytest.mark.parametrize("value", ["1_0 ± 1", "٣ ± 1", "3 ± 1 ± 1", "0x1 ± 1", "3 ± nan", "3 ± inf", "3,5 ± 1", "infinity ± 1"])
def test_a_number_is_plain(value: str) -> None:
    assert len(refused(HEAD + "? drag: where\n= " + value)) == 1


@pytest.mark.parametrize("value", ["-3.5 ± 0.8", "−3.5 ± 0.8", "-3.5+-0.8", "−3.5 +/- 0.8", " -35e-1 ±   8E-1 "])
def test_signs_of_a_keyboard_will_do(value: str) -> None:
    question = parse(HEAD + f"? drag: where\n={value}<!-- why -->").scenes[0].question
    assert question == Drag("where", -3.5, 0.8, misconception="why")


ELSEWHERE = """
https://example.org/curves http:/curves //example.org ///example.org /\\example.org file:///etc/passwd javascript:alert`1`
data:text/html,x curves ?loss=focal # /curves#top /curves?x=' /curves?x=" /curves?x=<b> /curves?x=`
"""
SPACED = ("", " //example.org", "/cur ves", "/cur\tves", "/curves?loss=focal other")


@pytest.mark.parametrize("link", (*ELSEWHERE.split(), *SPACED))
def test_a_link_leads_nowhere_else(link: str) -> None:
    assert "expected a link within lossviz, such as “/curves?loss=focal”." in refused(f"# A\n## S\n[scene]({link})")[-1]


@pytest.mark.parametrize("path", ["/_stcore/health", "/curves/", "/curves/..", "/../curves", "/Curves", "/%63urves", "/:80"])
def test_a_link_leads_to_a_page(path: str) -> None:
    (fault,) = refused(f"# A\n## S\n[scene]({path}?loss=focal)")
    assert fault.startswith(f"Scene 1, “S”, line 3: found “{path}”; expected a page of lossviz: /, /one-sample, /curves")


WORDS = {
    "/curves?los=focal": "found a link whose page would say “Unknown URL parameter: “los”.”; expected a link that opens",
    "/curves?loss=focl": "say “loss: found 'focl'; expected one of",
    "/curves?gamma=-1": "say “gamma: found '-1'; expected",
    "/curves?gamma=2&gamma=3": "found “gamma” twice; expected each word once in a link.",
    "/curves?focal": "Unknown URL parameter: “focal”.",
    "/?loss=cross-entropy&gamma=2": "gamma: cross-entropy with softmax has no such parameter",
    "/training?epochs=none": "say “epochs: found 'none'",
}


@pytest.mark.parametrize("link", WORDS)
def test_the_words_of_a_link_are_checked(link: str) -> None:
    (fault,) = refused(f"# A\n## S\n[scene]({link})")
    assert fault.startswith("Scene 1, “S”, line 3: ")
    assert WORDS[link] in fault
    (fault,) = refused(f"{HEAD}{POLL}Then: [answer]({link})")
    assert WORDS[link] in fault


def test_all_faults_are_told_in_the_order_of_the_file() -> None:
    text = "# A\n## S\nCaption\n## T\n[scene](/nowhere)\n? a\n- [ ] b\nmore\n"
    lines = [fault.split("line ")[1].split(":")[0] for fault in refused(text)]
    assert lines == ["2", "5", "6", "6", "8"]


def test_of_many_faults_the_first_are_told() -> None:
    with pytest.raises(LectureError) as caught:
        parse(HEAD + "Show: gamma\n" + "more\n" * 1000)
    assert len(caught.value.faults) == LISTED
    assert str(caught.value).endswith("\nThere may be more: reading stopped here.")


def test_parts_may_stand_in_any_order_and_in_other_letters() -> None:
    text = "# A\n<!-- r -->\n##   S\n show： gamma，alpha、loss\n\t? a \n* [X] b\n- [] c <!--d-->\n>e\n>\n> f\n"
    text += "NOTE: g\n\n\nh\nTHEN: [x](/)\n"
    scene = parse(text + "[scene](/)\ni").scenes[0]
    assert scene.show == ("gamma", "alpha", "loss")
    assert scene.question == Poll("a", (Option("b", True), Option("c", False, "d")), "e\n\nf")
    assert (scene.note, scene.caption, scene.then, scene.link) == ("g\n\nh", "i", "/", "/")


def test_texts_are_literal() -> None:
    text = "a [link](https://example.org) <b>c</b> <!-- d --> ![e](//f) **g** &amp;"
    scene = parse(f"{HEAD}{text}\nNote: {text}").scenes[0]
    assert (scene.caption, scene.note) == (text, text)


def test_other_line_ends_and_a_mark_of_byte_order() -> None:
    text = HEAD + "Caption\n\nmore\n" + POLL
    for end in ("\n", "\r\n", "\r"):
        for start in ("", "\ufeff"):
            assert read((start + text).replace("\n", end).encode()) == parse(text) == parse(start + text.replace("\n", end))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"# A\n\n## \xff", "Line 3: found byte 0xff; expected a text in UTF-8."),
        ("# A".encode("utf-16"), "The lecture: found UTF-16; expected a text in UTF-8."),
        (b"# A\n## S\n\xed\xa0\x80", "Line 3: found byte 0xed; expected a text in UTF-8."),
        (b"#" * (SIZE + 1), f"The lecture: found {SIZE + 1:,} bytes; expected at most {SIZE:,}."),
        (b"\n" * LINES, f"The lecture: found {LINES + 1:,} lines; expected at most {LINES:,}."),
        (b"", "Line 1: found no title; expected “# ” and the title of the lecture."),
    ],
)
def test_a_file_is_refused_before_it_is_read(data: bytes, message: str) -> None:
    with pytest.raises(LectureError) as caught:
        read(data)
    assert str(caught.value.faults[0]) == message


def test_lengths_have_limits() -> None:
    scene = "## S\n[scene](/)\n"
    assert len(parse("# A\n" + scene * SCENES).scenes) == SCENES
    assert refused("# A\n" + scene * (SCENES + 1)) == [
        f"Line {2 * SCENES + 2}: found more than 100 scenes; expected at most 100."
    ]
    assert parse(f"# {'a' * TITLE}\n{scene}")
    long = [f"# {'a' * (TITLE + 1)}\n{scene}", f"# A\n## {'a' * (TITLE + 1)}\n[scene](/)"]
    much = "a" * (TEXT + 1)
    assert parse(
        f"{HEAD}{much[1:]}\nNote: {much[1:]}\n? {much[1:]}\n- [x] {much[1:]} <!-- {much[1:]} -->\n- [ ] a\n> {much[1:]}"
    )
    long += [f"# A\n<!-- {much} -->\n{scene}", HEAD + much, f"{HEAD}Note: {much}", f"{HEAD}{POLL}> {much}"]
    long += [f"{HEAD}{POLL}- [ ] {much}", f"{HEAD}{POLL}- [ ] c <!-- {much} -->", HEAD + POLL.replace("Which", much)]
    long += [f"{HEAD}? drag: a\n= 1 ± 1 <!-- {much} -->", HEAD.replace("focal", "f" * TEXT)]
    for text in long:
        (fault,) = refused(text)
        assert " characters; expected " in fault, text[:40]


@pytest.mark.parametrize(
    "piece", ["#", "[", "[scene](", "\\", "<!--", "-->", "--\\", "- [", "<\\", "±", "+-", "1", "e", ">", "? ", "Note:"]
)
def test_a_line_of_one_piece_is_read_at_once(piece: str) -> None:
    """Anything that went back and forth in such a line would never end."""
    for start in ("", "? a\n- [x] ", "? a\n- [x] b <!-- ", "? drag: a\n= ", "Show: ", "> ", "## ", "? a\nThen: [", "[scene](/"):
        for length in (LINE - 100, SIZE - 100):
            with pytest.raises(LectureError) as caught:
                read((HEAD + start + piece * (length // len(piece))).encode()[:SIZE])
            assert len(str(caught.value)) < 8000


def test_what_is_looked_for_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is none is compared with all that there are: not for each of a file full of them."""
    compared: list[object] = []

    def compare(word: str, *_: object, **__: object) -> list[str]:
        compared.append(word)
        return []

    monkeypatch.setattr("lossviz.errors.get_close_matches", compare)
    with pytest.raises(LectureError):
        parse(HEAD + f"Show: {'gama, ' * 1500}\n" * 20)
    assert len(compared) == LISTED


def test_every_word_can_be_shown() -> None:
    assert parse(HEAD + "Show: " + ", ".join(FIELDS)).scenes[0].show == tuple(FIELDS)
