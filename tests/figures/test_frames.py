"""Frames hold what moves, of traces and of the layout, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossviz.figures.frames import frames

TRACES = [{"type": "bar", "uid": "a", "x": np.arange(3.0)}]


def ticks(*words: str) -> list[dict[str, Any]]:
    return [{"yaxis": {"ticktext": [word]}} for word in words]


def test_a_picture_that_stands_still_has_no_frames() -> None:
    assert frames([TRACES, TRACES]) == []
    assert frames([TRACES, TRACES], ["same", "same"], ticks("a", "a")) == []


def test_texts_of_an_axis_move_though_no_trace_does() -> None:
    result = frames([TRACES, TRACES], None, ticks("a", "b"))
    assert [frame["layout"] for frame in result] == ticks("a", "b")
    assert [frame["traces"] for frame in result] == [[], []]


def test_a_title_and_an_axis_move_together() -> None:
    moved = [{**TRACES[0], "x": np.arange(3.0) + 1}]
    result = frames([TRACES, moved], ["one", "two"], ticks("a", "b"))
    assert result[1]["layout"] == {"title": {"text": "two"}, "yaxis": {"ticktext": ["b"]}}
    assert [list(frame["data"][0]) for frame in result] == [["type", "x"]] * 2


def test_layouts_that_are_all_alike_are_the_figure_s_own() -> None:
    result = frames([TRACES, TRACES], ["one", "two"], ticks("a", "a"))
    assert [frame["layout"] for frame in result] == [{"title": {"text": "one"}}, {"title": {"text": "two"}}]


def test_arrays_within_a_property_are_compared_by_their_numbers() -> None:
    def sized(*sizes: float) -> list[dict[str, Any]]:
        return [{**TRACES[0], "marker": {"color": "#000000", "size": np.array(sizes)}}]

    assert frames([sized(1, 2), sized(1, 2)]) == []
    result = frames([sized(1, 2), sized(1, 3)])
    assert [list(frame["data"][0]) for frame in result] == [["type", "marker"]] * 2
