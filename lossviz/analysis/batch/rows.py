"""Everything about every sample, as columns of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...data.predictions import Predictions, Source
from ...losses import LossSpec
from ...targets import IGNORE
from .tally import Tally
from .units import evaluated, of_samples, true

Columns = dict[str, NDArray[Any]]


def tables(source: Source, spec: LossSpec, own: Tally, ce_spec: LossSpec, ce: Tally) -> Iterator[Columns]:
    """A table for each block of the source: row, id, group, label, p_t; loss, norm and their shares of the whole batch, under
    the loss and under cross-entropy. `own` and `ce` are the tallies of the whole. Rows of the file that are ignored come last,
    marked as such."""
    used = np.zeros(source.survey.rows if source.survey.ignored else 0, bool)
    found: Columns = {}
    for block in source.blocks():
        ours, base = (evaluated(x, block) for x in (spec, ce_spec))
        found = _identity(block, source.survey.groups)
        found["p_t"] = true(ours, block)
        for prefix, ev, tally in (("", ours, own), ("ce_", base, ce)):
            for name, values in zip(("loss", "norm"), of_samples(ev), strict=True):
                found[prefix + name] = values
                found[f"{prefix}{name}_share"] = values / (float(getattr(tally.samples, name)) or 1.0)
        if len(used):
            used[block.row_numbers] = True
            found["ignored"] = np.zeros(len(block), bool)
            if "id" in found:
                found["id"] = found["id"].astype(np.dtypes.StringDType())  # so that an id may be missing
        yield found
    if len(used):
        yield _ignored(found, np.flatnonzero(~used))


def _ignored(like: Columns, rows: NDArray[np.int64]) -> Columns:
    """Rows without a label, which have neither loss nor p_t."""
    empty = {"f": np.nan, "i": IGNORE, "b": False}
    found = {name: np.full(len(rows), empty.get(column.dtype.kind, ""), column.dtype) for name, column in like.items()}
    return found | {"row": rows, "ignored": np.ones(len(rows), bool)}


def _identity(block: Predictions, groups: tuple[str, ...]) -> Columns:
    found: Columns = {"row": block.row_numbers}
    if block.ids is not None:
        found["id"] = block.ids
    if block.groups is not None:
        found["group"] = np.array(groups)[block.groups]
    if block.targets.ndim == 1:
        found["label"] = block.targets
    if block.suspects is not None:
        found["suspect"] = block.suspects
    found["guess"] = block.logits.argmax(1) if block.logits.shape[1] > 1 else (block.logits[:, 0] > 0).astype(np.int64)
    return found
