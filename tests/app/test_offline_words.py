"""The words of a page in the file of a lecture: as Streamlit shows them, and nothing that runs."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lossviz.ui.components.markdown import literal
from lossviz.ui.lecture.offline import markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("### Head", "<h3>Head</h3>"),
        ("- a\n- **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>"),
        ("a  \nb", "<p>a<br>b</p>"),
        (":orange[**Not** quite]", '<p><span class="orange"><strong>Not</strong> quite</span></p>'),
        (":material/check: done", "<p>done</p>"),
        ("`a*b*c` snake_case *em*", "<p><code>a*b*c</code> snake_case <em>em</em></p>"),
        (
            "$(1 - p)^{\\gamma}$",
            '<p><math><mo stretchy="false">(</mo><mn>1</mn><mo>−</mo><mi>p</mi>'
            '<msup><mo stretchy="false">)</mo><mi>γ</mi></msup></math></p>',
        ),
        (r"$\unknown{<b>}$", r"<p><code>\unknown{&lt;b&gt;}</code></p>"),
        ("[text](https://example.org/a)", '<p><a href="https://example.org/a" rel="noopener noreferrer">text</a></p>'),
    ],
)
def test_markdown_of_pages(text: str, html: str) -> None:
    assert markdown.html(text) == html


def test_a_table() -> None:
    html = markdown.html("| x | y |\n|---|---|\n| 1 | a\\|b |")
    assert "<th>x</th><th>y</th>" in html
    assert "<td>1</td><td>a|b</td>" in html


RUNS = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "`<b>`", '"onload="x', "$<b>$"]


@pytest.mark.parametrize("text", RUNS)
def test_nothing_in_it_runs(text: str) -> None:
    for html in (markdown.html(text), markdown.html(str(literal(text)))):
        assert not re.search("<(?!/?(p|code|span|math|mi|mo)[ >])", html)


@pytest.mark.parametrize(
    "text", ["**a** _b_ `c` $d$ :e[f] [g](http://h) | i", "1. a", "# a", "- a", "\\*", "a:material/check:"]
)
def test_words_of_strangers_are_shown_letter_by_letter(text: str) -> None:
    html = markdown.html(str(literal(text)))
    assert unescape(re.sub(r"<[^>]*>", "", html)).replace("\u2060", "") == text
