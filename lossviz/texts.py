"""Texts that people read: English where it is said, with what it was made of, so that it can be said in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from string import Formatter
from typing import Any

Lookup = Callable[[str], str]
"""From a template in English to the one in the reader's language."""


class Strong(str):
    """Words of a message that are to be seen first."""


class Message(str):
    """An English text that remembers its template and its parts.

    What computes, caches, hashes and compares sees a string like any other; only where it is shown is it looked up. Parts that
    are messages are looked up as well; all others stay what they are: numbers, and words of the user. `finish` is applied to
    the text in any language.
    """

    template: str
    parts: Mapping[str, Any]
    finish: Callable[[str], str] | None

    def __new__(
        cls, template: str, parts: Mapping[str, Any] | None = None, finish: Callable[[str], str] | None = None
    ) -> Message:
        """The text in English; a template without parts may have any braces."""
        text = _filled(template, parts or {})
        self = super().__new__(cls, finish(text) if finish else text)
        self.template, self.parts, self.finish = template, parts or {}, finish
        return self

    def __str__(self) -> str:
        """Itself: the message of an exception is one still."""
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.template, self.parts, self.finish

    def translated(self, lookup: Lookup) -> str:
        """The text in another language."""
        text = _filled(lookup(self.template), _translated(self.parts, lookup))
        return self.finish(text) if self.finish else text

    def pieces(self, lookup: Lookup = str) -> tuple[str, ...]:
        """The text in parts, those that its template marks with `!b` as `Strong`.

        >>> say("Of {n:,} samples {share!b} are hard.", n=1797, share="3.1%").pieces()
        ('Of 1,797 samples ', '3.1%', ' are hard.')
        """
        if self.finish:
            return (self.translated(lookup),)
        return _pieces(lookup(self.template), _translated(self.parts, lookup))

    def then(self, finish: Callable[[str], str]) -> Message:
        """The text after a function that is applied in every language, such as one that escapes."""
        return Message("{text}", {"text": self}, finish)


def say(template: str, /, **parts: Any) -> Message:
    """A text with values put in, as `str.format` does; `{name!b}` is to be seen first.

    >>> say("{n:,} of {whole}", n=1797, whole=say("all samples"))
    '1,797 of all samples'
    """
    return Message(template, parts)


def joined(texts: Iterable[str], separator: str = ", ") -> Message:
    """Texts one after the other; the separator is looked up, too: a list in Chinese has other commas.

    >>> joined(["a", "b"])
    'a, b'
    """
    parts: dict[str, Any] = {f"text{i}": text for i, text in enumerate(texts)}
    return Message("{separator}".join(f"{{{name}}}" for name in parts), parts | {"separator": Message(separator)})


def enumerated(names: Iterable[str]) -> str:
    """Names of one kind; in Chinese other commas stand between them than between clauses.

    >>> enumerated(["a", "b", "c"])
    'a, b, c'
    """
    return reduce(lambda several, name: say("{names}, {name}", names=several, name=name), names)


def then(text: str, finish: Callable[[str], str]) -> str:
    """A function of texts, applied to the text in every language if it is a message."""
    return text.then(finish) if isinstance(text, Message) else finish(text)


def pieces(text: str, lookup: Lookup = str) -> tuple[str, ...]:
    """A text in parts, those that are to be seen first as `Strong`."""
    return text.pieces(lookup) if isinstance(text, Message) else (text,)


def _translated(parts: Mapping[str, Any], lookup: Lookup) -> dict[str, Any]:
    return {name: part.translated(lookup) if isinstance(part, Message) else part for name, part in parts.items()}


def _filled(template: str, parts: Mapping[str, Any]) -> str:
    if not parts:
        return template
    return "".join(_pieces(template, parts)) if "!b" in template else template.format_map(parts)


def _pieces(template: str, parts: Mapping[str, Any]) -> tuple[str, ...]:
    if not parts:
        return (template,)
    pieces: list[str] = [""]
    for words, name, form, conversion in Formatter().parse(template):
        pieces[-1] += words
        if name is None:
            continue
        value = format(parts[name], form or "")
        if conversion == "b":
            pieces += [Strong(value), ""]
        else:
            pieces[-1] += value
    return tuple(piece for piece in pieces if piece)
