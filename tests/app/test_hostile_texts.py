"""Texts of a user's file reach every face as what they are: none becomes markup, a formula, a script or a template.

The file's name, its columns, classes, ids and groups are hostile; every page, figure, table, download and message is searched.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lossviz.__main__ import main
from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.data.characters import visible
from lossviz.data.files.columns import ColumnMapping
from lossviz.data.files.loader import read
from lossviz.data.predictions import Batch
from lossviz.data.spreadsheet import FORMULA, NUMBER
from lossviz.ui import elements as st

from .components import components
from .pages import Downloads, sent
from .test_batch_page import holding
from .test_upload import dialog

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "$\\frac{1}{2}$",
    ":material/home: :red[x]",
    '=HYPERLINK("http://e.example","x")',
    "</script><script>alert(1)</script>",
    "\u202egnp.exe\u202c",
    "{{7*7}} {7*7} %s",
    "%{x} <extra>y</extra>",
    "![x](http://e.example/a.png)",
    "\x1b[31m\x1b]0;x\x07",
    "@SUM(1) www.e.example a@e.example `x` **b**",
)
"""Twelve classes that are called so, as are ids, groups, columns and the file."""

LIVE_MARKDOWN = re.compile(
    r"(?<!\\)(!\[|\]\(|<[a-z/!]|\$\\|:material/home|:red\[|`x`|\*\*b\*\*)|https?:|www\.|[\u202a-\u202e\u2066-\u2069\x1b]"
)
"""What Streamlit's Markdown would make something of, or that turns the direction of writing."""

INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

PLOTLY_TAGS = re.compile(r"</?(?:b|i|br|sub|sup|extra)>")
NAME = f"{HOSTILE[0]}{HOSTILE[9]}.npz"


@pytest.fixture(scope="module")
def batch() -> Batch:
    """An NPZ file as the dialog reads it: 60 samples of twelve classes, ids and groups."""
    rng = np.random.default_rng(5)
    labels = np.repeat(np.arange(12), 5)
    logits = rng.normal(size=(60, 12)) + 2 * np.eye(12)[rng.permutation(labels)]
    texts = np.array(HOSTILE)[np.arange(60) % 12]
    file = io.BytesIO()
    np.savez(file, logits=logits, label=labels, id=texts, group=texts[::-1])
    mapping = ColumnMapping(("logits",), ("label",), "id", "group", classes=HOSTILE)
    file.seek(0)
    return read(file, NAME, mapping)


def elements(at: AppTest) -> Iterator[Any]:
    """Everything on the page."""
    blocks = [at._tree]
    while blocks:
        for child in blocks.pop().children.values():
            if hasattr(child, "children"):
                blocks.append(child)
            else:
                yield child


MARKDOWN = {"markdown", "caption", "warning", "error", "info", "success", "title", "header", "subheader"}


def markdown_of(at: AppTest) -> Iterator[str]:
    """Every text that Streamlit reads as Markdown: those of its own, and labels and help of widgets."""
    for element in elements(at):
        if element.type in MARKDOWN:
            yield str(element.value)
        for name in ("label", "help"):
            yield str(getattr(element, name, "") or "")
    for block in [at._tree]:
        yield str(getattr(block, "label", "") or "")


def inert_markdown(at: AppTest) -> None:
    for text in markdown_of(at):
        assert not LIVE_MARKDOWN.search(text), text


def inert_tables(at: AppTest) -> None:
    """Streamlit offers what a table draws as CSV."""
    for table in at.dataframe:
        for text in (*table.value.columns, *(cell for column in table.value.columns for cell in table.value[column])):
            assert text not in HOSTILE or inert(text), text


def inert(cell: str) -> bool:
    return not FORMULA.match(cell) or bool(NUMBER.fullmatch(cell))


def strings(value: Any) -> Iterator[str]:
    """Every text in a figure, with the names of its properties."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def inert_figures(pictures: list[dict[str, Any]]) -> None:
    for picture in pictures:
        for text in strings(picture["figure"]):
            assert "<" not in PLOTLY_TAGS.sub("", text) and not INVISIBLE.search(text), text
        for trace in picture["figure"]["data"]:
            assert "%{x} &lt;" not in json.dumps(trace.get("hovertemplate", "")), "a template is ours alone"
        assert not re.search("&lt;|&amp;", picture["alt"]), "what is read aloud is no markup"


class Page(HTMLParser):
    """The tags, attributes and texts of an HTML file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.open = tag

    def handle_endtag(self, _: str) -> None:
        self.open = ""

    def handle_data(self, data: str) -> None:
        self.raw.get(self.open, self.texts).append(data)


