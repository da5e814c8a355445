"""What the pictures of a plane share: how sure one is of a class, the best boundary, and the samples with their labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...analysis.training.plane import PlaneSamples, PlaneTruth
from ...evaluation.setting import Array
from ...texts import say
from ..frames import Trace, single
from ..theme import CLASSES, GROUND, GROUND_DARK, INK, PAPER, SHARES, SHARES_DARK, fixed

MARKS = (("circle", 1.0), ("triangle-up", 1.3))
"""The symbols of labels 0 and 1, and their sizes: a triangle looks smaller than a circle around it."""


def axes(plane: PlaneTruth) -> dict[str, Any]:
    """Both axes in one scale, so that a ring is a ring; under them, how many samples are drawn."""
    shared = {"constrain": "domain", "zeroline": False, "showgrid": False, "automargin": False, "uirevision": "plane"}
    return {
        "xaxis": shared
        | {"title": {"text": say("x₁ · {samples}", samples=samples_in_words(plane.samples))}, "range": _ends(plane.x)},
        "yaxis": shared | {"title": {"text": "x₂"}, "range": _ends(plane.y), "scaleanchor": "x", "constraintoward": "top"},
    }


def aspect_ratio(plane: PlaneTruth) -> float:
    """How high the plane is for its width, within what fits a screen."""
    return float(np.clip(np.ptp(plane.y) / np.ptp(plane.x), 0.4, 1.1))


def plane_layout(steep: float, right: int) -> dict[str, Any]:
    """Of a figure in which the plane is about 480 pixels wide, on a small screen 260, and `steep` times as high."""
    return fixed(64, right, (140, 205), (184 + round(480 * steep), 200 + round(260 * steep)))


def _ends(x: Array) -> list[float]:
    return [float(x[0]), float(x[-1])]


def samples_in_words(samples: PlaneSamples) -> str:
    """Which samples are drawn, in words."""
    drawn, wrong = len(samples.labels), int(samples.wrong.sum())
    if drawn == samples.total:
        return say("first seed: all {samples:,} samples, {wrong:,} wrong labels", samples=drawn, wrong=wrong)
    return say(
        "first seed: {samples:,} of {all:,} samples, {wrong:,} of {all_wrong:,} wrong labels",
        samples=drawn,
        all=samples.total,
        wrong=wrong,
        all_wrong=samples.total_wrong,
    )


def probability_heatmap(x: Array, y: Array, share: Array, name: str) -> Trace:
    """Class 1's probability over the plane, sent in whole percent; `name` says whose.

    The grid is sent as its step: Plotly smooths fast only where steps are equal, and rounded places have unequal ones.
    """
    return {
        "uid": "field",
        "type": "heatmap",
        "x0": float(x[0]),
        "dx": float(x[1] - x[0]),
        "y0": float(y[0]),
        "dy": float(y[1] - y[0]),
        "z": np.rint(100 * np.nan_to_num(share, nan=0.5)).astype(np.uint8),
        "zmin": 0,
        "zmax": 100,
        "zsmooth": "fast",
        "colorscale": SHARES,
        "colorbar": {"title": {"text": say("probability of class 1 (%)"), "side": "right"}, "thickness": 14, "len": 0.9},
        "meta": {"dark": {"colorscale": SHARES_DARK}, "narrow": {"showscale": False}},
        "hovertemplate": say("(%{{x:.3g}}, %{{y:.3g}})<br>class 1: <b>%{{z}}%</b><extra>{name}</extra>", name=name),
    }


def bayes_boundary(plane: PlaneTruth) -> Trace:
    """The boundary that no model can better, and its accuracy."""
    name = say("best possible, {accuracy} accurate", accuracy=format_percent(plane.bayes_accuracy))
    return boundary("best", name, plane.bayes_boundary, {"color": INK, "width": 2, "dash": "6px 5px"}, PAPER)


def boundary(uid: str, name: str, vertices: tuple[Array, Array], line: dict[str, Any], dark: str) -> Trace:
    """A boundary between the classes; where there is none, a gap, for Plotly drops the legend of a trace without points."""
    x, y = (single(at if len(at) else [np.nan]) for at in vertices)
    return {
        "uid": uid,
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "name": name,
        "showlegend": True,
        "line": line | {"simplify": False},
        "meta": {"dark": {"line.color": dark}},
        "hoverinfo": "skip",
    }


def format_percent(share: float) -> str:
    """A share in words."""
    return f"{100 * share:.1f}%"


def sample_markers(samples: PlaneSamples) -> list[Trace]:
    """The samples by label, those with wrong ones larger and with a ring around them; the fewer there are, the higher up."""
    kinds = [
        (label, wrong, (samples.labels == label) & (samples.wrong == wrong)) for wrong in (False, True) for label in (0, 1)
    ]
    return sorted((_marks(samples, *kind) for kind in kinds), key=lambda trace: -len(trace["x"]))


def _marks(samples: PlaneSamples, label: int, wrong: bool, selected: NDArray[np.bool_]) -> Trace:
    name = say("labeled {label}, truly {truth}", label=label, truth=1 - label) if wrong else say("labeled {label}", label=label)
    x, y = single(samples.x[selected]).T
    (light, dark), (symbol, scale) = CLASSES[label], MARKS[label]
    size, thick = (9.0, 2.2) if len(samples.labels) <= 300 else (7.0, 2.2) if len(samples.labels) <= 800 else (5.5, 1.2)
    ring, on_dark = (INK, PAPER) if wrong else (GROUND, GROUND_DARK)
    return {
        "uid": f"{'wrong' if wrong else 'right'}-{label}",
        "type": "scatter",
        "mode": "markers",
        "x": x.copy(),
        "y": y.copy(),
        "name": say("{name} ({samples:,})", name=name, samples=int(selected.sum())),
        "legendrank": 1 + label + 2 * wrong,
        "showlegend": bool(selected.any()),
        "marker": {
            "symbol": symbol,
            "size": scale * (size + 1.4 * thick * wrong),
            "color": light,
            "line": {"color": ring, "width": thick if wrong else 0.7},
        },
        "meta": {"dark": {"marker.color": dark, "marker.line.color": on_dark}},
        "hovertemplate": say("(%{{x:.3g}}, %{{y:.3g}})<extra>{name}</extra>", name=name),
    }
