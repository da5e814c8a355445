"""What the first seed is trained on: two classes in the plane, whose middles can be dragged."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from ....analysis.listing import listing
from ....analysis.training.plane import PlaneTruth, plane
from ....data.toy_datasets import DatasetSpec, make_dataset
from ....figures.training import toy_dataset as drawing
from ....state.training import TrainingQuery
from ... import elements as st
from ...components.figure_panel import show_figures
from .views import experiment_in_words


def draw(query: TrainingQuery) -> None:
    """The samples with their labels, and the best rule there is."""
    dataset_spec = query.experiment.dataset_spec
    picture = drawing.picture(cached_plane(dataset_spec, query.experiment.first_seed))
    show_figures(
        "plane",
        [picture],
        None,
        experiment_in_words(query),
        partial(_csv, dataset_spec, query.experiment.first_seed),
        drawing.handles(0, picture.figure),
    )
    st.caption("Drag the class centers, the two large markers, or move them with the arrow keys.")


@lru_cache(maxsize=32)
def cached_plane(dataset_spec: DatasetSpec, seed: int) -> PlaneTruth:
    """The plane of the first seed."""
    return plane(dataset_spec, seed)


def _csv(dataset_spec: DatasetSpec, seed: int) -> str:
    dataset = make_dataset(dataset_spec, seed)
    columns = (*dataset.x.T, dataset.truth.astype(np.float64), dataset.labels.astype(np.float64))
    return listing(("set", "x1", "x2", "class", "label"), [(("training",), columns)])
