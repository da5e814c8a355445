"""The map of names with settings in its places: what each looks like, and which of them the present settings are.

Where a place is, its settings and what people use it for are declared by its loss; its names are derived from the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..evaluation.setting import Setting, as_targets
from ..naming.catalogue import Names
from ..naming.family import ENTRIES
from ..naming.names import names
from .sample import SampleView, resolve


class Place(NamedTuple):
    """words: the settings, as a link has them. use: what it is typically for. origin: where it comes from."""

    words: Mapping[str, str | float]
    use: str
    origin: str

    @property
    def view(self) -> SampleView:
        """The place's own sample under its loss."""
        return resolve(self.words)

    @property
    def names(self) -> Names:
        """What it is called."""
        return called(self.view.setting)


def called(setting: Setting) -> Names:
    """The names of a setting."""
    return names(setting.spec, as_targets(setting.spec, np.array([setting.targets])))


def place_of(setting: Setting) -> str | None:
    """The place whose name a setting has; None where the map has none."""
    title = called(setting).title
    return next((key for key, place in PLACES.items() if place.names.title == title), None)


PLACES: dict[str, Place] = {key: Place(entry.words, entry.use, entry.origin) for key, entry in ENTRIES.items()}
"""All places by key, in the order of the map."""
