"""Statements about losses: all of them at a glance, and one under a knob that tries to break it."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np

from ....analysis.identities import (
    IDENTITIES,
    Comparison,
    Identity,
    LogSoftmaxSteps,
    compare,
    knob_positions,
    sample_of,
    steps_between,
)
from ....analysis.listing import listing
from ....figures import identities as drawing
from ....figures.picture import Picture
from ....numbers import format_number
from ....state.plots import scrub_of
from ....state.sample import SampleView
from ....texts import say
from ... import elements as st
from ...components.figure_panel import show_figures
from ...controls.field import undrawn
from ...session import assign, reset, value
from ...session.store import current_session
from ..rows import bring_into_view, list_and_card, row, rows
from ..sample_notes import show_adjustments, single_logit_note


@lru_cache(maxsize=512)
def both_sides(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> Comparison:
    """Both sides of a statement at all positions of its knob."""
    identity = IDENTITIES[key]
    return compare(identity, sample_of(logits, targets), knob_positions(identity.knob))


def draw(view: SampleView) -> None:
    """All of them at the left, and the one that is chosen beside them."""
    sample = view.setting.logits, view.setting.targets
    key, knob = str(value("statement")), undrawn("knob")
    list_column, drawn = list_and_card("statements")
    with drawn, st.container(key="main-thing", gap="small"):
        _drawn(key, sample, knob)
        _show_adjustments_of_sample(*sample)
    with list_column, rows("statements"):
        for one in IDENTITIES.values():
            _row(one, both_sides(one.key, *sample), one.key == key)
    bring_into_view(".st-key-main-thing")


def _show_adjustments_of_sample(logits: tuple[float, ...], targets: tuple[float, ...]) -> None:
    """How the statements take a sample that is not what they are about."""
    total = sum(targets) if len(targets) > 1 else 1.0
    of_none = say("No target is positive, so the last class is taken as the true one.") if total == 0 else ""
    shared = say("Targets are divided by their sum.") if total > 0 and not math.isclose(total, 1) else ""
    show_adjustments(logits, single_logit_note(logits, positive=0), of_none, shared)


def _drawn(key: str, sample: tuple[tuple[float, ...], tuple[float, ...]], knob: float | None) -> None:
    """One statement in words, why it is true or not, and both of its sides along its knob."""
    identity, check = IDENTITIES[key], both_sides(key, *sample)
    at = int(np.abs(check.knob - (identity.knob.rest if knob is None else knob)).argmin())
    titles = [_title(identity, check, n) for n in range(len(check.knob))]
    sentences: tuple[str, ...] = (identity.why,)
    steps = steps_between(sample_of(*sample), check.knob)
    if key == "ce-nll":
        _steps_across(steps, at)
        sentences = tuple(_step_in_words(steps, check, n) for n in range(len(check.knob)))
    picture = Picture(drawing.figure(identity, check, at, titles), titles[at], wide=True, sentences=sentences)
    moves = scrub_of("knob", tuple(check.knob.tolist()), at, identity.knob.symbol)
    caption = say("{statement}. Computed by lossviz.", statement=identity.title)
    show_figures("sides", [picture], moves, caption, partial(_csv, identity, check))
    if key == "ce-nll":
        _steps_down(steps, at)
        st.markdown(identity.why)


def _steps_across(steps: LogSoftmaxSteps, n: int) -> None:
    """The step between logits and loss, a column for each class: all log-probabilities, then the one that NLL picks."""
    rows = dict(zip(STEPS, _cells(steps, n), strict=True))
    columns = {str(k): [cells[k] for cells in rows.values()] for k in range(steps.logits.shape[1])}
    with st.container(key="steps-across"):
        st.table({say("class"): list(rows)} | columns, border="horizontal", width="content")


def _steps_down(steps: LogSoftmaxSteps, n: int) -> None:
    """The same for a small screen, a row for each class."""
    rows = dict(zip(STEPS, _cells(steps, n), strict=True))
    with st.container(key="steps-down"):
        st.table({say("class"): [str(k) for k in range(steps.logits.shape[1])]} | rows, border="horizontal", width="content")


STEPS = (say("logit z"), "log_softmax(z): log p", "NLL: −log p")


def _cells(steps: LogSoftmaxSteps, n: int) -> list[list[str]]:
    """Logits, log-probabilities and what NLL returns, of which there is one; in the order of STEPS."""
    cells = [[_marked(format_number(x, 4), k == steps.y) for k, x in enumerate(numbers)] for numbers in steps.at(n)]
    picked = [f"**{format_number(-x, 4)}**" if k == steps.y else "" for k, x in enumerate(steps.log_probs[n])]
    return [*cells, picked]


def _marked(number: str, picked: bool) -> str:
    return f":blue-background[{number}]" if picked else number


def _step_in_words(steps: LogSoftmaxSteps, check: Comparison, n: int) -> str:
    """What the two calls do at one position of the knob, and the one call that does both."""
    picked, loss = format_number(steps.log_probs[n, steps.y], 5), format_number(check.left[n], 5)
    return say(
        "log_softmax turns the logits into log-probabilities; NLL picks that of the true class, {picked}, and flips its sign. "
        "CrossEntropyLoss does both in one call: {loss}.",
        picked=picked,
        loss=loss,
    )


def _choose(key: str) -> None:
    """Each statement has a knob of its own."""
    assign({"statement": key})
    reset("knob")


def _row(identity: Identity, check: Comparison, on: bool) -> None:
    """A statement, which a click chooses, and whether it is true."""
    n = int(np.abs(check.knob - identity.knob.rest).argmin())
    if current_session().lecture.sealed:
        row(identity.title, f"statement-{identity.key}", on, _choose, identity.key, icon=":material/question_mark:")
        return
    icon = ":material/check:" if identity.true else ":material/close:"
    label = say("{statement}: {verdict}", statement=identity.title, verdict=_verdict(identity, check, n))
    row(label, f"statement-{identity.key}", on, _choose, identity.key, icon=icon)


def _verdict(identity: Identity, check: Comparison, n: int) -> str:
    """True or false, and where; a false statement's sides may be equal for the current sample all the same."""
    where = f"{identity.knob.symbol} = {identity.knob.rest:g}"
    if identity.true:
        return say("true at {where}", where=where) if identity.at_rest else say("true")
    if check.equal[n]:
        return say("false, though equal here at {where}", where=where)
    return say("false at {where}", where=where)


