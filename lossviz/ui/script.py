"""What Streamlit runs for every visitor, and again after every change."""

from pathlib import Path

import streamlit as st

from lossviz.ui import frame

FAVICON = str(Path(frame.__file__).with_name("favicon.png"))

st.set_page_config(page_title="lossviz", page_icon=FAVICON, layout="wide", initial_sidebar_state="collapsed")
frame.draw()
