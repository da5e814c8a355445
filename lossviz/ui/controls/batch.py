"""The setting line of the page of a batch: which batch, with which noise, under which loss."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...data.predictions import Batch, Predictions, Survey
from ...evaluation.setting import Setting
from ...losses import LOSSES, LossSpec
from ...state import fields, sample
from ...state.batch import BatchQuery, batch_activations, batch_loss, batch_losses, batch_query, compared
from ...state.pins import parse_pins
from ...texts import say
from .. import session
from ..server.batch_cache import CachedBatch
from .batch_analyses import CachedAnalyses
from .batch_source import source
from .field import control
from .lines import chip, setting_line
from .pins import compare_chip
from .sample import loss_title, parameters_title


class BatchView(NamedTuple):
    """What the page looks at: a batch and the losses of a query, and the analyses made of them so far."""

    query: BatchQuery
    analyses: CachedAnalyses

    @property
    def batch(self) -> Batch:
        """The batch itself."""
        return self.analyses.cached.batch


def draw(default: str) -> tuple[BatchView | None, tuple[str, ...]]:
    """Draw them; what the page looks at, None where there is no batch yet, and what could not be read.

    `default`: the device that computes.
    """
    with setting_line():
        cached, problems = source(default)
        survey = cached.survey if cached else NOTHING
        unfit = _unfit(survey)
        spec = batch_loss(session.values(), survey)[0]
        title = session.note_subject(loss_title(spec, (1.0, *(0.0,) * (survey.classes - 1))))
        with chip(say("**{loss}**", loss=title), "loss"):
            key = control("loss", batch_losses(survey), row=True)
            if offered := batch_activations(key, survey):
                control("activation", offered, default=offered[0])
        with chip(parameters_title(spec), "parameters"):
            _parameters(survey)
        if cached:
            compare_chip(lambda: _view(cached), batch=True)
    if cached is None:
        return None, problems
    spec, more = batch_loss(session.drawn_values(), survey)
    pins, unread = parse_pins(session.value("pins"), _view(cached))
    lines, misfits = compared(spec, pins, survey, cached.batch.rows)
    query = batch_query(survey, lines, cached.batch.rows)
    return BatchView(query, CachedAnalyses(query, cached)), (*problems, *unfit, *more, *unread, *misfits)


def _unfit(survey: Survey) -> tuple[str, ...]:
    """What the values ask for that is not on offer, and is replaced by what is when the widgets are drawn."""
    known = session.values()
    return batch_loss({name: known[name] for name in ("loss", "activation") if name in known}, survey)[1]


NOTHING = Survey("", 0, 3, "multi-class", False, ("softmax", "sigmoid"), "logits", "", ())
"""What the controls go by while no file is there."""


def _parameters(survey: Survey) -> None:
    spec = batch_loss(session.values(), survey)[0]
    for name in fields.PARAMETERS:
        if sample.has_parameter(name, spec.key, spec.activation) and (name != "weight" or survey.classes <= MOST):
            control(name, idle=_idle(name, spec, survey), declared=fields.parameters_of(spec.key)[name])


MOST = 10
"""So many class weights fit into a link."""


def _idle(name: str, spec: LossSpec, survey: Survey) -> str | None:
    """Why a parameter has no effect on this batch."""
    if name == "soft_form" and (spec.gamma == 0 or (not survey.soft and spec.label_smoothing == 0)):
        return say("All four forms agree: γ is 0, or all targets are 0 and 1.")
    return LOSSES[spec.key].inactive_reasons(spec).get(name)


def _view(cached: CachedBatch) -> sample.SampleView:
    """The present loss on the first sample of the batch, which is what a pin is made of."""
    spec, _ = batch_loss(session.values(), cached.survey)
    first = cached.batch.rows.rows(slice(0, 1))
    return sample.SampleView(Setting(spec, *numbers(first)), cached.survey.task, "class", None, False, ())


def numbers(row: Predictions) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Logits and targets (C,) of a single row."""
    classes = row.logits.shape[1]
    if row.targets.ndim == 1 and classes > 1:
        targets: Any = np.eye(classes)[row.targets[0]]
    else:
        targets = row.targets.reshape(-1)
    return tuple(map(float, row.logits[0])), tuple(map(float, targets))
