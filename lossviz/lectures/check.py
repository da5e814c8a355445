"""What a link, a word to show and a value of a lecture have to be."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from ..errors import InputError, unknown_name
from ..numbers import counted
from ..state.fields import FIELDS
from ..state.links import PAGES, link_problems
from ..texts import joined, say
from .faults import quoted, shortened
from .lecture import Option, place
from .limits import FEWEST_OPTIONS, LINK, MOST_OPTIONS

WITHIN = re.compile(r"/(?!/)[^\s<>()\\\"'`#]*")
"""A link within the app that says the same in Markdown, in HTML and in an address; anything else is spelled %28 or the like."""

DIGITS = re.compile("[0-9+.eE-]+")


def link_faults(link: str, where: str) -> Iterator[InputError]:
    """What is wrong with a link of a scene or of an answer.

    >>> print(*link_faults("https://example.org", "Line 3"))
    Line 3: found “https://example.org”; expected a link within lossviz, such as “/curves?loss=focal”.
    """
    if len(link) > LINK:
        yield InputError(where, say("{n:,} characters", n=len(link)), say("a link of at most {most:,}", most=LINK))
    elif not WITHIN.fullmatch(link):
        yield InputError(where, quoted(link), say("a link within lossviz, such as “/curves?loss=focal”"))
    elif urlsplit(link).path[1:] not in PAGES:
        pages = joined([f"/{page}" for page in PAGES])
        yield InputError(where, quoted(urlsplit(link).path), say("a page of lossviz: {pages}", pages=pages))
    else:
        yield from _faults_of_words(link, where)


def _faults_of_words(link: str, where: str) -> Iterator[InputError]:
    page, words = place(link)
    names = Counter(name for name, _ in parse_qsl(urlsplit(link).query, keep_blank_values=True))
    for name in words:
        if names[name] > 1:
            yield InputError(where, say("{word} twice", word=quoted(name)), say("each word once in a link"))
    for problem in link_problems(words, PAGES[page]):
        value = say("a link whose page would say “{problem}”", problem=problem)
        yield InputError(where, value, say("a link that opens without such a message"))


def show_faults(words: Iterable[str], where: str) -> Iterator[InputError]:
    """What is wrong with the words whose controls stay."""
    for word in words:
        if word not in FIELDS:
            yield unknown_name(where, shortened(word), FIELDS)


def option_faults(options: Sequence[Option], where: str) -> Iterator[InputError]:
    """What is wrong with the answers to choose from, all in all."""
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        expected = say("{fewest} to {most} answers, such as “- [x] right”", fewest=FEWEST_OPTIONS, most=MOST_OPTIONS)
        yield InputError(where, counted(len(options), "answer"), expected)
    right = sum(option.right for option in options)
    if options and right != 1:
        expected = say("one answer that begins with “- [x]”, the others with “- [ ]”")
        yield InputError(where, counted(right, "right answer"), expected)


def length_faults(text: str, most: int, where: str) -> Iterator[InputError]:
    """What is wrong with a text that is too long."""
    if len(text) > most:
        yield InputError(where, say("{n:,} characters", n=len(text)), say("at most {most:,}", most=most))


def number(text: str) -> float | None:
    """A plain number, with a hyphen or a minus sign; None where it is none or not finite.

    >>> number("−0.5"), number("1e999"), number("half")
    (-0.5, None, None)
    """
    text = text.strip().replace("−", "-")
    if not DIGITS.fullmatch(text):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
