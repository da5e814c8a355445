"""How much a room takes, how fast, and for how long."""

from __future__ import annotations

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None of them looks like another."""

LETTERS_IN_A_CODE = 5

ROOM_LIMIT, SESSION_LIMIT, ADDRESS_LIMIT = 200, 3, 40
"""How many rooms there may be in the process, of one session, and from one address."""

VOTER_LIMIT, SCENE_LIMIT, ROUND_LIMIT = 1000, 300, 9
"""How many voters and scenes a room takes, and how many rounds a question."""

IDLE, UNUSED, LONGEST = 2 * 3600.0, 900.0, 12 * 3600.0
"""Seconds after which a room is forgotten: in which nothing happens, into which nobody has come, and in any case."""

JOINS = {"rate": 1.0, "burst": 400.0}
"""Of one address into one room: a whole course may sit behind it."""

VOTES = {"rate": 3.0, "burst": 20.0}
"""Of one voter: as often as fingers can."""
