"""What the page shows of a question is what a report prints of it: titles, sentences, figures and tables."""

from __future__ import annotations

import html
import json
import re
from typing import Any, NamedTuple

import numpy as np
import pytest

from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.data.predictions import Batch
from lossviz.report.html import cell
from lossviz.ui import elements as st
from lossviz.ui.components.markdown import BREAKER

from .. import specs
from ..analysis.batch import made
from ..app.components import components
from ..app.pages import Downloads, opened
from ..app.test_batch_page import holding

HOSTILE = tuple(f"<img src=x{c}> **{c}** $x$ {{{{7*7}}}}" for c in range(4))


def upload(classes: int, several: bool) -> Batch:
    """A file with ids, groups, suspects and names that are markup elsewhere."""
    rng = specs.seeded("page and report", classes, several)
    z = rng.normal(0, 2, (200, classes))
    t = (rng.random((200, classes)) < 0.3).astype(np.float64) if several else rng.integers(classes, size=200)
    batch = made.marked(z, t, rng)
    return Batch(
        batch.survey._replace(name="</h2>.csv", class_names=HOSTILE[:classes], groups=("<b>a</b>", "b", "c")), batch.rows
    )


CASES: dict[str, Any] = {
    "digits": {"noise": "uniform", "noise_rate": "0.3"},
    "detector": {"batch": "detector", "negatives": "1000", "pins": "focal sigmoid gamma 3"},
    "several": upload(4, True),
    "two": upload(2, False),
}

ANSWERS: dict[str, tuple[dict[str, str], ...]] = {
    "shares": ({"by": "loss"}, {"by": "gradient"}),
    "parts": ({"split": "side"}, {"split": "class"}, {"split": "group"}),
    "advisor": ({"advice": "ratio"}, {"advice": "hardest_1"}),
}
"""The settings of the page whose answers are in a report, where that is not the first on offer alone."""

PAGE_ONLY = ("Click a column heading", "Choose a class, label, prediction or group", "Samples")
"""What only a hand on a page can do."""


class Printed(NamedTuple):
    """What stands below one title of a report."""

    title: str
    sentences: list[str]
    tables: list[list[list[str]]]
    figures: int


def printed(page: str) -> list[Printed]:
    """A report, title by title."""
    body = page.split("<main>")[1].split("</main>")[0]
    parts = (_below(part) for part in re.split("<h2[^>]*>", body)[1:])
    return [part for part in parts if part.title not in ("Findings", "Contents")]


