"""The door of the app: `streamlit run app.py`, which finds `app` by reading this file."""

import streamlit as st

from lossviz.ui import server

if server.in_a_session():
    server.draw()  # a host, or a test, that runs this file itself for every visitor
else:
    app = st.App(server.SCRIPT, **server.options())
