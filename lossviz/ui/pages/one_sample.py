"""One sample: what a loss makes of one set of logits, and what its gradient would do to them."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from ...analysis.formula import formulas
from ...analysis.sample import SampleTable
from ...evaluation.setting import as_targets
from ...losses import LOSSES
from ...naming.names import names
from ...state.pins import Pin, series
from ...state.sample import SampleView
from ..components.live import mount_live
from ..components.live.header import header
from ..components.live.payload import encode
from ..server import cache
from ..session import next_revision, receive_event, value
from ..session.store import current_session


def draw(view: SampleView, pins: tuple[Pin, ...]) -> None:
    """The page."""
    answer = cache.answer(view.setting, view.mode == "soft")
    head = header(view, next_revision(), current_session().last_event, answer.backend, value("big") == "1")
    mount_live(encode(head, answer.now, answer.sweeps, head["ghost"]), "live", receive_event)
    if pins:
        _compared(view, pins)
    tabs = st.tabs(list(TABS), key="details", on_change="rerun")
    # Only the open one is drawn: typesetting formulas nobody sees took longer than all else after a release.
    for tab, content in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                content(view, answer.now)


def _compared(view: SampleView, pins: tuple[Pin, ...]) -> None:
    """The present setting and the pinned ones on this sample."""
    shown = series(view, pins)[0]
    answers = [cache.answer(one.setting, False).now for one in shown]
    st.table(
        {
            "": ["present", *(f"pin {one.slot}" for one in shown[1:])],
            "setting": [one.label for one in shown],
            "loss ℓ": [f"{now.loss[0]:.6g}" for now in answers],
            "gradient ‖∂ℓ/∂z‖": [f"{now.norm[0]:.6g}" for now in answers],
            "p_t": [f"{now.p_t[0]:.6g}" for now in answers],
        },
        border="horizontal",
        width="content",
    )


def _names(view: SampleView, _: SampleTable) -> None:
    """The name machine's answer: what it is called, why, and the call that computes it."""
    spec, run = view.setting.spec, cache.torch_run(view.setting)
    name = names(spec, as_targets(spec, np.array([view.setting.targets])))
    also = f", also called {', '.join(name.also)}" if name.also else ""
    built = f"You have built **{name.title}**{also}." if name.common else f"This has no common name: it is {name.title}."
    st.markdown(f"{built} {name.why}")
    if not run.builtin:
        st.markdown("PyTorch has no function for it; a program of a few lines, under *PyTorch*, computes it.")
    st.markdown(_compared_with_pytorch(run))


def _program(view: SampleView, _: SampleTable) -> None:
    """The program, and what it returned."""
    run = cache.torch_run(view.setting)
    st.markdown(_compared_with_pytorch(run))
    st.code(run.program, language=None, wrap_lines=True)


def _compared_with_pytorch(run: cache.TorchRun) -> str:
    """What PyTorch returned beside what lossviz says: both computed just now."""
    call = f"`{run.expression}`" if run.builtin else "The program under *PyTorch*"
    return f"{call} returned **{run.loss!r}**.  \nlossviz says **{run.ours!r}**: {_apart(run.loss, run.ours)}."


def _apart(theirs: float, ours: float) -> str:
    if theirs == ours:
        return "the same to the last digit"
    if math.isnan(theirs):
        return "at infinite logits PyTorch multiplies 0 by ∞; the limit exists, and is this"
    difference = abs(theirs - ours)
    return (
        f"the same but for rounding ({difference:.1e})"
        if difference <= 1e-12 * max(1, abs(ours))
        else f"{difference:.1e} apart"
    )


def _formula(view: SampleView, now: SampleTable) -> None:
    """What is computed, in general."""
    texts = formulas(view.setting, now)
    kind, activation = LOSSES[view.setting.spec.key], view.setting.spec.activation
    for latex in (*texts.around, texts.loss, texts.grad):
        st.latex(latex)
    limits = [limit.text for limit in kind.limits if limit.activations is None or activation in limit.activations]
    st.markdown("  \n".join((f"**{kind.name[0].upper()}{kind.name[1:]}.** {kind.summary}", *limits)))
    st.caption(f"Source: {kind.source}.")


def _numbers(view: SampleView, now: SampleTable) -> None:
    """The same with the present numbers put in."""
    texts = formulas(view.setting, now)
    st.latex(texts.loss_numbers)
    st.latex(texts.grad_numbers)


TABS = {"Its names": _names, "Formula": _formula, "With these numbers": _numbers, "PyTorch": _program}
"""What stands under the picture: a tab's label and what draws it."""
