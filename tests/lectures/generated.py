"""Lectures drawn at random, whose texts are made of whatever means something in the format, in Markdown and in HTML."""

from __future__ import annotations

from random import Random

from lossviz.lectures import Drag, Lecture, Option, Poll, Question, Scene
from lossviz.state.fields import FIELDS

SIGNS = (
    *("# ", "## ", "### ", "#", "#1", "Note:", "note：", "Show:", "THEN:", "? ", "?", "drag:", "Drag：", "> ", ">", "= ", "="),
    *(
        "- [x] ",
        "- [ ]",
        "* [X] ",
        "-[x]",
        "- ",
        "<!--",
        "<!-- ",
        "-->",
        "--!>",
        "--",
        "<",
        "!",
        "[scene](",
        "[scene](/curves)",
    ),
    *(
        "[answer]",
        "\\",
        "\\\\",
        "\\#",
        "Note\\:",
        "\\>",
        "<\\!--",
        "--\\>",
        "---",
        "```",
        "<script>",
        "{braces}",
        "{",
        "±",
        "|",
    ),
)
WORDS = ("γ", "p_t", "loss", "损失", "0.5", "−1", "𝒑", "e\u0301", "👩\u200d🏫", "a: b", "“so”", "![x](//y)")
SPACES = (
    *("", "", " ", "  ", "\t", "\u3000", "\u00a0"),
    *("\n", "\n\n", "\r\n", "\n \n\n", "\x0b", "\u2028", "\x00", "\u202e", "\r"),
)

LINKS = (
    "/",
    "/?task=binary&logits=2.1972",
    "/one-sample?loss=cross-entropy",
    "/curves?loss=focal&gamma=5&y=gradient",
    "/curves?task=binary&gamma=0&alpha=0.25&pins=cross-entropy+sigmoid",
    "/names?loss=cross-entropy&sample=own+numbers",
    "/batch?batch=detector&ask=shares",
    "/training?flips=uniform&flip_rate=0.1",
)


def text(rng: Random, pieces: int = 8) -> str:
    """A text, as it may be typed or pasted; with at least one character that is seen."""
    kinds = [rng.choice((SIGNS, SIGNS, WORDS, SPACES)) for _ in range(rng.randint(0, pieces))]
    drawn = [rng.choice(kind) for kind in kinds]
    drawn.insert(rng.randint(0, len(drawn)), rng.choice((*SIGNS, *WORDS)))
    return "".join(drawn)


def maybe(rng: Random) -> str:
    """A text or none."""
    return text(rng, 20) if rng.random() < 0.7 else ""


def question(rng: Random) -> Question:
    """A question of either kind."""
    if rng.random() < 0.4:
        value, tolerance = rng.choice((rng.gauss(0, 10), -0.0, 3.0, 1e-300, -1e300)), 10 ** rng.uniform(-9, 9)
        return Drag(text(rng), value, tolerance, maybe(rng), maybe(rng))
    options = rng.randint(2, 8)
    right = rng.randrange(options)
    return Poll(text(rng), tuple(Option(text(rng), i == right, maybe(rng)) for i in range(options)), maybe(rng))


def scene(rng: Random) -> Scene:
    """A scene, with or without a question."""
    answerable = question(rng) if rng.random() < 0.7 else None
    show = tuple(rng.choices(list(FIELDS), k=rng.randint(0, 5)))
    then = rng.choice(LINKS) if answerable and rng.random() < 0.5 else ""
    return Scene(text(rng), rng.choice(LINKS), maybe(rng), maybe(rng), show, answerable, then)


def lecture(seed: int) -> Lecture:
    """A lecture of one to five scenes."""
    rng = Random(seed)
    return Lecture(text(rng), tuple(scene(rng) for _ in range(rng.randint(1, 5))), maybe(rng))
