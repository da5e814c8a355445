"""The map: a button for each name, and what is known of the place that is chosen."""

from __future__ import annotations

import streamlit as st

from ....analysis.formula import formulas
from ....analysis.sample import sample
from ....evaluation.setting import Setting
from ....losses import LOSSES
from ....naming.family import REGIONS, Region
from ....state.family import PLACES, Place, called, place_of
from ....state.fields import SAMPLE
from ....state.sample import SampleView, default_of
from ...controls.field import undrawn
from ...session import assign, navigate_to


def draw(view: SampleView) -> None:
    """Every place, the present settings marked; below, one of them in words."""
    st.markdown(
        "Nearly all are one sum: minus the logarithm of the probability of what is true, weighted. What differs is the "
        "activation in front, which terms count, what a target may be, and a factor $(1 - p)^{\\gamma}$. "
        "Choose a name; :material/my_location: marks the present settings."
    )
    present = place_of(view.setting)
    left, right = st.columns(2, gap="medium")
    if present is None:
        name = called(view.setting)
        st.caption(f"The present settings have no place of their own on this map: {name.title}.")
    chosen = str(undrawn("place"))
    key = present if chosen == "present" else chosen
    for column, region in zip((left, right, left, left), REGIONS, strict=True):
        with column, st.container(border=True):
            _region(region, present, key)
    if key is None:
        _words(view.setting, None)
    else:
        _words(view.setting if chosen == "present" else PLACES[key].view.setting, PLACES[key])
        if key != present:
            st.button(
                "Take these settings",
                on_click=_take,
                args=(PLACES[key],),
                icon=":material/input:",
                help="Every page then shows this loss, with its example's logits and targets.",
            )


def _region(region: Region, present: str | None, chosen: str | None) -> None:
    st.markdown(f"**{region.title}**")
    st.latex(region.terms)
    for row, keys in region.rows.items():
        st.caption(row)
        for key in keys:
            st.button(
                PLACES[key].names.title,
                key=f"place-{key}",
                on_click=_choose,
                args=(key,),
                type="primary" if key == chosen else "secondary",
                icon=":material/my_location:" if key == present else None,
                width="stretch",
            )


def _choose(key: str) -> None:
    assign({"place": key})


def _take(place: Place) -> None:
    """The place's settings become the present ones; what it does not say goes back to its default."""
    navigate_to("names", {field.name: default_of(field, place.words) for field in SAMPLE} | {"place": "present"})


def _words(setting: Setting, place: Place | None) -> None:
    """What a place is called, why, its formula, and where it is used and comes from."""
    loss_names = called(setting)
    texts = formulas(setting, sample(setting))
    with st.container(border=True):
        st.markdown(f"### {loss_names.title[0].upper()}{loss_names.title[1:]}")
        if loss_names.also:
            st.markdown(f"Also called: {' · '.join(loss_names.also)}.")
        st.markdown(loss_names.why)
        for latex in (*texts.around, texts.loss):
            st.latex(latex)
        if place:
            st.markdown(f"**Used for.** {place.use}")
            st.markdown(f"**Where it comes from.** {place.origin}")
        st.caption(f"Source of the formula: {LOSSES[setting.spec.key].source}.")