def inert_page(text: str) -> Page:
    """Three scripts, ours; no picture, no handler, no link but those within the page and that back to the app."""
    page = Page(text)
    assert page.tags.count("script") == 3 and not {"img", "iframe", "object", "svg", "form", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(str(value).startswith(("http://localhost", "#")) for name, value in page.attributes if name in ("href", "src"))
    assert not [text for text in page.texts if INVISIBLE.search(text) or re.search("&lt;|&amp;", text)]
    pictures = [picture for model in json.loads(page.raw["script"][0]) for picture in model["pictures"]]
    inert_figures(pictures)
    return page


def cells(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text, newline="")):
        yield from row


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    files = Downloads()
    monkeypatch.setattr(st, "download_button", files)
    return files


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_text_of_a_file_acts_on_a_page_or_in_a_download(question: str, batch: Batch, downloads: Downloads) -> None:
    choice = {"of_class": HOSTILE[0], "of_group": HOSTILE[4]} if question == "classes" else {}
    at = holding(batch, {"ask": question, "row": "3", "split": "group", **choice})
    inert_markdown(at)
    inert_tables(at)
    if components(at):
        inert_figures(sent(at)["pictures"])
    assert downloads.files
    for name in downloads.files:
        assert re.fullmatch(r"lossviz-[a-z0-9-]+\.(csv|html|parquet)", name)
        if name.endswith(".csv"):
            content = downloads.files[name]()
            assert all(map(inert, cells(content.decode() if isinstance(content, bytes) else content))), name
        elif name.endswith(".html") and name != "lossviz-report.html":
            inert_page(downloads.text(name))


def test_no_text_of_a_file_acts_in_the_report(batch: Batch, downloads: Downloads) -> None:
    holding(batch, {"ask": "shares"})
    page = inert_page(downloads.text("lossviz-report.html"))
    text = " ".join(page.texts)
    assert all(visible(hostile) in text for hostile in HOSTILE), "each is there, letter by letter"


def file_with(columns: dict[str, list[str]]) -> str:
    """A CSV file of five rows; columns as they are, or in the place of others."""
    columns = {
        "logit_0": ["1", "2", "0", "3", "-1"],
        "logit_1": ["0.5", "0", "1", "-2", "2"],
        "label": ["0", "1", "1", "0", "1"],
        **columns,
    }
    text = io.StringIO(newline="")
    csv.writer(text).writerows([columns, *zip(*columns.values(), strict=True)])
    return text.getvalue()


def repeated(texts: tuple[str, ...]) -> Iterator[list[str]]:
    """All texts, five at a time."""
    for start in range(0, len(texts), 5):
        yield [*texts[start : start + 5], *["b"] * (start + 5 - len(texts))]


FILES = {
    "columns": file_with({name: ["1", "2", "3", "4", "5"] for name in HOSTILE}),
    **{f"ids and groups {n}": file_with({"id": texts, "group": texts}) for n, texts in enumerate(repeated(HOSTILE))},
    **{f"label {text}": file_with({"label": [text, "0", "1", "0", "1"]}) for text in HOSTILE},
    "logits": file_with({"logit_1": ["1", *HOSTILE[:4]]}),
    "classes": file_with({"label": ["a", *HOSTILE[:4]]}),
}
"""What is hostile in a file → the file."""


@pytest.mark.parametrize("content", FILES.values(), ids=[name.encode("unicode-escape").decode() for name in FILES])
def test_no_text_of_a_file_acts_in_the_dialog(content: str) -> None:
    at = dialog(content, NAME)
    assert not at.exception
    inert_markdown(at)
    inert_tables(at)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_file_acts_in_the_dialog(name: str) -> None:
    inert_markdown(dialog(FILES["columns"], f"{name}.npz"))


def test_no_text_of_a_file_acts_in_a_terminal_or_in_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A control character could colour, move or rename the terminal, or hide what is printed."""
    report = tmp_path / "report.html"
    for content in FILES.values():
        path = tmp_path / HOSTILE[0].replace("/", "")
        path.write_text(content, encoding="utf-8", newline="")
        code = main(["report", str(path), "-o", str(report)])
        printed = capsys.readouterr()
        assert not INVISIBLE.search(printed.out + printed.err), printed
        assert (code == 0) == report.exists()
        if code == 0:
            inert_page(report.read_text(encoding="utf-8"))
            report.unlink()


def test_names_are_shown_as_they_are(batch: Batch) -> None:
    """What is escaped is still read: a face that shows nothing would pass all the tests above."""
    at = holding(batch, {"ask": "parts", "split": "class", "row": "3"})
    shown = " ".join(markdown_of(at)).replace("\\", "")
    assert HOSTILE[0] in shown and HOSTILE[9].replace("http", "http\u2060") in shown
    (picture,) = sent(at)["pictures"]
    ticks = [unescape(text).strip() for text in picture["figure"]["layout"]["yaxis"]["ticktext"]]
    assert HOSTILE[2] in ticks and any(text.startswith(HOSTILE[0][:20]) for text in ticks)
