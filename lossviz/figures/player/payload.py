"""What the player is sent: figures with their frames, the scrubber, and the markers that can be dragged, as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...analysis.scrub import Scrub
from ..picture import Picture


def encode(
    pictures: Sequence[Picture],
    scrub: Scrub | None,
    revision: int,
    file: str,
    handles: Sequence[dict[str, Any]] = (),
    linked: Sequence[tuple[int, str]] = (),
    picks: Sequence[int] = (),
    acts: int = 0,
) -> bytes:
    """The player's data. `linked` scenes, by picture and name, share a camera.

    `picks`: pictures in which a click on what has `customdata` commits it. `acts`: the number of the last act that is in it.
    """
    drawn = ",".join(map(_picture, pictures))
    rest = {
        "revision": revision,
        "acts": acts,
        "scrubber": _scrubber(scrub) if scrub else None,
        "handles": list(handles),
        "picks": [{"picture": picture} for picture in picks],
        "linked": [list(scene) for scene in linked],
        "file": file,
    }
    return f'{{"pictures":[{drawn}],{json.dumps(rest, allow_nan=False)[1:]}'.encode()


def _picture(picture: Picture) -> str:
    alt, wide = json.dumps(picture.text), json.dumps(picture.wide)
    return f'{{"alt":{alt},"wide":{wide},"figure":{picture.figure.json()}}}'


def _scrubber(scrub: Scrub) -> dict[str, Any]:
    return {"id": scrub.control, "label": scrub.label, "symbol": scrub.symbol, "values": scrub.values, "at": scrub.at}
