"""The server around the pages: what it lets in, and what it keeps for how long."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from .compression import Compression
from .failures import explain
from .headers import SecurityHeaders
from .lifespan import lifespan
from .origins import SameOrigin
from .room import routes
from .status import Status
from .uploads import Uploads
from .warm import load_everything

SCRIPT = Path(__file__).parents[1] / "script.py"
"""What Streamlit runs for every visitor."""


def options() -> dict[str, Any]:
    """What `st.App` needs to know beside the script."""
    return {
        "routes": routes(),
        "lifespan": lifespan,
        "middleware": [Middleware(layer) for layer in (SecurityHeaders, Compression, SameOrigin, Status, Uploads)],
        "on_script_error": explain,
    }


def in_a_session() -> bool:
    """Whether this code runs for one visitor, and not at the start of the server."""
    return get_script_run_ctx(suppress_warning=True) is not None


def draw() -> None:
    """Run the script in the present session."""
    load_everything()
    runpy.run_path(str(SCRIPT), run_name="__main__")
