"""How much is read: what fits in memory beside the analyses, and what no sound file holds."""

from __future__ import annotations

from ...texts import joined, say
from .problems import FileProblem

ROWS = 5_000_000
LOGITS = 120_000_000
"""What fits in memory: as float64 just under a gigabyte, and an analysis needs about as much again."""

BYTES = 1_500_000_000
"""What the arrays of an NPZ may unpack to in memory."""

EXPANSION, FACTOR = 1 << 27, 32
"""What a file may unpack to: bytes, and more bytes for each that it has. Numbers that models made never come near."""

TEXT = 1 << 26
"""Characters of ids that any file may unpack to; a large one has more."""

CLASSES = 1_000_000
"""More values in a row are taken for a mistake: vocabularies have up to half a million."""

GROUPS = 200
"""More names than this are no groups but ids; each has a line in a table."""

LINE = 1 << 22
"""Bytes of the blocks in which text is read."""

RECORD = 1 << 25
"""Bytes of a row of text, the line ends within quotes included: a million logits of 17 digits fit."""

NAME = 1000
"""Characters of an id or a group in an array of fixed width."""

SHOWN = 64
"""Columns of which a preview shows the values."""

CELL = 80
"""Characters of a value in a preview."""

WORKAROUND = say(
    "`python -m lossviz report FILE -o report.html` reads a file of any size a block at a time; or take a random sample of "
    "rows."
)


def check_memory(rows: int, classes: int) -> None:
    """Refuses more rows or logits than fit in memory."""
    if rows > ROWS:
        many = say("The file has more rows than are held in memory: {rows:,}; at most {most:,}.", rows=rows, most=ROWS)
        raise FileProblem(joined([many, WORKAROUND], " "))
    if rows * classes > LOGITS:
        many = say(
            "The file has more logits than are held in memory: {rows:,} rows × {classes:,} classes = {logits:,} logits; at "
            "most {most:,}.",
            rows=rows,
            classes=classes,
            logits=rows * classes,
            most=LOGITS,
        )
        raise FileProblem(joined([many, WORKAROUND], " "))


def check_classes(classes: int) -> None:
    """Refuses rows of absurd length."""
    if classes > CLASSES:
        raise FileProblem(
            say(
                "A row has {classes:,} logits; at most {most:,} are read. Classes that are never true can be merged into one, "
                "whose logit is their logsumexp: that changes neither p_t nor the cross-entropy.",
                classes=classes,
                most=CLASSES,
            )
        )


def check_bytes(size: int) -> None:
    """Refuses archives that unpack to too much."""
    if size > BYTES:
        many = say("The arrays unpack to {size:,} bytes; at most {most:,} are read into memory.", size=size, most=BYTES)
        raise FileProblem(joined([many, WORKAROUND], " "))


def check_proportion(unpacked: int, size: int) -> None:
    """Refuses files of `size` bytes that unpack to so much more that they hold hardly any numbers of a model."""
    allowed = EXPANSION + FACTOR * size
    if unpacked > allowed:
        raise FileProblem(
            say(
                "The file has {size:,} bytes and unpacks to {unpacked:,}; at most {allowed:,} are read from a file of its "
                "size. Nearly all of its values must be the same.",
                size=size,
                unpacked=unpacked,
                allowed=allowed,
            )
        )