def _below(part: str) -> Printed:
    title, rest = part.split("</h2>", 1)
    tables = [
        [[_text(x) for x in re.findall(r"<t[hd]>(.*?)</t[hd]>", row)] for row in re.findall(r"<tr>(.*?)</tr>", table)]
        for table in re.findall(r"<table>(.*?)</table>", rest, re.S)
    ]
    sentences = [_text(x) for x in re.findall(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", rest, re.S)]
    return Printed(_text(title), sentences, tables, rest.count("lossviz-stage"))


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).strip()


def _words(markdown: str) -> str:
    """Markdown as it is read, without its marks: the page escapes every other."""
    bold = re.sub(r"(?<!\\)\*\*", "", markdown)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", bold).replace(BREAKER, "").strip()


def models_of(page: str) -> list[dict[str, Any]]:
    """The figures that are in the file."""
    (data,) = re.findall(r'<script type="application/json" id="lossviz-data">(.*?)</script>', page, re.S)
    models: list[dict[str, Any]] = json.loads(data)
    return models


class OnPage(NamedTuple):
    """What a page shows of a question."""

    titles: list[str]
    sentences: list[str]
    tables: list[Any]
    models: list[dict[str, Any]]


def open_case(name: str, words: dict[str, str]) -> Any:
    case = CASES[name]
    return opened("batch", case | words) if isinstance(case, dict) else holding(case, words)


def page_answer(name: str, question: str, words: dict[str, str]) -> OnPage:
    at = open_case(name, {"ask": question} | words)
    values = [element.value for element in at.main if element.type in ("markdown", "caption", "info")]
    help_texts = [n for n, value in enumerate(values) if re.match(r"\*\*[^*]+\.\*\* ", value)]
    end = next(n for n, value in enumerate(values) if "· mean loss **" in value)
    card_texts = {element.value for column in at.columns[1:] for element in (*column.markdown, *column.caption, *column.info)}
    answer = [value for value in values[help_texts[-1] + 1 : end] if value not in card_texts]
    below = [line for value in answer for line in _lines(value)]
    titles = [QUESTIONS[question], *(_words(line.lstrip("# ")) for line in below if line.startswith("###"))]
    sentences = [_words(line) for line in below if not line.startswith("###")]
    models = [json.loads(x.proto.bytes) for x in components(at)]
    tables = [frame.value for frame in at.dataframe[:-1]]  # the last is that of what was detected
    return OnPage(titles, sentences, tables, models)


def _lines(value: str) -> list[str]:
    return [x.removeprefix("- ") for x in value.split("\n")] if value.startswith("- ") else [value]


def settings_of(name: str, question: str) -> list[dict[str, str]]:
    """The settings of the page whose answers are in the report."""
    offered = {"digits": ("class",), "detector": ("side",), "several": ("side", "class", "group"), "two": ("class", "group")}
    if question == "difficulty":
        return [{"split": offered[name][0]}]
    answers = [words for words in ANSWERS.get(question, ({},)) if words.get("split", offered[name][0]) in offered[name]]
    return [{} if len(offered[name]) == 1 and "split" in words else words for words in answers]


@pytest.fixture(scope="module")
def reports() -> dict[str, str]:
    """The report of each case, as its page makes it."""
    with pytest.MonkeyPatch.context() as patch:
        files = Downloads()
        patch.setattr(st, "download_button", files)
        pages = {}
        for name in CASES:
            open_case(name, {})
            pages[name] = files.text("lossviz-report.html")
    return pages


@pytest.mark.parametrize("name", ["digits", "detector", "several"])
def test_page_and_report_say_the_same_of_every_question(name: str, reports: dict[str, str]) -> None:
    below = {part.title: part for part in printed(reports[name])}
    assert list(below)[-1] == "Import details"
    models, seen = iter(models_of(reports[name])), 0
    order = ("shares", "samples", "difficulty", "parts", "classes", "advisor", "suspects", "calibration", "reductions")
    assert set(order) == set(QUESTIONS)
    titles = []
    for question in order:
        answers = [page_answer(name, question, words) for words in settings_of(name, question)]
        own = list(dict.fromkeys(title for answer in answers for title in answer.titles if title != "Samples"))
        titles += own
        on_page = {x for answer in answers for x in answer.sentences if x and not any(y in x for y in PAGE_ONLY)}
        in_print = {x for title in own for x in below[title].sentences}
        cut = {x for x in on_page | in_print if x.startswith("Showing the ")}
        if question == "classes":  # its first sentence has a hint on the page
            assert any("All " in x for x in in_print)
            in_print = {x for x in in_print if not x.startswith("All ")}
        assert on_page - cut == in_print - cut, question
        tables = [table for title in own for table in below[title].tables]
        drawn = [frame for answer in answers for frame in answer.tables if "ce_loss" not in frame and "p_t" not in frame]
        if question not in ("samples", "shares"):  # there the report has tables of what a pointer reads on the page
            assert len(tables) == len(drawn), question
            for frame, table in zip(drawn, tables, strict=True):
                same_table(frame, table)
        # Under one title come its answers one after the other.
        for answer in by_title(answers):
            assert unmarked(next(models)["pictures"]) == unmarked(answer["pictures"]), question
            seen += 1
    assert [*titles, "Import details"] == list(below)
    assert next(models, None) is None and seen == sum(part.figures for part in below.values()) >= 8


def unmarked(pictures: Any) -> Any:
    """Pictures without the band behind a bar: a page marks the one that its card is about."""
    if isinstance(pictures, list):
        return [unmarked(x) for x in pictures]
    return {k: unmarked(x) for k, x in pictures.items() if k != "shapes"} if isinstance(pictures, dict) else pictures


def by_title(answers: list[OnPage]) -> list[dict[str, Any]]:
    """The figures in the report's order: the first of every answer, then what each has below other titles, once."""
    rest = {json.dumps(model["pictures"]): model for answer in answers for model in answer.models[1:]}
    return [answer.models[0] for answer in answers if answer.models] + list(rest.values())


DIGITS = ("%.4g", "%.3g", "%.4f")


def same_table(frame: Any, table: list[list[str]]) -> None:
    """The rows that both have, cell by cell."""
    for row, printed_row in zip(frame.itertuples(index=False), table[1:], strict=False):
        values = [x.item() if isinstance(x, np.generic) else x for x in row]
        for value, text in zip(values, printed_row, strict=True):
            assert text in {str(value), *(cell(value, digits).removeprefix("'") for digits in DIGITS)}
    assert len(table) > 1


def test_no_name_in_a_file_is_markup_in_a_report(reports: dict[str, str]) -> None:
    for name in ("several", "two"):
        body = re.sub(r"<(script|style).*?</\1>", "", reports[name], flags=re.S)
        assert "<img" not in body and "<b>a" not in body and body.count("</h2>") == body.count("<h2")
        assert html.escape(HOSTILE[0]) in body and "{{7*7}}" in body
        for model in models_of(reports[name]):
            assert "<img" not in json.dumps([picture["figure"] for picture in model["pictures"]])
