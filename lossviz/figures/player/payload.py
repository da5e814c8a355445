"""What the player is sent: figures with their frames, the scrubber, and the markers that can be dragged, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

from ...analysis.scrub import Scrub
from ...languages import localized
from ...texts import Lookup
from ..picture import Picture
from .guess import Guess
from .handles import Handle

NO_PICKS: Mapping[int, str] = {}
"""No picture in which a click selects anything."""


def encode(
    pictures: Sequence[Picture],
    scrub: Scrub | None,
    revision: int,
    file: str,
    handles: Sequence[Handle] = (),
    linked: Sequence[tuple[int, str]] = (),
    picks: Mapping[int, str] = NO_PICKS,
    acts: int = 0,
    lookup: Lookup = str,
    guess: Guess | None = None,
    locked: bool = False,
) -> bytes:
    """The player's data as JSON.

    Args:
        pictures: The figures, with their frames in the order of the scrubber's values.
        scrub: What the slider below them moves; None for no slider.
        revision: Tells newer data from older.
        file: The name of a file that shows the figures, without its ending.
        handles: Markers that can be dragged.
        linked: Scenes that share a camera, by the index of their picture and their name.
        picks: Pictures by their index in which a click on what has `customdata` sends it, and the word that it is a value of.
        acts: The number of the last event that is in the data.
        guess: A line that is dragged along an axis, where a question asks for it.
        locked: Whether everything else stands still, since a question is to be answered first.
        lookup: Says its texts in the language of the reader.
    """
    drawn = ",".join(_picture(picture, lookup) for picture in pictures)
    rest = {
        "revision": revision,
        "acts": acts,
        "scrubber": _scrubber(scrub) if scrub else None,
        "handles": [handle.json() for handle in handles],
        "picks": [{"picture": picture, "control": word} for picture, word in picks.items()],
        "linked": [list(scene) for scene in linked],
        "guess": guess.json() if guess else None,
        "locked": locked,
        "file": file,
    }
    return f'{{"pictures":[{drawn}],{json.dumps(localized(rest, lookup), allow_nan=False)[1:]}'.encode()


def _picture(picture: Picture, lookup: Lookup) -> str:
    about = {"alt": picture.text, "wide": picture.wide, "paired": picture.paired, "sentences": picture.sentences}
    return f'{json.dumps(localized(about, lookup))[:-1]},"figure":{picture.figure.json(lookup)}}}'


class Scrubber(TypedDict):
    """A slider below the figures: the control that it moves, the values, the index of the present one, and where it sticks."""

    id: str
    label: str
    symbol: str
    values: tuple[float, ...]
    at: int
    stops: tuple[float, ...]


def _scrubber(scrub: Scrub) -> Scrubber:
    return {
        "id": scrub.control,
        "label": scrub.label,
        "symbol": scrub.symbol,
        "values": scrub.values,
        "at": scrub.at,
        "stops": tuple(stop for stop in scrub.stops if stop in scrub.values),
    }
