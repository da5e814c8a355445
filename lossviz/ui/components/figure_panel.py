"""Figures on a page: played in the browser, and downloaded as a page that plays offline or as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from ...analysis.scrub import Scrub
from ...analysis.series import Series
from ...fields import Vector
from ...figures.export import html
from ...figures.picture import Picture
from ...figures.player.handles import Handle
from ...figures.player.payload import NO_PICKS, encode
from ...figures.text import unmarked
from ...texts import joined, say
from .. import elements as st
from ..language import reader, shown
from ..session import link, next_revision, receive_event
from ..session.store import current_session
from .player import mount_player


def show_figures(
    name: str,
    pictures: Sequence[Picture],
    moves: Scrub | None,
    caption: str,
    csv: Callable[[], str],
    handles: Sequence[Handle] = (),
    linked: Sequence[tuple[int, str]] = (),
    picks: Mapping[int, str] = NO_PICKS,
    files: Any = None,
) -> None:
    """Show figures under one scrubber, with buttons to download them.

    Args:
        name: Tells the player from others of the page; it is in the names of the files, too.
        pictures: The figures, with their frames.
        moves: What the scrubber moves; None for no scrubber.
        caption: What the downloaded page says of the figures.
        csv: Makes the numbers of the figures, when they are asked for.
        handles: Markers that can be dragged.
        linked: Scenes that share a camera, by the index of their picture and their name.
        picks: Pictures by their index in which a click selects what is drawn, and the word that it sets.
        files: The container of the buttons, where they do not stand right below.
    """
    present = current_session()
    lecture = present.lecture
    if lecture.sealed:
        pictures = [picture._replace(sentences=()) for picture in pictures]
    data = encode(
        pictures,
        moves,
        next_revision(),
        f"lossviz-{name}",
        handles,
        linked,
        picks,
        present.last_event,
        reader(),
        lecture.guess,
        lecture.locked,
    )
    mount_player(data, name, receive_event)
    with files or nullcontext():
        _downloads(f"lossviz-{name}", data, unmarked(pictures[0].figure.title), caption, csv)


def _downloads(file: str, data: bytes, title: str, caption: str, csv: Callable[[], str]) -> None:
    """A menu. The browser saves pictures; page and numbers are made when they are asked for."""
    address, language = link(), current_session().language
    with st.popover("Download", key=f"{file}-downloads", icon=":material/download:"):
        st.html("".join(_save_button(file, format) for format in ("PNG", "SVG")))
        st.download_button(
            "Interactive page (HTML)",
            lambda: html(data, title, caption, address(), language),
            f"{file}.html",
            "text/html",
            on_click="ignore",
            icon=":material/download:",
            help="One file with the figures and their scrubber. It works offline.",
        )
        st.download_button(
            "Numbers (CSV)",
            csv,
            f"{file}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/table:",
            help="All numbers in the figures, at full precision and for every position of the scrubber.",
        )


def _save_button(file: str, format: str) -> str:
    """A button that the player listens to: figures/player/downloads.js."""
    label = shown(say("Picture ({format})", format=format))
    return f'<button type="button" class="save" data-lossviz-save="{file} {format}">{label}</button>'


def of_sample(series: Sequence[Series]) -> str:
    """The settings in words, a line each, and the sample."""
    present = series[0].setting
    logits, targets = Vector.text(present.logits), Vector.text(present.targets)
    sample = say("Logits {logits}; targets {targets}. Computed by lossviz.", logits=logits, targets=targets)
    return joined((*map(_line, series), sample), "\n")


def _line(one: Series) -> str:
    if one.slot == 0:
        return say("Current setting: {setting}.", setting=one.label)
    return say("Pin {slot}: {setting}.", slot=one.slot, setting=one.label)
