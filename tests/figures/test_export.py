"""One HTML file: whole, and safe from the words in it."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from lossviz.figures import export
from lossviz.languages import Language

EVIL = "</script><script>alert(1)</script><!--<script>"


class Reader(HTMLParser):
    """The elements of a page, and what stands in its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts[-1] += data


def model(words: str = "focal") -> dict[str, Any]:
    figure = {"data": [{"type": "scatter", "name": words, "y": [1, 2]}], "layout": {}}
    handle = {"picture": 0, "marker": 0, "follow": 0, "send": {"action": "place"}}
    return {"revision": 1, "pictures": [{"figure": figure, "alt": words}], "scrubber": None, "handles": [handle]}


def test_the_page_has_three_scripts_and_fetches_nothing() -> None:
    page = Reader(export.html(model(), "Title", "Caption", ""))
    assert len(page.scripts) == 3
    assert not [attributes for _, attributes in page.elements if {"src", "href"} & attributes.keys()]
    policy = next(attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_words_end_no_script_and_arrive_whole() -> None:
    text = export.html(model(EVIL), EVIL, EVIL, EVIL)
    page = Reader(text)
    assert len(page.scripts) == 3
    (sent,) = json.loads(page.scripts[0])
    assert sent["pictures"][0]["figure"]["data"][0]["name"] == EVIL
    assert sent["pictures"][0]["alt"] == EVIL
    assert "<script>alert" not in text


def test_bytes_of_the_component_give_the_same_page() -> None:
    assert export.html(json.dumps(model()).encode(), "t", "c", "") == export.html(model(), "t", "c", "")


def test_handles_stay_behind() -> None:
    sent = model()
    assert json.loads(Reader(export.html(sent, "t", "c", "")).scripts[0])[0]["handles"] == []
    assert sent["handles"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "/?gamma=2", " https://example.org"])
def test_only_web_addresses_are_links(link: str) -> None:
    page = export.html(model(), "t", "c", link)
    assert not [tag for tag, _ in Reader(page).elements if tag == "a"]
    assert f'<p class="link">{link}</p>' in page


def test_a_web_address_is_a_link() -> None:
    page = Reader(export.html(model(), "t", "c", 'https://example.org/?a=1&b="<'))
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == ['https://example.org/?a=1&b="<']


@pytest.mark.parametrize(("link", "warned"), [("http://localhost:8501/curves?y=loss", True), ("https://example.org/", False)])
def test_a_link_to_ones_own_computer_says_so(link: str, warned: bool) -> None:
    assert ("where this file was made" in export.html(model(), "t", "c", link)) == warned


def test_braces_in_words_are_words() -> None:
    assert "<h1>{title} {0}</h1>" in export.html(model("{data}"), "{title} {0}", "{css}", "")


def test_a_page_is_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    english = export.html(model(), "t", "c", "http://localhost/")
    assert '<html lang="en">' in english
    assert 'aria-label="Figures"' in english
    assert " (where this file was made: lossviz ran on that computer itself)</p>" in english
    monkeypatch.setattr(export, "language", lambda word: Language("Esperanto", word, {}))
    monkeypatch.setattr(export, "lookup", {"eo": lambda text: f"<{text}>"}.__getitem__)
    page = export.html(model(), "t", "c", "http://localhost/", "eo")
    assert '<html lang="eo">' in page
    assert 'aria-label="&lt;Figures&gt;"' in page
    assert "&lt;(where this file was made: lossviz ran on that computer itself)&gt;</p>" in page
    assert 'say("\\u003cReset view>")' in Reader(page).scripts[2]
