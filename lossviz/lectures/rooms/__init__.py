"""Rooms of an audience: what is on, and who has answered what. In this process only, bounded, and forgotten after a while."""

from .refusals import NoRoomError, NotAllowedError, RoomError, TooLateError, TooManyError
from .shown import AnswerCount, SceneKey, Tally, View
from .store import ROOMS, Room, Rooms, plain

__all__ = [
    "ROOMS", "AnswerCount", "NoRoomError", "NotAllowedError", "Room", "RoomError", "Rooms", "SceneKey", "Tally",
    "TooLateError", "TooManyError", "View", "plain",
]  # fmt: skip
