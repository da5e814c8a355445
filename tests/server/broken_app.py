"""An app of one page that fails, behind the door of lossviz."""

from pathlib import Path

import streamlit as st

from lossviz.ui import server

app = st.App(Path(__file__).with_name("broken_script.py"), **server.options())
