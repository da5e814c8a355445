"""The map: every name in its place, and beside it the card of the one that is chosen."""

from __future__ import annotations

from pathlib import Path

from ....analysis.formula import formulas
from ....analysis.sample import sample
from ....evaluation.setting import Setting
from ....fields import sentence_case
from ....losses import LOSSES
from ....naming.family import REGIONS, Region
from ....state.family import PLACES, Place, called, place_of
from ....state.fields import SAMPLE
from ....state.sample import SampleView, default_of
from ....texts import joined, say
from ... import elements as st
from ...controls.field import undrawn
from ...session import assign, navigate_to
from ...stylesheet import stylesheet
from ..rows import bring_into_view, row, rows

STYLE = stylesheet(Path(__file__).with_name("map.css"))


def draw(view: SampleView) -> None:
    """Every place, the one of the current settings marked; beside them, one of them in words."""
    st.html(STYLE)
    present = place_of(view.setting)
    chosen = str(undrawn("place"))
    open_place = present if chosen == "present" else chosen
    setting = view.setting if chosen == "present" else PLACES[chosen].view.setting
    column, card_column = st.columns([13, 7], gap="medium")
    with column, st.container(key="main-thing"):
        _map(present, open_place, setting)
        st.caption(
            "Nearly all of these losses are the same weighted sum of −log p over the true outcomes. They differ in the "
            "activation, the terms that count, the targets they accept, and the factor $(1 - p)^{\\gamma}$."
        )
    with card_column, st.container(border=True, key="place-card"):
        _card(setting, open_place, present, "beside")
    bring_into_view(".st-key-place-card-here, .st-key-place-card")


def _map(present: str | None, open_place: str | None, setting: Setting) -> None:
    softmax, sigmoid, *others = REGIONS
    with rows("places"), st.container(key="map"):
        for name, regions in (("softmax", [softmax]), ("others", others), ("sigmoid", [sigmoid])):
            with st.container(key=f"map-{name}", gap="small"):
                for region in regions:
                    _region(region, present, open_place, setting)


def _region(region: Region, present: str | None, open_place: str | None, setting: Setting) -> None:
    with st.container(gap=None):
        st.markdown(say("**{title}**", title=region.title))
        st.latex(region.terms)
        for heading, keys in region.rows.items():
            st.caption(heading)
            for key in keys:
                icon = ":material/my_location:" if key == present else None
                row(PLACES[key].names.title, f"place-{key}", key == open_place, _choose, key, icon=icon)
                if key == open_place:
                    with st.container(border=True, key="place-card-here"):
                        _card(setting, key, present, "here")


def _choose(key: str) -> None:
    assign({"place": key})


def _use(place: Place) -> None:
    """The place's settings become the current ones; what it does not say goes back to its default."""
    navigate_to("names", {field.name: default_of(field, place.words) for field in SAMPLE} | {"place": "present"})


def _card(setting: Setting, key: str | None, present: str | None, where: str) -> None:
    """What a place is called, why, its formula, and where it is used and comes from; `where` tells a card from its copy."""
    place = PLACES[key] if key else None
    if place is None:
        st.info("The current settings are not on this map.", icon=":material/location_off:")
    _words(setting, place)
    if place and key != present:
        st.button(
            "Use these settings",
            key=f"use-{where}",
            on_click=_use,
            args=(place,),
            icon=":material/input:",
            help="Show this loss on every page, with the logits and targets of its example.",
        )


def _words(setting: Setting, place: Place | None) -> None:
    loss_names = called(setting)
    texts = formulas(setting, sample(setting))
    st.markdown(say("### {title}", title=sentence_case(loss_names.title)))
    if loss_names.also:
        st.markdown(say("Also called: {names}.", names=joined(loss_names.also, " · ")))
    st.markdown(loss_names.why)
    for latex in (*texts.around, texts.loss):
        st.latex(latex)
    if place:
        st.markdown(say("**Used for.** {use}", use=place.use))
        st.markdown(say("**Origin.** {origin}", origin=place.origin))
    st.caption(say("Source of the formula: {source}.", source=LOSSES[setting.spec.key].source))
