"""Where a function on a grid is zero, as lines that can be drawn."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from ..evaluation.setting import Array

DIAGONAL = 2
"""Edges of a node n are 3n to its right, 3n + 1 upward, and 3n + DIAGONAL across the cell."""


def zeros(x: Array, y: Array, values: Array) -> tuple[Array, Array]:
    """The lines along which `values` (Y, X) over the axes x and y are 0: the coordinates of their vertices, nan between two.

    Each cell is cut in two triangles, in which no line can cross another. Vertices are where an edge of the grid crosses 0,
    taken as linear between its ends: exact for a linear function. Lines go on as far as they can, and closed ones end where
    they began.
    """
    rows, columns = values.shape
    step = np.array([1, columns, columns + 1])
    nodes = np.arange(rows * columns)
    ends = nodes[:, None], (nodes[:, None] + step) % (rows * columns)  # edges out of the grid are in no triangle
    low, high = (values.ravel()[n] for n in ends)
    crossed = ((low > 0) != (high > 0)).ravel()
    lines = _chained(_pairs(crossed, nodes.reshape(rows, columns)[:-1, :-1].ravel(), columns))
    edges = np.array([e for line in lines for e in (*line, -1)][:-1], dtype=np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (low / (low - high)).ravel()[edges]
    start, end = (np.broadcast_to(n, (len(nodes), 3)).ravel()[edges] for n in ends)
    share[edges < 0] = np.nan
    across, up = (x[start % columns], x[end % columns]), (y[start // columns], y[end // columns])
    return across[0] + share * (across[1] - across[0]), up[0] + share * (up[1] - up[0])


def _pairs(crossed: Array, cells: Array, columns: int) -> list[list[int]]:
    """The two crossed edges of each triangle that has any."""
    lower = np.stack((3 * cells, 3 * (cells + 1) + 1, 3 * cells + DIAGONAL), 1)
    upper = np.stack((3 * cells + 1, 3 * (cells + columns), 3 * cells + DIAGONAL), 1)
    edges = np.concatenate((lower, upper))
    cut_cells = crossed[edges]
    edges_cut: list[list[int]] = edges[cut_cells].reshape(-1, 2).tolist()
    return edges_cut


def _chained(pairs: list[list[int]]) -> list[list[int]]:
    """Edges that are pairwise neighbours, in lines; those on diagonals, between two others of a cell, are left out."""
    after: dict[int, list[int]] = defaultdict(list)
    for a, b in pairs:
        after[a].append(b)
        after[b].append(a)
    lines = []
    for start in (*(edge for edge, others in after.items() if len(others) == 1), *after):
        if start not in after:
            continue
        closed, line, last = len(after[start]) > 1, [], start
        while last >= 0:
            line.append(last)
            last = next((edge for edge in after.pop(last) if edge in after), -1)
        line = [edge for edge in line if edge % 3 != DIAGONAL]
        lines.append([*line, line[0]] if closed else line)
    return lines
