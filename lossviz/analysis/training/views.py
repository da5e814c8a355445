"""The views of an experiment, in screen order: what each is a picture of, and which data it needs."""

from __future__ import annotations

from typing import NamedTuple

from ...data.toy_datasets import STD


class ViewChoice(NamedTuple):
    """A view and what it shows, in words. needs_plane: only of data in the plane."""

    key: str
    shows: str
    needs_plane: bool = False


VIEWS: dict[str, ViewChoice] = {
    view.key: view
    for view in (
        ViewChoice("data", "the samples, whose middles can be dragged", needs_plane=True),
        ViewChoice("difference", "the differences and how sure they are"),
        ViewChoice("regions", "what the models see where"),
        ViewChoice("listening", "whom a loss listens to"),
        ViewChoice("classes", "each class by itself"),
        ViewChoice("ranking", "precision and recall"),
        ViewChoice("reliability", "are the probabilities right"),
        ViewChoice("grid", "γ against noise rate"),
        ViewChoice("script", "the experiment as a program"),
    )
}
"""All views by key."""


def available_views(shape: str) -> tuple[str, ...]:
    """The keys of the views of a dataset of this shape, one of `toy_datasets.SHAPES`; digits are in no plane."""
    return tuple(view.key for view in VIEWS.values() if shape in STD or not view.needs_plane)
