"""What is written is what is read again, and other readers of Markdown see the same headings and links."""

from __future__ import annotations

from random import Random

import pytest
from markdown_it import MarkdownIt

from lossviz.lectures import Drag, Lecture, LectureError, Option, Poll, Scene, normalized, parse, parser, read, write
from lossviz.lectures.escapes import CLOSING, DRAG, OPENING, START, escaped, unescaped

from . import generated


def test_what_is_written_is_read_again() -> None:
    for seed in range(300):
        lecture = generated.lecture(seed)
        text = write(lecture)
        assert parse(text) == normalized(lecture) == read(text.encode()), seed
        assert write(parse(text)) == text, seed


def test_to_normalize_twice_changes_nothing() -> None:
    for seed in range(100):
        once = normalized(generated.lecture(seed))
        assert normalized(once) == once


@pytest.mark.parametrize("sign", [START, DRAG, OPENING, CLOSING])
def test_an_escape_is_undone_whatever_the_text(sign: object) -> None:
    rng = Random(3)
    for _ in range(3000):
        text = "".join(
            rng.choices(["\\", "#", "-", ">", "<", "!", "[ ]", "note", "drag", ":", " ", "a", "`"], k=rng.randint(0, 9))
        )
        assert unescaped(escaped(text, sign), sign) == text  # type: ignore[arg-type]


def test_a_changed_file_is_a_lecture_or_refused() -> None:
    """And what is read of it, in its one form already, can be written and read again."""
    read_well = 0
    for seed in range(400):
        rng = Random(seed)
        lines = write(generated.lecture(rng.randrange(100))).split("\n")
        for _ in range(rng.randint(1, 2)):
            place = rng.randrange(len(lines))
            change = rng.choice(("", lines[rng.randrange(len(lines))], rng.choice(generated.SIGNS) + lines[place]))
            lines[place : place + rng.randint(0, 1)] = [change]
        try:
            lecture = parse("\n".join(lines))
        except LectureError as error:
            assert 1 <= len(error.faults) <= 20
        else:
            read_well += 1
            assert normalized(lecture) == lecture == parse(write(lecture))
    assert 50 < read_well < 350


def test_another_reader_of_markdown_sees_the_same_headings_and_links() -> None:
    for seed in range(200):
        lecture = normalized(generated.lecture(seed))
        tokens = MarkdownIt("commonmark").parse(write(lecture))
        headings = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
        assert [tokens[i].tag for i in headings] == ["h1", *(["h2"] * len(lecture.scenes))], seed
        links = [(tokens[i + 4].children or [])[0].attrGet("href") for i in headings[1:]]
        assert [str(link).rstrip("/") for link in links] == [scene.link.rstrip("/") for scene in lecture.scenes], seed
        blocks = [token.content for token in tokens if token.type == "html_block" and token.level == 0]
        assert len(blocks) == bool(lecture.remark), seed


def test_the_file_reads_well() -> None:
    """Nothing but what would be taken for something else is escaped."""
    scene = Scene(
        "Where it ends #2",
        "/curves?loss=focal&y=gradient",
        "The *gradient*: p − t.\n# is not a heading\n#2 neither\n\nShow: it",
        "First\n> said\nsee [this](/curves): a \\alpha",
        ("gamma", "y"),
        Poll(
            "drag: or not?",
            (Option("a <!-- b", True), Option("- [x] c", False, "an arrow --> there --!>")),
            "Because\n\nof # it",
        ),
        "/curves?loss=focal&y=gradient&gamma=5",
    )
    drag = Scene("Two", "/", question=Drag("where?", -3.0, 0.5, misconception="at 0: “no”"))
    assert write(Lecture("# One", (scene, drag), "Two\nlines")) == (
        "# # One\n"
        "\n"
        "<!-- Two\n"
        "lines -->\n"
        "\n"
        "## Where it ends #2\n"
        "[scene](/curves?loss=focal&y=gradient)\n"
        "The *gradient*: p − t.\n"
        "\\# is not a heading\n"
        "#2 neither\n"
        "\n"
        "Show\\: it\n"
        "Note: First\n"
        "\\> said\n"
        "see [this](/curves): a \\alpha\n"
        "Show: gamma, y\n"
        "? drag\\: or not?\n"
        "- [x] a <\\!-- b\n"
        "- [ ] - [x] c <!-- an arrow --\\> there --\\!> -->\n"
        "> Because\n"
        ">\n"
        "> of # it\n"
        "Then: [answer](/curves?loss=focal&y=gradient&gamma=5)\n"
        "\n"
        "## Two\n"
        "[scene](/)\n"
        "? drag: where?\n"
        "= -3 ± 0.5 <!-- at 0: “no” -->\n"
    )


def test_the_example_of_the_parser_is_a_lecture() -> None:
    lines = [line.removeprefix("    ") for line in (parser.__doc__ or "").split("\n") if not line or line.startswith("    ")]
    text = "\n".join(lines)
    poll, drag = text.split("? drag:")
    lecture = parse(poll)
    question = lecture.scenes[0].question
    assert isinstance(question, Poll)
    assert question.options[0] == Option("A wrong answer", False, "the misconception behind it")
    assert lecture.scenes[0].then == "/curves?loss=focal&y=gradient&gamma=5"
    other = parse(poll.split("? ")[0] + "? drag:" + drag).scenes[0].question
    assert other == Drag("The question", 3.33, 0.8, "", "the misconceptions behind other places")
