"""Where phones find a room: at a route beside the app, or, where a host serves no such routes, at a light page of the app."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from ....lectures.lecture import place
from ....lectures.rooms import View
from ....state.links import PAGES

PATH = "r"
"""Where rooms are, below the app: short, since people type it."""

PAGE, WORD = "vote", "room"
"""Of the page instead, and the word of its link that has the code."""


@dataclass
class Routes:
    """What this process serves beside the app's pages."""

    are_served: bool = False
    """The app's own server says so when it starts; a host that runs the script itself never does."""


ROUTES = Routes()


def link(app: str, code: str) -> str:
    """The link of a room, below the address of the app.

    >>> link("https://example.org/lossviz", "K7M2X")
    'https://example.org/lossviz/vote?room=K7M2X'
    """
    return below(app, f"{PATH}/{code}" if ROUTES.are_served else f"{PAGE}?{WORD}={quote(code)}")


def below(app: str, rest: str) -> str:
    """An address below that of the app, wherever a proxy has put it, of the address of one of its pages.

    >>> {below(f"https://example.org/lossviz{page}", "r/A") for page in ("", "/", "/curves", "/curves?loss=focal", "/vote")}
    {'https://example.org/lossviz/r/A'}
    """
    url = urlsplit(app)
    top, _, page = url.path.rstrip("/").rpartition("/")
    path = top if page in (*PAGES, PAGE) else url.path.rstrip("/")
    return f"{url._replace(path=path, query='', fragment='').geturl()}/{rest}"


def inside(view: View) -> str:
    """The link of a scene below the app; it leads to no other server, whatever a lecture says."""
    page, words = place(view.link)
    return f"{quote(page)}{f'?{urlencode(words)}' if words else ''}"
