"""The axis on which a room answers a question: that of the scene's own figure."""

from __future__ import annotations

import numpy as np

from ...analysis.curves import QUANTITIES
from ...lectures.ballot import Axis
from ...lectures.lecture import Drag, Scene, place
from ...state.plots import curve_view
from ...state.sample import resolve
from ...texts import say
from ..server import cache
from ..session.address import words_of


def axis_of(scene: Scene) -> Axis | None:
    """The axis of a scene's figure, or one from 0 where it has none that holds the answer; None where nothing is dragged."""
    question = scene.question
    if not isinstance(question, Drag):
        return None
    path, words = place(scene.link)
    axis = _of_curve(words_of(words)) if path == "curves" else None
    if axis and axis.low <= question.value <= axis.high:
        return axis
    ends = next(end for end in (1.0, 10.0, 100.0, 1e3, 1e6, 1e300) if abs(question.value) <= end)
    return Axis(0.0 if question.value >= 0 else -ends, ends)


def _of_curve(words: dict[str, object]) -> Axis | None:
    view = resolve(words)
    picture = curve_view(words, view)
    if picture.quantity not in QUANTITIES:
        return Axis(0.0, 1.0, say("true probability η"))
    x = cache.curve(view.setting, picture).x
    x = x[np.isfinite(x)]
    label = {"p_t": say("probability of the true class, pₜ"), "logit": say("logit"), "margin": say("margin")}[picture.axis]
    return Axis(float(x.min()), float(x.max()), label) if len(x) and x.min() < x.max() else None
