"""Every colour of lossviz. The palette is Okabe and Ito's (2008), which people of all kinds of colour vision can tell apart,
and two darker colours that stay apart from all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from typing import Any

from ..losses import LOSSES

BLUE, SKY, GREEN, ORANGE, VERMILLION, PURPLE = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
)

BROWN, WINE = "#7A4B2A", "#882255"

HUES = (
    BLUE,
    VERMILLION,
    SKY,
    GREEN,
    PURPLE,
    BROWN,
    WINE,
    ORANGE,
    "#3000A8",
    "#90C060",
    "#9048F0",
    "#0030F0",
    "#600078",
    "#18D890",
    "#9078F0",
    "#C03000",
)
"""The colours of losses, in the order of the registry. Those after orange were searched for: of each that can be seen on both
pages in all its shades, the one farthest from all before it to any of four kinds of colour vision."""


def loss_colour(key: str) -> str:
    """The colour of a loss, the same on every page."""
    return HUES[list(LOSSES).index(key) % len(HUES)] if key in LOSSES else ORANGE


GROUND, GROUND_DARK = "#FFFFFF", "#10161C"
"""The page itself; the same as in .streamlit/config.toml."""

PAGE = f"var(--ground, {GROUND})"
"""The ground of whichever page it is, where CSS is understood; of a picture that has left its page, the light one."""

BLACK, WHITE = "#000000", "#FFFFFF"
"""Numbers in a coloured cell: whichever can be read there."""

GREY, GREY_DARK = "#7A858F", "#98A3AD"
"""What a loss is compared with, when that is no loss."""

REFERENCE = "#8A949E"
"""A line that is drawn to compare with."""

INK, PAPER = "#10171E", "#E8EDF2"
"""Text on a light and on a dark page; the same as in .streamlit/config.toml."""

VARIABLES = {
    "ground": (GROUND, GROUND_DARK),
    "ink": (INK, PAPER),
    "accent": (BLUE, "#3393CF"),
    "link": ("#00639B", "#7CC4F0"),
    "loss": (VERMILLION, VERMILLION),
    "cross-entropy": (BLUE, BLUE),
    "probability": ("#00845F", "#2BB88F"),
    "up": (BLUE, SKY),
    "down": ("#C65500", "#F0803C"),
    "ghost": ("#7C8793", "#A3ADB7"),
    "reference": (REFERENCE, REFERENCE),
    "rule": ("#E3E8ED", "#2B3743"),
    "chosen": ("#E6EFF6", "#1D3244"),
    "soft": ("#4B5762", "#B4BEC8"),
    "panel": ("#F3F6F9", "#1A232C"),
    "bar": ("#C4DCED", "#2B4A61"),
    "right": ("#00664B", "#4FD3AB"),
    "right-bar": ("#8FD3BA", "#1B6B52"),
    "black": (BLACK, BLACK),
}
"""The colours of the page's own parts, on a light and on a dark page, by their names in CSS: see `css`."""


def css() -> str:
    """Every colour that CSS uses, as a variable `--lossviz-…`, and one that ends in `-dark` for a dark page."""
    light = "".join(f"  --lossviz-{name}: {colour};\n" for name, (colour, _) in VARIABLES.items())
    dark = "".join(f"  --lossviz-{name}-dark: {colour};\n" for name, (_, colour) in VARIABLES.items())
    return f":root,\n:host {{\n{light}{dark}}}\n"


SHADES = (0.0, -0.35, -0.17, 0.2, 0.4, 0.6, 0.8)
"""How far a series goes from its loss's colour: towards the page's ground (−) or towards its text (+)."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px 2px 1px 2px 1px 2px")
"""By slot as well, so that lines are told apart without any colour."""


def shade(key: str, slot: int) -> tuple[str, str]:
    """The colour of a series on a light and on a dark page: its loss's own for the present setting, a shade of it for pins."""
    return shade_of(loss_colour(key), slot)


@cache
def shade_of(base: str, slot: int) -> tuple[str, str]:
    """A colour's shade on a light and on a dark page."""
    amount = SHADES[slot]
    light = mix(base, GROUND if amount < 0 else INK, abs(amount))
    return light, mix(dark(base), GROUND_DARK if amount < 0 else PAPER, abs(amount))


GAMMA_RAMP = (
    (0.5, "#EE9A63", "#8F4A1C"),
    (1.0, "#DD6F26", "#C0622A"),
    (2.0, "#B04A00", "#F0803C"),
    (5.0, "#5E2A05", "#FFC9A3"),
)
"""Focal losses that γ alone tells apart: the larger γ, the nearer a line is to the text, on a light and on a dark page."""


@cache
def gamma_shade(gamma: float) -> tuple[str, str]:
    """The colour of a focal loss in a family of γ, on a light and on a dark page: γ = 0 is cross-entropy, and as blue."""
    if gamma <= 0:
        return shade_of(BLUE, 0)
    steps = [step for step, _, _ in GAMMA_RAMP]
    upper = min(bisect_left(steps, gamma), len(steps) - 1)
    lower = max(upper - 1, 0) if gamma < steps[upper] else upper
    share = (gamma - steps[lower]) / (steps[upper] - steps[lower]) if lower < upper and gamma > steps[lower] else 0.0
    (_, *low), (_, *high) = GAMMA_RAMP[lower], GAMMA_RAMP[upper]
    return mix(low[0], high[0], share), mix(low[1], high[1], share)


