"""What the live component is sent: sweeps as one block of bytes.

    4 bytes   length of the header, little-endian
    header    JSON, padded with spaces so that what follows is aligned
    tables    float32, one table after the other; a row is the `columns`, C numbers each, and then the `scalars`

The table of a target control has one more column, the targets, because they may move together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....analysis.sample import SampleTable
from ....analysis.sweep import Sweep
from .messages import Header

COLUMNS = ("probs", "terms", "grad")
GHOST = ("ce_terms", "ce_grad")
SCALARS = ("loss", "norm", "p_t", "ce_loss", "ce_norm", "loss_factor", "norm_factor", "resting")


def encode(header: Header, now: SampleTable, sweeps: Sequence[Sweep], ghost: bool) -> bytes:
    """The bytes of a header, the present row in full precision, and the sweeps."""
    columns = COLUMNS + (GHOST if ghost else ())
    blocks, controls, offset = [], [], 0
    for sweep in sweeps:
        block = _block(sweep, columns)
        controls.append({"id": sweep.control, "values": _plain(sweep.values), "at": sweep.at, "offset": offset})
        blocks.append(block)
        offset += block.size
    head = {
        **header,
        "columns": columns,
        "scalars": SCALARS,
        "now": {name: _plain(getattr(now, name)[0]) for name in columns + SCALARS},
        "sweeps": controls,
    }
    return packed(head) + b"".join(block.tobytes() for block in blocks)


def packed(head: Mapping[str, Any]) -> bytes:
    """A header, with its length before it."""
    text = json.dumps(head, ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + text


def _block(sweep: Sweep, columns: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    parts = [getattr(sweep.table, name) for name in columns]
    parts += [getattr(sweep.table, name)[:, None] for name in SCALARS]
    parts += [] if sweep.targets is None else [sweep.targets]
    with np.errstate(over="ignore", under="ignore"):  # what is only drawn may reach float32's infinity
        return np.concatenate(parts, axis=1, dtype=np.float32, casting="same_kind")


def _plain(values: Any) -> Any:
    """Numbers as JSON has them: nan is null, and the infinities, which JSON lacks, are words."""
    array = np.asarray(values, float)
    if np.isfinite(array).all():
        return array.tolist()
    if array.ndim:
        return [_plain(value) for value in array]
    return None if np.isnan(array) else str(float(array))
