"""A lecture to take along: buttons that make its files, and then give them."""

from __future__ import annotations

from ....errors import InputError
from ....languages import LANGUAGES
from ....lectures import Lecture, shipped
from ....texts import say
from ... import elements as st
from ...components.markdown import literal
from ...lecture.offline.files import Order, kept, make
from ...session.store import current_session

LANGUAGES_BOX = "offline-languages"


def draw(name: str, lecture: Lecture) -> None:
    """The choice of what to take, and the files once they are made."""
    with st.popover("Take along", key="take-along", icon=":material/download:"):
        st.markdown("**A file to present without a server.** Its figures play, its questions are asked, its keys work.")
        order = _deck(name, lecture)
        words = "-".join(word for word, _ in order.lectures)
        _file(order, say("Make the file (HTML)"), say("Save the file (HTML)"), f"{name}.{words}.html", "offline")
        st.markdown("**A handout to print.** A page for each scene with room to write, and the answers at the end.")
        order = _handout(lecture)
        words = f"{name}-handout.{current_session().language}.html"
        _file(order, say("Make the handout (HTML)"), say("Save the handout (HTML)"), words, "handout")


def _deck(name: str, lecture: Lecture) -> Order:
    """A lecture of one's own has one language."""
    language = current_session().language
    if name in shipped.NAMES and st.checkbox("In every language of lossviz", key=LANGUAGES_BOX):
        words = (language, *(word for word in LANGUAGES if word != language))
        return Order(tuple((word, shipped.lecture(name, word)) for word in words))
    return Order(((language, lecture),))


def _handout(lecture: Lecture) -> Order:
    base = (st.context.url or "").rpartition("/")[0]
    return Order(((current_session().language, lecture),), paper=True, base=base)


def _file(order: Order, make_label: str, save_label: str, file: str, key: str) -> None:
    """The button that makes a file, or the one that gives it."""
    if data := kept(order):
        st.download_button(
            save_label,
            data,
            file,
            "text/html",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
            key=f"save-{key}",
        )
    elif st.button(make_label, key=f"make-{key}"):
        _make(order)


def _make(order: Order) -> None:
    bar = st.Progress(0.0, say("The pages of all scenes are being drawn; trainings come first."))
    try:
        make(order, bar.fill)
    except InputError as error:
        bar.empty()
        st.error(literal(str(error)))
        return
    st.rerun()
