"""Blocks of rows, worked on by as many threads as torch has, each from its first operation to its last.

Torch would cut every operation in two and wait after each for the slower half: dozens of waits a block, and where other
programs want the processors too, every one of them may last until the scheduler comes round. Here threads meet once,
at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Barrier

import torch

WORTHWHILE = 32_768
"""From so many logits on a second thread gains more than the hand-over costs."""


def in_blocks(work: Callable[[slice], None], count: int, rows: int, logits: int) -> None:
    """work(block) for all of `count` rows with so many logits in all, at most `rows` at a time."""
    threads = torch.get_num_threads() if logits >= WORTHWHILE else 1
    rows = max(1, min(rows, -(-count // threads)))
    blocks = [slice(start, min(start + rows, count)) for start in range(0, count, rows)]
    if threads == 1 or len(blocks) == 1:
        for block in blocks:
            work(block)
        return
    inference = torch.is_inference_mode_enabled()  # a thread has its own

    def in_the_same_mode(block: slice) -> None:
        with torch.inference_mode(inference):
            work(block)

    for _ in _pool(threads).map(in_the_same_mode, blocks):
        pass


@lru_cache(maxsize=2)
def _pool(threads: int) -> ThreadPoolExecutor:
    """Threads in which torch takes no further ones."""
    pool = ThreadPoolExecutor(threads, "lossviz", initializer=_alone)
    started = Barrier(threads)
    for waiting in [pool.submit(started.wait) for _ in range(threads)]:
        waiting.result()
    # What was set there is what torch would give to every thread to come, too: as it was before.
    torch.set_num_threads(threads)
    return pool


def _alone() -> None:
    torch.get_num_threads()  # a thread's first question sets it to what is given to all, once and after what was set before
    torch.set_num_threads(1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a child has no other thread than its own
