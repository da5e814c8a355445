"""A report in another language: no text of it escapes."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from lossviz import loss
from lossviz.data.detector import detector
from lossviz.data.digits import batch as digits
from lossviz.data.predictions import Batch
from lossviz.languages import LANGUAGES
from lossviz.report import compute, report
from lossviz.state.batch import named, query_of_lines

from ..pseudo import leak, pseudo

__all__ = ["pseudo"]


class Reader(HTMLParser):
    """The texts of a page and of what it says of its elements, but for programs and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.texts += [value for name, value in attrs if name in ("title", "aria-label", "alt") and value]

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.texts.append(data)


def leaks(page: str) -> Iterator[str]:
    text = "\x00".join(Reader(page).texts)  # a message may be broken up by elements
    for piece in text.split("\x00\x00"):
        if rest := leak(piece.replace("\x00", "")):
            yield rest


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("batch", [digits(), detector(20, 60, 2.0, 0.05, 0)], ids=["digits", "detector"])
def test_no_text_of_a_report_escapes(batch: Batch) -> None:
    first, activation = batch.rows.rows(slice(0, 50)), "sigmoid" if batch.survey.task == "binary" else "softmax"
    specs = [loss("focal", activation, gamma=gamma) for gamma in (2.0, 0.0)]
    lines = tuple(named(spec, first, slot) for slot, spec in enumerate(specs))
    page = report(compute(batch, query_of_lines(batch.survey, lines)), "http://localhost/batch", LANGUAGES[1])
    assert '<html lang="zh-CN">' in page
    assert not list(dict.fromkeys(leaks(page)))
