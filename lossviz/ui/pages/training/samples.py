"""What the first seed is trained on: two classes in the plane, whose middles can be dragged."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.listing import listing
from ....analysis.training.plane import Plane, plane
from ....data.toy_datasets import DatasetSpec, make_dataset
from ....figures.training import toy_dataset as drawing
from ....state.training import Asked
from ...components.figure_panel import show_figures
from .views import in_words


def draw(asked: Asked) -> None:
    """The samples with their labels, and the best rule there is."""
    dataset_spec = asked.experiment.dataset_spec
    picture = drawing.picture(found(dataset_spec, asked.experiment.first_seed))
    st.caption("Drag the two large marks, or move them with the arrow keys: they are the classes’ middles.")
    show_figures(
        "plane",
        [picture],
        None,
        in_words(asked),
        partial(_csv, dataset_spec, asked.experiment.first_seed),
        drawing.handles(0, picture.figure),
    )


@lru_cache(maxsize=32)
def found(dataset_spec: DatasetSpec, seed: int) -> Plane:
    """The plane of the first seed."""
    return plane(dataset_spec, seed)


def _csv(dataset_spec: DatasetSpec, seed: int) -> str:
    here = make_dataset(dataset_spec, seed)
    columns = (*here.x.T, here.truth.astype(np.float64), here.labels.astype(np.float64))
    return listing(("set", "x1", "x2", "class", "label"), [(("training",), columns)])
