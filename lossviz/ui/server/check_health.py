"""Whether the server of this machine is well, for a container's health check: run as a file, which imports no lossviz.

It asks at the port (`PORT`) and below the path (`STREAMLIT_SERVER_BASE_URL_PATH`) that the server takes from the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.request import urlopen


def address(environment: Mapping[str, str]) -> str:
    """Where the server answers."""
    port = environment.get("PORT") or "8501"
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    return f"http://127.0.0.1:{port}{base and f'/{base}'}/_stcore/health"


if __name__ == "__main__":
    # Raises, so that Python exits with 1, on a refused connection and on any error status.
    urlopen(address(os.environ), timeout=4).read()
