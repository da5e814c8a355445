"""Figures as the browser gets them: JSON with packed arrays, and frames that say what moves."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from lossviz.figures.frames import Played

TYPES = {"f4": "<f4", "f8": "<f8", "i1": "i1", "u1": "u1", "i2": "<i2", "u2": "<u2", "i4": "<i4", "u4": "<u4"}


def unpacked(value: Any) -> Any:
    """JSON with arrays in the place of what was packed into text."""
    if isinstance(value, list):
        return [unpacked(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "bdata" not in value:
        return {name: unpacked(inner) for name, inner in value.items()}
    flat = np.frombuffer(base64.b64decode(value["bdata"]), TYPES[value["dtype"]])
    return flat.reshape([int(n) for n in str(value["shape"]).split(",")]) if "shape" in value else flat


def model(figure: Played) -> dict[str, Any]:
    """A figure as it is sent; Plotly has checked every property of it."""
    checked = figure.figure()
    assert len(checked.data) == len(figure.data)
    return unpacked(json.loads(figure.json(), parse_constant=_refused))


def _refused(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def played(figure: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The traces in every frame, the moved properties put over those of the figure; one frame if nothing moves."""
    if not figure.get("frames"):
        return [figure["data"]]
    result = []
    for frame in figure["frames"]:
        moved = dict(zip(frame["traces"], frame["data"], strict=True))
        result.append([trace | moved.get(i, {}) for i, trace in enumerate(figure["data"])])
    return result


def by_uid(traces: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Traces by the name that lasts."""
    result = {trace["uid"]: trace for trace in traces}
    assert len(result) == len(traces), "a uid is one trace's own"
    return result


def numbers(trace: dict[str, Any], name: str) -> np.ndarray:
    """A property of a trace as an array; null is nan."""
    values = trace.get(name, [])
    return np.asarray(np.nan if values is None else values, dtype=np.float64)


def same(a: Any, b: Any) -> bool:
    """Equal, arrays element by element."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(np.asarray(a, float), np.asarray(b, float), equal_nan=True)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    return bool(a == b)


def check_frames(figure: dict[str, Any], count: int) -> None:
    """As many frames as positions, and of each trace nothing that does not move."""
    frames = figure.get("frames") or []
    if not frames:
        return
    assert [frame["name"] for frame in frames] == [str(n) for n in range(count)]
    for place in range(len(frames[0]["traces"])):
        versions = [frame["data"][place] for frame in frames]
        for name in versions[0]:
            if name != "type":
                assert any(not same(versions[0][name], other[name]) for other in versions), f"{name} does not move"


def colours(*scale: str) -> list[float]:
    """Relative luminances (WCAG 2) of colours written #RRGGBB."""
    return [_luminance(colour) for colour in scale]


def contrast(a: str, b: str) -> float:
    """WCAG 2's contrast ratio."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def linear(colour: str) -> np.ndarray:
    """A colour written #RRGGBB as linear RGB in [0, 1]."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB as CIELAB under D65, where distances are about as large as they look."""
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])
    x, y, z = to_xyz @ rgb.clip(0, 1) / [0.95047, 1, 1.08883]
    x, y, z = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def moving(figure: dict[str, Any]) -> dict[str, set[str]]:
    """The traces that frames change, by their uid, and which of their properties."""
    frame = figure["frames"][0]
    rows = zip(frame["traces"], frame["data"], strict=True)
    return {figure["data"][i]["uid"]: set(data) - {"type"} for i, data in rows}
