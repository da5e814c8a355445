"""The door of the app: `streamlit run app.py`."""

import streamlit as st

from lossviz.ui import frame

st.set_page_config(page_title="lossviz", page_icon="lossviz/ui/favicon.png", layout="wide", initial_sidebar_state="collapsed")
frame.draw()
