"""Every module that a page or a download can need, imported before the first visitor.

Two sessions that import the same library at once can each see it half made ("partially initialized module"), and the
second of them fails. So nothing is left for a session to import.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading

from .limits import do_without_temporary_files

LIBRARIES = (
    "pandas",
    "plotly.graph_objects",
    "plotly.io._json",
    "plotly.offline",
    "pyarrow.compute",
    "pyarrow.csv",
    "pyarrow.parquet",
    "mpmath",
    "streamlit.dataframe_util",
    "torch._dynamo",  # when a derivative is first taken in forward mode
)
"""What Streamlit, Plotly and torch import only when it is first used."""

_lock = threading.Lock()
_loaded = threading.Event()


def load_everything() -> None:
    """Import it all, once; whoever comes meanwhile waits."""
    with _lock:
        if not _loaded.is_set():
            do_without_temporary_files()
            for name in (*LIBRARIES, *_modules("streamlit.elements"), *_modules("lossviz")):
                importlib.import_module(name)
            _loaded.set()


def _modules(package: str) -> list[str]:
    """A package and all that is in it, but for what runs when it is imported."""
    top = importlib.import_module(package)
    inner = (module.name for module in pkgutil.walk_packages(top.__path__, f"{package}."))
    return [package, *(name for name in inner if not name.endswith(".__main__"))]
