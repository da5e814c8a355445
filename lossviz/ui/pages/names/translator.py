"""The present settings as a program for each library, and what it returns on the present numbers."""

from __future__ import annotations

import math
from functools import lru_cache

from ....analysis.sample import sample
from ....evaluation.setting import Setting
from ....naming.libraries import TESTED, Answer, Case, translate
from ....numbers import format_number
from ....state.sample import SampleView
from ....texts import joined, say
from ... import elements as st

FLOAT32 = 2e-5
"""Relative differences that float32's rounding makes in these formulas."""


@lru_cache(maxsize=128)
def answers(setting: Setting) -> tuple[float, dict[str, Answer]]:
    """lossviz' own value, and everyone's answer."""
    return float(sample(setting).loss[0]), translate(Case(setting.spec, setting.logits, setting.targets))


def draw(view: SampleView) -> None:
    """A line for each library; open it for the program."""
    setting = view.setting
    if not all(map(math.isfinite, setting.logits)):
        st.info("With infinite logits most libraries return NaN. Choose finite logits to compare.")
        return
    ours, by_library = answers(setting)
    sentence = say(
        "The loss of the current sample is **{loss}**. The closest call in each library, and what it returns:",
        loss=format_number(ours, 9),
    )
    with st.container(key="main-thing", gap="xsmall"):
        st.markdown(sentence)
        for name, answer in by_library.items():
            with st.expander(say("**{library}** — {verdict}", library=name, verdict=verdict(answer, ours))):
                _details(name, answer)
    st.caption(
        say(
            "PyTorch’s value was computed by PyTorch just now, in float64. The others reimplement what each library does, in "
            "its usual precision; `make test-peers` compares every program with the real library ({versions}).",
            versions=joined((f"{name} {version}" for name, version in TESTED.items()), ", "),
        )
    )


def verdict(answer: Answer, ours: float) -> str:
    """A library's answer in a line."""
    if not answer.program:
        return say("cannot express this loss")
    value = format_number(answer.value, 9)
    if answer.why:
        return say(":orange[{value}: a different loss]", value=value)
    apart = abs(answer.value - ours)
    if apart <= 1e-11 * abs(ours):
        return say("{value}: the same", value=value)
    if apart <= FLOAT32 * abs(ours):
        return say("{value}: the same in float32", value=value)
    if any("clipped" in note for note in answer.notes):
        return say(":orange[{value}: clipped]", value=value)
    return say(":orange[{value}: digits lost in float32]", value=value)


def _details(name: str, answer: Answer) -> None:
    if answer.why:
        st.markdown(answer.why)
    if answer.program:
        st.code(answer.program, language=None, wrap_lines=True)
    for note in answer.notes:
        st.caption(note)
    if not answer.program and name == "PyTorch":
        st.caption("See the program under *One sample*.")
