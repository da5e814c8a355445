"""A card for each mistake: the two programs on an example, a question, and after the guess what both return and why."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np

from ....analysis.listing import listing
from ....analysis.mistakes import CARDS, Card, CardResult, measure, run_card
from ....analysis.sample import AT_REST
from ....figures import mistakes as drawing
from ....figures.picture import Picture
from ....numbers import format_number
from ....state.sample import SampleView, resolve
from ....texts import say, then
from ... import elements as st
from ...components.figure_panel import show_figures
from ...controls.field import control
from ...session import assign, value
from ...session.store import current_session
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
    st.markdown(say("### {title}", title=card.title))
    guess = _guess(card)
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


def _guess(card: Card) -> str | None:
    """What a person has guessed; a lecture whose answer has been shown has asked already, and does not ask again."""
    key, present = f"guess-{card.key}", current_session()
    if present.chosen.get("scene") and not present.lecture.sealed and st.session_state.get(key) is None:
        st.session_state[key] = card.choices[card.answer]
    guess: str | None = st.session_state.get(key)
    return guess


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
            loss, gradient = numbers if guessed or side == "right" else ("?", "?")
            st.markdown(
                say(
                    ":{colour}[**{side}**]\u2002loss **{loss}**, gradient **{gradient}**",
                    colour=colour,
                    side=then(side, str.capitalize),
                    loss=loss,
                    gradient=gradient,
                )
            )
            st.code(code, language=None, wrap_lines=True)


def _question(card: Card, result: CardResult, logits: tuple[float, ...], targets: tuple[float, ...]) -> None:
    """What to guess, on which numbers, and the answer once a person has guessed."""
    st.markdown(say("**{question}**", question=card.question))
    guess = st.pills(card.question, card.choices, key=f"guess-{card.key}", label_visibility="collapsed")
    if guess is None:
        st.caption(
            say(
                "Logits {logits}; targets {targets}. The gradient is that of class {moved}. Guess to see what the {side} "
                "program returns.",
                logits=_numbers(logits),
                targets=_numbers(targets),
                moved=result.moved,
                side=card.sides[0],
            )
        )
        return
    if card.choices.index(guess) == card.answer:
        st.success(say("Correct. {why}", why=card.why), icon=":material/check:")
    else:
        st.info(say("No: {answer}. {why}", answer=card.choices[card.answer], why=card.why), icon=":material/info:")
    st.markdown(_effect(result, _least(card, targets, result)))
    in_a_run = say("**In a training run.** {notice} [Seen in practice]({thread}).", notice=card.notice, thread=card.thread)
    st.markdown(in_a_run)


def _numbers(numbers: tuple[float, ...]) -> str:
    return ", ".join(format_number(one, 3) for one in numbers)


def _effect(result: CardResult, least: float) -> str:
    """How far the wrong program is off on these numbers, in a sentence; `least` as `_times` takes it, for the gradient."""
    wrong, right = ([side[result.present] for side in both] for both in (result.wrong, result.right))
    loss, grad = _times(wrong[0], right[0]), _times(wrong[1], right[1], least)
    if loss == grad == 1:
        return say("On this sample both programs return the same loss and the same gradient.")
    return say(
        "On this sample the loss is {loss} and the gradient {gradient}.",
        loss=_off_in_words(loss, wrong[0], right[0]),
        gradient=_off_in_words(grad, wrong[1], right[1]),
    )


def _off_in_words(times: float | None, wrong: float, right: float) -> str:
    """What is said of a number within the sentence."""
    if times is None:
        return say("**{wrong}** instead of **{right}**", wrong=format_number(wrong, 4), right=format_number(right, 4))
    if times == 1:
        return say("**the same**")
    if (ratio := _ratio(times)) == "1":
        return say("**nearly the same**")
    return say("**{ratio}× larger**", ratio=ratio) if times > 1 else say("**{ratio}× smaller**", ratio=ratio)


def _picture(card: Card, result: CardResult, guessed: bool) -> None:
    """Loss and gradient of both programs along the true class's logit; before a guess, of the right one only."""
    losses, grads = (
        [format_number(row[result.present], 4) for row in rows] for rows in zip(result.wrong, result.right, strict=True)
    )
    title = (
        say(
            "Loss {wrong_loss} instead of {right_loss}, gradient {wrong_gradient} instead of {right_gradient}",
            wrong_loss=losses[0],
            right_loss=losses[1],
            wrong_gradient=grads[0],
            right_gradient=grads[1],
        )
        if guessed
        else say("The right program: loss {loss}, gradient {gradient}", loss=losses[1], gradient=grads[1])
    )
    figure = drawing.figure(title, card.sides, result.moved, result.z, result.present, result.wrong, result.right, guessed)
    alt = say("{mistake}. {numbers}", mistake=card.title, numbers=title)
    caption = say("{picture}. In {dtype}, computed by PyTorch for lossviz.", picture=alt, dtype=card.dtype)
    show_figures("mistake", [Picture(figure, alt, wide=True)], None, caption, partial(_csv, card, result))


