"""A lecture as one HTML file that is presented anywhere: nothing is fetched, so it opens offline and in ten years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from ....figures.browser import markup
from ....figures.export import COLOURS, templates
from ....figures.player import CSS
from ....languages import lookup
from ....lectures import Lecture
from .. import remote
from .picture import Payloads
from .pictures import take, views
from .scenes import FOLDER, in_language, to_draw


def deck(lectures: Mapping[str, Lecture], progress: Callable[[], None]) -> str:
    """The file.

    Args:
        lectures: by the word of the language in which its interface is: one, or the same lecture in several languages.
        progress: called after each picture.
    """
    payloads = Payloads()
    decks = []
    for word, lecture in lectures.items():
        pictures = take(lecture, views(lecture), word, payloads, progress)
        keys = {"remote": markup(remote.FOLDER / "remote.html", lookup(word))}
        decks.append(in_language(lecture, word, pictures, "deck.js") | keys)
    template = templates(next(iter(lectures)), FOLDER).get_template("deck.html.jinja")
    return template.render(to_draw(payloads), decks=decks, css=_style())


@cache
def _style() -> str:
    files = (FOLDER / "deck.css", FOLDER / "formula.css", remote.FOLDER / "remote.css")
    return CSS + COLOURS + "".join(file.read_text(encoding="utf-8") for file in files)
