"""The controls around the page of a batch: which batch, which loss, and the loss's exact values in the sidebar."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from ...analysis.batch.batch_stats import BatchStats
from ...analysis.scrub import Scrub
from ...data.predictions import Predictions, Survey
from ...evaluation.setting import Setting, baseline
from ...losses import LOSSES, LossSpec
from ...state import fields, sample
from ...state.batch import Line, at_gamma, batch_activations, batch_loss, batch_losses, compared, gammas, named
from ...state.pins import parse
from .. import session
from ..server.batch_cache import CachedBatch
from .batch_source import source
from .field import control
from .pins import pinning


class Asked(NamedTuple):
    """A batch and the losses it is asked about: the present one first, what it is compared with, and the scrubber over γ."""

    held: CachedBatch
    lines: tuple[Line, ...]
    moves: Scrub

    @property
    def survey(self) -> Survey:
        """What was understood of the batch."""
        return self.held.survey

    @property
    def spec(self) -> LossSpec:
        """The present loss."""
        return self.lines[0].spec

    @property
    def ce(self) -> LossSpec:
        """The cross-entropy that it is compared with."""
        return baseline(self.spec)

    @property
    def specs(self) -> tuple[LossSpec, ...]:
        """The present loss at each position of the scrubber."""
        return tuple(at_gamma(self.spec, gamma) for gamma in self.moves.values) if self.moves.control else (self.spec,)

    def brief(self, spec: LossSpec) -> str:
        """What tells a position of the scrubber in a title: γ, or the loss where it has none."""
        return f"γ = {spec.gamma:g}" if self.moves.control else LOSSES[spec.key].name

    def named(self, spec: LossSpec) -> str:
        """What a legend calls a loss on this batch."""
        return named(spec, self.held.batch.rows).label

    @property
    def names(self) -> list[str]:
        """What a legend calls the present loss at each position of the scrubber."""
        return [self.named(spec) for spec in self.specs]

    def all_stats(self, specs: tuple[LossSpec, ...]) -> list[BatchStats]:
        """The statistics of each loss; progress is shown where it takes long."""
        missing = [spec for spec in dict.fromkeys(specs) if not self.held.knows(spec)]
        rows = self.survey.samples
        if len(missing) * rows * self.survey.classes < LONG:
            return self.held.all_stats(specs)
        words_of = f"Computing {len(missing)} loss{'es' if len(missing) > 1 else ''} on {rows:,} samples"
        bar = st.progress(0.0, words_of)
        found = self.held.all_stats(specs, lambda done: _move(bar, done / rows, words_of))
        bar.empty()
        return found


def _move(bar: Any, share: float, words_of: str) -> None:
    bar.progress(min(share, 1.0), words_of)


LONG = 8_000_000
"""Logits times losses that take about a tenth of a second."""


def draw(default: str) -> tuple[Asked | None, tuple[str, ...]]:
    """Draw them; what is asked, None where there is no batch yet, and what could not be.

    `default`: the device that computes.
    """
    st.caption("**lossviz** · which samples of a batch a loss listens to.")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="frame"):
        held, problems = source(default)
        survey = held.survey if held else NOTHING
        unfit = _unfit(survey)
        key = control("loss", batch_losses(survey), row=True)
        offered = batch_activations(key, survey)
        if offered:
            control("activation", offered, default=offered[0])
        if held:
            pinning(lambda: _view(held), batch=True)
    _sidebar(survey)
    if held is None:
        return None, problems
    spec, more = batch_loss(session.drawn_values(), survey)
    pins, unread = parse(session.value("pins"))
    lines, misfits = compared(spec, pins, survey, held.batch.rows)
    return Asked(held, lines, gammas(spec, survey)), (*problems, *unfit, *more, *unread, *misfits)


def _unfit(survey: Survey) -> tuple[str, ...]:
    """What the values ask for that is not on offer, and is replaced by what is when the widgets are drawn."""
    known = session.values()
    return batch_loss({name: known[name] for name in ("loss", "activation") if name in known}, survey)[1]


NOTHING = Survey("", 0, 3, "multi-class", False, ("softmax", "sigmoid"), "logits", "", ())
"""What the controls go by while no file is there."""


def _sidebar(survey: Survey) -> None:
    with st.sidebar:
        st.subheader("Exact values")
        spec = batch_loss(session.values(), survey)[0]
        for name in fields.PARAMETERS:
            if sample.has_parameter(name, spec.key, spec.activation) and (name != "weight" or survey.classes <= MOST):
                control(name, idle=_idle(name, spec, survey))
        control("pins")


MOST = 10
"""So many class weights fit into a link."""


def _idle(name: str, spec: LossSpec, survey: Survey) -> str | None:
    """Why a parameter has no effect on this batch."""
    if name == "soft_form" and (spec.gamma == 0 or (not survey.soft and spec.label_smoothing == 0)):
        return "All four forms agree: γ is 0, or all targets are 0 and 1."
    return LOSSES[spec.key].idle(spec).get(name)


def _view(held: CachedBatch) -> sample.View:
    """The present loss on the first sample of the batch, which is what a pin is made of."""
    spec, _ = batch_loss(session.values(), held.survey)
    first = held.batch.rows.rows(slice(0, 1))
    return sample.View(Setting(spec, *numbers(first)), held.survey.task, "class", None, False, ())


def numbers(row: Predictions) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Logits and targets (C,) of a single row."""
    classes = row.logits.shape[1]
    if row.targets.ndim == 1 and classes > 1:
        targets: Any = np.eye(classes)[row.targets[0]]
    else:
        targets = row.targets.reshape(-1)
    return tuple(map(float, row.logits[0])), tuple(map(float, targets))
