"""The numerics microscope: how many digits the ways of writing one loss keep along the logit, and where each breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

from ....analysis.listing import listing
from ....analysis.microscope import CLAMP, FAR, FORMULAS, QUANTITIES, AccuracyProfile, Break, FocalCase, accuracy_profile
from ....figures import microscope as drawing
from ....figures.picture import Picture
from ....numbers import format_number
from ....state.sample import SampleView
from ....texts import joined, say
from ... import elements as st
from ...components.figure_panel import show_figures
from ...controls.field import control, popover
from ...controls.lines import chip, number_chip
from ...session import value
from .reasons import WORDS, reason, too_small

look = lru_cache(maxsize=64)(accuracy_profile)
"""All formulas beside the truth; a room of people who open the same link share it."""

NAMES = {"loss": say("loss"), "grad": say("gradient")}
WAYS = {-1: say("as z falls"), 1: say("as z rises")}


CONTROLS = ("formula", "dtype", "label", "exponent", "reach")


def setting() -> None:
    """The line above the view: precision, target, γ, and how far the picture reaches."""
    for name, label in (("dtype", str(value("dtype"))), ("label", say("Target t **{target}**", target=value("label")))):
        with chip(label, name):
            control(name)
    for name in ("exponent", "reach"):
        number_chip(name)


def controls(_: SampleView) -> tuple[str]:
    """Which formula is drawn."""
    with popover(say("**{title}**", title=FORMULAS[str(value("formula"))].title), key="chip-formula"):
        return (str(control("formula")),)


def draw(_: SampleView, key: str) -> None:
    """The picture, the program and why it breaks, the table."""
    dtype, label = str(value("dtype")), str(value("label"))
    gamma, reach = float(value("exponent")), float(value("reach"))
    results = look(FocalCase(dtype, int(label), gamma))
    setting = joined((dtype, f"t = {label}", f"γ = {format_number(gamma, 4)}"))
    title = say("Relative error, {setting}: {formula}", setting=setting, formula=FORMULAS[key].title)
    with st.container(key="main-thing", gap="small"):
        alt = _alt(results, key, setting)
        picture = Picture(drawing.figure(title, results, key, reach), alt, wide=True, sentences=(_summary(results, key),))
        caption = say("{title}. True values to 50 digits, computed by lossviz.", title=title)
        show_figures("microscope", [picture], None, caption, partial(_csv, results))
    code, why = st.columns(2, gap="medium")
    with code:
        _program(key, dtype, setting)
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
        return say("{formula}: loss and gradient are accurate to 1% up to |z| = {far:,g}.", formula=title, far=FAR)
    first = min(own, key=lambda one: abs(one.z))
    kind, z = WORDS[first.kind], format_number(first.z, 3)
    if first.quantity == "loss":
        return say("{formula}: the loss is the first to break, {kind} at z = {z}.", formula=title, kind=kind, z=z)
    return say("{formula}: the gradient is the first to break, {kind} at z = {z}.", formula=title, kind=kind, z=z)


def _program(key: str, dtype: str, setting: str) -> None:
    formula = FORMULAS[key]
    st.markdown(say("### {title}", title=formula.title))
    st.code(formula.program, language=None, wrap_lines=True)
    clamp = _clamp() if key == "clamped" and "16" in dtype else ""
    run = say("Run exactly as shown, {setting}.", setting=setting)
    st.caption(joined(filter(None, (formula.note, clamp, run)), " "))


def _clamp() -> str:
    """Note on the clamp's upper end in half precision."""
    return say("In float16 and bfloat16, 1 − {clamp} rounds to 1: there is no clamp at that end.", clamp=CLAMP)


def _reasons(results: AccuracyProfile, key: str) -> None:
    """For loss and gradient, to either side: where it breaks, and why there."""
    st.markdown("### Where it breaks, and why")
    sentences = [text for quantity in QUANTITIES for side in WAYS if (text := _breaks_in_words(results, key, quantity, side))]
    if not sentences:
        st.markdown(
            say(
                "Nowhere up to |z| = {far:,g}: loss and gradient are accurate to 1%, and 0 only where the true value "
                "underflows.",
                far=FAR,
            )
        )
    for text in sentences:
        st.markdown(say("- {text}", text=text))


def _breaks_in_words(results: AccuracyProfile, key: str, quantity: str, side: int) -> str:
    own = _own(results.breaks, key, quantity, side)
    if not own:
        return ""
    last = own[-1]
    return say(
        "**{where}:** {breaks}. At {z}: {reason}",
        where=HEADINGS[quantity, side],
        breaks=_places(own, results.case),
        z=format_number(last.z, 3),
        reason=reason(last, results.case),
    )


HEADINGS = {
    ("loss", -1): say("Loss, as z falls"),
    ("loss", 1): say("Loss, as z rises"),
    ("grad", -1): say("Gradient, as z falls"),
    ("grad", 1): say("Gradient, as z rises"),
}
"""Quantity and side in words."""


def _own(breaks: Iterable[Break], key: str, quantity: str, side: int) -> list[Break]:
    """Those of a formula's quantity to one side, the nearest to 0 first."""
    own = (one for one in breaks if (one.formula, one.quantity, one.side) == (key, quantity, side))
    return sorted(own, key=lambda one: abs(one.z))


def _places(own: Sequence[Break], case: FocalCase) -> str:
    if not own:
        return say("never")
    marked = ((one, "†" if too_small(one, case) else "") for one in own)
    places = (say("{kind} at {z}{mark}", kind=WORDS[one.kind], z=format_number(one.z, 3), mark=mark) for one, mark in marked)
    return joined(places, ", ")


def _table(results: AccuracyProfile) -> None:
    rows = [(key, quantity) for key in FORMULAS for quantity in QUANTITIES]
    cells = {way: [_places(_own(results.breaks, *row, side), results.case) for row in rows] for side, way in WAYS.items()}
    titles, quantities = [FORMULAS[key].title for key, _ in rows], [NAMES[quantity] for _, quantity in rows]
    names = {say("formula"): titles, say("quantity"): quantities}
    st.markdown(say("**The logit nearest to 0 at which each formula breaks**, up to |z| = {far:,g}", far=FAR))
    st.table(names | cells, border="horizontal", width="content")
    if any(too_small(one, results.case) for one in results.breaks):
        least = format_number(results.case.normal, 2)
        st.caption(
            say(
                "† The true value there is below the smallest normal number of {dtype}, {least}: few digits are left.",
                dtype=results.case.dtype,
                least=least,
            )
        )


def _alt(results: AccuracyProfile, key: str, setting: str) -> str:
    breaks = [
        say(
            "{quantity} {way}: {breaks}",
            quantity=NAMES[quantity],
            way=way,
            breaks=_places(_own(results.breaks, key, quantity, side), results.case),
        )
        for quantity in QUANTITIES
        for side, way in WAYS.items()
    ]
    return say(
        "Relative errors along the logit, {setting}. {formula} breaks: {breaks}.",
        setting=setting,
        formula=FORMULAS[key].title,
        breaks=joined(breaks, "; "),
    )


def _csv(results: AccuracyProfile) -> str:
    header = ("formula", "quantity", "logit", "computed", "truth", "relative error")
    exact = {"loss": results.loss.value, "grad": results.grad.value}
    blocks = [
        ((key, NAMES[name]), (results.z, one.value, exact[name], one.error))
        for key, accuracies in results.accuracies.items()
        for name, one in accuracies.items()
    ]
    return listing(header, blocks)
