"""Figures as one HTML file that plays anywhere: nothing is fetched, so it opens offline and in ten years."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from ..data.characters import visible
from ..languages import ENGLISH, language, localized, lookup
from ..texts import Message
from .player import CSS, script

FOLDER = Path(__file__).parent

POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
"""Nothing is fetched, whatever the data says. Plotly compiles code for its surfaces."""

COLOURS, STYLE = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("colours.css", "page.css"))

LOCAL = ("http://localhost", "http://127.0.0.1", "http://[::1]")
"""How links begin that every computer has for itself: they open nothing elsewhere."""

Model = bytes | Mapping[str, Any]


class PageValues(TypedDict):
    """What `page.html.jinja` is filled with: words of strangers, which it escapes; then text of this program's, and JSON, that
    stand there as they are."""

    language: str
    say: Callable[..., str]
    title: str
    link: str
    link_is_web: bool
    link_is_local: bool
    policy: str
    css: str
    data: str
    plotly: str
    program: str


def html(data: Model, title: str, caption: str, link: str, word: str = ENGLISH) -> str:
    """What the component gets (ui/components/player), as a page of its own.

    Title, caption and link are words of strangers; only a link to http or https becomes one that can be followed.
    """
    template = templates(word).get_template("figures.html.jinja")
    return template.render(page_values(title, [data], link, word), caption=caption)


@cache
def templates(word: str, *folders: Path) -> Environment:
    """The templates, each compiled once, in these folders and in this one, whose page they extend; in the language of a `word`.

    All that is put into them is escaped, and no character of it is unseen, but for what a template itself calls safe.
    """
    reader = lookup(word)

    def finished(value: object) -> object:
        text = localized(value, reader)
        return visible(text) if isinstance(text, str) and not isinstance(text, Markup) else text

    return Environment(
        loader=FileSystemLoader([*folders, FOLDER]),
        autoescape=True,
        finalize=finished,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_values(title: str, models: Sequence[Model], link: str, word: str = ENGLISH) -> PageValues:
    """Of a page that holds an element of class lossviz-stage for each model."""
    reader = lookup(word)
    return {
        "language": language(word).tag,
        "say": lambda template, **parts: Message(template, parts).translated(reader),
        "title": title,
        "link": link,
        "link_is_web": link.startswith(("https://", "http://")),
        "link_is_local": link.startswith(LOCAL),
        "policy": POLICY,
        "css": CSS + COLOURS + STYLE,
        "data": embedded([still(model) for model in models]),
        "plotly": plotly_program(),
        "program": script(reader),
    }


def plotly_program() -> str:
    """What the player draws with."""
    return str(get_plotlyjs())


def still(data: Model) -> dict[str, Any]:
    """A model without what commits: nobody is there to hear of it."""
    model = json.loads(data) if isinstance(data, bytes) else dict(data)
    return model | {"handles": [], "picks": []}


def embedded(model: Any) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
