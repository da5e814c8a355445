"""What a visitor is told when a page fails, which says what to do and nothing about the inside of the server."""

from __future__ import annotations

import logging
import secrets
from collections import deque

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ...languages import LANGUAGES, localized, lookup, of_browser
from ...texts import say

log = logging.getLogger(__name__)

recent: deque[str] = deque(maxlen=100)
"""The kinds of the latest failures."""

failed: deque[str] = deque(maxlen=100)
"""The sessions in which they were."""


def explain(error: Exception) -> bool:
    """Say it in words in place of Streamlit's box; Streamlit has already put the details into the log."""
    number = secrets.token_hex(3)
    recent.append(type(error).__name__)
    context = get_script_run_ctx()
    failed.append(context.session_id if context else "")
    log.error("The failure above was shown to a visitor as number %s", number)
    words = say(
        "This page failed because of an internal error. Reload it: your settings are in the link. "
        "If it fails again, undo your last change, or start from another page. "
        "The details are in the server log under number **{number}**.",
        number=number,
    )
    chosen = st.query_params.get("lang", "")  # the session may be what has failed
    language = chosen if chosen in LANGUAGES else of_browser(st.context.locale)
    st.error(localized(words, lookup(language)), icon=":material/error:")
    return True
