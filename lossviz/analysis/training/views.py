"""The views of an experiment, in screen order: what each is a picture of, and which data it needs."""

from __future__ import annotations

from typing import NamedTuple

from ...data.toy_datasets import STD


class View(NamedTuple):
    """A view and what it shows, in words. needs_plane: only of data in the plane."""

    key: str
    shows: str
    needs_plane: bool = False


VIEWS: dict[str, View] = {
    view.key: view
    for view in (
        View("data", "the samples, whose middles can be dragged", needs_plane=True),
        View("difference", "the differences and how sure they are"),
        View("regions", "what the models see where"),
        View("listening", "whom a loss listens to"),
        View("classes", "each class by itself"),
        View("ranking", "precision and recall"),
        View("reliability", "are the probabilities right"),
        View("grid", "γ against noise rate"),
        View("script", "the experiment as a program"),
    )
}
"""All views by key."""


def available_views(shape: str) -> tuple[str, ...]:
    """The keys of the views of a dataset of this shape, one of `toy_datasets.SHAPES`; digits are in no plane."""
    return tuple(view.key for view in VIEWS.values() if shape in STD or not view.needs_plane)
