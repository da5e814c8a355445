"""A card for each mistake: the two programs on an example, a question, and after the guess what both return and why."""

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
from ....state.sample import SampleView, resolve
from ...components.figure_panel import show_figures
from ...controls.field import control
from ...session import assign, value
from ..rows import bring_into_view, list_and_card, row, rows
from ..sample_notes import show_adjustments, single_logit_note


@lru_cache(maxsize=256)
def result_of(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> CardResult:
    """What both programs of a card say of a sample."""
    return run_card(CARDS[key], logits, targets)


@lru_cache(maxsize=256)
def measurements_of(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> list[tuple[float, float]]:
    """A card's measures of both programs."""
    return measure(CARDS[key], logits, targets)


CONTROLS: tuple[str, ...] = ()


def controls(_: SampleView) -> tuple[()]:
    """None: the list is beside the card."""
    return ()


def draw(view: SampleView) -> None:
    """The list of all mistakes, and beside it the one that is chosen."""
    card = CARDS[str(value("card"))]
    list_column, shown = list_and_card("cards")
    with shown, st.container(key="main-thing", gap="small"), st.container(key="mistake-card", gap="small"):
        with st.container(key="list-menu"):
            control("card", bare=True)
        _card(card, *_sample_of(card, view))
    with list_column, rows("cards"):
        for one in CARDS.values():
            row(one.title, f"card-{one.key}", one is card, look, one.key)
    bring_into_view(".st-key-main-thing")


def _sample_of(card: Card, view: SampleView) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The card's own example, or the sample of the other pages."""
    setting = resolve(card.preset).setting if value("example") == "own-example" else view.setting
    return setting.logits, setting.targets


def _card(card: Card, logits: tuple[float, ...], targets: tuple[float, ...]) -> None:
    """Both programs; then the question, and beside it what they return while one logit moves."""
    result = result_of(card.key, logits, targets)
    st.markdown(f"### {card.title}")
    guess = st.session_state.get(f"guess-{card.key}")
    with st.container(key="programs"):
        _programs(card, result, guess is not None)
    question_column, pictured = st.columns([2, 3], gap="medium")
    with question_column, st.container(key="question", gap="small"):
        _question(card, result, logits, targets)
        _show_adjustments_of_sample(card, logits, targets, result.moved)
    with pictured:
        _picture(card, result, guess is not None)
    if guess is not None:
        _table(card, targets, result, measurements_of(card.key, logits, targets))


def _programs(card: Card, result: CardResult, guessed: bool) -> None:
    """Wrong and right side by side, each with what it returns; the wrong one's numbers once a person has guessed."""
    for column, side, colour, code, curve in zip(
        st.columns(2, gap="small"),
        card.sides,
        ("orange", "blue"),
        (card.wrong, card.right),
        (result.wrong, result.right),
        strict=True,
    ):
        with column:
            numbers = [format_number(row[result.present], 4) for row in curve]
            returned = (
                f"loss **{numbers[0]}**, gradient **{numbers[1]}**"
                if guessed or side == "right"
                else "loss **?**, gradient **?**"
            )
            st.markdown(f":{colour}[**{side.capitalize()}**]\u2002{returned}")
            st.code(code, language=None, wrap_lines=True)


def _question(card: Card, result: CardResult, logits: tuple[float, ...], targets: tuple[float, ...]) -> None:
    """What to guess, on which numbers, and the answer once a person has guessed."""
    st.markdown(f"**{card.question}**")
    guess = st.pills(card.question, card.choices, key=f"guess-{card.key}", label_visibility="collapsed")
    if guess is None:
        st.caption(
            f"Logits {_numbers(logits)}; targets {_numbers(targets)}. The gradient is that of class {result.moved}. "
            f"Guess to see what the {card.sides[0]} program returns."
        )
        return
    if card.choices.index(guess) == card.answer:
        st.success(f"Correct. {card.why}", icon=":material/check:")
    else:
        st.info(f"No: {card.choices[card.answer]}. {card.why}", icon=":material/info:")
    st.markdown(_effect(result, _least(card, targets, result)))
    st.markdown(f"**In a training run.** {card.notice} [Seen in practice]({card.thread}).")


def _numbers(numbers: tuple[float, ...]) -> str:
    return ", ".join(format_number(one, 3) for one in numbers)


def _effect(result: CardResult, least: float) -> str:
    """How far the wrong program is off on these numbers, in a sentence; `least` as `_compared` takes it, for the gradient."""
    wrong, right = ([side[result.present] for side in both] for both in (result.wrong, result.right))
    loss, grad = _compared(wrong[0], right[0]), _compared(wrong[1], right[1], least)
    if loss == grad == "the same":
        return "On this sample both programs return the same loss and the same gradient."
    of_loss, of_gradient = _in_words(loss, wrong[0], right[0]), _in_words(grad, wrong[1], right[1])
    return f"On this sample the loss is {of_loss} and the gradient {of_gradient}."


def _in_words(compared: str, wrong: float, right: float) -> str:
    if compared == "–":
        return f"**{format_number(wrong, 4)}** instead of **{format_number(right, 4)}**"
    return f"**{compared}**"


def _picture(card: Card, result: CardResult, guessed: bool) -> None:
    """Loss and gradient of both programs along the true class's logit; before a guess, of the right one only."""
    losses, grads = (
        [format_number(row[result.present], 4) for row in rows] for rows in zip(result.wrong, result.right, strict=True)
    )
    title = f"Loss {' instead of '.join(losses)}, gradient {' instead of '.join(grads)}"
    if not guessed:
        title = f"The right program: loss {losses[1]}, gradient {grads[1]}"
    figure = drawing.figure(title, card.sides, result.moved, result.z, result.present, result.wrong, result.right, guessed)
    caption = f"{card.title}. {title}. In {card.dtype}, computed by PyTorch for lossviz."
    show_figures("mistake", [Picture(figure, f"{card.title}. {title}", wide=True)], None, caption, partial(_csv, card, result))


def _table(card: Card, targets: tuple[float, ...], result: CardResult, measured: list[tuple[float, float]]) -> None:
    """All digits of both programs."""
    wrong, right = ([side[result.present] for side in both] for both in (result.wrong, result.right))
    grads = [", ".join(format_number(g, 4) for g in row) for row in result.all_grads]
    more = {
        one.label: [format_number(x, 4) for x in pair] + [_compared(*pair)]
        for one, pair in zip(card.measures, measured, strict=True)
    }
    least = _least(card, targets, result)
    st.table(
        {
            "program": [*card.sides, " vs. ".join(card.sides)],
            "loss": [format_number(wrong[0], 6), format_number(right[0], 6), _compared(wrong[0], right[0])],
            "gradient": [*grads, f"on class {result.moved}: {_compared(wrong[1], right[1], least)}"],
        }
        | more,
        border="horizontal",
        width="content",
    )


def _show_adjustments_of_sample(card: Card, logits: tuple[float, ...], targets: tuple[float, ...], moved: int) -> None:
    """What the programs made of a sample that they cannot take as it is."""
    two = single_logit_note(logits, "(0, z): class 1 is the positive one") if card.softmax else ""
    one_true = len(targets) == 1 or sorted(targets)[-2:] == [0.0, 1.0]
    labelled = "" if one_true or not card.labelled else f"Programs that take a single label get class {moved}."
    show_adjustments(logits, two, labelled)


def _least(card: Card, targets: tuple[float, ...], result: CardResult) -> float:
    """What a gradient that has not cancelled is at least; with a hard label nothing cancels."""
    if card.labelled or set(targets) <= {0.0, 1.0}:
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


def _csv(card: Card, result: CardResult) -> str:
    header = ("mistake", "logit", "wrong loss", "right loss", "wrong gradient", "right gradient")
    columns = (result.z, result.wrong.loss, result.right.loss, result.wrong.grad, result.right.grad)
    return listing(header, [((card.title,), columns)])
