"""The answers about a batch in the order in which a report gives them: sentences, figures, a table."""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.batch.advisor import advice, in_grid, present_knob
from ..analysis.batch.advisor_sentences import FIXED, aside, landmark, place, reading
from ..analysis.batch.calibration_result import calibration_result
from ..analysis.batch.calibration_sentences import calibrated, of_bins, of_diagram, of_scores
from ..analysis.batch.calibration_table import bins_table, score_table
from ..analysis.batch.contributions import Contributions, contributions
from ..analysis.batch.counting_unit import by_entry, partitions
from ..analysis.batch.difficulty import difficulty
from ..analysis.batch.label_ranking import columns
from ..analysis.batch.parts import parts
from ..analysis.batch.reductions import OVER, reductions
from ..analysis.batch.shares import carried_by, cumulative, lorenz, part_carrying
from ..analysis.batch.suspect_sentences import remarks, summary
from ..analysis.batch.suspects import ranked, unavailable
from ..analysis.scrub import Scrub
from ..evaluation.setting import baseline
from ..figures.batch import advisor as advisor_drawn
from ..figures.batch import calibration as calibration_drawn
from ..figures.batch import contributions as contributions_drawn
from ..figures.batch import difficulty as difficulty_drawn
from ..figures.batch import parts as parts_drawn
from ..figures.batch import shares as shares_drawn
from ..figures.batch.cells import PRESENT
from ..numbers import counted
from ..state.batch import Line, unit
from ..state.plots import scrub_of
from .by_class import by_class
from .contents import Told
from .section import Rows, Section
from .titles import TITLES


def sections(told: Told) -> Iterator[Section]:
    """All of them, as far as the batch gives an answer."""
    yield _understood(told)
    yield _shares(told)
    if by_entry(told.survey.task):
        yield _figure_4(told)
    yield _samples(told)
    yield _difficulty(told)
    yield from _parts(told)
    yield from by_class(told)
    yield _advisor(told)
    yield _suspects(told)
    yield from _calibration(told)
    yield _reductions(told)


def _calibration(told: Told) -> Iterator[Section]:
    found = calibration_result(told.cells, told.temperature_sums, told.spec.activation == "sigmoid")
    figures = (calibration_drawn.reliability(found.calibration), calibration_drawn.temperature(found.temperature))
    yield Section(TITLES["calibration"], (*calibrated(found), of_diagram(found)), figures)
    yield Section("What the choice of bins does to the calibration error", (of_bins(found),), table=bins_table(found))
    yield Section("Brier score and log loss, taken apart", of_scores(found), table=score_table(found))


def _reductions(told: Told) -> Section:
    means = [
        {
            "a mean over": OVER[one.normalizer],
            "divides by": one.denominator,
            "mean loss": one.mean,
            "mean length of the gradient": one.norm,
            "× the gradient of the mean over samples": one.scale,
            "used by": "; ".join(one.used_by) or "–",
        }
        for one in reductions(told.of(told.spec).sums, told.spec)
    ]
    says = "A mean is a sum divided by something, and the gradient is divided with it."
    return Section(TITLES["reductions"], (says,), table=means)


def _understood(told: Told) -> Section:
    survey, stats = told.survey, told.of(told.spec)
    classes = counted(len(survey.counts), "class", "classes")
    says = (
        f"{counted(survey.samples, 'sample')}, {classes}; task {survey.task}; "
        f"{'soft' if survey.soft else 'hard'} targets; {survey.output_type}. {survey.output_type_reason}",
        *survey.notes,
        f"Loss: {told.lines[0].label}. Mean loss {stats.samples.loss / stats.samples.counts:.6g}, "
        f"mean length of the gradient {stats.samples.norm / stats.samples.counts:.6g}.",
    )
    return Section("What was understood", says)


def _shares(told: Told) -> Section:
    rows = []
    for line in told.lines:
        stats = told.of(line.spec)
        for of, values in (("loss", stats.loss), ("gradient", stats.norm)):
            curve = lorenz(values)
            rows.append(
                {
                    "loss function": line.label,
                    "share of the": of,
                    "hardest 1% carry": carried_by(curve, 0.01),
                    "hardest 10% carry": carried_by(curve, 0.1),
                    "half comes from": part_carrying(curve, 0.5),
                }
            )
    figures = tuple(
        shares_drawn.lorenz(
            [[_curve(line, told, by) for line in told.lines]], 0, by, unit(told.survey), [f"Who carries the {by}"]
        )
        for by in ("loss", "gradient")
    )
    return Section(TITLES["shares"], (), tuple(figures), table=rows)


