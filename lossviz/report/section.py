"""An answer about a batch: what a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..analysis.scrub import Scrub
from ..figures.frames import Played

Rows = Sequence[dict[str, Any]]


class Section(NamedTuple):
    """A heading with sentences below it, then figures under a scrubber, then a table."""

    title: str
    says: tuple[str, ...] = ()
    figures: tuple[Played, ...] = ()
    moves: Scrub | None = None
    table: Rows = ()
