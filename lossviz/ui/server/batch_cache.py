"""A batch in memory with what has been computed of it.

An uploaded one is held by the session that uploaded it, and by no other.
"""

from __future__ import annotations

import gc
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ...analysis.batch.batch_stats import BatchStats, Plan, plan, totals
from ...data.predictions import Batch, Survey
from ...losses import LossSpec

ROOM = 150_000_000
"""Bytes of statistics that are kept for all uploaded batches together, and never fewer than those of eight losses for each."""


ANSWERS = 32
"""So many other answers are kept, and no more than ROOM bytes of them: of a large vocabulary one may be 50 MB."""


class CachedBatch:
    """A batch, the answers made of it so far, and what computes them."""

    def __init__(self, batch: Batch, device: str = "cpu") -> None:
        self.batch, self.device = batch, device
        self._stats: OrderedDict[Plan, BatchStats] = OrderedDict()
        self._answers: OrderedDict[Any, Any] = OrderedDict()

    @property
    def survey(self) -> Survey:
        """What was understood of the batch."""
        return self.batch.survey

    def knows(self, spec: LossSpec) -> bool:
        """Whether the statistics are there already."""
        return plan(spec, self.survey, self.device) in self._stats

    def all_stats(self, specs: Sequence[LossSpec], progress: Callable[[int], None] | None = None) -> list[BatchStats]:
        """Losses on the whole batch; those that are not known yet are computed in one go."""
        plans = [plan(spec, self.survey, self.device) for spec in specs]
        known = {p: self._stats[p] for p in plans if p in self._stats}
        missing = [p for p in dict.fromkeys(plans) if p not in known]
        known |= dict(zip(missing, totals(missing, self.batch, progress) if missing else [], strict=True))
        for one in plans:
            self._stats[one] = known[one]
            self._stats.move_to_end(one)
        if missing:
            self._keep_within_room()
        return [known[p] for p in plans]

    def _keep_within_room(self) -> None:
        used = sum(map(size, self._stats.values()))
        while len(self._stats) > 8 and used > _room():
            used -= size(self._stats.popitem(last=False)[1])

    def answer(self, key: Any, compute: Callable[[], Any]) -> Any:
        """What was computed under a key, or is now."""
        result = self._answers[key] if key in self._answers else compute()
        self._answers[key] = result
        self._answers.move_to_end(key)
        while len(self._answers) > 1 and (len(self._answers) > ANSWERS or sum(map(size, self._answers.values())) > _room()):
            self._answers.popitem(last=False)
        return result


def _room() -> int:
    """Bytes that one of the uploaded batches may take of ROOM."""
    return ROOM // max(1, len(_uploads))


def upload(batch: Batch, device: str) -> CachedBatch:
    """A batch that one session has brought, and that is let go of when that session is over."""
    cached = CachedBatch(batch, device)
    _uploads.add(cached)
    if exists() and (context := get_script_run_ctx()):  # its file has been read, and is not needed any more
        get_instance().uploaded_file_mgr.remove_session_files(context.session_id)
    return cached


def release_closed_sessions() -> None:
    """Free the batches of sessions that are over.

    What such a session leaves behind refers to itself, and Python looks for that rarely: a large batch could stay for hours
    on a quiet server. Looking takes a tenth of a second, and is done only if there is an upload, once a minute at most.
    """
    now = time.monotonic()
    if _uploads and now - _looked[0] > EVERY:
        _looked[0] = now
        gc.collect()


_uploads: WeakSet[CachedBatch] = WeakSet()
_looked = [-1e9]
EVERY = 60.0
"""Seconds between two looks."""


def size(x: Any) -> int:
    """Bytes of all arrays in a nest of tuples."""
    return sum(map(size, x)) if isinstance(x, tuple) else int(getattr(x, "nbytes", 0))
