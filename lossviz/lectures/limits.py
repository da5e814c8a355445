"""How much a lecture may hold: more than a lecture needs, and little enough that a file made to do harm costs nothing."""

SIZE = 1 << 18
"""Bytes of a file."""

LINES = 10_000

LINE = 12_000
"""Characters of a line: an answer and its misconception, each as long as a text may be, with all that has to be escaped."""

SCENES = 100

TITLE = 200
"""Characters of a title."""

TEXT = 4_000
"""Characters of any other text."""

LINK = 4_000
"""Characters of a link."""

FEWEST_OPTIONS, MOST_OPTIONS = 2, 8

LISTED = 20
"""Faults that are told; no more are looked for."""
