"""What stands side by side on a picture: the present setting and the pinned ones, each with its name."""

from __future__ import annotations

from typing import NamedTuple

from ..evaluation.setting import Setting


class Series(NamedTuple):
    """A setting with the name that a legend gives it. `slot` is 0 for the present setting and 1 to 6 for pins."""

    label: str
    setting: Setting
    slot: int = 0
