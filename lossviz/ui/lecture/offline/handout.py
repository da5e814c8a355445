"""A lecture on paper: a page for each scene with room to write, and the answers at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ....figures.export import templates
from ....figures.player import CSS
from ....lectures import Lecture
from ....lectures.qr import qr_svg
from .picture import Payloads
from .pictures import on_paper, take
from .scenes import FOLDER, in_language, to_draw


def handout(lecture: Lecture, word: str, base: str, progress: Callable[[], None]) -> str:
    """The file, in the language of a word.

    Args:
        base: what stands before the links of scenes: the address of the app.
        progress: called after each picture.
    """
    payloads = Payloads()
    pictures = take(lecture, on_paper(lecture), word, payloads, progress)
    values = in_language(lecture, word, pictures, "handout.js")
    pages = [(scene, address := base + scene.link, qr_svg(address)) for scene in values["scenes"]]
    template = templates(word, FOLDER).get_template("handout.html.jinja")
    return template.render(to_draw(payloads) | values, pages=pages, css=_style())


@cache
def _style() -> str:
    return CSS + "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("handout.css", "formula.css"))
