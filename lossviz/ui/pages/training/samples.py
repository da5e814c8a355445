"""What the first seed is trained on: two classes in the plane, whose middles can be dragged."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.listing import listing
from ....analysis.training.plane import Plane, plane
from ....data.worlds import Recipe, world
from ....figures.training import world as drawing
from ....state.training import Asked
from ...components.figure_panel import exhibit
from .looks import in_words


def draw(asked: Asked) -> None:
    """The samples with their labels, and the best rule there is."""
    recipe = asked.experiment.recipe
    picture = drawing.picture(found(recipe, asked.experiment.first_seed))
    st.caption("Drag the two large marks, or move them with the arrow keys: they are the classes’ middles.")
    exhibit(
        "plane",
        [picture],
        None,
        in_words(asked),
        partial(_csv, recipe, asked.experiment.first_seed),
        drawing.handles(0, picture.figure),
    )


@lru_cache(maxsize=32)
def found(recipe: Recipe, seed: int) -> Plane:
    """The plane of the first seed."""
    return plane(recipe, seed)


def _csv(recipe: Recipe, seed: int) -> str:
    here = world(recipe, seed)
    columns = (*here.x.T, here.truth.astype(np.float64), here.labels.astype(np.float64))
    return listing(("set", "x1", "x2", "class", "label"), [(("training",), columns)])
