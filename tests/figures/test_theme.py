"""Colours: each loss has one, its shades can be seen on both pages, and scales say more with more."""

import ast
import itertools
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from lossviz import LOSSES
from lossviz.figures import theme

from ..plotted import colours, contrast, lab, linear

GROUNDS = ("#FFFFFF", "#10161C")
SLOTS = range(len(theme.SHADES))


def test_every_loss_has_a_colour_of_its_own() -> None:
    assert [theme.loss_colour(key) for key in LOSSES] == list(theme.HUES[: len(LOSSES)])
    assert len(set(theme.HUES)) == len(theme.HUES) == 16 >= len(LOSSES)
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in theme.HUES)


SIGHT = {
    "normal": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
"""Linear RGB → what people see of it: Machado, Oliveira and Fernandes 2009, severity 1."""


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_losses_are_told_apart_whatever_cones_one_has(sight: str, page: int) -> None:
    """By CIELAB's distance, of which 2.3 can just be seen. Dashes differ besides."""
    seen = {hue: lab(SIGHT[sight] @ linear(theme.shade_of(hue, 0)[page])) for hue in theme.HUES}
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 10, (a, b)


@pytest.mark.parametrize("key", LOSSES)
def test_the_present_setting_has_the_colour_of_its_loss(key: str) -> None:
    assert theme.shade(key, 0)[0] == theme.loss_colour(key)


@pytest.mark.parametrize("hue", theme.HUES)
@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_shades_can_be_seen_on_the_page(hue: str, page: int) -> None:
    for slot in SLOTS:
        assert contrast(theme.shade_of(hue, slot)[page], GROUNDS[page]) >= 1.5, slot


@pytest.mark.parametrize("hue", theme.HUES)
@pytest.mark.parametrize("page", [0, 1], ids=["light", "dark"])
def test_shades_differ_from_each_other(hue: str, page: int) -> None:
    result = [theme.shade_of(hue, slot)[page] for slot in SLOTS]
    assert len(set(result)) == len(result) == 7
    ordered = sorted(result, key=lambda colour: colours(colour)[0])
    for a, b in itertools.pairwise(ordered):
        assert contrast(a, b) >= 1.05


def test_dashes_tell_lines_apart_without_colour() -> None:
    assert len(set(theme.DASHES)) == len(theme.DASHES) == len(theme.SHADES) == 7


@pytest.mark.parametrize(("scale", "rises"), [(theme.SEQUENTIAL, False), (theme.SEQUENTIAL_DARK, True)], ids=["light", "dark"])
def test_sequential_scales_go_one_way_in_lightness(scale: list, rises: bool) -> None:
    places, light = [place for place, _ in scale], between(scale)
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (0, 1)
    steps = np.diff(light)
    assert (steps > 0).all() if rises else (steps < 0).all()
    assert abs(light[0] - light[-1]) > 0.7, "the ends are far apart"


@pytest.mark.parametrize(("scale", "ground"), [(theme.DIVERGING, GROUNDS[0]), (theme.DIVERGING_DARK, GROUNDS[1])])
def test_diverging_scales_mirror_around_the_page(scale: list, ground: str) -> None:
    places = [place for place, _ in scale]
    np.testing.assert_allclose(places, [1 - place for place in reversed(places)])
    middle = dict(map(tuple, scale))[0.5]
    assert contrast(middle, ground) < 1.25
    low, high = np.split(np.array(between(scale)), 2)
    away = -1 if ground == "#FFFFFF" else 1
    assert (np.diff(low) * away < 0).all()
    assert (np.diff(high) * away > 0).all()
    for (_, a), (_, b) in zip(scale[:2], reversed(scale[-2:]), strict=True):
        assert contrast(a, b) < 1.6, "what is as far from 0 is about as light"
        assert blueness(a) > 0 > blueness(b)


def blueness(colour: str) -> int:
    return int(colour[5:7], 16) - int(colour[1:3], 16)


def between(scale: list) -> list[float]:
    """Luminance at 40 places of a scale, an even number, so that the middle is not one of them."""
    result = []
    for place in np.linspace(0, 1, 40):
        i = next(i for i in range(1, len(scale)) if scale[i][0] >= place)
        (a, first), (b, second) = scale[i - 1 : i + 1]
        result += colours(theme.mix(first, second, (place - a) / (b - a)))
    return result


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert theme.mix("#102030", "#FFFFFF", 0) == "#102030"
    assert theme.mix("#102030", "#FFFFFF", 1) == "#FFFFFF"
    assert theme.mix("#000000", "#FF8040", 0.5) == "#804020"
    assert theme.see_through("#E69F00", 0.16) == "rgba(230,159,0,0.16)"


def test_text_can_be_read_on_both_pages() -> None:
    for dark, ground in ((False, GROUNDS[0]), (True, GROUNDS[1])):
        look = theme.template(dark)["layout"]
        assert contrast(look["font"]["color"], ground) > 7
        for axis in ("xaxis", "yaxis"):
            assert 1 < contrast(look[axis]["gridcolor"], ground) < 2, "a grid that stays behind"
            assert contrast(look[axis]["linecolor"], ground) > 2


def test_a_layout_brings_its_dark_side() -> None:
    result = theme.layout("Title", height=5)
    assert result["title"]["text"] == "Title"
    assert result["height"] == 5
    assert result["meta"]["dark"]["template"] == theme.template(dark=True) != result["template"]
    assert json.dumps(result)


ROOT = Path(theme.__file__).parents[1]
LITERAL = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgb|hsl)a?\(\s*[\d.]|\bok(?:lch|lab)\(", re.IGNORECASE)


def texts(file: Path) -> list[str]:
    """What of a file can be a colour: of a program in Python its strings, else all of it."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return [text]
    nodes = ast.walk(ast.parse(text))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_every_colour_stands_in_the_theme() -> None:
    files = [
        file for kind in ("py", "js", "css", "html", "jinja") for file in ROOT.rglob(f"*.{kind}") if file.name != "theme.py"
    ]
    assert {file.suffix for file in files} == {".py", ".js", ".css", ".html", ".jinja"}
    literals = [
        f"{file.relative_to(ROOT)}: {colour}" for file in files for text in texts(file) for colour in LITERAL.findall(text)
    ]
    assert literals == []


def test_css_uses_the_variables_that_there_are() -> None:
    """A variable without a value is no colour at all."""
    declared = set(re.findall(r"(--lossviz-[\w-]+):", theme.css()))
    sources = [file.read_text(encoding="utf-8") for kind in ("css", "js") for file in ROOT.rglob(f"*.{kind}")]
    used = set(re.findall(r"--lossviz-[\w-]+", "".join(sources)))
    assert used
    assert used <= declared


def test_the_page_has_the_colours_of_streamlits_theme() -> None:
    """A file must say them, for Streamlit; the page's own parts have them from here."""
    settings = tomllib.loads((ROOT.parent / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    names = {"ground": "backgroundColor", "ink": "textColor", "accent": "primaryColor", "link": "linkColor"}
    for name, setting in names.items():
        assert theme.VARIABLES[name] == (settings["light"][setting], settings["dark"][setting])
