"""The setting line of the page Training: data and noise, model, and the losses that are compared."""

from __future__ import annotations

from ...analysis.training.scenes import SCENES, TrainingScene
from ...state.fields import FIELDS, label_of
from ...state.training import TrainingQuery, class_options, field_values, presets, training_query
from ...texts import joined, say
from .. import elements as st
from .. import session
from ..session import navigate_to, request_training
from ..session.keys import SCENES_POPOVER
from .field import control
from .lines import chip, setting_line


def draw() -> tuple[TrainingQuery, tuple[str, ...]]:
    """Draw the line; the experiment that it describes, and what of the words cannot be used."""
    query, _ = training_query(session.values())
    session.note_subject(joined(query.labels))
    with setting_line():
        with st.popover("Presets", key=SCENES_POPOVER, on_change="rerun", icon=":material/auto_stories:"):
            _scenes(query)
        with chip(_data_in_words(query), "data"):
            world = str(control("world", on_change=_new_world))
            _data(world)
        with chip(_noise_in_words(query), "flips"):
            _noise(world, str(control("flips")))
        with chip(_model_in_words(query), "fit"):
            control("model")
            _model()
        with chip(_losses_in_words(query), "compared"):
            _losses(query)
            control("margin")
    return training_query(session.drawn_values())


def _scenes(query: TrainingQuery) -> None:
    st.caption("Experiments with a known outcome over hundreds of seeds. Some support the claim, some contradict it.")
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


def _load_scene(scene: TrainingScene) -> None:
    """Take a preset's settings and train them; its list closes, so that it does not hide the result."""
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
        control("apart", on_change=_new_centers)
        control("means", placeholder="set by the separation")


def _model() -> None:
    if session.value("model") == "mlp":
        control("width")
    for name in ("optimiser", "learning_rate", "epochs", "batch_size", "bias_prior", "seeds", "first_seed", "equal", "epoch"):
        control(name)


def _losses(query: TrainingQuery) -> None:
    control("losses")
    first, *others = query.labels
    if others:
        st.caption(say("Compared with {first}: {others}.", first=first, others=joined(others, "; ")))
    else:
        st.caption("Only one loss selected. Add another to compare.")
    st.markdown("**Preset comparisons**")
    for name, text in presets(query.experiment.dataset_spec, query.experiment.losses[0]).items():
        st.button(name, key=f"losses-{name}", on_click=_set_losses, args=(text,))


def _set_losses(text: str) -> None:
    session.assign({"losses": text})


def _new_world() -> None:
    """Centers and separation belong to a shape."""
    _new_centers()
    session.reset("flip_from", "flip_to", "rare")


def _new_centers() -> None:
    session.reset("means")


def _data_in_words(query: TrainingQuery) -> str:
    dataset_spec = query.experiment.dataset_spec
    data, samples, ratio = label_of("world", dataset_spec.shape), dataset_spec.samples, dataset_spec.ratio
    if ratio > 1:
        return say("{data}, **{samples:,}** samples, **{ratio:g}:1**", data=data, samples=samples, ratio=ratio)
    return say("{data}, **{samples:,}** samples", data=data, samples=samples)


def _noise_in_words(query: TrainingQuery) -> str:
    dataset_spec = query.experiment.dataset_spec
    if dataset_spec.noise == "none":
        return say("No label noise")
    return say("**{percent:g}%** label noise", percent=100 * dataset_spec.rate)


def _model_in_words(query: TrainingQuery) -> str:
    seeds, model = query.experiment.seeds, label_of("model", session.value("model"))
    if seeds > 1:
        return say("{model} model, **{seeds}** seeds", model=model, seeds=seeds)
    return say("{model} model, **1** seed", model=model)


def _losses_in_words(query: TrainingQuery) -> str:
    many = len(query.labels)
    return say("Compare **{number}** losses", number=many) if many > 1 else say("**1** loss, add another")
