"""The losses' parameters as options of the command line, and which loss each belongs to."""

from __future__ import annotations

from ..fields import Choice, Number
from ..losses import LOSSES


def loss_parameters() -> dict[str, dict[str, Number | Choice]]:
    """The parameters of all losses, and whose they are; rows with an ignored label do not come so far."""
    owners: dict[str, dict[str, Number | Choice]] = {}
    for key, kind in LOSSES.items():
        for field in kind.parameters:
            if field.name != "ignore_index":
                owners.setdefault(field.name, {})[key] = field
    return owners
