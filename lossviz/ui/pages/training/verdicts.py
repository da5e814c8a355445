"""What can be said of the claim: a sentence, and behind it a verdict for each loss and how often one has looked."""

from __future__ import annotations

from dataclasses import replace
from random import SystemRandom

from ....analysis.training import MEASURES, contrast
from ....analysis.training.headline_sentences import headline, interval_label
from ....analysis.training.sentences import Judgement, interval_note
from ....state.fields import FIELDS
from ....state.training import TrainingQuery
from ....texts import joined, say
from ... import elements as st
from ...components.markdown import literal
from ...session import assign, request_training
from ...session.store import SeedSets, current_session
from .answer import answer_row, sentence
from .outcome import TrainingResult, measure_judgements


def draw(query: TrainingQuery, result: TrainingResult, measure: str) -> None:
    """One sentence by the measure on show; behind it the claim by its own measure, each loss by itself, and over what."""
    shown = contrast(*result, measure)
    rows = measure_judgements(query, result, measure)
    with answer_row():
        sentence(headline(query.experiment, shown, query.labels, measure, rows))
        with st.popover(interval_label(query.experiment), key="answer-note"):
            _small_print(query, result, measure, rows)


def draw_obstacle(query: TrainingQuery, why: str) -> None:
    """Why there is no verdict."""
    with answer_row():
        sentence(why)
        with st.popover(interval_label(query.experiment), key="answer-note"):
            _draw_new_seeds(query)


def _small_print(query: TrainingQuery, result: TrainingResult, measure: str, rows: tuple[Judgement, ...]) -> None:
    """The claim by its own measure, whatever is looked at; then the measure that is, of which nothing is claimed."""
    about = query.claim
    if about:
        st.markdown(
            say(
                "**Claim:** {claim} Judged by one measure: how much {cause} changes the difference in {measure}.",
                claim=about.sentence,
                cause=about.cause,
                measure=MEASURES[about.endpoint].title,
            )
        )
        _list(measure_judgements(query, result, about.endpoint))
        if measure != about.endpoint:
            st.markdown(say("Also measured, with no claim attached: {measure}.", measure=MEASURES[measure].title))
    if not about or measure != about.endpoint:
        _list(rows)
    note = interval_note(query.experiment, result.record.epochs[-1], query.labels[0])
    st.caption(joined((note, *_seed_sets_note(query)), " "))
    _draw_new_seeds(query)


def _draw_new_seeds(query: TrainingQuery) -> None:
    st.button("Draw new seeds", on_click=_new_seeds, args=(query,), icon=":material/casino:", key="new-seeds",
              help="Run the same experiment with new data, noise, initialization and batch order.")  # fmt: skip


def _list(judgements: tuple[Judgement, ...]) -> None:
    lines = (say("- {loss}: {judgement}", loss=literal(one.label), judgement=_judgement_text(one)) for one in judgements)
    st.markdown(joined(lines, "\n"))


def _judgement_text(one: Judgement) -> str:
    numbers = literal(one.numbers)
    if not one.verdict:
        return numbers
    reason = literal(one.reason)
    return say("**{verdict}** ({reason}). {numbers}", verdict=one.verdict.value, reason=reason, numbers=numbers)


def _seed_sets_note(query: TrainingQuery) -> list[str]:
    """How many sets of seeds this session has looked at for the same question, if more than one."""
    experiment = query.experiment
    question = replace(experiment, seeds=1, first_seed=0)
    present = current_session()
    before = present.seeds.sets if present.seeds and present.seeds.experiment == question else frozenset()
    sets = before | {(experiment.first_seed, experiment.seeds)}
    present.seeds = SeedSets(question, sets)
    return [] if len(sets) == 1 else [say("You have now looked at {sets} sets of seeds.", sets=len(sets))]


def _new_seeds(query: TrainingQuery) -> None:
    """Train with seeds that nobody has chosen, as many of them in a row from a random place."""
    most = int(FIELDS["first_seed"].high)  # type: ignore[union-attr]
    drawn = SystemRandom().randrange(1000, most - query.experiment.seeds)
    assign({"first_seed": drawn})
    request_training(query._replace(experiment=replace(query.experiment, first_seed=drawn)).trainings)
