"""The header of the live component's data, as JSON has it; messages.d.ts says the same to the component.

What JSON has no number for is a word ("inf") or null.
"""

from __future__ import annotations

from typing import TypeAlias, TypedDict

from ....state.events import Command

JsonNumber: TypeAlias = float | str
"""A number, or a word where it is infinite."""


class Title(TypedDict):
    """What the loss is called: whether the name is a common one, other names, and why."""

    common: bool
    text: str
    also: tuple[str, ...]
    why: str


class TitleAt(TypedDict):
    """A value of a slider at which the loss has a name of its own."""

    value: float
    title: Title


class TitlesAlong(TypedDict):
    """What the loss is called along a slider: at some values, and everywhere else."""

    at: list[TitleAt]
    between: Title


class Row(TypedDict):
    """A class with its logit and its target."""

    label: str
    logit: JsonNumber
    target: float


class Parameter(TypedDict):
    """A slider.

    `min` and `max` are its ends, `stops` where it sticks, `low` and `high` those of the domain (None: none). off: an optional
    parameter that has no value, or one that has no effect. disabled_reason: why it has no effect.
    """

    id: str
    symbol: str
    label: str
    value: float | None
    min: float
    max: float
    low: float | None
    high: float | None
    step: float
    stops: tuple[float, ...]
    help: str
    optional: bool
    off: bool
    disabled_reason: str | None


class Image(TypedDict):
    """A handwritten digit: 8 × 8 grey values from 0 (paper) to 16 (ink), and what stands below it."""

    pixels: tuple[int, ...]
    caption: str
    note: str


class CommandMessage(TypedDict):
    """The event that a button of a note sends back."""

    action: Command


class NoteAction(TypedDict):
    """The button of a note."""

    label: str
    event: CommandMessage


class Note(TypedDict):
    """A sentence about the present settings; `level` is "warn" or "info"."""

    level: str
    text: str
    action: NoteAction | None


class Url(TypedDict):
    """The words of the link by control, and the texts that are not written because they are the default."""

    word_of: dict[str, str]
    defaults: dict[str, str]


class Header(TypedDict):
    """All that the component shows besides the tables.

    acts: the number of the last event that has been applied. room: whether it is shown to a room.
    locked: whether a question is to be answered before anything moves. staged: whether it is for many to see.
    """

    revision: int
    acts: int
    classes: int
    activation: str
    loss_key: str
    loss_name: str
    colour: str
    ce_colour: str
    title: Title
    titles: dict[str, TitlesAlong]
    plain: str
    ghost: bool
    rows: list[Row]
    input_name: str
    target_mode: str
    parameters: list[Parameter]
    url: Url
    image: Image | None
    notes: list[Note]
    can_add: bool
    can_remove: bool
    fixed_classes: bool
    backend: str
    room: bool
    locked: bool
    staged: bool
