"""One sample: what a loss makes of one set of logits, and what its gradient would do to them."""

from __future__ import annotations

import math

import numpy as np

from ...analysis.formula import formulas
from ...analysis.sample import SampleTable
from ...analysis.two_steps import two_steps
from ...evaluation.setting import as_targets
from ...fields import sentence_case
from ...languages import localized
from ...losses import LOSSES
from ...naming.catalogue import Names
from ...naming.names import names
from ...numbers import format_number
from ...state.pins import Pin, series
from ...state.sample import SampleView
from ...state.two_classes import side_by_side, single_sigmoid
from ...texts import enumerated, joined, say, then
from .. import elements as st
from ..components.live import mount_live
from ..components.live.header import Stage, header
from ..components.live.payload import encode
from ..language import reader
from ..server import cache
from ..session import assign, next_revision, receive_event, value
from ..session.store import current_session


def draw(view: SampleView, pins: tuple[Pin, ...]) -> None:
    """The page."""
    answer = cache.answer(view.setting, view.mode == "soft")
    present = current_session()
    stage = Stage(present.lecture.scene is not None, present.lecture.locked, present.lecture.show)
    head = header(view, next_revision(), present.last_event, answer.backend, value("big") == "1", stage)
    mount_live(encode(localized(head, reader()), answer.now, answer.sweeps, head["ghost"]), "live", receive_event)
    if words := side_by_side(view):
        st.button("Compare softmax and sigmoid", on_click=assign, args=(words,))
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
    heads, labels = [say("current"), *(say("pin {slot}", slot=one.slot) for one in shown[1:])], [one.label for one in shown]
    answers = [cache.answer(one.setting, False).now for one in shown]
    both = view.task == "two-logit" and {one.setting.spec.activation for one in shown} >= {"softmax", "sigmoid"}
    if both:
        one = single_sigmoid(view)
        answers.append(cache.answer(one, False).now)
        heads.append(say("identity"))
        labels.append(say("one sigmoid of z₁ − z₀ = {number}", number=format_number(one.logits[0], 4)))
    st.table(
        {
            "": heads,
            say("setting"): labels,
            say("loss ℓ"): [f"{now.loss[0]:.6g}" for now in answers],
            say("gradient ‖∂ℓ/∂z‖"): [f"{now.norm[0]:.6g}" for now in answers],
            "pₜ": [f"{now.p_t[0]:.6g}" for now in answers],
        },
        border="horizontal",
        width="content",
    )
    if both:
        st.markdown(
            say(
                "Softmax over two logits is one sigmoid of their difference: softmax(z₁, z₀) = σ(z₁ − z₀) = {number}. "
                "Two sigmoids, one per logit, make a different loss: each logit has its own target.",
                number=format_number(float(answers[-1].probs[0, 0]), 4),
            )
        )


def _log_softmax_then_nll(view: SampleView) -> None:
    """The step in between, where the loss is softmax cross-entropy: log-probabilities, one of which NLL picks."""
    steps = two_steps(view.setting)
    if steps is None:
        return
    loss = format_number(steps.loss, 4)
    st.markdown(
        say(
            "**Cross-entropy is log-softmax, then NLL.** Log-softmax subtracts ln Σ eᶻ = {normalizer} from every logit, which "
            "gives log-probabilities. NLL picks that of the true class, {picked}, and flips its sign: ℓ = {loss}.",
            normalizer=format_number(steps.normalizer, 4),
            picked=steps.picked,
            loss=loss,
        )
    )
    rows = enumerate(zip(steps.logits, steps.log_probabilities, strict=True))
    st.table(
        [
            {
                say("class"): f"**{i}**" if i == steps.picked else str(i),
                say("logit z"): format_number(z, 4),
                "log-softmax: z − ln Σ eᶻ": format_number(log_p, 4),
                "NLL": say("**picked: ℓ = {loss}**", loss=loss) if i == steps.picked else "",
            }
            for i, (z, log_p) in rows
        ],
        border="horizontal",
        width="content",
        hide_index=True,
    )


def _names(view: SampleView, _: SampleTable) -> None:
    """The name machine's answer: what it is called, why, and the call that computes it."""
    spec, run = view.setting.spec, cache.torch_run(view.setting)
    name = names(spec, as_targets(spec, np.array([view.setting.targets])))
    st.markdown(joined((_called(name), name.why), " "))
    if not run.builtin:
        st.markdown("PyTorch has no built-in function for it; the short program under *PyTorch* computes it.")
    st.markdown(_compared_with_pytorch(run))
    _log_softmax_then_nll(view)


def _called(name: Names) -> str:
    if not name.common:
        return say("This has no common name: it is {title}.", title=name.title)
    if not name.also:
        return say("You have built **{title}**.", title=name.title)
    return say("You have built **{title}**, also called {others}.", title=name.title, others=enumerated(name.also))


def _program(view: SampleView, _: SampleTable) -> None:
    """The program, and what it returned."""
    run = cache.torch_run(view.setting)
    st.markdown(_compared_with_pytorch(run))
    st.code(run.program, language=None, wrap_lines=True)


def _compared_with_pytorch(run: cache.TorchRun) -> str:
    """What PyTorch returned beside what lossviz says: both computed just now."""
    if run.builtin:
        returned = say("`{call}` returned **{loss!r}**.", call=run.expression, loss=run.loss)
    else:
        returned = say("The program under *PyTorch* returned **{loss!r}**.", loss=run.loss)
    return joined((returned, _ours(run.loss, run.ours)), "  \n")


def _ours(theirs: float, ours: float) -> str:
    if theirs == ours:
        return say("lossviz says **{ours!r}**: the same to the last digit.", ours=ours)
    if math.isnan(theirs):
        return say("lossviz says **{ours!r}**: this is the limit; at infinite logits PyTorch multiplies 0 by ∞.", ours=ours)
    difference = abs(theirs - ours)
    if difference <= 1e-12 * max(1, abs(ours)):
        return say("lossviz says **{ours!r}**: the same but for rounding ({difference:.1e}).", ours=ours, difference=difference)
    return say("lossviz says **{ours!r}**: {difference:.1e} apart.", ours=ours, difference=difference)


def _formula(view: SampleView, now: SampleTable) -> None:
    """What is computed, in general."""
    texts = formulas(view.setting, now)
    kind, activation = LOSSES[view.setting.spec.key], view.setting.spec.activation
    for latex in (*texts.around, texts.loss, texts.grad):
        st.latex(latex)
    limits = [limit.text for limit in kind.limits if limit.activations is None or activation in limit.activations]
    summary = say("**{name}.** {summary}", name=then(kind.name, sentence_case), summary=kind.summary)
    st.markdown(joined((summary, *limits), "  \n"))
    st.caption(say("Source: {source}.", source=kind.source))


def _numbers(view: SampleView, now: SampleTable) -> None:
    """The same with the present numbers put in."""
    texts = formulas(view.setting, now)
    st.latex(texts.loss_numbers)
    st.latex(texts.grad_numbers)
    _log_softmax_then_nll(view)


TABS = {say("Its names"): _names, say("Formula"): _formula, say("With these numbers"): _numbers, "PyTorch": _program}
"""What stands under the picture: a tab's label and what draws it."""