def _table(card: Card, targets: tuple[float, ...], result: CardResult, measured: list[tuple[float, float]]) -> None:
    """All digits of both programs."""
    wrong, right = ([side[result.present] for side in both] for both in (result.wrong, result.right))
    grads = [", ".join(format_number(g, 4) for g in row) for row in result.all_grads]
    more = {
        one.label: [format_number(x, 4) for x in pair] + [_compared(_times(*pair))]
        for one, pair in zip(card.measures, measured, strict=True)
    }
    loss, gradient = _times(wrong[0], right[0]), _times(wrong[1], right[1], _least(card, targets, result))
    st.table(
        {
            say("program"): [*card.sides, say("{wrong} vs. {right}", wrong=card.sides[0], right=card.sides[1])],
            say("loss"): [format_number(wrong[0], 6), format_number(right[0], 6), _compared(loss)],
            say("gradient"): [
                *grads,
                say("on class {moved}: {difference}", moved=result.moved, difference=_compared(gradient)),
            ],
        }
        | more,
        border="horizontal",
        width="content",
    )


def _show_adjustments_of_sample(card: Card, logits: tuple[float, ...], targets: tuple[float, ...], moved: int) -> None:
    """What the programs made of a sample that they cannot take as it is."""
    two = single_logit_note(logits, positive=1) if card.softmax else ""
    one_true = len(targets) == 1 or sorted(targets)[-2:] == [0.0, 1.0]
    takes_one = card.labelled and not one_true
    labelled = say("Programs that take a single label get class {moved}.", moved=moved) if takes_one else ""
    show_adjustments(logits, two, labelled)


def _least(card: Card, targets: tuple[float, ...], result: CardResult) -> float:
    """What a gradient that has not cancelled is at least; with a hard label nothing cancels."""
    if card.labelled or set(targets) <= {0.0, 1.0}:
        return 0.0
    grads = np.abs(np.concatenate((result.wrong.grad, result.right.grad)))
    return AT_REST * float(grads[np.isfinite(grads)].max(initial=0.0))


def _times(wrong: float, right: float, least: float = 0.0) -> float | None:
    """How many times as large a number is as it should be, where that can be said: not where one is less than `least`."""
    if math.isclose(wrong, right, rel_tol=1e-9):
        return 1.0
    if not (math.isfinite(wrong) and math.isfinite(right) and wrong * right > 0) or min(abs(wrong), abs(right)) < least:
        return None
    return wrong / right


def _ratio(times: float) -> str:
    return format_number(max(times, 1 / times), 3)


def _compared(times: float | None) -> str:
    """The same in a cell of a table."""
    if times is None:
        return "–"
    if times == 1:
        return say("the same")
    if (ratio := _ratio(times)) == "1":
        return say("nearly the same")
    return say("{ratio}× larger", ratio=ratio) if times > 1 else say("{ratio}× smaller", ratio=ratio)


def look(key: str) -> None:
    """Go to a card; for a button's `on_click`."""
    assign({"lab": "cards", "card": key})


def _csv(card: Card, result: CardResult) -> str:
    header = ("mistake", "logit", "wrong loss", "right loss", "wrong gradient", "right gradient")
    columns = (result.z, result.wrong.loss, result.right.loss, result.wrong.grad, result.right.grad)
    return listing(header, [((card.title,), columns)])