def dark(colour: str) -> str:
    """A colour as it is on a dark page."""
    return mix(colour, GROUND, 0.26)


@lru_cache(1000)
def mix(colour: str, other: str, amount: float) -> str:
    """`amount` of another colour mixed into one."""
    pairs = zip(*([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, other)), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * amount):02X}" for a, b in pairs)


def ground(colour: str) -> str:
    """The page behind a number, as a font's shadow, so that it is read where lines pass."""
    return ", ".join([f"0 0 3px {colour}"] * 4)


def see_through(colour: str, opacity: float) -> str:
    """A colour with an opacity, as CSS has it."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity})"


SEQUENTIAL = [[0.0, "#FBF7E8"], [0.2, "#F3DFA2"], [0.4, "#E9B65E"], [0.6, "#D07B3C"], [0.8, "#8E3B46"], [1.0, "#3B0F45"]]
SEQUENTIAL_DARK = [[0.0, "#1B1030"], [0.2, "#5A1E4F"], [0.4, "#A33A4C"], [0.6, "#DE7A3C"], [0.8, "#F2BE5C"], [1.0, "#FBF3C8"]]
"""Magnitudes: lightness alone tells them in order, whatever one's colour vision."""

DIVERGING = [[0.0, "#0B3C6F"], [0.25, "#4C9BD6"], [0.5, "#F4F4F2"], [0.75, "#E08A4A"], [1.0, "#7A2E00"]]
DIVERGING_DARK = [[0.0, "#7CC4F0"], [0.25, "#2A6E9E"], [0.5, "#1C242C"], [0.75, "#A85418"], [1.0, "#F9B07A"]]
"""Signed values: blue below 0, orange above; the middle, the page's ground, is 0."""

CLASSES = ((mix(GREEN, INK, 0.25), mix(GREEN, GROUND, 0.26)), (mix(PURPLE, INK, 0.35), mix(PURPLE, GROUND, 0.26)))
"""Class 0 and class 1 of a plane, on a light and on a dark page: colours that no loss of such a picture has."""

SHARES = [[0.0, mix(GREEN, GROUND, 0.6)], [0.5, GROUND], [1.0, mix(PURPLE, GROUND, 0.5)]]
SHARES_DARK = [[0.0, mix(GREEN, GROUND_DARK, 0.5)], [0.5, GROUND_DARK], [1.0, mix(PURPLE, GROUND_DARK, 0.5)]]
"""Class 1's share, from none to all, behind the marks of both classes: the middle is the page's ground."""


def template(dark: bool = False) -> dict[str, Any]:
    """Everything about a figure's look that does not depend on what it shows."""
    ink, rule = (PAPER, "#2B3743") if dark else (INK, "#E3E8ED")
    axis = {
        "gridcolor": rule,
        "zerolinecolor": mix(rule, ink, 0.35),
        "linecolor": mix(rule, ink, 0.5),
        "showline": True,
        "ticks": "outside",
        "tickcolor": mix(rule, ink, 0.5),
        "automargin": True,
        "exponentformat": "power",
        "title": {"standoff": 8},
    }
    lines = {"gridcolor": rule, "zerolinecolor": rule, "color": ink}
    wall = {**lines, "showbackground": False, "exponentformat": "power", "nticks": 5}
    return {
        "layout": {
            "font": {"family": "Source Sans, Source Sans Pro, Helvetica, Arial, sans-serif", "size": 15, "color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": axis,
            "yaxis": axis,
            "scene": {"xaxis": wall, "yaxis": wall, "zaxis": wall},
            "hoverlabel": {"font": {"size": 14}, "namelength": -1},
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 0,
                "yref": "container",
                "yanchor": "bottom",
                "font": {"size": 14},
            },
            "title": {"x": 0, "xref": "paper", "xanchor": "left", "y": 0.98, "yanchor": "top", "font": {"size": 17}},
            "margin": {"l": 10, "r": 16, "t": 44, "b": 10},
        }
    }


def layout(title: str, narrow: Any = None, **more: Any) -> dict[str, Any]:
    """A layout in the light theme, with what replaces its colours on a dark page; `narrow`: on a small screen, by path."""
    meta = {"dark": {"template": template(dark=True)}, **({"narrow": narrow} if narrow else {})}
    return {"template": template(), "title": {"text": title}, "uirevision": "lossviz", "meta": meta, **more}


def fixed(left: int, right: int, below: tuple[int, int], tall: tuple[int, int]) -> dict[str, Any]:
    """Margins and height of a layout on a wide screen and on a small one, which has no bar of colours at its right.

    Plotly's own search for margins draws a figure up to twelve times where both axes have one scale.
    """
    sides = {"l": left, "r": right, "t": 44, "b": below[0]}
    return {"margin": sides, "height": tall[0], "narrow": {"margin.r": min(right, 12), "margin.b": below[1], "height": tall[1]}}
