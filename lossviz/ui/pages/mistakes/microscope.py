"""The numerics microscope: how many digits the ways of writing one loss keep along the logit, and where each breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

import streamlit as st

from ....analysis.listing import listing
from ....analysis.microscope import CLAMP, FAR, FORMULAS, QUANTITIES, AccuracyProfile, Break, FocalCase, accuracy_profile
from ....figures import microscope as drawing
from ....figures.picture import Picture
from ....numbers import format_number
from ....state.sample import SampleView
from ...components.figure_panel import show_figures
from ...controls.field import control
from .reasons import WORDS, reason, too_small

look = lru_cache(maxsize=64)(accuracy_profile)
"""All formulas beside the truth; a room of people who open the same link share it."""

NAMES = {"loss": "loss", "grad": "gradient"}
WAYS = {-1: "as z falls", 1: "as z rises"}


def draw(_: SampleView) -> None:
    """Controls, the program, the picture, the table."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="microscope-controls"):
        dtype, key, label = (str(control(name)) for name in ("dtype", "formula", "label"))
        gamma, reach = (float(control(name)) for name in ("exponent", "reach"))
    st.caption("One sigmoid logit and its target, under focal loss; the sample above has no part in it.")
    results = look(FocalCase(dtype, int(label), gamma))
    setting = f"{dtype}, t = {label}, γ = {format_number(gamma, 4)}"
    code, why = st.columns(2, gap="medium")
    with code:
        _program(key, setting)
    with why:
        _reasons(results, key)
    title = f"Relative error, {setting}: {FORMULAS[key].title}"
    picture = Picture(drawing.figure(title, results, key, reach), _alt(results, key, setting), wide=True)
    show_figures("microscope", [picture], None, f"{title}. Truth at 50 digits, computed by lossviz.", partial(_csv, results))
    st.caption(
        "Error against the truth at 50 digits, of the logit as the precision has it; a line is as high as the largest of five "
        "neighbours, since rounding makes errors jump. Errors below the axis, 0 among them, are drawn on its lower end, those "
        "above it on its upper end; the lanes above are for answers that are 0, ∞ or nan where the truth is not. Where the "
        "truth is too small for the precision, 0 is the right answer, and counts as such."
    )
    _table(results)


def _program(key: str, setting: str) -> None:
    formula = FORMULAS[key]
    st.markdown(f"### {formula.title}")
    st.code(formula.program, language=None, wrap_lines=True)
    clamp = _clamp(setting.split(",")[0]) if key == "clamped" else ""
    st.caption(f"{formula.note}{clamp} Run as it stands, {setting}.")


def _clamp(dtype: str) -> str:
    """What the clamp's upper end is in a dtype."""
    return f" In float16 and bfloat16 1 − {CLAMP} rounds to 1: no clamp at that end." if "16" in dtype else ""


def _reasons(results: AccuracyProfile, key: str) -> None:
    """For loss and gradient, to either side: where it breaks, and why there."""
    st.markdown("### Where it breaks, and why")
    sentences = [text for quantity in QUANTITIES for side in WAYS if (text := _breaks_in_words(results, key, quantity, side))]
    if not sentences:
        st.markdown(
            f"Nowhere, up to |z| = {FAR:g}: loss and gradient are right to 1 %, and 0 only where the truth is too small."
        )
    for text in sentences:
        st.markdown(f"- {text}")


def _breaks_in_words(results: AccuracyProfile, key: str, quantity: str, side: int) -> str:
    own = _own(results.breaks, key, quantity, side)
    if not own:
        return ""
    last = own[-1]
    why = f"At {format_number(last.z, 3)}: {reason(last, results.case)}"
    return f"**{NAMES[quantity].capitalize()}, {WAYS[side]}:** {_places(own, results.case)}. {why}"


def _own(breaks: Iterable[Break], key: str, quantity: str, side: int) -> list[Break]:
    """Those of a formula's quantity to one side, the nearest to 0 first."""
    own = (one for one in breaks if (one.formula, one.quantity, one.side) == (key, quantity, side))
    return sorted(own, key=lambda one: abs(one.z))


def _places(own: Sequence[Break], case: FocalCase) -> str:
    sentences = (f"{WORDS[one.kind]} at {format_number(one.z, 3)}{'†' if too_small(one, case) else ''}" for one in own)
    return ", ".join(sentences) or "never"


def _table(results: AccuracyProfile) -> None:
    rows = [(key, quantity) for key in FORMULAS for quantity in QUANTITIES]
    cells = {way: [_places(_own(results.breaks, *row, side), results.case) for row in rows] for side, way in WAYS.items()}
    names = {"formula": [FORMULAS[key].title for key, _ in rows], "what of it": [NAMES[quantity] for _, quantity in rows]}
    st.markdown(f"**The logit nearest to 0 at which each breaks**, up to |z| = {FAR:g}")
    st.table(names | cells, border="horizontal", width="content")
    if any(too_small(one, results.case) for one in results.breaks):
        least = format_number(results.case.normal, 2)
        st.caption(
            f"† The truth there is below {results.case.dtype}’s smallest normal number, {least}, and few digits of it are left."
        )


def _alt(results: AccuracyProfile, key: str, setting: str) -> str:
    breaks = [
        f"{NAMES[q]} {way}: {_places(_own(results.breaks, key, q, side), results.case)}"
        for q in QUANTITIES
        for side, way in WAYS.items()
    ]
    return f"Relative errors along the logit, {setting}. {FORMULAS[key].title} breaks: {'; '.join(breaks)}."


def _csv(results: AccuracyProfile) -> str:
    header = ("formula", "quantity", "logit", "computed", "truth", "relative error")
    exact = {"loss": results.loss.value, "grad": results.grad.value}
    blocks = [
        ((key, NAMES[name]), (results.z, one.value, exact[name], one.error))
        for key, accuracies in results.accuracies.items()
        for name, one in accuracies.items()
    ]
    return listing(header, blocks)
