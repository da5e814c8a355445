"""What a lecture is: scenes one after the other, each a link with words about it, and perhaps a question."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen; of a wrong one, the misconception behind it, which only the lecturer reads."""

    text: str
    right: bool = False
    misconception: str = ""


@dataclass(frozen=True)
class Poll:
    """A question with answers to choose from, one of which is right, and why that is so."""

    text: str
    options: tuple[Option, ...]
    why: str = ""


@dataclass(frozen=True)
class Drag:
    """A question that is answered by a place on the axis of the figure: right within `tolerance` of `value`."""

    text: str
    value: float
    tolerance: float
    why: str = ""
    misconception: str = ""


Question = Poll | Drag


@dataclass(frozen=True)
class Scene:
    """What is on the screen, as a link within the app, and what is said about it.

    `show` are the words whose controls stay; `then` is the link that the reveal opens, "" for the scene itself.
    """

    title: str
    link: str
    caption: str = ""
    note: str = ""
    show: tuple[str, ...] = ()
    question: Question | None = None
    then: str = ""


@dataclass(frozen=True)
class Lecture:
    """A title, what the lecturer should know beforehand, and the scenes."""

    title: str
    scenes: tuple[Scene, ...]
    remark: str = ""


def place(link: str) -> tuple[str, dict[str, str]]:
    """The path of a page and the words of its address.

    >>> place("/curves?loss=focal&gamma=2")
    ('curves', {'loss': 'focal', 'gamma': '2'})
    """
    parts = urlsplit(link)
    return parts.path.strip("/"), dict(parse_qsl(parts.query, keep_blank_values=True))
