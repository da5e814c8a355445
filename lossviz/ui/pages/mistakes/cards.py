"""A card for each mistake: the two programs, a question, and after the guess what they return and how a run shows it."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.listing import listing
from ....analysis.mistakes import CARDS, Card, CardResult, measure, run_card
from ....analysis.sample import AT_REST
from ....figures import mistakes as drawing
from ....figures.picture import Picture
from ....numbers import format_number
from ....state.fields import SAMPLE
from ....state.sample import SampleView, default_of
from ...components.figure_panel import show_figures
from ...controls.field import control
from ...session import assign, navigate_to
from ..sample_notes import show_adjustments, single_logit_note


@lru_cache(maxsize=256)
def result_of(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> CardResult:
    """What both programs of a card say of a sample."""
    return run_card(CARDS[key], logits, targets)


@lru_cache(maxsize=256)
def measurements_of(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> list[tuple[float, float]]:
    """What else a card tells of both programs."""
    return measure(CARDS[key], logits, targets)


def draw(view: SampleView) -> None:
    """The card that is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="cards"):
        card = CARDS[str(control("card"))]
        st.button(
            "The card’s own example",
            on_click=_example,
            args=(card,),
            icon=":material/lightbulb:",
            help="Logits and targets that show it best.",
        )
    st.markdown(f"### {card.title}")
    wrong, right = st.columns(2, gap="medium")
    with wrong:
        st.markdown(f":orange[**{card.sides[0].capitalize()}**]")
        st.code(card.wrong, language=None, wrap_lines=True)
    with right:
        st.markdown(":blue[**Right**]")
        st.code(card.right, language=None, wrap_lines=True)
    guess = st.radio(card.question, card.choices, index=None, key=f"guess-{card.key}")
    if guess is None:
        st.caption("Guess, and see what the two programs return on the present sample.")
        return
    _answer(card, card.choices.index(guess))
    _numbers(card, view)


def _answer(card: Card, guess: int) -> None:
    if guess == card.answer:
        st.success(f"Yes. {card.why}", icon=":material/check:")
    else:
        st.info(f"It is: {card.choices[card.answer]}. {card.why}", icon=":material/info:")
    st.markdown(f"**In a training run.** {card.notice} [People have met it]({card.thread}).")


def _numbers(card: Card, view: SampleView) -> None:
    """Both programs on the present sample."""
    sample = view.setting.logits, view.setting.targets
    result = result_of(card.key, *sample)
    _show_adjustments_of_sample(card, *sample, result.moved)
    wrong, right = ([side[result.present] for side in both] for both in (result.wrong, result.right))
    grads = [", ".join(format_number(g, 4) for g in row) for row in result.all_grads]
    more = {
        one.label: [format_number(x, 4) for x in pair] + [_compared(*pair)]
        for one, pair in zip(card.measures, measurements_of(card.key, *sample), strict=True)
    }
    st.table(
        {
            "program": [*card.sides, f"{card.sides[0]} is"],
            "loss": [format_number(wrong[0], 6), format_number(right[0], 6), _compared(wrong[0], right[0])],
            "gradient": [*grads, f"on class {result.moved}: {_compared(wrong[1], right[1], _least(card, view, result))}"],
        }
        | more,
        border="horizontal",
        width="content",
    )
    losses, grads = (
        [format_number(row[result.present], 4) for row in rows] for rows in zip(result.wrong, result.right, strict=True)
    )
    title = f"{card.title}: loss {' instead of '.join(losses)}, gradient {' instead of '.join(grads)}"
    figure = drawing.figure(title, card.sides, result.moved, result.z, result.present, result.wrong, result.right)
    caption = f"{card.title}, in {card.dtype}. Computed by PyTorch for lossviz."
    show_figures("mistake", [Picture(figure, title, wide=True)], None, caption, partial(_csv, card, result))


def _show_adjustments_of_sample(card: Card, logits: tuple[float, ...], targets: tuple[float, ...], moved: int) -> None:
    """What the programs made of a sample that they cannot take as it is."""
    two = single_logit_note(logits, "(0, z): class 1 is the positive one") if card.softmax else ""
    one_true = len(targets) == 1 or sorted(targets)[-2:] == [0.0, 1.0]
    labelled = "" if one_true or not card.labelled else f"Where a program takes a label, it is class {moved}."
    show_adjustments(logits, two, labelled)


def _least(card: Card, view: SampleView, result: CardResult) -> float:
    """What a gradient that has not cancelled is at least; with a hard label nothing cancels."""
    if card.labelled or set(view.setting.targets) <= {0.0, 1.0}:
        return 0.0
    grads = np.abs(np.concatenate((result.wrong.grad, result.right.grad)))
    return AT_REST * float(grads[np.isfinite(grads)].max(initial=0.0))


def _compared(wrong: float, right: float, least: float = 0.0) -> str:
    """How many times as large a number is as it should be, where that can be said: not where one is less than `least`."""
    if math.isclose(wrong, right, rel_tol=1e-9):
        return "the same"
    if not (math.isfinite(wrong) and math.isfinite(right) and wrong * right > 0) or min(abs(wrong), abs(right)) < least:
        return "–"
    times = wrong / right
    far = format_number(max(times, 1 / times), 3)
    return "nearly the same" if far == "1" else f"{far}× {'larger' if times > 1 else 'smaller'}"


def look(key: str) -> None:
    """Go to a card; for a button's `on_click`."""
    assign({"lab": "cards", "card": key})


def _example(card: Card) -> None:
    navigate_to("mistakes", {field.name: default_of(field, card.preset) for field in SAMPLE})


def _csv(card: Card, result: CardResult) -> str:
    header = ("mistake", "logit", "wrong loss", "right loss", "wrong gradient", "right gradient")
    columns = (result.z, result.wrong.loss, result.right.loss, result.wrong.grad, result.right.grad)
    return listing(header, [((card.title,), columns)])
