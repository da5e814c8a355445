"""The one place where whatever a reader raises becomes a FileProblem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ...texts import say
from .problems import FileProblem

Item = TypeVar("Item")


class ProgressGuard:
    """Reports how much has been read, 0 to 1; the listener may stop the reading by raising whatever it likes."""

    def __init__(self, listener: Callable[[float], object] | None = None) -> None:
        self._listener = listener
        self.stop: BaseException | None = None

    def __call__(self, share: float) -> None:
        if self._listener is None:
            return
        try:
            self._listener(share)
        except BaseException as stop:
            self.stop = stop
            raise


@contextmanager
def as_file_problem(subject: str, progress: ProgressGuard) -> Iterator[None]:
    """Every error of a reader as a FileProblem; what the listener raised, and an interrupt, go their way."""
    try:
        yield
    except FileProblem:
        raise
    except Exception as error:
        if error is progress.stop:
            raise
        message = say("{subject} cannot be read: {error}.", subject=subject, error=error_text(error))
        raise FileProblem(message) from error


def guard_each(items: Iterable[Item], subject: str, progress: ProgressGuard) -> Iterator[Item]:
    """The items, each produced under `as_file_problem`; what is done with them is not."""
    steps = iter(items)
    while True:
        with as_file_problem(subject, progress):
            try:
                item = next(steps)
            except StopIteration:
                return
        yield item


def error_text(error: BaseException) -> str:
    """What an error says, in a line; its kind where it says nothing."""
    if isinstance(error, MemoryError):
        return say("there is not enough memory")
    if isinstance(error, RecursionError):
        return say("it is nested too deeply")
    lines = [line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()]
    if not lines:
        return say("it ends too early")
    text: str = lines[0]
    return text if len(text) <= 200 else f"{text[:199]}…"
