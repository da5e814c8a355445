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
from ...controls.field import control, popover
from ...controls.lines import chip, number_chip
from ...session import value
from .reasons import WORDS, reason, too_small

look = lru_cache(maxsize=64)(accuracy_profile)
"""All formulas beside the truth; a room of people who open the same link share it."""

NAMES = {"loss": "loss", "grad": "gradient"}
WAYS = {-1: "as z falls", 1: "as z rises"}


CONTROLS = ("formula", "dtype", "label", "exponent", "reach")


def setting() -> None:
    """The line above the view: precision, target, γ, and how far the picture reaches."""
    for name, label in (("dtype", "{}"), ("label", "Target t **{}**")):
        with chip(label.format(value(name)), name):
            control(name)
    for name in ("exponent", "reach"):
        number_chip(name)


def controls(_: SampleView) -> tuple[str]:
    """Which formula is drawn."""
    with popover(f"**{FORMULAS[str(value('formula'))].title}**", key="chip-formula"):
        return (str(control("formula")),)


def draw(_: SampleView, key: str) -> None:
    """The picture, the program and why it breaks, the table."""
    dtype, label = str(value("dtype")), str(value("label"))
    gamma, reach = float(value("exponent")), float(value("reach"))
    results = look(FocalCase(dtype, int(label), gamma))
    setting = f"{dtype}, t = {label}, γ = {format_number(gamma, 4)}"
    title = f"Relative error, {setting}: {FORMULAS[key].title}"
    with st.container(key="main-thing", gap="small"):
        alt = _alt(results, key, setting)
        picture = Picture(drawing.figure(title, results, key, reach), alt, wide=True, sentences=(_summary(results, key),))
        show_figures(
            "microscope", [picture], None, f"{title}. True values to 50 digits, computed by lossviz.", partial(_csv, results)
        )
    code, why = st.columns(2, gap="medium")
    with code:
        _program(key, setting)
    with why:
        _reasons(results, key)
    st.caption(
        "Focal loss of one sigmoid logit. The true value is computed to 50 digits, at the logit rounded to the precision. Each "
        "line shows the largest of five neighboring errors, since rounding makes errors jump. Errors off the axis are drawn at "
        "its ends, errors of 0 at the lower end. The lanes at the top show results of 0, ∞ or NaN where the true value is none "
        "of these. Where the true value is too small for the precision, 0 is the right result."
    )
    _table(results)


def _summary(results: AccuracyProfile, key: str) -> str:
    """Where a formula first breaks, loss and gradient taken together."""
    own = [one for one in results.breaks if one.formula == key]
    title = FORMULAS[key].title
    if not own:
        return f"{title}: loss and gradient are accurate to 1% up to |z| = {FAR:,g}."
    first = min(own, key=lambda one: abs(one.z))
    return (
        f"{title}: the {NAMES[first.quantity]} is the first to break, {WORDS[first.kind]} at z = {format_number(first.z, 3)}."
    )


def _program(key: str, setting: str) -> None:
    formula = FORMULAS[key]
    st.markdown(f"### {formula.title}")
    st.code(formula.program, language=None, wrap_lines=True)
    clamp = _clamp(setting.split(",")[0]) if key == "clamped" else ""
    st.caption(f"{formula.note}{clamp} Run exactly as shown, {setting}.")


def _clamp(dtype: str) -> str:
    """Note on the clamp's upper end in half precision."""
    return f" In float16 and bfloat16, 1 − {CLAMP} rounds to 1: there is no clamp at that end." if "16" in dtype else ""


def _reasons(results: AccuracyProfile, key: str) -> None:
    """For loss and gradient, to either side: where it breaks, and why there."""
    st.markdown("### Where it breaks, and why")
    sentences = [text for quantity in QUANTITIES for side in WAYS if (text := _breaks_in_words(results, key, quantity, side))]
    if not sentences:
        st.markdown(
            f"Nowhere up to |z| = {FAR:,g}: loss and gradient are accurate to 1%, and 0 only where the true value underflows."
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
    names = {"formula": [FORMULAS[key].title for key, _ in rows], "quantity": [NAMES[quantity] for _, quantity in rows]}
    st.markdown(f"**The logit nearest to 0 at which each formula breaks**, up to |z| = {FAR:,g}")
    st.table(names | cells, border="horizontal", width="content")
    if any(too_small(one, results.case) for one in results.breaks):
        least = format_number(results.case.normal, 2)
        st.caption(
            f"† The true value there is below the smallest normal number of {results.case.dtype}, {least}: few digits are left."
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
