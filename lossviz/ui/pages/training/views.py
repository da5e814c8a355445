"""The pictures of a training that is over, all under one scrubber of epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ....analysis.listing import listing
from ....analysis.training import MEASURES, Contrast, Record, contrast, estimate, measure_values
from ....analysis.training.ceiling import Ceilings, ceilings
from ....analysis.training.groups import group_shares
from ....analysis.training.headline_sentences import short_labels
from ....analysis.training.mislabelled_digits import mislabelled_digits
from ....analysis.training.plane import decision_regions
from ....analysis.training.sentences import interval_note
from ....analysis.training.snapshots import GROUPS
from ....data.toy_datasets import DatasetSpec
from ....evaluation.setting import Array
from ....fields import sentence_case
from ....figures.picture import Picture
from ....figures.training import (
    class_recall,
    differences,
    gradient_share,
    learning_curves,
    ranking_curves,
    reliability_diagram,
    seed_rows,
    step_length,
)
from ....figures.training import decision_regions as regions_drawn
from ....figures.training import mislabelled_digits as digits_drawn
from ....figures.training.differences import SeedDifferences
from ....figures.training.lines import LegendEntry, captioned, legend_entry
from ....numbers import counted
from ....state.fields import label_of
from ....state.plots import scrub_of
from ....state.training import TrainingQuery
from ....texts import joined, say, then
from ...components.figure_panel import show_figures
from ...session import value
from ...session.store import current_session
from .outcome import TrainingResult, claim_judgements

ENOUGH = 12
"""Seeds whose mean the best possible value is."""


class TrainingView(NamedTuple):
    """A training that is over or on its way: its losses by name, its records, which epoch is on show, and the measure.

    awaits_counterpart: the record of the counterpart is still to come.
    """

    query: TrainingQuery
    lines: tuple[LegendEntry, ...]
    result: TrainingResult
    at: int
    measure: str
    awaits_counterpart: bool = False

    @property
    def record(self) -> Record:
        """The record of the experiment itself."""
        return self.result.record


def training_view(query: TrainingQuery, result: TrainingResult, measure: str, awaits_counterpart: bool = False) -> TrainingView:
    """With the epoch that the session asks for, or the last."""
    epoch, epochs = value("epoch"), result.record.epochs
    at = len(epochs) - 1 if epoch is None else int(np.abs(np.array(epochs) - epoch).argmin())
    awaits_counterpart = awaits_counterpart and len(query.trainings) > 1 and result.counterpart is None
    return TrainingView(query, loss_lines(query), result, at, measure, awaits_counterpart)


def comparison(query: TrainingQuery, result: TrainingResult, measure: str) -> SeedDifferences:
    """The differences of a measure, as figures draw them."""
    record, counterpart = result
    cause = query.claim.cause if query.claim else ""
    seeds, differences_by_seed = query.experiment.seed_numbers, contrast(record, counterpart, measure)
    last = query.experiment.epochs
    return SeedDifferences(loss_lines(query), record.epochs, seeds, differences_by_seed, measure, cause, query.margin, last)


def loss_lines(query: TrainingQuery) -> tuple[LegendEntry, ...]:
    """The losses as figures tell them apart."""
    pairs = zip(query.experiment.losses, short_labels(query.experiment.losses, query.labels), strict=True)
    return tuple(legend_entry(spec, label, slot) for slot, (spec, label) in enumerate(pairs))


def draw(look: str, view: TrainingView) -> None:
    """What is asked for."""
    pictures = VIEW_FIGURES[look](view)
    if look == "difference" and current_session().lecture.scene:
        pictures = pictures[::-1]  # beside the words of a scene there is room for one: that of the seeds
    moves = scrub_of("epoch", tuple(map(float, view.record.epochs)), view.at)
    experiment, first = view.query.experiment, view.query.labels[0]
    sure = interval_note(experiment, view.record.epochs[-1], first) if look == "difference" and len(view.lines) > 1 else ""
    about = (experiment_in_words(view.query), *_claim_sentences(view), sure, say("Computed by lossviz."))
    caption = joined(filter(None, about), "\n")
    show_figures(f"training-{look}", pictures, moves, caption, partial(intervals if look == "difference" else csv, view))


def _claim_sentences(view: TrainingView) -> list[str]:
    """The claim and what is said of it, where there is one and the training went to its end."""
    about, rows = view.query.claim, claim_judgements(view.query, view.result)
    if not about or not rows:
        return []
    claim = say("Claim: {claim} δ = {margin:g} points.", claim=about.sentence, margin=view.query.margin)
    return [claim, *(one.sentence for one in rows)]


def experiment_in_words(query: TrainingQuery) -> str:
    """The experiment, for a file that shows it."""
    e, dataset_spec = query.experiment, query.experiment.dataset_spec
    data = say(
        "{data}, {samples:,} samples, {ratio:g}:1",
        data=label_of("world", dataset_spec.shape),
        samples=dataset_spec.samples,
        ratio=dataset_spec.ratio,
    )
    model = say("one hidden layer of {width}", width=e.width) if e.width else say("linear model")
    fit = say(
        "{optimizer}, learning rate {rate:g}, batches of {batch}, {epochs} epochs",
        optimizer=label_of("optimiser", e.optimiser),
        rate=e.learning_rate,
        batch=e.batch,
        epochs=e.epochs,
    )
    return say(
        "{data}, {noise}; {model}; {fit}; {seeds}, starting at {first}.\n{losses}",
        data=data,
        noise=_noise_in_words(dataset_spec),
        model=model,
        fit=fit,
        seeds=counted(e.seeds, "seed"),
        first=e.first_seed,
        losses=joined(query.labels, "; "),
    )


def _noise_in_words(dataset_spec: DatasetSpec) -> str:
    if dataset_spec.noise == "none":
        return say("no label noise")
    kind = then(label_of("flips", dataset_spec.noise.replace(" ", "-")), str.lower)
    return say("{percent:g}% label noise ({kind})", percent=100 * dataset_spec.rate, kind=kind)


def _difference(view: TrainingView) -> list[Picture]:
    curves = learning_curves.figure(view.lines, view.record, view.measure, view.at, _best(view))
    alone = captioned(curves, _by_epoch(view.measure), wide=True)
    if len(view.lines) < 2:
        return [alone]
    shown = comparison(view.query, view.result, view.measure)
    epochs = differences.by_epoch(shown, view.at)
    seeds = seed_rows.by_seed(_with_counterpart(shown, view), view.at)
    what = say("Difference in {measure} by epoch", measure=MEASURES[view.measure].title)
    return [captioned(epochs, what), Picture(seeds, seed_rows.in_words(seeds)), alone]


def _with_counterpart(shown: SeedDifferences, view: TrainingView) -> SeedDifferences:
    """With empty rows for a counterpart that is still to come, so that those that are there stay where they are."""
    if not view.awaits_counterpart or view.measure == "memorised":
        return shown
    blank = np.full_like(shown.contrast.differences, np.nan)
    return shown._replace(contrast=Contrast(shown.contrast.differences, blank))


def _by_epoch(measure: str) -> str:
    return say("{measure} by epoch", measure=sentence_case(MEASURES[measure].title))


def _best(view: TrainingView) -> Array | None:
    """What the best rule reaches by the measure on show, where that is known; of the first seeds, for it takes a while."""
    experiment = view.query.experiment
    seeds = experiment.seed_numbers[:ENOUGH]
    best = ceilings(experiment.dataset_spec, seeds) if view.measure in Ceilings._fields else None
    return None if best is None else getattr(best, view.measure)


def _regions(view: TrainingView) -> list[Picture]:
    """One plane with the borders of all losses, and the seeds beside it; below, each loss's plane by itself."""
    if view.query.experiment.dataset_spec.shape == "digits":
        return digits_drawn.pictures(mislabelled_digits(view.record), view.lines, view.at)
    regions = decision_regions(view.record)
    each = regions_drawn.pictures(regions, view.lines, view.at)
    if len(view.lines) < 2:
        return each
    seeds = seed_rows.by_seed(comparison(view.query, view.result, view.measure), view.at, judged_only=True)
    alone = [one._replace(wide=True) for one in each]  # below, however wide the window is
    return [regions_drawn.together(regions, view.lines, view.at), Picture(seeds, seed_rows.in_words(seeds)), *alone]


