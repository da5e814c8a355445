"""The same experiment without what a claim is about: without noise, or without a rare class."""

from __future__ import annotations

from dataclasses import replace

from ...data.worlds import Recipe
from .experiment import Experiment


def twin(experiment: Experiment) -> Experiment | None:
    """The experiment without label noise, or if it has none without imbalance; None where it has neither."""
    recipe = experiment.recipe
    if recipe.noise != "none" and recipe.rate > 0:
        return replace(experiment, recipe=clean(recipe))
    return replace(experiment, recipe=recipe._replace(ratio=1.0)) if recipe.ratio > 1 else None


def clean(recipe: Recipe) -> Recipe:
    """The recipe with all labels right."""
    return recipe._replace(noise="none", rate=0.0, pair=None)
