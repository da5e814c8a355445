"""The pictures of a training that is over, all under one scrubber of epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ....analysis.listing import listing
from ....analysis.training import MEASURES, Record, contrast, estimate, measure_values
from ....analysis.training.ceiling import Ceilings, ceilings
from ....analysis.training.groups import samples
from ....analysis.training.mislabelled_digits import mislabelled_digits
from ....analysis.training.plane import regions
from ....analysis.training.sentences import interval_note
from ....analysis.training.snapshots import GROUPS
from ....evaluation.setting import Array
from ....figures.picture import Picture
from ....figures.training import (
    class_recall,
    differences,
    gradient_share,
    learning_curves,
    ranking_curves,
    reliability_diagram,
    step_length,
)
from ....figures.training import decision_regions as regions_drawn
from ....figures.training import mislabelled_digits as digits_drawn
from ....figures.training.differences import Comparison
from ....figures.training.lines import Line
from ....numbers import counted
from ....state.plots import scrub_of
from ....state.training import Asked
from ...components.figure_panel import show_figures
from ...session import value
from .outcome import Trained, of_claim

ENOUGH = 12
"""Seeds whose mean the best possible value is."""


class Shown(NamedTuple):
    """A training that is over: its losses by name, its record and its counterpart's, which epoch is on show, and the measure."""

    asked: Asked
    lines: tuple[Line, ...]
    trained: Trained
    at: int
    measure: str

    @property
    def found(self) -> Record:
        """The record of the experiment itself."""
        return self.trained.record


def shown(asked: Asked, trained: Trained, measure: str) -> Shown:
    """With the epoch that the session asks for, or the last."""
    epoch, epochs = value("epoch"), trained.record.epochs
    at = len(epochs) - 1 if epoch is None else int(np.abs(np.array(epochs) - epoch).argmin())
    return Shown(asked, lines_of(asked), trained, at, measure)


def compared(asked: Asked, trained: Trained, measure: str) -> Comparison:
    """The differences of a measure, as figures draw them."""
    found, without = trained
    changes = asked.claim.cause if asked.claim else ""
    seeds, apart = asked.experiment.seed_numbers, contrast(found, without, measure)
    return Comparison(lines_of(asked), found.epochs, seeds, apart, measure, changes, asked.margin)


def lines_of(asked: Asked) -> tuple[Line, ...]:
    """The losses as figures tell them apart."""
    named = zip(asked.experiment.losses, asked.labels, strict=True)
    return tuple(Line(label, spec.key, slot) for slot, (spec, label) in enumerate(named))


def draw(look: str, told: Shown) -> None:
    """What is asked for."""
    pictures = PICTURES[look](told)
    moves = scrub_of("epoch", tuple(map(float, told.found.epochs)), told.at)
    experiment, first = told.asked.experiment, told.asked.labels[0]
    sure = interval_note(experiment, told.found.epochs[-1], first) if look == "difference" and len(told.lines) > 1 else ""
    caption = "\n".join(filter(None, (in_words(told.asked), *_claimed(told), sure, "Computed by lossviz.")))
    show_figures(f"training-{look}", pictures, moves, caption, partial(intervals if look == "difference" else csv, told))


def _claimed(told: Shown) -> list[str]:
    """The claim and what is said of it, where there is one and the training went to its end."""
    about, rows = told.asked.claim, of_claim(told.asked, told.trained)
    return [f"Claim: {about.says} δ = {told.asked.margin:g} points.", *(one.sentence for one in rows)] if about and rows else []


def in_words(asked: Asked) -> str:
    """The experiment, for a file that shows it."""
    e, dataset_spec = asked.experiment, asked.experiment.dataset_spec
    noise = f"{dataset_spec.noise} noise at {dataset_spec.rate:g}" if dataset_spec.noise != "none" else "no noise"
    model = f"one hidden layer of {e.width}" if e.width else "linear model"
    fit = f"{e.optimiser}, learning rate {e.learning_rate:g}, batches of {e.batch}, {e.epochs} epochs"
    seeds = f"{counted(e.seeds, 'seed')} from {e.first_seed}"
    return (
        f"{dataset_spec.samples} samples of {dataset_spec.shape}, {dataset_spec.ratio:g}:1, {noise}; {model}; {fit}; {seeds}.\n"
        + "; ".join(asked.labels)
    )


def _difference(told: Shown) -> list[Picture]:
    course = learning_curves.figure(told.lines, told.found, told.measure, told.at, _best(told))
    alone = Picture(course, course.title, wide=True)
    if len(told.lines) < 2:
        return [alone]
    of = compared(told.asked, told.trained, told.measure)
    epochs, seeds = differences.by_epoch(of, told.at), differences.by_seed(of, told.at)
    return [Picture(epochs, epochs.title), Picture(seeds, differences.in_words(seeds)), alone]


