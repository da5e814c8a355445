"""The keys of `st.session_state`: the widgets that Python reads or sets beside their drawing, and the typed Session.

The widget of a word of the link has the word as its key (`state.fields`).
"""

from __future__ import annotations

SESSION = "session"
"""The Session, which is no widget: all else that Python remembers from run to run."""

LAST_DRAWN = "last-drawn"
"""The hidden widget by which a browser says which run it has drawn last."""

SCENES_POPOVER = "scenes"
"""The popover with ready-made experiments."""

TOUR = "tour"
"""The button with which a newcomer begins a lecture."""

FILE_UPLOAD = "file"
"""The upload in the dialog of a file."""

SUSPECTS_TABLE = "suspects"
"""The table of doubtful labels, in which a row is selected."""
