"""A gradient by its formula, by autograd and by finite differences, and how far these are apart over the step size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.gradient_check import Check, Scheme, checks
from ....analysis.listing import listing
from ....evaluation.setting import Setting
from ....figures import gradient_check as drawing
from ....figures.picture import Picture
from ....numbers import format_number, subscript
from ....state.plots import classes_for, curve_view
from ....state.sample import SampleView
from ...components.figure_panel import show_figures
from ...controls.field import control
from ...session import values

DIGITS = {"float64": 14, "float32": 8}
"""How many of them the table shows."""

checked = lru_cache(maxsize=64)(checks)


CONTROLS = ("gradient_in", "along")


def controls(view: SampleView) -> tuple[str]:
    """The precision, and the logit whose gradient is drawn."""
    dtype = str(control("gradient_in", bare=True))
    if len(view.setting.logits) > 1:
        control("along", classes_for(view), bare=True)
    return (dtype,)


def draw(view: SampleView, dtype: str) -> None:
    """The verdict, the picture, and the table of all logits."""
    with st.container(key="main-thing", gap="small"):
        if not all(map(math.isfinite, view.setting.logits)):
            st.info("The gradient check needs finite logits. Replace the infinite ones.")
            return
        every = checked(view.setting, dtype)
        check = every[curve_view(values(), view).k]
        with st.container(key="verdict"):
            _verdict(every, dtype)
        if len(check.h):
            _steps(check, every, dtype)
        else:
            st.info(_stuck(check))
    _table(view.setting, every, dtype)


def _steps(check: Check, every: Sequence[Check], dtype: str) -> None:
    """The picture of the quotients, what they come to, and why."""
    sentences = _reached("Central", check, check.central), _reached("Forward", check, check.forward)
    title = _title(check)
    caption = f"{title}. In {dtype}; the reference is the closed form in float64. Computed by lossviz."
    picture = Picture(drawing.figure(title, check, dtype), title, wide=True)
    show_figures("gradients", [picture], None, caption, partial(_csv, every))
    st.markdown("  \n".join(sentences))
    if not (check.forward.exact and check.central.exact):
        st.caption(_explained(check, dtype))


def _verdict(every: Sequence[Check], dtype: str) -> None:
    """Whether all agree, and where not, why."""
    doubts = [doubt for one in every if (doubt := _doubt(one, dtype))]
    if doubts:
        st.warning("  \n".join(doubts), icon=":material/rule:")
        return
    moved = [one for one in every if len(one.h)]
    far = [("the formula", max(one.off(one.formula) for one in every))] if dtype != "float64" else []
    far.append(("autograd", max(one.off(one.autograd) for one in every)))
    if moved:
        far.append(("central differences", max(_error(one.central) for one in moved)))
        far.append(("forward differences", max(_error(one.forward) for one in moved)))
    who = "Formula, autograd and finite differences" if moved else "Formula and autograd"
    where = "at every logit" if len(every) > 1 else "here"
    details = ", ".join(f"{name} {'exact' if off == 0 else f'within {format_number(off, 2)}'}" for name, off in far)
    st.success(f"{who} agree {where}, in {dtype}: {details}.", icon=":material/check:")


def _error(scheme: Scheme) -> float:
    return math.nan if scheme.best is None else float(scheme.error[scheme.best])


def _doubt(one: Check, dtype: str) -> str:
    """What does not agree at a logit, and why; empty where all do."""
    z = f"z{subscript(one.k)}"
    if math.isnan(one.autograd):
        return f"**{z}**: autograd of the usual program returns NaN; the formula gives {format_number(one.truth, 4)}."
    if one.slopes:
        left, right = (format_number(slope, 4) for slope in one.slopes)
        return (
            f"**{z}**: the loss has a kink here. To the left its slope is {left}, to the right {right}; "
            f"the formula gives {format_number(one.truth, 4)}."
        )
    if one.underflows:
        return f"**{z}**: the gradient, {format_number(one.truth, 4)}, is too small for {dtype} to hold all of its digits."
    if one.coarse:
        return (
            f"**{z}**: autograd has lost digits. It {_both(one)}: PyTorch subtracts numbers near 1, which cannot "
            "resolve a difference this small."
        )
    if not one.autograd_agrees:
        return f"**{z}**: autograd and the formula differ. Autograd {_both(one)}."
    return _far(one, z)


def _both(one: Check) -> str:
    """Autograd and formula, with as many digits as it takes to see that they differ."""
    digits = min(17, 2 + max(2, math.ceil(-math.log10(one.off(one.autograd)))))
    return f"gives {format_number(one.autograd, digits)}, the formula {format_number(one.truth, digits)}"


def _far(one: Check, z: str) -> str:
    """A quotient that is further off than its step explains."""
    for name, scheme in (("central", one.central), ("forward", one.forward)):
        if len(one.h) and not one.agrees(scheme):
            return f"**{z}**: {name} differences get no closer than {format_number(_error(scheme), 2)} to the formula."
    return ""


def _reached(name: str, check: Check, scheme: Scheme) -> str:
    """The nearest that a quotient comes, and where; beside it where theory expects that."""
    if scheme.best is None:
        return f"**{name} differences** are undefined: the loss overflows."
    if scheme.exact:
        straight = "the loss is linear in this logit"
        why = straight if check.forward.exact else "the truncation errors of the two sides cancel"
        return f"**{name} differences** are exact at every step: {why}."
    kind = "relative" if check.relative else "absolute"
    theory = "" if math.isnan(scheme.predicted) else f" (expected: {format_number(scheme.predicted, 2)})"
    h, off = (format_number(float(x[scheme.best]), 2) for x in (check.h, scheme.error))
    return f"**{name} differences** reach a smallest {kind} error of {off}, at h = {h}{theory}."


def _stuck(check: Check) -> str:
    return (
        f"No step up to 1 changes this logit: the next float is {format_number(check.spacing, 3)} away. "
        "Difference quotients are 0/0 here; formula and autograd need no step."
    )


def _explained(check: Check, dtype: str) -> str:
    """Why there is a best step."""
    parts = [
        "Larger steps add truncation error, ∝ h for forward and ∝ h² for central differences. Smaller steps lose digits: "
        f"{dtype} rounds ℓ by about ε ℓ, and the quotient divides that by h. The best step balances the two: √ε for forward "
        "and ∛ε for central differences, times a scale set by ℓ and its derivatives.",
        "The markers show where a whole range of steps is accurate, since a single step can be right by luck.",
    ]
    if check.h[0] > 1e-15:
        parts.append(f"The smallest step is {format_number(float(check.h[0]), 2)}, the distance to the next float.")
    if not check.relative:
        parts.append("The gradient is 0, so errors are absolute; a step too small to change the loss gives 0 trivially.")
    return " ".join(parts)


def _title(check: Check) -> str:
    z = f"∂ℓ/∂z{subscript(check.k)} = {format_number(check.truth, 5)}"
    sentences = [
        f"{name} {'exact' if scheme.exact else f'{format_number(_error(scheme), 2)} off'}"
        for name, scheme in (("central", check.central), ("forward", check.forward))
    ]
    return f"{z}: {', '.join(sentences)}, autograd {_off(check.off(check.autograd))}"


def _off(error: float) -> str:
    return "NaN" if math.isnan(error) else "exact" if error == 0 else f"{format_number(error, 2)} off"


def _table(setting: Setting, every: Sequence[Check], dtype: str) -> None:
    """All logits; digits that are not the formula's are bold."""
    digits = DIGITS[dtype]
    st.table(
        {
            "logit": [format_number(z, 4) for z in setting.logits],
            "target": [format_number(t, 4) for t in setting.targets],
            "formula": [format_number(one.formula, digits) for one in every],
            "autograd": [_error_in_words(one.autograd, one, digits) for one in every],
            "central": [_at_best(one.central, one, digits) for one in every],
            "forward": [_at_best(one.forward, one, digits) for one in every],
        },
        border="horizontal",
        width="content",
    )
    st.caption("Difference quotients at their best steps. Digits in bold differ from the formula.")


