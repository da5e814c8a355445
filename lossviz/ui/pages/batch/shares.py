"""Who carries the loss: share curves, figure 4 of the focal loss paper, difficulty, and parts of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from ....analysis.batch.batch_stats import BatchStats
from ....analysis.batch.counting_unit import Partition, by_entry, partitions
from ....analysis.batch.difficulty import Difficulty, difficulty
from ....analysis.batch.parts import Parts, parts
from ....analysis.batch.shares import carried_by, cumulative, lorenz, part_carrying
from ....analysis.listing import listing
from ....figures.batch import difficulty as hardness_drawn
from ....figures.batch import parts as parts_drawn
from ....figures.batch import shares as drawing
from ....figures.batch.marks import plain
from ....figures.picture import Picture
from ....numbers import counted
from ....state.batch import Line, splits, unit
from ...components.figure_panel import show_figures
from ...controls.batch import Asked
from ...controls.field import control


def told(asked: Asked) -> str:
    """What an exported file says it shows."""
    lines = "\n".join(
        f"{'Present loss' if line.slot == 0 else f'Compared, {line.slot}'}: {line.label}." for line in asked.lines
    )
    survey = asked.survey
    size = f"{counted(survey.samples, 'sample')}, {counted(len(survey.counts), 'class', 'classes')}"
    return f"{lines}\nBatch {survey.name}: {size}. Computed by lossviz."


def moving(asked: Asked) -> Any:
    """The scrubber, where there is one."""
    return asked.moves if asked.moves.control else None


def shares(asked: Asked) -> None:
    """Lorenz curves of the present loss at every γ, beside what it is compared with."""
    by = control("by")
    rest = asked.lines[1:]
    found = asked.all_stats((*asked.specs, *(line.spec for line in rest)))
    own, others = found[: len(asked.specs)], found[len(asked.specs) :]
    compared = [_curve(line, stats, by) for line, stats in zip(rest, others, strict=True)]
    lines = [Line(asked.named(spec), spec) for spec in asked.specs]
    frames = [[_curve(line, stats, by), *compared] for line, stats in zip(lines, own, strict=True)]
    titles = [f"{asked.brief(line.spec)}: the hardest 1% carry {100 * carried_by(frame[0].curve, 0.01):.1f}% of the {by}"
              for line, frame in zip(lines, frames, strict=True)]  # fmt: skip
    at = asked.moves.at
    pictures = [Picture(drawing.lorenz(frames, at, by, unit(asked.survey), titles), titles[at], wide=True)]
    show_figures("shares", pictures, moving(asked), told(asked), partial(_shares_csv, asked, frames))
    half = part_carrying(frames[at][0].curve, 0.5)
    st.caption(
        f"Half of the {by} comes from {100 * half:.3f}% of the {unit(asked.survey)}. "
        "The thin line is where all would carry alike. "
        "At most 300 points of a curve are drawn, each exact; between them neighbours differ by less than 1.6%."
    )
    if by_entry(asked.survey.task):
        _figure_4(asked)


def _curve(line: Line, stats: BatchStats, by: str) -> drawing.Curve:
    histogram = stats.loss if by == "loss" else stats.norm
    return drawing.Curve(line.label, line.spec.key, line.slot, lorenz(histogram))


def _figure_4(asked: Asked) -> None:
    """Positives and negatives apart, as in the paper."""
    st.subheader("Foreground and background, as in figure 4 of the focal loss paper")
    all_stats = asked.all_stats(tuple(line.spec for line in asked.lines))
    pictures = []
    for side, name in ((1, "foreground"), (0, "background")):
        curves = [
            drawing.Curve(line.label, line.spec.key, line.slot, cumulative(stats.loss_by.every(side, 2)))
            for line, stats in zip(asked.lines, all_stats, strict=True)
        ]
        title = f"Cumulative normalised loss of the {name}"
        pictures.append(Picture(drawing.foreground([curves], 0, name, [title]), title))
    show_figures("figure-4", pictures, None, told(asked), partial(_figure_4_csv, pictures))
    st.caption(
        "Sorted from the easiest to the hardest; each curve ends at 1. Lin et al. 2017: γ hardly changes the foreground, and "
        "leaves nearly all of the background's loss to a few hard ones. Pins, or without them the paper's γ, are the lines."
    )


def hardness(asked: Asked) -> None:
    """The histogram over p_t, and the mass of loss or gradient over it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key="picture"):
        by, split, counts = control("by"), _split(asked), control("counts")
    all_stats = asked.all_stats(asked.specs)
    at = asked.moves.at
    partition = partitions(asked.survey)[split]
    frames = [difficulty(stats, partition, all_stats[at]) for stats in all_stats]
    titles = [_where(asked, frame, by, n) for n, frame in enumerate(frames)]
    figure = hardness_drawn.figure(frames, at, by, unit(asked.survey), titles, counts == "log")
    show_figures(
        "difficulty",
        [Picture(figure, titles[at], wide=True)],
        moving(asked),
        told(asked),
        partial(_hardness_csv, asked, frames),
    )


