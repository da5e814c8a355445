"""What is an act of a person, and what only an echo: against a browser, a server and a slow line that are simulated."""

from __future__ import annotations

import random
from collections import deque

import pytest

from lossviz.ui.session.acts import Shown


class Line:
    """A browser with one widget and a server with one word, and messages that take their time in both directions."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.widget, self.seen = 0, 1
        self.up: deque[tuple[int, int, int | None]] = deque()
        self.down: deque[tuple[int, int | None]] = deque()
        self.word, self.newest, self.run = 0, 0, 1
        self.shown = Shown()
        self.shown.sent("gamma", 0, 1)

    def act(self) -> None:
        """A person sets the widget, or drags a component; the request has the widget's value either way."""
        self.newest += 1
        value = self.newest if self.dice.random() < 0.7 else self.dice.randrange(self.newest)
        if self.dice.random() < 0.5:
            self.widget = value
            self.up.append((self.widget, self.seen, None))
        else:
            self.up.append((self.widget, self.seen, value))

    def serve(self) -> None:
        """A run: the request's widget, then its drag, then what the browser is told."""
        if not self.up:
            return
        value, seen, dragged = self.up.popleft()
        if value != self.word and self.shown.is_act("gamma", value, seen):
            self.shown.acted("gamma", value, seen)
            self.word = value
        if dragged is not None:
            self.word = dragged
        self.run += 1
        told = None
        if not self.shown.certain("gamma", self.word, seen):
            self.shown.sent("gamma", self.word, self.run)
            told = self.word
        self.down.append((self.run, told))

    def draw(self) -> None:
        if self.down:
            self.seen, told = self.down.popleft()
            self.widget = self.widget if told is None else told

    def rest(self) -> None:
        while self.up or self.down:
            self.serve()
            self.draw()


@pytest.mark.parametrize("seed", range(60))
def test_at_rest_the_widget_shows_what_the_server_has(seed: int) -> None:
    line = Line(seed)
    for _ in range(60):
        line.dice.choice((line.act, line.serve, line.draw))()
    line.rest()
    assert line.widget == line.word
    # And an act at rest is always believed, to whatever value.
    for value in (line.word + 1, 0, 5):
        line.widget = value
        line.up.append((value, line.seen, None))
        line.rest()
        assert line.widget == line.word == value


@pytest.mark.parametrize("seed", range(60))
def test_the_newest_of_acts_to_new_values_wins(seed: int) -> None:
    line = Line(seed)
    for _ in range(60):
        line.dice.choice((line.act, line.serve, line.draw))()
    # The last act of all: a drag, or the widget to a value it has not had.
    line.newest += 1
    if line.dice.random() < 0.5:
        line.widget = line.newest
        line.up.append((line.newest, line.seen, None))
    else:
        line.up.append((line.widget, line.seen, line.newest))
    line.rest()
    assert line.widget == line.word == line.newest


def test_an_echo_is_no_act_and_what_differs_is_one() -> None:
    shown = Shown()
    shown.sent("gamma", 2.0, 1)
    shown.sent("gamma", 4.6, 2)
    assert not shown.is_act("gamma", 2.0, 1), "the answer to the drag is on its way"
    assert not shown.is_act("gamma", 4.6, 1), "some of it has been drawn already"
    assert shown.is_act("gamma", 3.0, 1)
    assert not shown.is_act("gamma", 4.6, 2)
    assert shown.is_act("gamma", 2.0, 2), "the answer is there, and a person goes back to 2"


def test_what_was_set_meanwhile_is_told_again() -> None:
    shown = Shown()
    shown.sent("gamma", 2.0, 1)
    shown.sent("gamma", 4.6, 2)
    shown.acted("gamma", 3.0, 1)
    assert not shown.certain("gamma", 3.0, 1), "4.6 is about to be drawn over it"
    shown.sent("gamma", 3.0, 3)
    assert not shown.is_act("gamma", 4.6, 2)
    assert shown.certain("gamma", 3.0, 3)


def test_a_widget_that_went_and_came_again_is_not_believed_with_its_old_value() -> None:
    shown = Shown()
    shown.sent("gamma", 4.6, 1)
    shown.removed("gamma", 2)
    shown.removed("gamma", 3)
    shown.sent("gamma", 2.0, 4)
    assert not shown.is_act("gamma", 4.6, 1)
    assert shown.is_act("gamma", 4.6, 4)


def test_a_widget_in_a_closed_popover_is_told_until_it_says_so() -> None:
    shown = Shown()
    shown.folded.add("ratio")
    shown.sent("ratio", 1.0, 1)
    shown.heard("ratio")
    for run in range(2, 9):
        assert not shown.is_act("ratio", 1.0, run), "it has not heard of 10 yet"
        assert not shown.certain("ratio", 10.0, run)
        shown.sent("ratio", 10.0, run)
    assert shown.is_act("ratio", 3.0, 9)
    shown.heard("ratio")
    assert shown.certain("ratio", 10.0, 9) and shown.is_act("ratio", 1.0, 9)
