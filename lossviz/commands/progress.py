"""How far a command is: a bar with its rate and the time that is left, on a terminal and after a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tqdm import tqdm

from ..data.predictions import Predictions, Source, Survey

DELAY = 1.0
"""Seconds after which it is worth saying."""


class Bar:
    """A bar on the standard error, gone when all is done; nothing where that is no terminal."""

    def __init__(self, what: str, total: float, unit: str = "") -> None:
        form = "{desc}: {percentage:3.0f}% {bar} " + ("{rate_fmt}, " if unit else "") + "{remaining} left"
        self._bar = tqdm(
            desc=what, total=total, unit=unit, unit_scale=True, disable=None, delay=DELAY, leave=False, bar_format=form
        )

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: Any) -> None:
        self._bar.close()

    def add(self, more: float) -> None:
        """So much more is done."""
        self._bar.update(more)

    def reach(self, done: float) -> None:
        """So much is done in all."""
        self._bar.update(max(0.0, done - self._bar.n))


class Observed:
    """A source whose rows are told as they go by, in every pass."""

    def __init__(self, source: Source, tell: Callable[[int], object]) -> None:
        self._source, self._tell = source, tell

    @property
    def survey(self) -> Survey:
        """The source's own."""
        return self._source.survey

    def blocks(self) -> Iterator[Predictions]:
        """The source's own."""
        for block in self._source.blocks():
            yield block
            self._tell(len(block))