def _where(asked: Asked, frame: Difficulty, by: str, n: int) -> str:
    """How much of the loss lies where the model is right by more than half."""
    mass = frame.loss if by == "loss" else frame.norm
    easy = mass[:, len(frame.edges) // 2 :].sum()
    return f"{asked.brief(asked.specs[n])}: {100 * easy:.1f}% of the {by} lies at p_t > ½"


def _split(asked: Asked) -> str:
    """How the batch is divided: a choice only where there is one."""
    offered = splits(asked.survey)
    return offered[0] if len(offered) == 1 else str(control("split", offered))


def division(asked: Asked) -> None:
    """Shares of parts."""
    split = _split(asked)
    all_stats = asked.all_stats((*asked.specs, asked.ce))
    own, ce = all_stats[:-1], all_stats[-1]
    at = asked.moves.at
    partition = partitions(asked.survey)[split]
    frames = [parts(stats, ce, partition, own[at]) for stats in own]
    titles = [_most(asked, frame, n) for n, frame in enumerate(frames)]
    figure = parts_drawn.figure(frames, at, titles, asked.names, NOUNS[split])
    csv = partial(_parts_csv, asked, partition, ce, own)
    show_figures("parts", [Picture(figure, titles[at], wide=True)], moving(asked), told(asked), csv)
    if frames[at].rest:
        st.caption(_cut(frames[at], split))


NOUNS = {"class": ("class", "classes"), "group": ("group", "groups"), "side": ("side", "sides")}
"""What the parts of each division are called."""


def _most(asked: Asked, frame: Parts, n: int) -> str:
    """The part with the largest gradient, of those that stand by themselves."""
    first = int(np.argmax(frame.norm[: frame.alone]))
    share = f"{100 * frame.counts[first]:.1f}% of the {unit(asked.survey)}, {100 * frame.norm[first]:.1f}% of the gradient"
    return f"{asked.brief(asked.specs[n])}: {plain(frame.names[first], 40)}, {share}"


def _cut(frame: Parts, split: str) -> str:
    """What is not drawn, and where it is."""
    rest = counted(frame.rest, *NOUNS[split])
    where = " The question *classes* has a table of all classes." if split == "class" else ""
    return (
        f"The other {rest} have {100 * frame.loss[-1]:.1f}% of the loss and {100 * frame.norm[-1]:.1f}% of the gradient; the "
        f"CSV lists every {NOUNS[split][0]}.{where}"
    )


def positions(asked: Asked, n: int) -> tuple[float | str, str]:
    """The first columns of a listing: γ and the loss at a position of the scrubber."""
    return (asked.specs[n].gamma, asked.named(asked.specs[n]))


def _shares_csv(asked: Asked, frames: Sequence[Sequence[drawing.Curve]]) -> str:
    header = ("γ", "loss", "hardest share", "share carried")
    blocks = (((asked.specs[n].gamma, curve.label), tuple(curve.curve)) for n, frame in enumerate(frames) for curve in frame)
    return listing(header, blocks)


def _figure_4_csv(pictures: Sequence[Picture]) -> str:
    header = ("side", "loss", "share of the side", "cumulative normalised loss")
    rows = (
        ((picture.figure.title, trace["name"]), (np.asarray(trace["x"], np.float64), np.asarray(trace["y"], np.float64)))
        for picture in pictures
        for trace in picture.figure.data
        if trace.get("name")
    )
    return listing(header, rows)


def _hardness_csv(asked: Asked, frames: Sequence[Difficulty]) -> str:
    header = ("γ", "loss", "part", "p_t from", "p_t to", f"share of {unit(asked.survey)}", "share of loss", "share of gradient")
    blocks = (
        ((*positions(asked, n), name), (frame.edges[:-1], frame.edges[1:], frame.counts[i], frame.loss[i], frame.norm[i]))
        for n, frame in enumerate(frames)
        for i, name in enumerate(frame.names)
    )
    return listing(header, blocks)


def _parts_csv(asked: Asked, partition: Partition, ce: BatchStats, own: Sequence[BatchStats]) -> str:
    """Every part, those too that the figure leaves out."""
    shown = (unit(asked.survey), "loss", "gradient", "cross-entropy's loss", "cross-entropy's gradient")
    header = ("γ", "loss", "part", *(f"share of {name}" for name in shown))
    at = own[asked.moves.at]
    frames = [parts(stats, ce, partition, at, len(partition.names)) for stats in own]
    blocks: Any = (
        ((*positions(asked, n), name), tuple(column[i : i + 1] for column in frame[1:6]))
        for n, frame in enumerate(frames)
        for i, name in enumerate(frame.names)
    )
    return listing(header, blocks)
