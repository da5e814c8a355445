"""The player alone in an app of its own: curves, a plane and two linked surfaces, computed here and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lossviz.ui.components.player import mount_player

VALUES = [round(0.25 * i, 2) for i in range(21)]
P = np.linspace(0.01, 0.99, 241)
GRID = np.linspace(-3, 3, 61)
DARK = "#56B4E9"


def typed(array: np.ndarray) -> dict[str, str]:
    """As Plotly writes arrays into JSON."""
    small = np.ascontiguousarray(array, dtype=np.float32)
    spec = {"dtype": "f4", "bdata": base64.b64encode(small.tobytes()).decode()}
    return spec if small.ndim == 1 else spec | {"shape": ", ".join(map(str, small.shape))}


def focal(gamma: float, k: int = 0) -> np.ndarray:
    return -((1 - P) ** gamma) * np.log(P) * (1 + k / 7)


def curves(count: int, at: int, present: int) -> dict[str, Any]:
    def moving(gamma: float) -> list[dict[str, Any]]:
        name = f"focal, γ = {gamma:.2f}"
        lines = [{"y": typed(focal(gamma, k))} | ({"name": name} if k == 0 else {}) for k in range(count)]
        area = {"y": typed(focal(gamma)[:120])}
        return [*lines, area, {"y": [float(focal(gamma)[present])]}]

    styles = [
        {
            "type": "scatter",
            "mode": "lines",
            "uid": f"curve {k}",
            "name": f"curve {k}",
            "x": typed(P),
            "line": {"color": "#0072B2"},
            "meta": {"dark": {"line.color": DARK}},
        }
        for k in range(count)
    ]
    area = {"type": "scatter", "uid": "area", "x": typed(P[:120]), "fill": "tozeroy", "mode": "none", "name": "hard"}
    marker = {
        "type": "scatter",
        "uid": "here",
        "mode": "markers",
        "x": [float(P[present])],
        "marker": {"size": 14},
        "name": "here",
    }
    data = [style | frame for style, frame in zip([*styles, area, marker], moving(VALUES[at]), strict=True)]
    frames = [{"name": str(v), "data": moving(v), "traces": list(range(count + 2))} for v in VALUES]
    layout = {"uirevision": "curves", "height": 420, "xaxis": {"title": {"text": "p"}}, "yaxis": {"range": [0, 5]}}
    return {"data": data, "layout": layout, "frames": frames}


def plane(x: float, y: float) -> dict[str, Any]:
    z = GRID[:, None] ** 2 + GRID**2
    data = [
        {"type": "contour", "uid": "plane", "x": typed(GRID), "y": typed(GRID), "z": typed(z), "showscale": False},
        {"type": "scatter", "uid": "point", "mode": "markers", "x": [x], "y": [y], "marker": {"size": 14, "color": "#D55E00"}},
    ]
    return {"data": data, "layout": {"uirevision": "plane", "height": 360, "showlegend": False}}


def means(revision: int, points: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """A plane with two points that have names, over no grid but the one that they move on."""
    grid = {"type": "scatter", "uid": "grid", "x": typed(GRID), "y": typed(GRID), "visible": False}
    marks = [
        {"type": "scatter", "uid": name, "mode": "markers", "x": [x], "y": [y], "marker": {"size": 18}}
        for name, (x, y) in points.items()
    ]
    axes = {name: {"range": [-3.2, 3.2]} for name in ("xaxis", "yaxis")}
    small = {"meta": {"narrow": {"height": 300, "margin.b": 90}}}
    layout = {"uirevision": "means", "height": 420, "margin": {"b": 40}, "showlegend": False, **axes, **small}
    handles = [
        {"picture": 0, "marker": n + 1, "follow": 0, "label": f"Point {n}", "send": {"action": "place", "control": name}}
        for n, name in enumerate(points)
    ]
    picture = {"figure": {"data": [grid, *marks], "layout": layout}, "alt": "A plane with two points"}
    return {"revision": revision, "pictures": [picture], "scrubber": None, "handles": handles, "file": "lossviz-means"}


def surface(at: int, sign: int) -> dict[str, Any]:
    def height(value: float) -> np.ndarray:
        return sign * np.exp(-(GRID[:, None] ** 2 + GRID**2) / (1 + value))

    frames = [{"name": str(v), "data": [{"z": typed(height(v))}], "traces": [0]} for v in VALUES]
    data = [{"type": "surface", "uid": "surface", "z": typed(height(VALUES[at])), "showscale": False}]
    return {"data": data, "layout": {"uirevision": "surface", "height": 360}, "frames": frames}


def bars(revision: int, at: int = 8) -> dict[str, Any]:
    """A page of bars that stand for rows, and of others that cannot be picked though they say so."""

    def bar(name: str, rows: list[int]) -> dict[str, Any]:
        return {"type": "bar", "uid": name, "orientation": "h", "x": [3, 2, 1], "y": [0, 1, 2], "customdata": rows}

    layout = {"uirevision": "bars", "height": 360, "xaxis": {"range": [0, 4]}, "yaxis": {"range": [2.5, -0.5]}}
    frames = [{"name": str(v), "data": [{"customdata": [7, 42, int(4 * v)]}], "traces": [0]} for v in VALUES]
    figures = [{"data": [bar("rows", [7, 42, at])], "frames": frames}, {"data": [bar("none", [1, 2, 3])]}]
    return {
        "revision": revision,
        "pictures": [{"figure": figure | {"layout": layout}, "alt": "Bars"} for figure in figures],
        "scrubber": scrubber(at),
        "picks": [{"picture": 0}],
        "file": "lossviz-bars",
    }


def scrubber(at: int) -> dict[str, Any]:
    return {"id": "gamma", "label": "Focusing γ", "symbol": "γ", "values": VALUES, "at": at, "decimals": 2}


def flat(
    revision: int, at: int = 8, present: int = 60, point: tuple[float, float] = (0.5, 0.5), count: int = 7
) -> dict[str, Any]:
    """A page of two figures in the plane, with a handle each."""
    logits = [round(float(v), 4) for v in np.log(P / (1 - P))]
    return {
        "revision": revision,
        "pictures": [
            {"figure": curves(count, at, present), "alt": "The focal loss over p"},
            {"figure": plane(*point), "alt": "A plane with a point"},
        ],
        "scrubber": scrubber(at),
        "handles": [
            {"picture": 0, "marker": count + 1, "follow": 0, "send": {"control": "z3", "values": logits}},
            {"picture": 1, "marker": 1, "follow": 0, "send": {"action": "place"}},
        ],
        "linked": [],
        "file": "lossviz-test",
    }


def deep(revision: int, at: int = 8) -> dict[str, Any]:
    """A page of two surfaces that turn together."""
    return {
        "revision": revision,
        "pictures": [{"figure": surface(at, sign), "alt": f"Surface {sign}"} for sign in (1, -1)],
        "scrubber": scrubber(at),
        "handles": [],
        "linked": [[0, "scene"], [1, "scene"]],
        "file": "lossviz-deep",
    }


def receive(event: Mapping[str, Any]) -> None:
    state = st.session_state
    state["acts"] = event["act"]
    state["events"].append({name: part for name, part in event.items() if name not in ("act", "before")})
    state["revision"] += 1
    if event.get("control") == "gamma":
        state["at"] = VALUES.index(event["value"])
    elif event.get("control") == "z3":
        state["present"] = int(np.abs(np.log(P / (1 - P)) - event["value"]).argmin())
    elif event.get("control") in state["points"]:
        state["points"] = state["points"] | {event["control"]: (event["x"], event["y"])}
    elif event.get("action") == "place":
        state["point"] = event["x"], event["y"]


def main() -> None:
    st.set_page_config("stage", layout="wide")
    state = st.session_state
    points = {"mean0": (-1.0, 0.0), "mean1": (1.0, 0.0)}
    begin = {"events": [], "acts": 0, "revision": 1, "at": 8, "present": 60, "point": (0.5, 0.5), "points": points, "count": 7}
    for name, first in begin.items():
        state.setdefault(name, first)
    st.title("Stage")
    if st.button("fewer"):
        state["count"] = 11 - state["count"]
        state["revision"] += 1
    if "deep" in st.query_params:
        model = deep(state["revision"], state["at"])
    elif "bars" in st.query_params:
        model = bars(state["revision"], state["at"])
    elif "means" in st.query_params:
        model = means(state["revision"], state["points"])
    else:
        model = flat(state["revision"], state["at"], state["present"], state["point"], state["count"])
    model["acts"] = state["acts"]
    mount_player(json.dumps(model).encode(), "stage", receive)
    if "two" in st.query_params:
        mount_player(json.dumps(deep(1)).encode(), "second", receive)
    st.text(json.dumps(state["events"]))


if __name__ == "__main__":
    main()
