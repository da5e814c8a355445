"""What is an act of a person, and what only an echo: against a browser, a server and a slow line that are simulated."""

from __future__ import annotations

import random
from collections import deque

import pytest

from lossviz.ui.session.widget_values import WidgetValues


class Line:
    """A browser with one widget and a server with one word, and messages that take their time in both directions."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.widget, self.seen = 0, 1
        self.up: deque[tuple[int, int, int | None]] = deque()
        self.down: deque[tuple[int, int | None]] = deque()
        self.word, self.newest, self.run = 0, 0, 1
        self.widget_values = WidgetValues()
        self.widget_values.record_update("gamma", 0, 1)

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
        if value != self.word and self.widget_values.is_user_input("gamma", value, seen):
            self.widget_values.record_input("gamma", value, seen)
            self.word = value
        if dragged is not None:
            self.word = dragged
        self.run += 1
        update = None
        if not self.widget_values.is_up_to_date("gamma", self.word, seen):
            self.widget_values.record_update("gamma", self.word, self.run)
            update = self.word
        self.down.append((self.run, update))

    def draw(self) -> None:
        if self.down:
            self.seen, update = self.down.popleft()
            self.widget = self.widget if update is None else update

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
    widget_values = WidgetValues()
    widget_values.record_update("gamma", 2.0, 1)
    widget_values.record_update("gamma", 4.6, 2)
    assert not widget_values.is_user_input("gamma", 2.0, 1), "the answer to the drag is on its way"
    assert not widget_values.is_user_input("gamma", 4.6, 1), "some of it has been drawn already"
    assert widget_values.is_user_input("gamma", 3.0, 1)
    assert not widget_values.is_user_input("gamma", 4.6, 2)
    assert widget_values.is_user_input("gamma", 2.0, 2), "the answer is there, and a person goes back to 2"


def test_what_was_set_meanwhile_is_told_again() -> None:
    widget_values = WidgetValues()
    widget_values.record_update("gamma", 2.0, 1)
    widget_values.record_update("gamma", 4.6, 2)
    widget_values.record_input("gamma", 3.0, 1)
    assert not widget_values.is_up_to_date("gamma", 3.0, 1), "4.6 is about to be drawn over it"
    widget_values.record_update("gamma", 3.0, 3)
    assert not widget_values.is_user_input("gamma", 4.6, 2)
    assert widget_values.is_up_to_date("gamma", 3.0, 3)


def test_a_widget_that_went_and_came_again_is_not_believed_with_its_old_value() -> None:
    widget_values = WidgetValues()
    widget_values.record_update("gamma", 4.6, 1)
    widget_values.record_removal("gamma", 2)
    widget_values.record_removal("gamma", 3)
    widget_values.record_update("gamma", 2.0, 4)
    assert not widget_values.is_user_input("gamma", 4.6, 1)
    assert widget_values.is_user_input("gamma", 4.6, 4)


def test_a_widget_in_a_closed_popover_is_told_until_it_says_so() -> None:
    widget_values = WidgetValues()
    widget_values.popovers["ratio"] = "data"
    widget_values.record_update("ratio", 1.0, 1)
    widget_values.confirm("ratio")
    for run in range(2, 9):
        assert not widget_values.is_user_input("ratio", 1.0, run), "it has not heard of 10 yet"
        assert not widget_values.is_up_to_date("ratio", 10.0, run)
        widget_values.record_update("ratio", 10.0, run)
    assert widget_values.is_user_input("ratio", 3.0, 9)
    widget_values.confirm("ratio")
    assert widget_values.is_up_to_date("ratio", 10.0, 9) and widget_values.is_user_input("ratio", 1.0, 9)


def test_a_widget_in_an_open_popover_says_what_a_person_has_typed_though_it_showed_that_before() -> None:
    widget_values = WidgetValues()
    widget_values.popovers["gamma"] = "parameters"
    widget_values.record_update("gamma", 2.0, 1)
    widget_values.record_update("gamma", 4.6, 5)
    widget_values.note_open(["parameters"], 7)
    assert not widget_values.is_user_input("gamma", 2.0, 6), "the request that opens it still has what it showed before"
    assert widget_values.is_user_input("gamma", 2.0, 7)
    widget_values.note_open([], 9)
    widget_values.record_update("gamma", 3.0, 9)
    assert not widget_values.is_user_input("gamma", 4.6, 9)