def _listening(view: TrainingView) -> list[Picture]:
    share = group_shares(view.query.experiment)
    pictures = [
        captioned(gradient_share.figure(view.lines, view.record, share, of, view.at), title, wide=True)
        for of, title in (("gradient", say("Share of the gradient")), ("loss", say("Share of the loss")))
    ]
    if share[0] > 0:
        memorized = learning_curves.figure(view.lines, view.record, "memorised", view.at)
        pictures.append(captioned(memorized, _by_epoch("memorised"), wide=True))
    if len(view.lines) > 1:
        pictures.append(captioned(step_length.figure(view.lines, view.record, view.at), say("Step length"), wide=True))
    return pictures


def _classes(view: TrainingView) -> list[Picture]:
    return [captioned(class_recall.figure(view.lines, view.record, view.at), say("Recall of each class"), wide=True)]


def _reliability(view: TrainingView) -> list[Picture]:
    figure = reliability_diagram.figure(view.lines, view.record, view.at)
    return [captioned(figure, say("Are the probabilities calibrated?"), wide=True)]


def _ranking(view: TrainingView) -> list[Picture]:
    precision = ranking_curves.precision(view.lines, view.record, view.at)
    roc = ranking_curves.roc(view.lines, view.record, view.at)
    return [captioned(precision, say("Precision–recall curve")), captioned(roc, say("ROC curve"))]