def _curve(line: Line, told: Told, by: str) -> shares_drawn.Curve:
    stats = told.of(line.spec)
    return shares_drawn.Curve(line.label, line.spec.key, line.slot, lorenz(stats.loss if by == "loss" else stats.norm))


def _figure_4(told: Told) -> Section:
    figures = []
    for side, name in ((1, "foreground"), (0, "background")):
        curves = [
            shares_drawn.Curve(line.label, line.spec.key, line.slot, cumulative(told.of(line.spec).loss_by.every(side, 2)))
            for line in told.lines
        ]
        figures.append(shares_drawn.foreground([curves], 0, name, [f"Cumulative normalised loss of the {name}"]))
    return Section("Foreground and background (figure 4 of Lin et al. 2017)", (), tuple(figures))


def _samples(told: Told) -> Section:
    frames = [contributions(told.pair(line.spec), "loss", names=told.survey.class_names) for line in told.lines]
    titles = [f"{line.label}: {_these(len(frame.row))} {100 * frame.loss_share.sum():.1f}% of the loss"
              for line, frame in zip(told.lines, frames, strict=True)]  # fmt: skip
    figure = contributions_drawn.figure(frames, 0, "loss", titles, told.spec.key, told.names)
    return Section(TITLES["samples"], (), (figure,), _moves(told), _listed(frames[0]))


def _these(number: int) -> str:
    return "this sample carries" if number == 1 else f"these {number} samples carry"


def _listed(found: Contributions) -> Rows:
    columns = ("row", "name", "label", "guess", "p_t", "loss", "norm", "loss_share", "norm_share")
    return [{name: getattr(found, name)[n] for name in columns} for n in range(len(found.row))]


def _difficulty(told: Told) -> Section:
    partition = next(iter(partitions(told.survey).values()))
    frames = [difficulty(told.of(line.spec), partition, told.of(told.spec)) for line in told.lines]
    titles = [line.label for line in told.lines]
    figure = difficulty_drawn.figure(frames, 0, "loss", unit(told.survey), titles, True)
    return Section(TITLES["difficulty"], (), (figure,), _moves(told))


def _parts(told: Told) -> Iterator[Section]:
    for name, partition in partitions(told.survey).items():
        frames = [parts(told.of(line.spec), told.of(baseline(line.spec)), partition, told.of(told.spec)) for line in told.lines]
        noun = {"class": ("class", "classes"), "group": ("group", "groups")}.get(name, ("side", "sides"))
        figure = parts_drawn.figure(frames, 0, told.names, told.names, noun)
        yield Section(f"Shares by {name}", (), (figure,), _moves(told))


def _advisor(told: Told) -> Section:
    found = advice(told.spec, told.survey, told.all_stats)
    present = (told.spec.gamma, present_knob(told.spec, told.survey))
    name = PRESENT if in_grid(told.spec, told.survey) else landmark(found, *present)
    figures = (advisor_drawn.grid(found, "ratio", present, name), advisor_drawn.grid(found, "hardest_1", present, name))
    says = (*aside(told.spec), f"At {place(found, *present)}:", *reading(found, *present), FIXED)
    return Section(TITLES["advisor"], says, figures)


def _suspects(told: Told) -> Section:
    title, survey, judgement = "Which labels are doubtful?", told.survey, told.suspects
    if judgement is None:
        return Section(title, (unavailable(survey),))
    errors = ranked(judgement.errors, "normalized-margin")
    says = [*summary(judgement, survey), *remarks(judgement, survey, told.spec.activation)]
    if len(errors.row) > DOUBTFUL:
        says.append(f"The table has the first {DOUBTFUL} of {len(errors.row):,}; the Batch page makes a file of all of them.")
    table = columns(errors.at(slice(0, DOUBTFUL)), survey)
    rows = [dict(zip(table, values, strict=True)) for values in zip(*(x.tolist() for x in table.values()), strict=True)]
    return Section(title, tuple(says), table=rows)


DOUBTFUL = 100
"""Rows of the table of doubtful labels."""


def _moves(told: Told) -> Scrub | None:
    """A position of the scrubber for each loss, by its γ, if they differ in that alone."""
    values = tuple(line.spec.gamma for line in told.lines)
    return scrub_of("gamma", values, 0) if len(values) > 1 and values == tuple(sorted(set(values))) else None
