"""What all sessions share: the warm process, and answers that have been computed before."""

from __future__ import annotations

import gc
import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from ..analysis.sample import Setting, Table, as_targets, sample
from ..analysis.sweep import Sweep, sweeps
from ..evaluate import default_device, use_threads, working_dtype
from ..losses import loss
from ..snippet import run, snippet
from .live.payload import ROOM


@st.cache_resource(show_spinner=False)
def warm_up() -> str:
    """Once a process: set torch up for a server, compute something, and take the loaded modules out of the collector's sight.

    Returns the device, which the footer names.
    """
    # One thread: a page's batches are far too small to share out (1 000 elements take 35 µs), a second thread only waits
    # for the first, and sessions of a server run beside each other anyway. Measured in `make bench`.
    use_threads(1)
    answer(Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0)), False)
    # Streamlit's own collection after each run is off (config.toml): with torch loaded it took 116 ms. What is loaded now
    # stays for good, so the collector need never look at it again.
    gc.collect()
    gc.freeze()
    return default_device()


class Answer(NamedTuple):
    """The numbers of a page: the present sample, the sweeps around it, and what computed the sample in what time."""

    now: Table
    sweeps: tuple[Sweep, ...]
    backend: str


@lru_cache(maxsize=256)
def answer(setting: Setting, soft: bool) -> Answer:
    """Everything computed for a setting; a room of students who open the same link share it. Immutable by convention."""
    start = time.perf_counter()
    now = sample(setting)
    milliseconds = (time.perf_counter() - start) * 1e3
    precision = str(working_dtype(setting.device)).removeprefix("torch.")
    return Answer(now, tuple(sweeps(setting, soft, ROOM)), f"{setting.device} · {precision} · {milliseconds:.1f} ms")


class Witness(NamedTuple):
    """A PyTorch program, the expression in it that computes the loss, what it gave when run, and what lossviz says.

    `builtin`: the expression is a call of one of PyTorch's own functions.
    """

    program: str
    expression: str
    builtin: bool
    loss: float
    ours: float


@lru_cache(maxsize=256)
def witness(setting: Setting) -> Witness:
    """Run the program that the page shows."""
    spec = setting.spec
    logits = [list(setting.logits)]
    targets = as_targets(spec, np.array([setting.targets]))
    program = snippet(spec, logits, targets)
    result = run(program)
    expression = next(line.removeprefix("loss = ") for line in program.splitlines() if line.startswith("loss = "))
    return Witness(program, expression, expression.startswith("F."), result.loss, float(sample(setting).loss[0]))
