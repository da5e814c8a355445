"""The files of lectures: made when they are asked for, one at a time, and kept for the next who asks."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from ....errors import InputError
from ....lectures import Lecture
from ....texts import say
from ...server.training_queue import training_queue, watcher
from ..trainings import trainings_of
from .deck import deck
from .handout import handout
from .pictures import on_paper, views

KEPT = 4
"""Files that are kept, of 5 to 10 MB each."""

PATIENCE = 300.0
"""Seconds to wait for the trainings of a lecture, and for another file."""

PAUSE = 0.3
"""Seconds between two looks at what is waited for."""

Fill = Callable[[float], None]
"""Is told how much is done, from 0 to 1; a person who goes elsewhere ends it here."""


class Order(NamedTuple):
    """What is wanted: a lecture by the word of the language of its interface, or the same in several languages; on paper, with
    the address of the app to which its links lead."""

    lectures: tuple[tuple[str, Lecture], ...]
    paper: bool = False
    base: str = ""

    @property
    def pictures(self) -> int:
        """How many are drawn for it."""
        return sum(len(on_paper(lecture) if self.paper else views(lecture)) for _, lecture in self.lectures)


_files: OrderedDict[Order, bytes] = OrderedDict()
_maker = threading.Lock()


def kept(order: Order) -> bytes | None:
    """The file, if it has been made."""
    return _files.get(order)


def make(order: Order, fill: Fill) -> None:
    """Make a file and keep it.

    Raises:
        InputError: if a page cannot be drawn, if the file would be too large, or if it takes too long.
    """
    began = time.monotonic()
    _train(order.lectures[0][1], began, fill)
    while not _maker.acquire(timeout=PAUSE):
        _wait(began, fill, 0.0)
    try:
        if order not in _files:
            _files[order] = _made(order, fill)
            while len(_files) > KEPT:
                _files.popitem(last=False)
    finally:
        _maker.release()


def _made(order: Order, fill: Fill) -> bytes:
    done = 0

    def progress() -> None:
        nonlocal done
        done += 1
        fill(done / order.pictures)

    if order.paper:
        (word, lecture), *_ = order.lectures
        return handout(lecture, word, order.base, progress).encode()
    return deck(dict(order.lectures), progress).encode()


def _train(lecture: Lecture, began: float, fill: Fill) -> None:
    """Have trained what its scenes show."""
    wanted = trainings_of(lecture)
    if not wanted:
        return
    mine = watcher(), "file"
    jobs = training_queue().request(mine, wanted)
    try:
        while going := [job for job in jobs if job.state in ("waiting", "training")]:
            _wait(began, fill, 1 - len(going) / len(jobs))
            time.sleep(PAUSE)
    finally:
        training_queue().withdraw(mine)


def _wait(began: float, fill: Fill, share: float) -> None:
    if time.monotonic() - began > PATIENCE:
        raise InputError(
            "lecture",
            say("trainings that are not done after {minutes:g} minutes", minutes=PATIENCE / 60),
            say("another try in a while: what has been trained is kept"),
        )
    fill(share)