def _title(identity: Identity, check: Comparison, n: int) -> str:
    """The statement, and its two sides at one position of the knob."""
    return say(
        "{statement}? {symbol} = {value:.4g}: {sides}",
        statement=identity.title,
        symbol=identity.knob.symbol,
        value=float(check.knob[n]),
        sides=_sides(check, n),
    )


def _sides(check: Comparison, n: int) -> str:
    """Both sides and how far they are from each other, in steps of float64 where these say anything."""
    left, right = (format_number(side[n], 7) for side in (check.left, check.right))
    ulps = float(check.ulps[n])
    if check.left[n] == check.right[n]:
        return say("{left} and {right}, the same to the last digit", left=left, right=right)
    if check.equal[n]:
        return say("{left} and {right}, {ulps:,} ulp apart", left=left, right=right, ulps=int(ulps))
    if not np.isfinite(check.right[n]):
        return say("{left} and {right}, the right side has lost all digits", left=left, right=right)
    if ulps < 1e12:
        return say(
            "{left} and {right}, {ulps:.2g} ulp apart: the right side has lost digits", left=left, right=right, ulps=ulps
        )
    apart = float(abs(check.left[n] - check.right[n]))
    return say("{left} and {right}, {apart:.4g} apart", left=left, right=right, apart=apart)


def _csv(identity: Identity, check: Comparison) -> str:
    header = ("statement", identity.knob.symbol, identity.left, identity.right, "ulp apart")
    return listing(header, [((identity.title,), (check.knob, check.left, check.right, check.ulps.astype(np.float64)))])
