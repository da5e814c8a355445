"""What is known of an experiment that is one of the presets: the outcome over hundreds of seeds, and RetinaNet's own table."""

from __future__ import annotations

from dataclasses import replace

from ....analysis.training import Experiment, contrast, estimate
from ....analysis.training.reference_results import reference_results
from ....analysis.training.reference_sentences import reference_mean, reference_rows, reference_scope
from ....analysis.training.scenes import RETINANET, RETINANET_SOURCE, SCENES
from ....state.training import TrainingQuery
from ....texts import say
from ... import elements as st
from ...server.training_queue import training_queue
from .outcome import TrainingResult, verdict_obstacle


def draw(query: TrainingQuery) -> None:
    """The preset's outcome, beside that of the seeds on the page once they are trained; nothing of any other experiment."""
    scene = next((one for one in SCENES.values() if _same_but_seeds(one.experiment, query.experiment)), None)
    if scene is None:
        return
    result = _finished(query)
    estimated = (
        None if result is None or verdict_obstacle(query, result) else estimate(contrast(*result, scene.measure).effect[-1])
    )
    known = reference_mean(scene.key, query.labels, estimated)
    st.markdown(
        say(
            "**Known result for this preset (covered by tests):** {result} A likely reason: {reason} ({source})",
            result=known,
            reason=scene.reason,
            source=scene.source,
        )
    )
    with st.expander(say("Results over {seeds} seeds", seeds=len(reference_results(scene.key).seeds))):
        st.table(reference_rows(scene.key, query.labels))
        st.caption(reference_scope(scene.key, query.labels[0], query.experiment.seeds))
    if query.experiment.dataset_spec.ratio > 1:
        with st.expander("RetinaNet’s published table: average precision by γ and α"):
            st.table([{"γ": f"{one.gamma:g}", "α": f"{one.alpha:g}", say("AP (%)"): f"{one.ap:.1f}"} for one in RETINANET])
            st.caption(say("As printed in {source}; not computed here.", source=RETINANET_SOURCE))


def _finished(query: TrainingQuery) -> TrainingResult | None:
    """The whole result, if every training is over."""
    jobs = [training_queue().finished(one) for one in query.trainings]
    records = [job.record for job in jobs if job and job.state == "done"]
    whole = [one for one in records if one]
    return TrainingResult(whole[0], whole[1] if len(whole) > 1 else None) if len(whole) == len(jobs) else None


def _same_but_seeds(scene: Experiment, experiment: Experiment) -> bool:
    """Whether an experiment is a scene's, whichever seeds it is trained with."""
    return replace(experiment, seeds=scene.seeds, first_seed=scene.first_seed) == scene
