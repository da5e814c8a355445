"""Libraries that only a part of lossviz needs, and what to install where one is missing."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {"report": ("pyarrow", "plotly"), "app": ("pyarrow", "plotly", "streamlit", "mpmath")}
"""Modules that each extra of pyproject.toml brings."""


class MissingExtra(Exception):  # noqa: N818 - it is shown to people, who lack an extra
    """A library is not installed; the message says which extra of lossviz brings it."""


def require(extra: str) -> None:
    """Raises MissingExtra if a module of the extra is not installed."""
    missing = [name for name in EXTRAS[extra] if find_spec(name) is None]
    if missing:
        names = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        verb = "is" if len(missing) == 1 else "are"
        raise MissingExtra(f"{names} {verb} not installed, which `lossviz {extra}` needs: pip install 'lossviz[{extra}]'")
