"""What can be said of the claim: a verdict for each loss, over what it is, and how often one has looked."""

from __future__ import annotations

from dataclasses import replace
from random import SystemRandom

import streamlit as st

from ....analysis.training import MEASURES, contrast
from ....analysis.training.sentences import Judged, how_sure, judged
from ....trainings import Asked
from ....words import FIELDS
from ...markdown import literal
from ...session import assign
from .looks import Trained


def draw(asked: Asked, trained: Trained, measure: str) -> None:
    """The claim by its own measure, whatever is looked at; then the measure that is, of which nothing is claimed."""
    about = asked.claim
    if about:
        endpoint = MEASURES[about.endpoint].title
        st.markdown(f"**Claim:** {about.says} Judged by one measure, {endpoint}: by how much {about.changes} changes it.")
        _list(_judged(asked, trained, about.endpoint))
        if measure != about.endpoint:
            st.markdown(f"Shown below, and nothing is claimed of it: {MEASURES[measure].title}.")
    if not about or measure != about.endpoint:
        _list(_judged(asked, trained, measure))
    st.caption(f"{how_sure(asked.experiment, trained.record.epochs[-1], asked.labels[0])}{_looks(asked)}")
    st.button("Draw new seeds", on_click=_new_seeds, args=(asked,), icon=":material/casino:", key="new-seeds",
              help="The same experiment with other data, noise, initialization and batch order.")  # fmt: skip


def _judged(asked: Asked, trained: Trained, measure: str) -> tuple[Judged, ...]:
    found, without = trained
    return judged(asked.experiment, contrast(found, without, measure), asked.labels, measure, asked.margin)


def _list(found: tuple[Judged, ...]) -> None:
    st.markdown("\n".join(f"- {literal(one.called)}: {_said(one)}" for one in found))


def _said(one: Judged) -> str:
    return f"**{one.verdict.value}**, {one.reason}. {one.numbers}" if one.verdict else one.numbers


def _looks(asked: Asked) -> str:
    """How many sets of seeds this session has looked at for the same question."""
    experiment = asked.experiment
    question = replace(experiment, seeds=1, first_seed=0)
    known, seen = st.session_state.get("seeds-seen", (None, set()))
    seen = (seen if known == question else set()) | {(experiment.first_seed, experiment.seeds)}
    st.session_state["seeds-seen"] = question, seen
    return "" if len(seen) == 1 else f" You have now looked at this with {len(seen)} sets of seeds."


def _new_seeds(asked: Asked) -> None:
    """Seeds that nobody has chosen, as the next block of them from a random place."""
    most = int(FIELDS["first_seed"].high)  # type: ignore[union-attr]
    assign({"first_seed": SystemRandom().randrange(1000, most - asked.experiment.seeds)})