def _best(told: Shown) -> Array | None:
    """What the best rule reaches by the measure on show, where that is known; of the first seeds, for it takes a while."""
    experiment = told.asked.experiment
    seeds = experiment.seed_numbers[:ENOUGH]
    found = ceilings(experiment.dataset_spec, seeds) if told.measure in Ceilings._fields else None
    return None if found is None else getattr(found, told.measure)


def _regions(told: Shown) -> list[Picture]:
    if told.asked.experiment.dataset_spec.shape != "digits":
        return regions_drawn.pictures(regions(told.found), told.lines, told.at)
    return digits_drawn.pictures(mislabelled_digits(told.found), told.lines, told.at)


def _listening(told: Shown) -> list[Picture]:
    share = samples(told.asked.experiment)
    figures = [gradient_share.figure(told.lines, told.found, share, of, told.at) for of in ("loss", "gradient")]
    if share[0] > 0:
        figures.append(learning_curves.figure(told.lines, told.found, "memorised", told.at))
    if len(told.lines) > 1:
        figures.append(step_length.figure(told.lines, told.found, told.at))
    return [Picture(one, one.title, wide=True) for one in figures]


def _one(figure: Callable[..., object]) -> Callable[[Shown], list[Picture]]:
    def drawn(told: Shown) -> list[Picture]:
        one = figure(told.lines, told.found, told.at)
        return [Picture(one, one.title, wide=True)]  # type: ignore[attr-defined, arg-type]

    return drawn


def _ranking(told: Shown) -> list[Picture]:
    figures = [draw_one(told.lines, told.found, told.at) for draw_one in (ranking_curves.precision, ranking_curves.roc)]
    return [Picture(one, one.title) for one in figures]


PICTURES: dict[str, Callable[[Shown], list[Picture]]] = {
    "difference": _difference,
    "regions": _regions,
    "listening": _listening,
    "classes": _one(class_recall.figure),
    "ranking": _ranking,
    "reliability": _one(reliability_diagram.figure),
}
"""What draws each look that a scrubber over epochs goes with."""


def csv(told: Shown) -> str:
    """Every measure of every epoch, loss and seed, as the experiment is and as its counterpart is, and whom the losses listened to."""
    shares = [f"share of {what}, {group}" for what in ("loss", "gradient") for group in GROUPS]
    header = ("trained", "loss", "seed", "epoch", *(one.title for one in MEASURES.values()), "training loss", *shares)
    return listing(header, (row for name, found in _records(told) for row in _rows(name, told.lines, found)))


def _records(told: Shown) -> list[tuple[str, Record]]:
    """The experiment and its counterpart by name."""
    changes = told.asked.claim.cause if told.asked.claim else ""
    found, without = told.trained
    return [("as set", found)] if without is None else [(f"with {changes}", found), (f"without {changes}", without)]


def _rows(name: str, lines: Sequence[Line], found: Record) -> Iterator[tuple[tuple[str | float, ...], tuple[Array, ...]]]:
    runs, epochs = found.runs, np.array(found.epochs, float)
    columns = [measure_values(found, key) for key in MEASURES] + [runs.loss]
    groups = np.concatenate((runs.loss_share, runs.grad_share), -1)
    for n, line in enumerate(lines):
        for place, seed in enumerate(found.experiment.seed_numbers):
            yield (
                (name, line.label, seed),
                (epochs, *(one[:, n, place] for one in columns), *groups[:, n, place].T),
            )


def intervals(told: Shown) -> str:
    """Each difference to the first loss, of every measure and epoch: its mean with the page's intervals, and by seed.

    The intervals hold for all losses at once; the verdict stands beside what it is about.
    """
    about = ("difference", "measure", "loss", "against", "losses at once", "seed", "epoch", "points")
    header = (*about, "95% low", "95% high", "90% low", "90% high", "δ (points)", "verdict")
    return listing(header, _differences(told))


def _differences(told: Shown) -> Iterator[tuple[tuple[str | float, ...], tuple[Any, ...]]]:
    first, *others = told.lines
    epochs, blank = np.array(told.found.epochs), np.full(len(told.found.epochs), "")
    seeds, about = told.asked.experiment.seed_numbers, told.asked.claim
    names = [name for name, _ in _records(told)] + ["with − without"]
    verdicts = {one.called: one.verdict.value if one.verdict else "" for one in of_claim(told.asked, told.trained)}
    for key, measure in MEASURES.items():
        parts = contrast(*told.trained, key).parts
        for k, (name, part) in enumerate(zip(names, parts, strict=False)):
            of = estimate(part)
            said = verdicts if about and key == about.endpoint and k == len(parts) - 1 else {}
            for n, line in enumerate(others):
                constant = (name, measure.title, line.label, first.label, len(others))
                margin, verdict = blank.astype(object), blank.astype(object)
                margin[-1], verdict[-1] = (told.asked.margin, said[line.label]) if said else ("", "")
                yield (*constant, f"mean of {len(seeds)}"), (epochs, *(x[:, n] for x in of[2:]), margin, verdict)
                for place, seed in enumerate(seeds):
                    yield (*constant, seed), (epochs, part[:, n, place], *(blank,) * 6)