VIEW_FIGURES: dict[str, Callable[[TrainingView], list[Picture]]] = {
    "difference": _difference,
    "regions": _regions,
    "listening": _listening,
    "classes": _classes,
    "ranking": _ranking,
    "reliability": _reliability,
}
"""What draws each view that a scrubber over epochs goes with."""


def csv(view: TrainingView) -> str:
    """Every measure and the shares of each group, of every epoch, loss and seed, of the experiment and its counterpart."""
    shares = [f"share of {what}, {group}" for what in ("loss", "gradient") for group in GROUPS]
    header = ("trained", "loss", "seed", "epoch", *(one.title for one in MEASURES.values()), "training loss", *shares)
    return listing(header, (row for name, record in _records(view) for row in _rows(name, view.query.labels, record)))


def _records(view: TrainingView) -> list[tuple[str, Record]]:
    """The experiment and its counterpart by name."""
    cause = view.query.claim.cause if view.query.claim else ""
    record, counterpart = view.result
    return [("as set", record)] if counterpart is None else [(f"with {cause}", record), (f"without {cause}", counterpart)]


def _rows(name: str, labels: Sequence[str], record: Record) -> Iterator[tuple[tuple[str | float, ...], tuple[Array, ...]]]:
    runs, epochs = record.runs, np.array(record.epochs, float)
    columns = [measure_values(record, key) for key in MEASURES] + [runs.loss]
    groups = np.concatenate((runs.loss_share, runs.grad_share), -1)
    for n, label in enumerate(labels):
        for place, seed in enumerate(record.experiment.seed_numbers):
            yield (
                (name, label, seed),
                (epochs, *(one[:, n, place] for one in columns), *groups[:, n, place].T),
            )


def intervals(view: TrainingView) -> str:
    """Each difference to the first loss, of every measure and epoch: its mean with the page's intervals, and by seed.

    The intervals hold for all losses at once; the verdict stands beside what it is about.
    """
    about = ("difference", "measure", "loss", "against", "losses at once", "seed", "epoch", "points")
    header = (*about, "95% low", "95% high", "90% low", "90% high", "δ (points)", "verdict")
    return listing(header, _differences(view))


def _differences(view: TrainingView) -> Iterator[tuple[tuple[str | float, ...], tuple[Any, ...]]]:
    first, *others = view.query.labels
    epochs, blank = np.array(view.record.epochs), np.full(len(view.record.epochs), "")
    seeds, about = view.query.experiment.seed_numbers, view.query.claim
    names = [name for name, _ in _records(view)] + ["with − without"]
    verdicts = {one.label: one.verdict.value if one.verdict else "" for one in claim_judgements(view.query, view.result)}
    for key, measure in MEASURES.items():
        parts = contrast(*view.result, key).parts
        for k, (name, part) in enumerate(zip(names, parts, strict=False)):
            estimates = estimate(part)
            claim_verdicts = verdicts if about and key == about.endpoint and k == len(parts) - 1 else {}
            for n, label in enumerate(others):
                constant = (name, measure.title, label, first, len(others))
                margin, verdict = blank.astype(object), blank.astype(object)
                margin[-1], verdict[-1] = (view.query.margin, claim_verdicts[label]) if claim_verdicts else ("", "")
                yield (*constant, f"mean of {len(seeds)}"), (epochs, *(x[:, n] for x in estimates[2:]), margin, verdict)
                for place, seed in enumerate(seeds):
                    yield (*constant, seed), (epochs, part[:, n, place], *(blank,) * 6)
