"""A stuck loss value, and the explanations that are near it."""

from __future__ import annotations

import math

from ....analysis.forensics import NEAR, Match, matches
from ....analysis.mistakes import CARDS
from ....numbers import format_number
from ....state.fields import FIELDS
from ....state.sample import SampleView
from ....texts import say
from ... import elements as st
from ...controls.field import control
from .cards import look

MOST = 12
"""Number of causes listed."""


CONTROLS: tuple[str, ...] = ()


def setting() -> None:
    """The line above the view: neither sample nor loss of other pages matter here."""
    st.markdown("Type the value your loss is stuck at. Four digits help.")


def controls(_: SampleView) -> tuple[()]:
    """None: what is typed is the main thing."""
    return ()


def draw(_: SampleView) -> None:
    """The value, and beside it what it may mean."""
    form, causes = st.columns([2, 5], gap="medium")
    with form, st.container(key="main-thing", gap="small"):
        kind = str(control("stuck_as"))
        value = control("stuck", idle=None if kind == "number" else IDLE[kind])
        with st.container(horizontal=True, gap="small"):
            classes, batch = (control(f"stuck_{name}", placeholder=say("not known")) for name in ("classes", "batch"))
        named = str(control("stuck_loss"))
    stuck = float(value if kind == "number" else kind)
    known = int(classes) if classes else None, int(batch) if batch else None
    with causes, st.container(key="causes", gap="xsmall"):
        _causes(stuck, known, named)


IDLE = {"nan": say("The loss is NaN"), "inf": say("The loss is infinite")}


def _causes(stuck: float, known: tuple[int | None, int | None], named: str) -> None:
    hints = matches(stuck, *known, None if named == "any" else named)
    if not hints:
        st.info(_nothing(stuck, named, len(matches(stuck, *known))))
        return
    st.markdown("**Possible causes, closest first**")
    for number, match in enumerate(hints[:MOST]):
        _match(match, number)
    if len(hints) > MOST:
        st.caption(
            say(
                "{more:,} more are just as close. Type more digits of the loss, the number of classes or the loss function to "
                "narrow them down.",
                more=len(hints) - MOST,
            )
        )


def _nothing(stuck: float, named: str, others: int) -> str:
    """Text for a value without any cause; `others` is how many there would be under any loss."""
    is_number, value, percent = stuck >= 0 and math.isfinite(stuck), format_number(stuck, 6), 100 * NEAR
    loss = FIELDS["stuck_loss"].label_of(named)  # type: ignore[union-attr]
    if others and is_number:
        return say(
            "No known constant of {loss} within {percent:g}% of {value}. Causes under any loss: {others:,}.",
            loss=loss,
            percent=percent,
            value=value,
            others=others,
        )
    if others:
        return say("No known cause under {loss}. Causes under any loss: {others:,}.", loss=loss, others=others)
    if is_number:
        return say(
            "No known constant within {percent:g}% of {value}, so no formula explains this plateau. Check the data, the "
            "learning rate, and whether gradients reach the first layer.",
            percent=percent,
            value=value,
        )
    return say("No known cause. Check the data, the learning rate, and whether gradients reach the first layer.")


def _match(match: Match, number: int) -> None:
    one = match.candidate
    with st.container(border=True):
        st.markdown(say("**{cause}**  \n{arithmetic}.", cause=one.says, arithmetic=_arithmetic(match)))
        if one.card:
            st.button(
                say("See the mistake: {mistake}", mistake=CARDS[one.card].title),
                key=f"match-{number}-{one.card}",
                on_click=look,
                args=(one.card,),
                icon=":material/arrow_forward:",
            )


def _arithmetic(match: Match) -> str:
    """The arithmetic of a cause and how far it is off; a value that is no number, or negative, is not compared."""
    one = match.candidate
    if not math.isfinite(one.value) or one.value < 0:
        return one.arithmetic
    arithmetic, value = one.arithmetic, format_number(one.value, 6)
    if match.off < 1e-9:
        return say("{arithmetic} = {value}; exactly", arithmetic=arithmetic, value=value)
    if match.rounds:
        return say("{arithmetic} = {value}; rounds to your value", arithmetic=arithmetic, value=value)
    return say("{arithmetic} = {value}; {percent:.2g}% off", arithmetic=arithmetic, value=value, percent=100 * match.off)
