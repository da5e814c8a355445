"""All answers about a batch, as one HTML file."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from ..figures.export import STAGE, document
from ..figures.picture import Picture
from ..figures.player.payload import encode
from .contents import Told, calibrating, compute
from .section import Rows, Section
from .sections import sections

__all__ = ["calibrating", "compute", "report"]


def report(told: Told, link: str = "") -> str:
    """The file; `link` leads back to the page."""
    answers = list(sections(told))
    models = [_model(answer) for answer in answers if answer.figures]
    title = f"lossviz: {told.survey.name} under {told.names[0]}"
    return document(title, "\n".join(map(_html, answers)), models, link)


def _model(section: Section) -> bytes:
    pictures = [Picture(figure, figure.title, wide=True) for figure in section.figures]
    return encode(pictures, section.moves, 1, "lossviz-report")


def _html(section: Section) -> str:
    says = "".join(f"<p>{escape(sentence)}</p>" for sentence in section.says)
    return f"<h2>{escape(section.title)}</h2>{says}{STAGE if section.figures else ''}{_table(section.table)}"


def _table(rows: Rows) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row.values()) + "</tr>" for row in rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(value: Any) -> str:
    """A value as it is read: whole numbers whole, what is unknown as a dash."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
    return str(value)
