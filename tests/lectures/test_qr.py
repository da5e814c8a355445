"""A picture of a link, read back from its modules alone."""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree import ElementTree

import segno

from lossviz.lectures.qr import qr_svg

LINK = "https://lossviz.example/r/K7M2X"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(address: str) -> ElementTree.Element:
    kind, _, text = address.partition(",")
    assert kind == "data:image/svg+xml;charset=utf-8"
    return ElementTree.fromstring(unquote(text))


def test_a_link_is_a_picture_with_a_margin_and_a_name() -> None:
    picture = drawn(qr_svg(LINK, 'Room "K7M2X" <b>'))
    title = picture.find(f"{SVG}title")
    assert title is not None and title.text == 'Room "K7M2X" <b>'
    size = 8 * (segno.make_qr(LINK, error="m").symbol_size(border=4)[0])
    assert picture.get("width") == picture.get("height") == str(size)
    colours = [path.get("fill") or path.get("stroke") for path in picture.iter(f"{SVG}path")]
    assert colours == ["#fff", "#000"], "dark on light, whatever the page is"


def test_the_link_of_a_room_is_small() -> None:
    """Up to version 3, 29 modules: read from the last row of a hall."""
    for link in (LINK, "http://192.168.178.123:8501/r/K7M2X", "https://lossviz-demo.streamlit.app/r/K7M2X"):
        assert int(str(segno.make_qr(link, error="m").version)) <= 4
        assert len(qr_svg(link)) < 10_000


def test_other_links_are_other_pictures_and_no_markup_gets_in() -> None:
    assert qr_svg(LINK) != qr_svg(LINK + "2")
    assert not {"<", ">", '"'} & set(qr_svg("https://a.example/<script>", "<script>"))
