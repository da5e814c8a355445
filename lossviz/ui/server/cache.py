"""What all sessions share: the warm process, and answers that have been computed before."""

from __future__ import annotations

import gc
import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from ...analysis import curves, surfaces
from ...analysis import optimum as optima
from ...analysis.curves import Curve
from ...analysis.descent import Path, descents
from ...analysis.optimum import Optimum
from ...analysis.planes import Plane
from ...analysis.sample import SampleTable, sample
from ...analysis.surfaces import Arrows, Sheet, Surface
from ...analysis.sweep import Sweep, sweeps
from ...evaluation.devices import default_device, use_threads, working_dtype
from ...evaluation.setting import Setting, as_targets
from ...losses import loss
from ...naming.snippet import run, snippet
from ...state.plots import CurveView
from . import privacy


@st.cache_resource(show_spinner=False)
def warm_up() -> str:
    """Once a process: uploads stay in memory, torch is set up for a server, and something is computed.

    Returns the device, which the footer names.
    """
    # One thread: a page's batches are far too small to share out (1 000 elements take 35 µs), a second thread only waits
    # for the first, and sessions of a server run beside each other anyway. Measured in `make bench`.
    use_threads(1)
    privacy.in_memory()
    example = Setting(loss("focal"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    answer(example, False)
    curves.curve(example, 0, "p_t", "curvature")  # torch prepares a second for its first forward derivative
    # What is loaded is not frozen (gc.freeze), though it stays: this runs in the first visitor's session, which would then stay
    # too, with whatever was uploaded in it.
    gc.collect()
    return default_device()


class SampleAnswer(NamedTuple):
    """The numbers of a page: the present sample, the sweeps around it, and what computed the sample in what time."""

    now: SampleTable
    sweeps: tuple[Sweep, ...]
    backend: str


SWEEP_NUMBERS = 34_000
"""Numbers in the sweeps of an answer: 136 kB of float32, beside a header of a few kB."""


@lru_cache(maxsize=256)
def answer(setting: Setting, soft: bool) -> SampleAnswer:
    """Everything computed for a setting; a room of students who open the same link share it. Immutable by convention."""
    start = time.perf_counter()
    now = sample(setting)
    milliseconds = (time.perf_counter() - start) * 1e3
    precision = str(working_dtype(setting.device)).removeprefix("torch.")
    return SampleAnswer(
        now, tuple(sweeps(setting, soft, SWEEP_NUMBERS)), f"{setting.device} · {precision} · {milliseconds:.1f} ms"
    )


class TorchRun(NamedTuple):
    """A PyTorch program, the expression in it that computes the loss, what it gave when run, and what lossviz says.

    `builtin`: the expression is a call of one of PyTorch's own functions.
    """

    program: str
    expression: str
    builtin: bool
    loss: float
    ours: float


@lru_cache(maxsize=256)
def torch_run(setting: Setting) -> TorchRun:
    """Run the program that the page shows."""
    spec = setting.spec
    logits = [list(setting.logits)]
    targets = as_targets(spec, np.array([setting.targets]))
    program = snippet(spec, logits, targets)
    result = run(program)
    expression = next(line.removeprefix("loss = ") for line in program.splitlines() if line.startswith("loss = "))
    return TorchRun(program, expression, expression.startswith("F."), result.loss, float(sample(setting).loss[0]))


@lru_cache(maxsize=4096)
def curve(setting: Setting, picture: CurveView) -> Curve:
    """One line of a picture. The positions of a scrubber are settings of their own: letting it go computes nothing anew."""
    return curves.curve(setting, picture.k, picture.axis, picture.quantity, picture.detached, log=picture.log)


@lru_cache(maxsize=2048)
def optimum(setting: Setting, k: int) -> tuple[Optimum, float]:
    """What minimises a setting's expected loss, and its decision threshold."""
    return optima.drawn(setting, k), optima.threshold(setting, k)


@lru_cache(maxsize=512)
def surface(setting: Setting, plane: Plane, height: str) -> tuple[Surface, Surface | Sheet]:
    """A surface for a map, and the same for a picture that can be turned."""
    flat = surfaces.surface(setting, plane, height)
    return flat, surfaces.triangle(setting, plane, height) if plane.kind == "simplex" else flat


@lru_cache(maxsize=512)
def arrows(setting: Setting, plane: Plane) -> Arrows:
    """Where descent would push, over a plane of logits."""
    return surfaces.arrows(setting, plane)


@lru_cache(maxsize=128)
def paths(settings: tuple[Setting, ...], plane: Plane, rate: float, steps: int) -> tuple[Path, ...]:
    """Gradient descent under all positions of a scrubber."""
    return tuple(descents(settings, plane, rate, steps))
