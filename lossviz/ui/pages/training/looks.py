"""The pictures of a training that is over, all under one scrubber of epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ....analysis.listing import listing
from ....analysis.sample import Array
from ....analysis.training import MEASURES, Record, measured
from ....analysis.training.groups import samples
from ....analysis.training.measures import GROUPS
from ....analysis.training.mislabelled import mislabelled
from ....analysis.training.plane import regions
from ....figures.picture import Picture
from ....figures.training import courses, differences, listened, ranking, recalls, reliability
from ....figures.training import mislabelled as digits_drawn
from ....figures.training import regions as regions_drawn
from ....figures.training.lines import Line
from ....pictures import Scrub
from ....trainings import Asked
from ...exhibit import exhibit
from ...session import value


class Shown(NamedTuple):
    """A training that is over: its losses by name, its record, which epoch is on show, and the measure."""

    asked: Asked
    lines: tuple[Line, ...]
    found: Record
    at: int
    measure: str


def shown(asked: Asked, found: Record, measure: str) -> Shown:
    """With the epoch that the session asks for, or the last."""
    epoch = value("epoch")
    at = len(found.epochs) - 1 if epoch is None else int(np.abs(np.array(found.epochs) - epoch).argmin())
    return Shown(asked, lines_of(asked), found, at, measure)


def lines_of(asked: Asked) -> tuple[Line, ...]:
    """The losses as figures tell them apart."""
    named = zip(asked.experiment.losses, asked.labels, strict=True)
    return tuple(Line(label, spec.key, slot) for slot, (spec, label) in enumerate(named))


def draw(look: str, told: Shown) -> None:
    """What is asked for."""
    pictures = PICTURES[look](told)
    moves = Scrub("epoch", tuple(map(float, told.found.epochs)), told.at)
    caption = f"{in_words(told.asked)}\nComputed by lossviz."
    exhibit(f"training-{look}", pictures, moves, caption, partial(csv, told))


def in_words(asked: Asked) -> str:
    """The experiment, for a file that shows it."""
    e, recipe = asked.experiment, asked.experiment.recipe
    noise = f"{recipe.noise} noise at {recipe.rate:g}" if recipe.noise != "none" else "no noise"
    model = f"one hidden layer of {e.width}" if e.width else "linear model"
    steps = f"{e.optimiser}, learning rate {e.learning_rate:g}, batches of {e.batch}, {e.epochs} epochs, {e.seeds} seeds"
    return f"{recipe.samples} samples of {recipe.shape}, {recipe.ratio:g}:1, {noise}; {model}; {steps}.\n" + "; ".join(
        asked.labels
    )


def _difference(told: Shown) -> list[Picture]:
    figures = []
    if len(told.lines) > 1:
        figures += [
            draw_one(told.lines, told.found, told.measure, told.at) for draw_one in (differences.by_epoch, differences.by_seed)
        ]
    figures.append(courses.figure(told.lines, told.found, told.measure, told.at))
    return [Picture(one, one.title, wide=n == len(figures) - 1) for n, one in enumerate(figures)]


def _regions(told: Shown) -> list[Picture]:
    if told.asked.experiment.recipe.shape != "digits":
        return regions_drawn.pictures(regions(told.found), told.lines, told.at)
    return digits_drawn.pictures(mislabelled(told.found), told.lines, told.at)


def _listening(told: Shown) -> list[Picture]:
    share = samples(told.asked.experiment)
    figures = [listened.figure(told.lines, told.found, share, of, told.at) for of in ("loss", "gradient")]
    if share[0] > 0:
        figures.append(courses.figure(told.lines, told.found, "memorised", told.at))
    return [Picture(one, one.title, wide=True) for one in figures]


def _one(figure: Callable[..., object]) -> Callable[[Shown], list[Picture]]:
    def drawn(told: Shown) -> list[Picture]:
        one = figure(told.lines, told.found, told.at)
        return [Picture(one, one.title, wide=True)]  # type: ignore[attr-defined, arg-type]

    return drawn


def _ranking(told: Shown) -> list[Picture]:
    figures = [draw_one(told.lines, told.found, told.at) for draw_one in (ranking.precision, ranking.roc)]
    return [Picture(one, one.title) for one in figures]


PICTURES: dict[str, Callable[[Shown], list[Picture]]] = {
    "difference": _difference,
    "regions": _regions,
    "listening": _listening,
    "classes": _one(recalls.figure),
    "ranking": _ranking,
    "reliability": _one(reliability.figure),
}
"""What draws each look that a scrubber over epochs goes with."""


def csv(told: Shown) -> str:
    """Every measure of every epoch, loss and seed, and whom the losses listened to."""
    shares = [f"share of {what}, {group}" for what in ("loss", "gradient") for group in GROUPS]
    header = ("loss", "seed", "epoch", *(one.title for one in MEASURES.values()), "training loss", *shares)
    return listing(header, _rows(told.lines, told.found))


def _rows(lines: Sequence[Line], found: Record) -> Iterator[tuple[tuple[str | float, ...], tuple[Array, ...]]]:
    runs, epochs = found.runs, np.array(found.epochs, float)
    columns = [measured(found, key) for key in MEASURES] + [runs.loss]
    groups = np.concatenate((runs.loss_share, runs.grad_share), -1)
    for n, line in enumerate(lines):
        for seed in range(runs.loss.shape[2]):
            yield (line.label, seed), (epochs, *(one[:, n, seed] for one in columns), *groups[:, n, seed].T)
