"""One sample of the batch: what it is, what the loss makes of it, and the way to One sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from ....analysis.batch.contributions import guesses, labels
from ....analysis.batch.counting_unit import evaluated, of_samples, true
from ....data import digits
from ....data.predictions import Predictions, Survey
from ....fields import Vector
from ....state.fields import DIGIT, OWN, TASKS
from ...components.markdown import literal
from ...controls.batch import BatchView, numbers
from ...controls.field import control
from ...session import navigate_to

SCALE = 12
"""Pixels of the screen for a pixel of a digit."""


def draw(view: BatchView) -> None:
    """The sample whose row is set, if one is."""
    row = control("row")
    if row is None:
        return
    survey = view.query.survey
    if row >= survey.rows:
        st.warning(f"row: found {int(row)}; expected a row from 0 to {survey.rows - 1}, since the batch has no more.")
        return
    one = view.batch.rows.numbered(int(row))
    if one is None:
        st.info(f"Row {int(row)} has no label and is ignored.")
        return
    with st.container(horizontal=True, gap="large", vertical_alignment="center", border=True):
        if survey.name == digits.NAME:
            st.image(_image(int(row)), caption=f"digit № {int(row)}", width=8 * SCALE)
        st.markdown(_description(view, one, int(row)))
        _open(view, one, int(row))


def _description(view: BatchView, one: Predictions, row: int) -> str:
    """What the sample is, under the present loss and under cross-entropy."""
    ours, base = (evaluated(spec, one) for spec in (view.query.spec, view.query.ce))
    label = labels(one.targets, one.logits.shape[1], view.query.survey.class_names)[0]
    guess = guesses(ours.probs.numpy(), view.query.spec.activation, view.query.survey.class_names)[0]
    name = f" ({literal(one.ids[0], 200)})" if one.ids is not None else ""
    doubt = " · its label was changed, or is doubted" if one.suspects is not None and one.suspects[0] else ""
    group = f" · group {literal(view.query.survey.groups[one.groups[0]], 200)}" if one.groups is not None else ""
    values = [float(x[0]) for ev in (ours, base) for x in of_samples(ev)]
    against = f" · cross-entropy: loss {values[2]:.4g}, gradient {values[3]:.4g}" if view.query.spec != view.query.ce else ""
    return (
        f"**Row {row}**{name}: label **{literal(label)}**, the model says **{literal(guess)}**{group}{doubt}  \n"
        f"p_t {float(true(ours, one)[0]):.4g} · loss **{values[0]:.4g}** · gradient {values[1]:.4g}{against}  \n"
        f"pushes on the logits: {_pushes(ours.grad.numpy()[0], view.query.survey)}"
    )


def _pushes(grad: np.ndarray, survey: Survey) -> str:
    """The three largest components of a step against the gradient."""
    first = np.argsort(-np.abs(grad))[:3]
    return ", ".join(
        f"{'up' if grad[c] < 0 else 'down'} {abs(grad[c]):.3g} on {literal(survey.class_label(c))}"
        for c in first.tolist()
        if grad[c]
    )


def _image(number: int) -> np.ndarray:
    pixels = np.array(digits.digit(number).pixels, np.uint8).reshape(8, 8)
    return np.kron(255 - np.minimum(pixels * 16, 255), np.ones((SCALE, SCALE), np.uint8))


def _open(view: BatchView, one: Predictions, row: int) -> None:
    """A button that turns to One sample with this one on it."""
    most = TASKS[view.query.survey.task].classes[1]
    few = view.query.survey.classes <= most
    why = f"One sample takes up to {most} classes; this one has {view.query.survey.classes}."
    st.button(
        "Open in One sample",
        icon=":material/target:",
        on_click=_turn,
        args=(_words(view, one, row),) if few else (),
        disabled=not few,
        help=None if few else why,
    )


def _words(view: BatchView, one: Predictions, row: int) -> dict[str, Any]:
    """The sample as words of a link."""
    logits, targets = numbers(one)
    words: dict[str, Any] = {"task": view.query.survey.task, "loss": view.query.spec.key, "targets": Vector.text(targets)}
    if view.query.survey.name == digits.NAME:
        same = targets[digits.digit(row).label] == 1
        return words | {"sample": DIGIT, "digit": float(row), "logits": "", "targets": "" if same else words["targets"]}
    return words | {"sample": OWN, "logits": Vector.text(logits)}


def _turn(words: dict[str, Any]) -> None:
    navigate_to("one-sample", words | {"target": "hard"})
