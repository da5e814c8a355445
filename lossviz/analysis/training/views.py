"""The views of an experiment, in screen order: what each is a picture of, and which data it needs."""

from __future__ import annotations

from typing import NamedTuple

from ...data.toy_datasets import STD


class ViewChoice(NamedTuple):
    """A view, its label, and what it shows in words. needs_plane: only of data in the plane."""

    key: str
    label: str
    shows: str
    needs_plane: bool = False


VIEWS: dict[str, ViewChoice] = {
    view.key: view
    for view in (
        ViewChoice("data", "Samples", "the samples, whose middles can be dragged", needs_plane=True),
        ViewChoice("difference", "Seed by seed", "the differences and how sure they are"),
        ViewChoice("regions", "Decision regions", "what the models see where"),
        ViewChoice("listening", "Gradient share", "whom a loss listens to"),
        ViewChoice("classes", "Each class", "each class by itself"),
        ViewChoice("ranking", "Precision and recall", "precision and recall"),
        ViewChoice("reliability", "Reliability", "are the probabilities right"),
        ViewChoice("grid", "γ × noise", "γ against noise rate"),
        ViewChoice("script", "Program", "the experiment as a program"),
    )
}
"""All views by key."""


def available_views(shape: str) -> tuple[str, ...]:
    """The keys of the views of a dataset of this shape, one of `toy_datasets.SHAPES`; digits are in no plane."""
    return tuple(view.key for view in VIEWS.values() if shape in STD or not view.needs_plane)
