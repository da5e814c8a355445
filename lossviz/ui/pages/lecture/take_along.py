"""A lecture to take along: buttons that make its file, and then give it."""

from __future__ import annotations

from ....errors import InputError
from ....languages import LANGUAGES
from ....lectures import Lecture, shipped
from ....texts import say
from ... import elements as st
from ...components.markdown import literal
from ...lecture.offline.files import Order, kept, make
from ...session.store import current_session

BOTH = "offline-languages"


def draw(name: str, lecture: Lecture) -> None:
    """The choice of what to take, and the file once it is made."""
    with st.popover("Take along", key="take-along", icon=":material/download:"):
        st.markdown(
            "**One file that is presented without a server.** Its figures play, its questions are asked, its keys work."
        )
        order = _order(name, lecture)
        if file := kept(order):
            _give(name, order, file)
        elif st.button("Make the file (HTML)", key="make-offline", type="primary"):
            _make(order)


def _order(name: str, lecture: Lecture) -> Order:
    """What is wanted; a lecture of one's own has one language."""
    language = current_session().language
    if name in shipped.NAMES and st.checkbox("In every language of lossviz", key=BOTH):
        words = (language, *(word for word in LANGUAGES if word != language))
        return Order(tuple((word, shipped.lecture(name, word)) for word in words))
    return Order(((language, lecture),))


def _make(order: Order) -> None:
    bar = st.Progress(0.0, say("The pages of all scenes are being drawn; trainings come first."))
    try:
        make(order, bar.fill)
    except InputError as error:
        bar.empty()
        st.error(literal(str(error)))
        return
    st.rerun()


def _give(name: str, order: Order, file: bytes) -> None:
    words = "-".join(word for word, _ in order.lectures)
    st.download_button(
        "Save the file (HTML)",
        file,
        f"{name}.{words}.html",
        "text/html",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
        key="save-offline",
    )
