"""Statements about losses: all of them at a glance, and one under a knob that tries to break it."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.identities import IDENTITIES, Comparison, Identity, compare, knob_positions, sample_of
from ....analysis.listing import listing
from ....figures import identities as drawing
from ....figures.picture import Picture
from ....numbers import format_number
from ....state.plots import scrub_of
from ....state.sample import SampleView
from ...components.figure_panel import show_figures
from ...controls.field import control
from ...session import assign, reset
from ..sample_notes import show_adjustments, single_logit_note


@lru_cache(maxsize=512)
def both_sides(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> Comparison:
    """Both sides of a statement at all positions of its knob."""
    identity = IDENTITIES[key]
    return compare(identity, sample_of(logits, targets), knob_positions(identity.knob))


def draw(view: SampleView) -> None:
    """The table, then the figure."""
    sample = view.setting.logits, view.setting.targets
    _show_adjustments_of_sample(*sample)
    buttons, drawn = st.columns([2, 3], gap="medium")
    with drawn, st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="sides-controls"):
        key = str(control("statement", on_change=_let_go))
        knob = control("knob")
    with buttons, st.container(gap="xsmall"):
        for one in IDENTITIES.values():
            _button(one, both_sides(one.key, *sample), one.key == key)
    with drawn:
        _drawn(key, sample, knob)


def _show_adjustments_of_sample(logits: tuple[float, ...], targets: tuple[float, ...]) -> None:
    """How the statements take a sample that is not what they are about."""
    total = sum(targets) if len(targets) > 1 else 1.0
    of_none = "No target is positive: the last class is taken for the true one." if total == 0 else ""
    shared = "Targets are divided by their sum." if total > 0 and not math.isclose(total, 1) else ""
    show_adjustments(logits, single_logit_note(logits, "(z, 0): class 0 is the positive one"), of_none, shared)


def _drawn(key: str, sample: tuple[tuple[float, ...], tuple[float, ...]], knob: float | None) -> None:
    """One statement in words, and both of its sides along its knob."""
    identity, check = IDENTITIES[key], both_sides(key, *sample)
    at = int(np.abs(check.knob - (identity.knob.rest if knob is None else knob)).argmin())
    titles = [_title(identity, check, n) for n in range(len(check.knob))]
    st.markdown(f"**{identity.title}.** {identity.why}")
    picture = Picture(drawing.figure(identity, check, at, titles), titles[at], wide=True)
    moves = scrub_of("knob", tuple(check.knob.tolist()), at, identity.knob.symbol)
    show_figures("sides", [picture], moves, f"{identity.title}. Computed by lossviz.", partial(_csv, identity, check))


def _let_go() -> None:
    """Each statement has a knob of its own."""
    reset("knob")


def _choose(key: str) -> None:
    assign({"statement": key})
    _let_go()


def _button(identity: Identity, check: Comparison, on: bool) -> None:
    """A statement with its two sides where the knob rests, which chooses it."""
    n = int(np.abs(check.knob - identity.knob.rest).argmin())
    st.button(
        f"**{identity.title}**: {_verdict(identity, check, n)}. {_sides(check, n)}",
        key=f"statement-{identity.key}",
        on_click=_choose,
        args=(identity.key,),
        icon=":material/check:" if identity.true else ":material/close:",
        type="primary" if on else "secondary",
        width="stretch",
    )


def _verdict(identity: Identity, check: Comparison, n: int) -> str:
    """Right or wrong, and where; a wrong statement's sides may be equal at the present sample all the same."""
    where = f"{identity.knob.symbol} = {identity.knob.rest:g}"
    if identity.true:
        return f"right where {where}" if identity.at_rest else "right"
    return f"wrong, though not here where {where}" if check.equal[n] else f"wrong where {where}"


def _title(identity: Identity, check: Comparison, n: int) -> str:
    at = f"{identity.knob.symbol} = {check.knob[n]:.4g}"
    return f"{at}: {_sides(check, n)}"


def _sides(check: Comparison, n: int) -> str:
    """Both sides and how far they are apart."""
    left, right = (format_number(side[n], 7) for side in (check.left, check.right))
    return f"{left} and {right}, {_apart(check, n)}"


def _apart(check: Comparison, n: int) -> str:
    """How far two sides are from each other, in steps of float64 where these say anything."""
    if check.left[n] == check.right[n]:
        return "the same to the last digit"
    if check.equal[n]:
        count = int(check.ulps[n])
        return f"{count} ulp apart" if count < 1000 else f"{count:,} ulp apart"
    if not np.isfinite(check.right[n]):
        return "the right side has lost all digits"
    if check.ulps[n] < 1e12:
        return f"{float(check.ulps[n]):.2g} ulp apart: the right side has lost digits"
    return f"{abs(check.left[n] - check.right[n]):.4g} apart"


def _csv(identity: Identity, check: Comparison) -> str:
    header = ("statement", identity.knob.symbol, identity.left, identity.right, "ulp apart")
    return listing(header, [((identity.title,), (check.knob, check.left, check.right, check.ulps.astype(np.float64)))])
