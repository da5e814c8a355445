"""The experiment as a program of its own."""

from __future__ import annotations

from ....analysis.training.script import script
from ....state.training import TrainingQuery
from ... import elements as st


def draw(query: TrainingQuery) -> None:
    """The program, to be read and to be taken home."""
    program = script(query.experiment)
    st.code(program, language=None, wrap_lines=True)
    st.download_button(
        "Program (Python)", program, "lossviz_training.py", "text/x-python", on_click="ignore", icon=":material/code:"
    )
    st.markdown(
        "The same experiment without lossviz: one model at a time, in plain PyTorch. It prints the accuracy, balanced "
        "accuracy, average precision and memorized labels after the last epoch, with the 95% intervals of this page."
    )