def _at_best(scheme: Scheme, one: Check, digits: int) -> str:
    return "—" if scheme.best is None else _error_in_words(float(scheme.quotient[scheme.best]), one, digits)


def _error_in_words(value: float, one: Check, digits: int) -> str:
    """A number, bold from the first digit on that its distance from the formula spoils."""
    text, off = format_number(value, digits), one.off(value)
    if not off > 0.5 * 10.0**-digits or not math.isfinite(off):
        return text
    mantissa, e, exponent = text.partition("e")
    right = max(0, math.floor(-math.log10(off))) if one.relative else 0
    cut = _after(mantissa, right)
    return f"{mantissa[:cut]}**{mantissa[cut:]}**{e}{exponent}" if cut < len(mantissa) else text


def _after(text: str, digits: int) -> int:
    """The place in a number's text after so many of its digits, leading zeros and signs not counted."""
    seen = 0
    for place, letter in enumerate(text):
        seen += letter.isdigit() and (seen > 0 or letter != "0")
        if seen > digits:
            return place
    return len(text)


def _csv(every: Sequence[Check]) -> str:
    header = ("logit", "reference", "formula", "autograd", "h", "forward", "central", "forward error", "central error")
    blocks = (
        (
            (f"z{one.k}", one.truth, one.formula, one.autograd),
            (one.h, one.forward.quotient, one.central.quotient, one.forward.error, one.central.error),
        )
        for one in every
    )
    return listing(header, [(tuple(map(str, constant)), tuple(map(np.asarray, columns))) for constant, columns in blocks])
