"""What the parts of a standalone program are written with."""

from __future__ import annotations

import inspect
import re


def source(thing: object) -> str:
    """The code of a function or class, without what only a type checker reads."""
    return re.sub(r"  # type: ignore.*", "", inspect.getsource(thing))  # type: ignore[arg-type]


def title(text: str) -> str:
    """A heading."""
    return f"# {text}"


def literal(value: object) -> str:
    """A value as code."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
