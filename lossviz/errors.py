"""The one exception that a caller has to know."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from .texts import joined, say


class InputError(ValueError):
    """Bad input: the message names the argument, the row, the value found and what is expected."""

    def __init__(self, argument: str, value: str, expected: str, row: int | None = None) -> None:
        self.argument = argument
        self.row = row
        self._parts = (argument, value, expected, row)
        where = argument if row is None else say("{argument}, row {row}", argument=argument, row=row)
        super().__init__(say("{where}: found {value}; expected {expected}.", where=where, value=value, expected=expected))

    def __reduce__(self) -> tuple[Any, ...]:
        """By its parts: a process that computes for another can tell it what is wrong."""
        return type(self), self._parts


def unknown_name(argument: str, value: object, known: Iterable[str]) -> InputError:
    """An InputError for a name that is not in `known`, with the nearest one suggested, capitals or not."""
    known = list(known)
    small = {name.lower(): name for name in known}
    near = get_close_matches(value.lower(), small, n=1, cutoff=0.5) if isinstance(value, str) else []
    names = joined(map(repr, known[:LISTED]), ", ")
    if len(known) > LISTED:
        names = say("{names}, … ({number} in all)", names=names, number=len(known))
    expected = say("one of {names}", names=names)
    if near:
        expected = say("{expected} (did you mean {nearest}?)", expected=expected, nearest=repr(small[near[0]]))
    return InputError(argument, repr(value)[:80], expected)


LISTED = 8
"""So many names are written out."""
