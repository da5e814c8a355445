"""A lecture as a Markdown file that `parser` reads back, and that can be read where code is hosted."""

from __future__ import annotations

from collections.abc import Iterator

from .escapes import CLOSING, DRAG, OPENING, START, escaped
from .lecture import Drag, Lecture, Option, Poll, Question, Scene
from .normal import normalized


def write(lecture: Lecture) -> str:
    """The file of a lecture, its texts normalized.

    >>> print(write(Lecture("Losses", (Scene("Focal", "/curves?loss=focal", "Drag γ.", show=("gamma",)),))), end="")
    # Losses
    <BLANKLINE>
    ## Focal
    [scene](/curves?loss=focal)
    Drag γ.
    Show: gamma
    """
    lecture = normalized(lecture)
    remark = (f"<!-- {escaped(lecture.remark, CLOSING)} -->",) if lecture.remark else ()
    parts = [f"# {lecture.title}", *remark, *("\n".join(_of_scene(scene)) for scene in lecture.scenes)]
    return "\n\n".join(parts) + "\n"


def _of_scene(scene: Scene) -> Iterator[str]:
    yield f"## {scene.title}"
    yield f"[scene]({scene.link})"
    if scene.caption:
        yield from (escaped(line, START) for line in scene.caption.split("\n"))
    if scene.note:
        first, *others = scene.note.split("\n")
        yield f"Note: {first}"
        yield from (escaped(line, START) for line in others)
    if scene.show:
        yield f"Show: {', '.join(scene.show)}"
    if scene.question:
        yield from question_lines(scene.question)
    if scene.then:
        yield f"Then: [answer]({scene.then})"


def question_lines(question: Question) -> Iterator[str]:
    """The lines of a question."""
    match question:
        case Poll():
            yield f"? {escaped(question.text, DRAG)}"
            yield from map(_of_option, question.options)
        case Drag():
            yield f"? drag: {question.text}"
            yield f"= {_number(question.value)} ± {_number(question.tolerance)}{_comment(question.misconception)}"
    if question.why:
        yield from (f"> {line}".rstrip() for line in question.why.split("\n"))


def _of_option(option: Option) -> str:
    return f"- [{'x' if option.right else ' '}] {escaped(option.text, OPENING)}{_comment(option.misconception)}"


def _comment(text: str) -> str:
    return f" <!-- {escaped(text, CLOSING)} -->" if text else ""


def _number(number: float) -> str:
    return repr(number).removesuffix(".0")
