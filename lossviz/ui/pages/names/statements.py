"""Statements about losses: all of them at a glance, and one under a knob that tries to break it."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import streamlit as st

from ....analysis.identities import IDENTITIES, Checked, Identity, checked, point, positions
from ....analysis.listing import listing
from ....figures import identities as drawing
from ....figures.picture import Picture
from ....pictures import Scrub
from ....state import View
from ...controls import control
from ...exhibit import exhibit
from ...written import written


@lru_cache(maxsize=512)
def along(key: str, logits: tuple[float, ...], targets: tuple[float, ...]) -> Checked:
    """Both sides of a statement at all positions of its knob."""
    identity = IDENTITIES[key]
    return checked(identity, point(logits, targets), positions(identity.knob))


def draw(view: View) -> None:
    """The table, then the figure."""
    sample = view.setting.logits, view.setting.targets
    buttons = st.container(gap="xsmall")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="sides-controls"):
        key = str(control("statement", on_change=_let_go))
        turned = control("knob")
    with buttons:
        for one in IDENTITIES.values():
            _button(one, along(one.key, *sample), one.key == key)
    identity, found = IDENTITIES[key], along(key, *sample)
    at = int(np.abs(found.knob - (identity.knob.rest if turned is None else turned)).argmin())
    titles = [_title(identity, found, n) for n in range(len(found.knob))]
    st.markdown(f"**{identity.title}.** {identity.why}")
    picture = Picture(drawing.figure(identity, found, at, titles), titles[at], wide=True)
    moves = Scrub("knob", tuple(found.knob.tolist()), at, identity.knob.symbol)
    exhibit("sides", [picture], moves, f"{identity.title}. Computed by lossviz.", partial(_csv, identity, found))


def _let_go() -> None:
    """Each statement has a knob of its own."""
    st.session_state["knob"] = None


def _choose(key: str) -> None:
    st.session_state["statement"] = key
    _let_go()


def _button(identity: Identity, found: Checked, on: bool) -> None:
    """A statement with its two sides where the knob rests, which chooses it."""
    n = int(np.abs(found.knob - identity.knob.rest).argmin())
    where = f" where {identity.knob.symbol} = {identity.knob.rest:g}" if identity.at_rest or not identity.true else ""
    verdict = "right" if identity.true else "wrong"
    st.button(
        f"**{identity.title}** is {verdict}{where}: {_sides(found, n)}",
        key=f"statement-{identity.key}",
        on_click=_choose,
        args=(identity.key,),
        icon=":material/check:" if identity.true else ":material/close:",
        type="primary" if on else "secondary",
        width="stretch",
    )


def _title(identity: Identity, found: Checked, n: int) -> str:
    at = f"{identity.knob.symbol} = {found.knob[n]:.4g}"
    return f"{at}: {_sides(found, n)}"


def _sides(found: Checked, n: int) -> str:
    """Both sides and how far they are apart."""
    left, right = (written(side[n], 7) for side in (found.left, found.right))
    return f"{left} and {right}, {_apart(found, n)}"


def _apart(found: Checked, n: int) -> str:
    """How far two sides are from each other, in steps of float64 where these say anything."""
    if found.left[n] == found.right[n]:
        return "the same to the last digit"
    if found.equal[n]:
        count = int(found.ulps[n])
        return f"{count} ulp apart" if count < 1000 else f"{count:,} ulp apart".replace(",", "\u202f")
    if not np.isfinite(found.right[n]):
        return "the right side has lost all digits"
    if found.ulps[n] < 1e12:
        return f"{float(found.ulps[n]):.2g} ulp apart: the right side has lost digits"
    return f"{abs(found.left[n] - found.right[n]):.4g} apart"


def _csv(identity: Identity, found: Checked) -> str:
    header = ("statement", identity.knob.symbol, identity.left, identity.right, "ulp apart")
    return listing(header, [((identity.title,), (found.knob, found.left, found.right, found.ulps.astype(np.float64)))])
