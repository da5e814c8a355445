"""What Python sends the browser is what the browser's types say."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.figures import browser, player
from lossviz.ui.components import live

from .components import components
from .decoded import decode
from .pages import opened

HISTORY, PLAYER, LIVE = (
    Path(module.__file__).parent / name
    for module, name in ((browser, "acts.d.ts"), (player, "messages.d.ts"), (live, "messages.d.ts"))
)


def fits(message: Mapping[str, Any], types: Path, interface: str) -> None:
    """A message has all fields of an interface, but for those that may be left out, and no others."""
    match = re.search(
        rf"^export interface {interface} \{{\n(.*?)^\}}", types.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert match is not None
    fields = dict(re.findall(r"^  (\w+)(\??):", match[1], re.MULTILINE))
    assert message.keys() <= fields.keys(), interface
    assert {name for name, optional in fields.items() if not optional} <= message.keys(), interface


def component(at: AppTest) -> bytes:
    """What the one component of a page has been sent."""
    (one,) = components(at)
    return bytes(one.proto.bytes)


@pytest.fixture(scope="module")
def one_sample() -> AppTest:
    """A digit whose targets sum to more than one, of which the page takes note."""
    return opened("", {"target": "soft", "targets": " ".join(["0.5"] * 10)})


def test_the_header_of_one_sample(one_sample: AppTest) -> None:
    header = decode(component(one_sample)).header
    fits(header, LIVE, "Header")
    fits(header["title"], LIVE, "Title")
    fits(header["image"], LIVE, "Image")
    for name, interface in (("rows", "RowMessage"), ("parameters", "Parameter"), ("notes", "Note"), ("sweeps", "SweepMessage")):
        assert header[name], name
        for one in header[name]:
            fits(one, LIVE, interface)
    actions = [note["action"]["event"] for note in header["notes"] if note["action"]]
    assert actions
    for event in actions:
        fits(event, LIVE, "LiveEvent")


@pytest.mark.parametrize("page", ["curves", "surfaces"])
def test_the_message_of_figures(page: str) -> None:
    message = json.loads(component(opened(page)))
    fits(message, PLAYER, "Message")
    fits(message["scrubber"], PLAYER, "Scrubber")
    assert message["handles"]
    for handle in message["handles"]:
        fits(handle, PLAYER, "HandleMessage")
        fits(handle["send"], PLAYER, "Send")
    for picture in message["pictures"]:
        fits(picture, PLAYER, "PictureMessage")
        fits(picture["figure"], PLAYER, "Figure")


def test_the_address(one_sample: AppTest) -> None:
    markup = next(html.proto.body for html in one_sample.get("html") if "pageHistory().write(" in html.proto.body)
    fits(json.loads(unescape(markup.partition('data-message="')[2].partition('"')[0])), HISTORY, "Address")


def test_a_bounded_loss_beside_an_infinite_one() -> None:
    """A wrong label that is given no probability at all costs 1/q, and cross-entropy ∞; the browser says so by these."""
    words = {"sample": "own numbers", "loss": "generalized-cross-entropy", "logits": "inf 0 -2", "targets": "0 1 0"}
    message = decode(component(opened("", words)))
    assert (message.now("ce_loss"), message.now("loss_factor"), message.now("resting")) == (math.inf, 0, 0)
