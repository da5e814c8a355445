"""What a browser shows, and which of the values it sends are acts of a person.

With every request a browser sends the values of *all* its widgets. Where Python has changed one of them (a drag, a button) and
the answer is still on its way, the request has the value from before, and to believe it would undo what was done last. So
for each word there is a list of what its widget has shown and will show, each with the run that sent it, and every request
says which run the browser has drawn last. A value that is not on the list can only come from a person.

A widget in a closed popover is not drawn, whatever the run, and goes on sending what it showed last: until it sends what it was
told, it may not have heard of it, and is told again. Once its popover is open it shows what the last run said that the browser
has drawn.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A value that a widget shows once the browser has drawn a run."""

    run: int
    value: Any


ABSENT = object()
"""The value of a widget that is no longer on the page."""


class WidgetValues:
    """The values that the widgets of a browser show, by word; `drawn` is the last run of which the browser has drawn all."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self.popovers: dict[str, str] = {}
        """The popovers in which widgets are, by word."""
        self._open_since: dict[str, int] = {}

    def note_open(self, popovers: Collection[str], run: int) -> None:
        """These popovers are open in the browser, which has drawn `run`."""
        self._open_since = {popover: self._open_since.get(popover, run) for popover in popovers}

    def _is_drawn(self, word: str, drawn: int) -> bool:
        """Whether the browser draws a widget when it draws a run."""
        return word not in self.popovers or self._open_since.get(self.popovers[word], drawn + 1) <= drawn

    def confirm(self, word: str) -> None:
        """The browser has sent what it was told last, so that it shows nothing older."""
        if word in self.popovers:
            del self._entries[word][:-1]

    def is_user_input(self, word: str, value: Any, drawn: int) -> bool:
        """Whether a value that a browser sends is a person's: neither what it shows nor what is on its way to it."""
        self._forget_before(word, drawn)
        return all(entry.value != value for entry in self._entries.get(word, ()))

    def record_input(self, word: str, value: Any, drawn: int) -> None:
        """A person has set the widget: what the browser had drawn by then is over, what is on its way will be drawn over it."""
        coming = [entry for entry in self._entries.get(word, ()) if entry.run > drawn]
        self._entries[word] = [Entry(drawn, value), *coming]

    def is_up_to_date(self, word: str, value: Any, drawn: int) -> bool:
        """Whether the widget shows this value, and nothing else is on its way."""
        self._forget_before(word, drawn)
        entries = self._entries.get(word, ())
        return len(entries) == 1 and entries[0].run <= drawn and entries[0].value == value

    def record_update(self, word: str, value: Any, run: int) -> None:
        """A run tells the browser to show this value."""
        entries = self._entries.setdefault(word, [])
        if word in self.popovers and entries and entries[-1].value == value:
            del entries[-1]
        entries.append(Entry(run, value))

    def record_removal(self, word: str, run: int) -> None:
        """A run has no such widget."""
        if self._entries.get(word, [Entry(0, ABSENT)])[-1].value is not ABSENT:
            self.record_update(word, ABSENT, run)

    def _forget_before(self, word: str, drawn: int) -> None:
        """Drop what the browser shows no longer."""
        if not self._is_drawn(word, drawn):
            return
        entries = self._entries.get(word, [])
        past = sum(entry.run <= drawn for entry in entries)
        del entries[: max(past - 1, 0)]
