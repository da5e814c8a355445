"""What a room has answered, as bars: each answer of a poll, or each part of an axis; the right ones have their own colour."""

from __future__ import annotations

from html import escape

from ...lectures.ballot import PARTS, Axis, Outcome
from ...lectures.lecture import Drag, Poll, Question
from ...lectures.rooms import Tally
from ...numbers import counted
from ...texts import say
from ..language import shown


def html(question: Question, tally: Tally, axis: Axis | None) -> str:
    """The last round, and above it what each round before it had right."""
    *earlier, last = tally.outcomes
    rounds = "".join(
        f'<p class="round">{escape(shown(_in_words(n, outcome)))}</p>'
        for n, outcome in enumerate((*earlier, last) if earlier else (), 1)
    )
    bars = _poll(question, last) if isinstance(question, Poll) else _axis(question, last, axis)
    return f'<div class="tally">{rounds}{bars}</div>'


def _in_words(n: int, outcome: Outcome) -> str:
    share = outcome.right / outcome.answers if outcome.answers else 0.0
    return say("Round {n}: {share:.0%} right of {answers}", n=n, share=share, answers=counted(outcome.answers, "answer"))


def _poll(poll: Poll, outcome: Outcome) -> str:
    rows = (
        _row(option.text, count, outcome.answers, option.right)
        for option, count in zip(poll.options, outcome.counts, strict=True)
    )
    return "".join(rows)


def _row(text: str, count: int, answers: int, right: bool) -> str:
    share = count / answers if answers else 0.0
    mark = " ✓" if right else ""
    return (
        f'<div class="bar{" right" if right else ""}"><span>{escape(text)}{mark}</span>'
        f'<b>{count} · {share:.0%}</b><i style="width: {share:.1%}"></i></div>'
    )


def _axis(drag: Drag, outcome: Outcome, axis: Axis | None) -> str:
    """A column for each part; those that touch what counts as right have its colour."""
    if axis is None:
        return ""
    most = max((*outcome.counts, 1))
    width = (axis.high - axis.low) / PARTS
    columns = []
    for part, count in enumerate(outcome.counts):
        low, high = axis.low + part * width, axis.low + (part + 1) * width
        right = low <= drag.value + drag.tolerance and high >= drag.value - drag.tolerance
        title = f"{low:.3g} … {high:.3g}: {count}"
        columns.append(f'<i class="{"right" if right else ""}" style="height: {count / most:.1%}" title="{title}"></i>')
    ends = f"<span>{axis.low:g}</span><span>{escape(shown(axis.label))}</span><span>{axis.high:g}</span>"
    return f'<div class="columns">{"".join(columns)}</div><div class="ends">{ends}</div>'
