"""The axis on which a question is answered: that of the scene's own figure."""

from __future__ import annotations

from ...analysis.curves import QUANTITIES
from ...figures.curve_axes import reach_of
from ...figures.player.guess import Guess
from ...lectures.ballot import Axis
from ...lectures.lecture import Drag, Scene, place
from ...state.pins import parse_pins, series
from ...state.plots import curve_view
from ...state.sample import resolve
from ...texts import say
from ..language import shown
from ..server import cache
from ..session.address import words_of
from ..session.store import current_session
from .stage import OnStage

LABELS = {
    "p_t": say("probability of the true class, pₜ"),
    "logit": say("logit"),
    "margin": say("margin"),
    "optimum False": say("true probability η"),
    "optimum True": say("predicted probability p"),
}
"""What a phone says of an axis, by the axis's `uirevision` in the figure."""


def axis_of(scene: Scene) -> Axis | None:
    """The axis of a scene's figure, or one from 0 where it has none that holds the answer; None where nothing is dragged."""
    question = scene.question
    if not isinstance(question, Drag):
        return None
    if known := _of_figure(scene.link, question):
        return known[1]
    ends = next(end for end in (1.0, 10.0, 100.0, 1e3, 1e6, 1e300) if abs(question.value) <= end)
    return Axis(0.0 if question.value >= 0 else -ends, ends)


def guess_of(at: OnStage) -> Guess | None:
    """The line that is dragged along the axis of the figure on show; None where no axis of it is asked about."""
    question, lecture = at.scene.question, current_session().lecture
    if not isinstance(question, Drag):
        return None
    known = _of_figure(at.scene.link, question)
    if known is None:
        return None
    name, axis = known
    truth = None if at.is_sealed else (question.value, question.tolerance)
    return Guess(name, axis.low, axis.high, lecture.answers.get((at.name, at.number)), truth)


def _of_figure(link: str, question: Drag) -> tuple[str, Axis] | None:
    """The axis of a link's figure that holds the answer to a question, and its name there."""
    path, words = place(link)
    known = _of_curve(words_of(words)) if path == "curves" else None
    return known if known and known[1].low <= question.value <= known[1].high else None


def _of_curve(words: dict[str, object]) -> tuple[str, Axis] | None:
    view = resolve(words)
    picture = curve_view(words, view)
    if picture.quantity not in QUANTITIES:
        name = f"optimum {picture.quantity == 'recovery'}"
        return name, Axis(0.0, 1.0, shown(LABELS[name]))
    pins, _ = parse_pins(str(words.get("pins", "")), view)
    every = series(view, pins)[0]
    low, high = reach_of([cache.curve(one.setting, picture).x for one in every])
    return (picture.axis, Axis(low, high, shown(LABELS[picture.axis]))) if low < high else None
