"""The views of an experiment, in screen order: what each is a picture of, and which data it needs."""

from __future__ import annotations

from typing import NamedTuple

from ...data.toy_datasets import STD
from ...texts import say


class ViewChoice(NamedTuple):
    """A view, its label, and what it shows in words. needs_plane: only of data in the plane."""

    key: str
    label: str
    shows: str
    needs_plane: bool = False


VIEWS: dict[str, ViewChoice] = {
    view.key: view
    for view in (
        ViewChoice("data", say("Samples"), say("the samples, with class centers to drag"), needs_plane=True),
        ViewChoice("regions", say("Decision regions"), say("which class each model predicts where")),
        ViewChoice("difference", say("Seed by seed"), say("the differences, with their intervals")),
        ViewChoice("grid", say("γ × noise"), say("the difference at each γ and noise rate")),
        ViewChoice("listening", say("Gradient share"), say("which samples drive a loss")),
        ViewChoice("classes", say("Each class"), say("recall of each class")),
        ViewChoice("ranking", say("Precision and recall"), say("precision and recall")),
        ViewChoice("reliability", say("Reliability"), say("whether the probabilities are calibrated")),
        ViewChoice("script", say("Program"), say("the experiment as a program")),
    )
}
"""All views by key."""


def available_views(shape: str) -> tuple[str, ...]:
    """The keys of the views of a dataset of this shape, one of `toy_datasets.SHAPES`; digits are in no plane."""
    return tuple(view.key for view in VIEWS.values() if shape in STD or not view.needs_plane)
