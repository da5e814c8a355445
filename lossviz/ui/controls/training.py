"""The controls of the page Training: data and noise, model, and the losses that are compared."""

from __future__ import annotations

import streamlit as st

from ...analysis.training.scenes import SCENES, Scene
from ...state.fields import FIELDS
from ...state.training import TrainingQuery, class_options, field_values, presets, training_query
from .. import session
from ..session import navigate_to, request_training
from ..session.keys import SCENES_POPOVER
from .field import control, popover

PURPOSE = (
    "Does focal loss help where a class is rare, and hurt where labels are wrong? Train the same models under several losses, "
    "and see how sure one can be of the difference."
)


def draw() -> tuple[TrainingQuery, tuple[str, ...]]:
    """Draw them; the experiment that they describe, and what of them could not be."""
    st.caption(f"**lossviz** · {PURPOSE}")
    query, _ = training_query(session.values())
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="frame"):
        world = str(control("world", on_change=_new_world))
        flips = str(control("flips"))
        _noise(world, flips)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="frame-more"):
        with st.popover("Scenes", help="Whole experiments to begin with.", key=SCENES_POPOVER, on_change="rerun"):
            _scenes(query)
        with popover(_data_in_words(query), help="Samples, a rare class, and where the classes are.", key="data"):
            _data(world)
        control("model")
        with popover(_model_in_words(query), help="Optimiser, epochs, seeds.", key="fit"):
            _model()
        with popover(
            f"Losses ({len(query.labels)})", help="What is compared, and comparisons worth one click.", key="compared"
        ):
            _losses(query)
        control("margin")
    return training_query(session.drawn_values())


def _scenes(query: TrainingQuery) -> None:
    st.caption("Experiments whose outcome over hundreds of seeds is known. Some support the claim, and some contradict it.")
    for scene in SCENES.values():
        on = scene.experiment == query.experiment
        st.button(
            scene.title,
            key=f"scene-{scene.key}",
            on_click=_load_scene,
            args=(scene,),
            width="stretch",
            type="primary" if on else "secondary",
        )


def _load_scene(scene: Scene) -> None:
    """Take a scene's settings, and train them; what comes out is not to be hidden by the list."""
    st.session_state[SCENES_POPOVER] = False
    words = field_values(scene.experiment) | {"measure": scene.measure}
    navigate_to("training", words)
    scene_query, _ = training_query(words)
    request_training(scene_query.trainings)


def _noise(world: str, flips: str) -> None:
    if flips == "none":
        return
    control("flip_rate")
    if flips != "uniform":
        control("flip_from", class_options(world), default=_class("flip_from", world))
    if flips == "pair":
        control("flip_to", class_options(world), default=_class("flip_to", world))


def _class(name: str, world: str) -> str:
    default = str(FIELDS[name].default)
    return default if default in class_options(world) else "0"


def _data(world: str) -> None:
    control("examples")
    control("ratio")
    control("rare", class_options(world))
    if world != "digits":
        control("apart", on_change=_new_middles)
        control("means", placeholder="as the separation says")


def _model() -> None:
    if session.value("model") == "mlp":
        control("width")
    for name in ("optimiser", "learning_rate", "epochs", "batch_size", "bias_prior", "seeds", "first_seed", "equal", "epoch"):
        control(name)


def _losses(query: TrainingQuery) -> None:
    control("losses")
    first, *others = query.labels
    st.caption(f"Compared with {first}: {'; '.join(others) or 'nothing yet'}.")
    st.markdown("**Compare at one click**")
    for name, text in presets(query.experiment.dataset_spec, query.experiment.losses[0]).items():
        st.button(name, key=f"losses-{name}", on_click=_set_losses, args=(text,))


def _set_losses(text: str) -> None:
    session.assign({"losses": text})


def _new_world() -> None:
    """Middles and separation belong to a shape."""
    _new_middles()
    session.reset("flip_from", "flip_to", "rare")


def _new_middles() -> None:
    session.reset("means")


def _data_in_words(query: TrainingQuery) -> str:
    dataset_spec = query.experiment.dataset_spec
    ratio = f", {dataset_spec.ratio:g}:1" if dataset_spec.ratio > 1 else ""
    return f"{dataset_spec.samples} samples{ratio}"


def _model_in_words(query: TrainingQuery) -> str:
    e = query.experiment
    return f"{e.optimiser}, {e.epochs} epochs, {e.seeds} seed{'s' * (e.seeds > 1)}"
