"""What a room does not do, and why."""

from __future__ import annotations

from ...texts import say


class RoomError(Exception):
    """What a room does not do, in words for the one who asked for it."""


class NoRoomError(RoomError):
    """There is no room with such a code, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "This room is gone: it was closed, nobody used it for long, or the server has started anew. "
                "Ask for a new code, or open a new room."
            )
        )


class NotAllowedError(RoomError):
    """Somebody who is not the lecturer, or a phone that has not joined."""


class TooManyError(RoomError):
    """A limit has been reached."""


class TooLateError(RoomError):
    """An answer to what is not asked, or not any more."""
