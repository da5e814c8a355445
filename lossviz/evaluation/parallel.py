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
"""From so many logits on, torch would take threads of its own."""

SHARE = 1_048_576
"""What a thread has to have to itself, in logits that are exponentiated and scaled: less is done before another wakes up."""


SLOWER = 8
"""How many times longer a logit takes that is shifted first, or goes through a sigmoid."""


def in_blocks(work: Callable[[slice], None], count: int, rows: int, size: int) -> None:
    """work(block) for all of `count` rows, at most `rows` at a time; `size`: how much that is, in logits (see `SHARE`)."""
    available = torch.get_num_threads() if size >= WORTHWHILE else 1
    threads = max(1, min(available, size // SHARE))
    rows = max(1, min(rows, -(-count // threads)))
    blocks = iter([slice(start, min(start + rows, count)) for start in range(0, count, rows)])
    inference = torch.is_inference_mode_enabled()  # a thread has its own

    def take_turns(_: object) -> None:
        with torch.inference_mode(inference):
            for block in blocks:
                work(block)

    for _ in map(take_turns, (0,)) if available == 1 else _pool(available).map(take_turns, range(threads)):
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
