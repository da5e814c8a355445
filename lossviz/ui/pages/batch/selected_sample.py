"""A card of one sample of the batch: what it is, what the loss makes of it, the bars beside it, and the way to One sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import numpy as np

from ....analysis.batch.contributions import guesses, labels
from ....analysis.batch.counting_unit import evaluated, of_samples, true
from ....data import digits
from ....data.predictions import Predictions, Survey
from ....fields import Vector
from ....state.fields import DIGIT, OWN, TASKS
from ....texts import joined, say
from ... import elements as st
from ...components.markdown import literal
from ...controls.batch import BatchView, numbers
from ...controls.field import control
from ...language import shown
from ...session import navigate_to, value
from .cards import Noun, markdown_table, place, selected, steps

SIDE, INK, SCALE = 8, 16, 10
"""A digit's pixels in a row, and how dark they can be; pixels of the screen for each of them."""


def draw(view: BatchView, order: Sequence[int], noun: Noun) -> None:
    """The card of a sample: the one whose row is set, or the first of `order`, whose bars or rows are a `noun` each."""
    row, survey = selected(value("row"), order), view.query.survey
    with st.container(border=True, key="card"):
        one = view.batch.rows.numbered(row) if row is not None else None
        if row is not None and one is not None:
            _sample(view, one, row, order, noun)
            return
        if row is not None and row >= survey.rows:
            st.warning(
                say(
                    "row: found {row}; expected a row from 0 to {last}, since the batch has no more.",
                    row=row,
                    last=survey.rows - 1,
                )
            )
        elif row is not None:
            st.info(say("Row {row} has no label and is ignored.", row=row))
        control("row", bare=True, placeholder="row")


def _sample(view: BatchView, one: Predictions, row: int, order: Sequence[int], noun: Noun) -> None:
    digit = view.query.survey.name == digits.NAME
    name = say("digit {row}", row=row) if digit else say("row {row}", row=row)
    st.caption(joined((x for x in (name, place(row, order, noun)) if x), " · "))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if digit:
            st.html(_picture(row), width="content")
        st.markdown(_identity(view, one))
    st.markdown(_values(view, one))
    with st.container(horizontal=True, gap="small"):
        steps("row", row, order)
        control("row", bare=True, placeholder="row")
    _open(view, one, row)


def _identity(view: BatchView, one: Predictions) -> str:
    """What it is labeled and predicted as."""
    survey, ours = view.query.survey, evaluated(view.query.spec, one)
    label = labels(one.targets, one.logits.shape[1], survey.class_names)[0]
    guess = guesses(ours.probs.numpy(), view.query.spec.activation, survey.class_names)[0]
    lines = [
        say("label **{label}**", label=literal(label)),
        say("predicted **{guess}**", guess=literal(guess)),
        say("pₜ **{p_t:.3g}**", p_t=float(true(ours, one)[0])),
    ]
    if one.ids is not None and survey.name != digits.NAME:
        lines.insert(0, literal(one.ids[0], 200))
    if one.groups is not None:
        lines.append(say("group {group}", group=literal(survey.groups[one.groups[0]], 200)))
    if one.suspects is not None and one.suspects[0]:
        lines.append(say("label changed or marked as suspect"))
    return joined(lines, "  \n")


def _values(view: BatchView, one: Predictions) -> str:
    """Loss and gradient under the present loss and under cross-entropy, and what a step would do."""
    query = view.query
    ours, base = (evaluated(spec, one) for spec in (query.spec, query.ce))
    columns = [tuple(float(x[0]) for x in of_samples(ev)) for ev in ((ours, base) if query.spec != query.ce else (ours,))]
    heads = [query.brief(query.scrub.at), say("cross-entropy")][: len(columns)]
    rows = [[name, *(f"{column[n]:.4g}" for column in columns)] for n, name in enumerate((say("loss"), say("gradient")))]
    table = markdown_table((say("value"), *heads), rows)
    return joined((table, "", _step(ours.grad.numpy()[0], query.survey)), "\n")


def _step(grad: np.ndarray, survey: Survey) -> str:
    """The three largest components of a step against the gradient."""
    first = np.argsort(-np.abs(grad))[:3].tolist()
    if not (pushes := [_push(float(grad[c]), survey.class_label(c)) for c in first if grad[c]]):
        return say("The gradient is 0: a descent step changes nothing.")
    return say("A descent step pushes the logits {pushes}.", pushes=joined(pushes))


def _push(slope: float, name: str) -> str:
    if slope < 0:
        return say("up {size:.3g} for {name}", size=-slope, name=literal(name))
    return say("down {size:.3g} for {name}", size=slope, name=literal(name))


def _picture(number: int) -> str:
    """A digit in the colour of the text."""
    digit = digits.digit(number)
    pixels = (
        f'<rect x="{n % SIDE}" y="{n // SIDE}" width="1" height="1" fill-opacity="{ink / INK:.3g}"/>'
        for n, ink in enumerate(digit.pixels)
        if ink
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{"".join(pixels)}</svg>'
    side, mask = SIDE * SCALE, f"url(data:image/svg+xml,{quote(svg)})"
    # Streamlit takes an <svg> out of HTML; as a mask it lets the colour of the text through.
    style = f"display: block; width: {side}px; height: {side}px; background: currentColor; mask: {mask}"
    label = shown(say("digit {number}, a “{label}”", number=number, label=digit.label))
    return f'<span role="img" aria-label="{label}" style="{style}"></span>'


def _open(view: BatchView, one: Predictions, row: int) -> None:
    """A button that turns to One sample with this one on it."""
    most = TASKS[view.query.survey.task].classes[1]
    few = view.query.survey.classes <= most
    why = say(
        "One sample shows up to {most} classes; this batch has {classes:,}.", most=most, classes=view.query.survey.classes
    )
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
