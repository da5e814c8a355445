"""What Streamlit runs, as the main module, for every visitor and again after every change."""

from pathlib import Path

import streamlit as st

from lossviz.ui import app

FAVICON = str(Path(app.__file__).with_name("favicon.png"))

if __name__ == "__main__":
    st.set_page_config(page_icon=FAVICON, layout="wide", initial_sidebar_state="collapsed")
    app.draw()
