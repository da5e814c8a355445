"""The report's tables of classes and of what is taken for what."""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.batch.class_table import class_table, first, in_order, pair_table, rows
from ..analysis.batch.sample_filter import SampleFilter
from ..numbers import counted
from .contents import Told
from .section import Section
from .titles import TITLES

CLASSES, PAIRS = 2_000, 100
"""So many rows of a table; a file of more would be long to open."""


def by_class(told: Told) -> Iterator[Section]:
    """All classes, and the kinds of wrong decisions."""
    table = class_table(told.classes, told.survey)
    number = len(table["number"])
    says: tuple[str, ...] = (
        "Confidence is the mean probability of a class where it is predicted: above the precision it is overconfident. ECE is "
        "that of the class’s probability over all samples (classwise ECE); beside it what it would be on average, by "
        "chance, if these probabilities were right, and the ECE without that: for each class by itself, without an interval.",
    )
    if number > CLASSES:
        table = first(in_order(table, "% of loss"), CLASSES)
        says = (
            *says,
            f"{CLASSES:,} of {counted(number, 'class', 'classes')} are shown, those with the largest share of the loss.",
        )
    yield Section(TITLES["classes"], says, table=rows(table))
    pairs = pair_table(told.classes, told.survey, SampleFilter())
    kinds = len(pairs["label"])
    if kinds:
        cut = f", of which the first {PAIRS} are shown" if kinds > PAIRS else ""
        says = (f"{counted(kinds, 'kind')} of wrong decisions, the largest share of the loss first{cut}.",)
        yield Section("What is taken for what?", says, table=rows(first(pairs, PAIRS)))
