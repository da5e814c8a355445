"""The door for Streamlit Community Cloud, which installs the requirements.txt that lies beside its entrypoint.

Everything else is as in app.py at the root.
"""

import sys
from pathlib import Path

import streamlit as st

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from lossviz.ui import server  # noqa: E402

if server.in_a_session():
    server.draw()
else:
    app = st.App(server.SCRIPT, **server.options())
