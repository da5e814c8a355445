"""A gradient by its formula, by autograd and by finite differences, and how far these are apart over the step size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np

from ....analysis.gradient_check import Check, Scheme, checks
from ....analysis.listing import listing
from ....evaluation.setting import Setting
from ....figures import gradient_check as drawing
from ....figures.picture import Picture
from ....numbers import format_number, subscript
from ....state.plots import classes_for, curve_view
from ....state.sample import SampleView
from ....texts import joined, say
from ... import elements as st
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
    sentences = (
        _reached(say("**Central differences**"), check, check.central),
        _reached(say("**Forward differences**"), check, check.forward),
    )
    title = _title(check)
    caption = say(
        "{title}. In {dtype}; the reference is the closed form in float64. Computed by lossviz.", title=title, dtype=dtype
    )
    picture = Picture(drawing.figure(title, check, dtype), title, wide=True)
    show_figures("gradients", [picture], None, caption, partial(_csv, every))
    st.markdown(joined(sentences, "  \n"))
    if not (check.forward.exact and check.central.exact):
        st.caption(_explained(check, dtype))


def _verdict(every: Sequence[Check], dtype: str) -> None:
    """Whether all agree, and where not, why."""
    doubts = [doubt for one in every if (doubt := _doubt(one, dtype))]
    if doubts:
        st.warning(joined(doubts, "  \n"), icon=":material/rule:")
        return
    moved = [one for one in every if len(one.h)]
    far = [(say("the formula"), max(one.off(one.formula) for one in every))] if dtype != "float64" else []
    far.append((say("autograd"), max(one.off(one.autograd) for one in every)))
    if moved:
        far.append((say("central differences"), max(_error(one.central) for one in moved)))
        far.append((say("forward differences"), max(_error(one.forward) for one in moved)))
    details = joined((_within(name, off) for name, off in far), ", ")
    st.success(_agreement(bool(moved), len(every), dtype, details), icon=":material/check:")


def _within(name: str, off: float) -> str:
    if off == 0:
        return say("{name} exact", name=name)
    return say("{name} within {off}", name=name, off=format_number(off, 2))


def _agreement(moved: bool, logits: int, dtype: str, details: str) -> str:
    """That all agree, and how far; `moved`: there are finite differences, too."""
    if moved and logits > 1:
        return say(
            "Formula, autograd and finite differences agree at every logit, in {dtype}: {details}.",
            dtype=dtype,
            details=details,
        )
    if moved:
        return say("Formula, autograd and finite differences agree here, in {dtype}: {details}.", dtype=dtype, details=details)
    if logits > 1:
        return say("Formula and autograd agree at every logit, in {dtype}: {details}.", dtype=dtype, details=details)
    return say("Formula and autograd agree here, in {dtype}: {details}.", dtype=dtype, details=details)


def _error(scheme: Scheme) -> float:
    return math.nan if scheme.best is None else float(scheme.error[scheme.best])


def _doubt(one: Check, dtype: str) -> str:
    """What does not agree at a logit, and why; empty where all do."""
    z, truth = f"z{subscript(one.k)}", format_number(one.truth, 4)
    if math.isnan(one.autograd):
        return say("**{z}**: autograd of the usual program returns NaN; the formula gives {truth}.", z=z, truth=truth)
    if one.slopes:
        left, right = (format_number(slope, 4) for slope in one.slopes)
        return say(
            "**{z}**: the loss has a kink here. To the left its slope is {left}, to the right {right}; the formula "
            "gives {truth}.",
            z=z,
            left=left,
            right=right,
            truth=truth,
        )
    if one.underflows:
        return say(
            "**{z}**: the gradient, {truth}, is too small for {dtype} to hold all of its digits.", z=z, truth=truth, dtype=dtype
        )
    return _far(one, z) if one.autograd_agrees and not one.coarse else _apart(one, z)


def _apart(one: Check, z: str) -> str:
    """Autograd and formula, with as many digits as it takes to see that they differ."""
    digits = min(17, 2 + max(2, math.ceil(-math.log10(one.off(one.autograd)))))
    autograd, formula = format_number(one.autograd, digits), format_number(one.truth, digits)
    if one.coarse:
        return say(
            "**{z}**: autograd has lost digits. It gives {autograd}, the formula {formula}: PyTorch subtracts numbers near 1, "
            "which cannot resolve a difference this small.",
            z=z,
            autograd=autograd,
            formula=formula,
        )
    return say(
        "**{z}**: autograd and the formula differ. Autograd gives {autograd}, the formula {formula}.",
        z=z,
        autograd=autograd,
        formula=formula,
    )


def _far(one: Check, z: str) -> str:
    """A quotient that is further off than its step explains."""
    if not len(one.h):
        return ""
    if not one.agrees(one.central):
        off = format_number(_error(one.central), 2)
        return say("**{z}**: central differences get no closer than {off} to the formula.", z=z, off=off)
    if not one.agrees(one.forward):
        off = format_number(_error(one.forward), 2)
        return say("**{z}**: forward differences get no closer than {off} to the formula.", z=z, off=off)
    return ""


def _reached(name: str, check: Check, scheme: Scheme) -> str:
    """The nearest that a quotient comes, and where; beside it where theory expects that."""
    if scheme.best is None:
        return say("{differences} are undefined: the loss overflows.", differences=name)
    if scheme.exact and check.forward.exact:
        return say("{differences} are exact at every step: the loss is linear in this logit.", differences=name)
    if scheme.exact:
        return say("{differences} are exact at every step: the truncation errors of the two sides cancel.", differences=name)
    h, off = (format_number(float(x[scheme.best]), 2) for x in (check.h, scheme.error))
    parts = {"differences": name, "off": off, "h": h, "predicted": format_number(scheme.predicted, 2)}
    if check.relative and math.isnan(scheme.predicted):
        return say("{differences} reach a smallest relative error of {off}, at h = {h}.", **parts)
    if check.relative:
        return say("{differences} reach a smallest relative error of {off}, at h = {h} (expected: {predicted}).", **parts)
    if math.isnan(scheme.predicted):
        return say("{differences} reach a smallest absolute error of {off}, at h = {h}.", **parts)
    return say("{differences} reach a smallest absolute error of {off}, at h = {h} (expected: {predicted}).", **parts)


def _stuck(check: Check) -> str:
    return say(
        "No step up to 1 changes this logit: the next float is {spacing} away. Difference quotients are 0/0 here; formula and "
        "autograd need no step.",
        spacing=format_number(check.spacing, 3),
    )


def _explained(check: Check, dtype: str) -> str:
    """Why there is a best step."""
    parts = [
        say(
            "Larger steps add truncation error, ∝ h for forward and ∝ h² for central differences. Smaller steps lose digits: "
            "{dtype} rounds ℓ by about ε ℓ, and the quotient divides that by h. The best step balances the two: √ε for forward "
            "and ∛ε for central differences, times a scale set by ℓ and its derivatives.",
            dtype=dtype,
        ),
        say("The markers show where a whole range of steps is accurate, since a single step can be right by luck."),
    ]
    if check.h[0] > 1e-15:
        least = format_number(float(check.h[0]), 2)
        parts.append(say("The smallest step is {least}, the distance to the next float.", least=least))
    if not check.relative:
        parts.append(say("The gradient is 0, so errors are absolute; a step too small to change the loss gives 0 trivially."))
    return joined(parts, " ")


def _title(check: Check) -> str:
    off = check.off(check.autograd)
    return say(
        "{derivative} = {value}: {central}, {forward}, {autograd}",
        derivative=f"∂ℓ/∂z{subscript(check.k)}",
        value=format_number(check.truth, 5),
        central=_off(say("central"), _error(check.central), check.central.exact),
        forward=_off(say("forward"), _error(check.forward), check.forward.exact),
        autograd=say("autograd NaN") if math.isnan(off) else _off(say("autograd"), off, off == 0),
    )


def _off(name: str, error: float, exact: bool) -> str:
    if exact:
        return say("{name} exact", name=name)
    return say("{name} {error} off", name=name, error=format_number(error, 2))


def _table(setting: Setting, every: Sequence[Check], dtype: str) -> None:
    """All logits; digits that are not the formula's are bold."""
    digits = DIGITS[dtype]
    st.table(
        {
            say("logit"): [format_number(z, 4) for z in setting.logits],
            say("target"): [format_number(t, 4) for t in setting.targets],
            say("formula"): [format_number(one.formula, digits) for one in every],
            say("autograd"): [_error_in_words(one.autograd, one, digits) for one in every],
            say("central"): [_at_best(one.central, one, digits) for one in every],
            say("forward"): [_at_best(one.forward, one, digits) for one in every],
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
