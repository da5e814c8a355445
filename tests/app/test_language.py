"""Pages in another language: a made-up one puts ⟦ ⟧ around all that is looked up, so that what escapes stands outside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from streamlit.testing.v1 import AppTest

from lossviz import languages
from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.analysis.curves import QUANTITIES
from lossviz.analysis.optimum import QUANTITIES as OPTIMUM_QUANTITIES
from lossviz.analysis.training.views import VIEWS
from lossviz.languages import LANGUAGES, Language
from lossviz.state.fields import FIELDS

from .components import components
from .pages import opened
from .test_hostile_texts import elements

SMALL = {"examples": "80", "seeds": "5", "epochs": "2", "batch_size": "40"}


def looks(page: str, word: str, values: Any, **more: str) -> list[tuple[str, dict[str, str]]]:
    return [(page, {word: value, **more}) for value in values]


PAGES = [
    ("", {}),
    ("", {"task": "binary", "loss": "focal", "alpha": "0.25"}),
    ("", {"task": "multi-label", "label_smoothing": "0.1", "targets": "1 0.5 0", "logits": "1 2 3", "sample": "own numbers"}),
    ("", {"loss": "generalized-cross-entropy", "pins": "paper"}),
    ("", {"gamma": "x", "nothing": "1"}),
    *looks("curves", "y", (*QUANTITIES, *OPTIMUM_QUANTITIES), pins="paper"),
    *looks("surfaces", "over", FIELDS["over"].options, drawn="both"),
    *looks("surfaces", "beside", FIELDS["beside"].options, height="norm"),
    *looks("names", "about", FIELDS["about"].options),
    *looks("mistakes", "lab", FIELDS["lab"].options),
    *looks("batch", "ask", QUESTIONS),
    *looks("batch", "ask", QUESTIONS, batch="detector", positives="20", negatives="60"),
    ("batch", {"batch": "upload"}),
    *looks("training", "look", VIEWS, **SMALL),
]


class PseudoTexts(Mapping[str, str]):
    """Every text, marked."""

    def __getitem__(self, template: str) -> str:
        return f"⟦{template}⟧"

    def get(self, template: str, _: Any = None) -> Any:
        return self[template]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first language other than English is the made-up one."""
    own = languages.language
    made_up = Language("⟦pseudo⟧", "zh-CN", PseudoTexts())
    monkeypatch.setattr(languages, "language", lambda word: made_up if word == LANGUAGES[1] else own(word))


MARKED = re.compile(r"⟦[^⟦⟧]*⟧")

VERBATIM = re.compile(
    r"`[^`]*`|\$\$[^$]*\$\$|\$[^$]*\$|%\{[^}]*\}|</?[a-z][^>]*>|&\w+;|:material/\w+:|:[a-z-]+\[|https?://\S+"
    r"|\d[\d.,]*(?:e[+-]?\d+)?|\\\\"
    r"|\b(?:lossviz|English|log_softmax|NLL|ECE|softmax|sigmoid|logits?|exp|Focal Loss|log|ln|max|min|nan|NaN|inf|[GS]?CE|FL"
    r"|PyTorch|CSV|HTML|PNG|SVG|NPZ|Parquet|RetinaNet|Aa)\b"
)
"""What is the same in every language."""


def leak(text: str) -> str:
    """The words of a text that nobody has looked up."""
    before = ""
    while before != text:
        before, text = text, MARKED.sub("", text)
    rest = VERBATIM.sub("", text)
    return text if re.search(r"[A-Za-z]{3}", rest) else ""


TEXT_KEYS = {
    "text", "hovertext", "hovertemplate", "ticktext", "name", "label", "alt", "sentences", "help", "title", "also", "why",
    "caption", "note", "notes", "loss_name", "input_name", "plain", "disabled_reason", "placeholder", "body", "options", "tabs",
    "header",
}  # fmt: skip
"""Properties of elements, figures and components that people read."""


def texts_of_proto(proto: Proto) -> Iterator[str]:
    """The texts of an element as the browser is sent it."""
    for field, value in proto.ListFields():
        if field.type == field.TYPE_MESSAGE:
            is_many = not hasattr(value, "ListFields")
            for one in value if is_many else (value,):
                if hasattr(one, "ListFields"):
                    yield from texts_of_proto(one)
        elif field.type == field.TYPE_STRING and field.name in TEXT_KEYS:
            yield from [value] if isinstance(value, str) else value


def texts_of_json(value: Any, key: str = "") -> Iterator[str]:
    """The texts in a component's data: values of properties that people read."""
    if isinstance(value, str):
        if key in TEXT_KEYS:
            yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from texts_of_json(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of_json(inner, key)


def blocks(at: AppTest) -> Iterator[Any]:
    every = [at._tree]
    while every:
        block = every.pop()
        yield block
        every += [child for child in block.children.values() if hasattr(child, "children")]


def texts(at: AppTest) -> Iterator[str]:
    for element in elements(at):
        if element.type in ("html", "code", "bidi_component"):
            continue
        yield from texts_of_proto(element.proto)
    for block in blocks(at):
        if getattr(block, "proto", None) is not None:
            yield from texts_of_proto(block.proto)
    for table in (*at.table, *at.dataframe):
        cells = table.value.reset_index()
        yield from (x for column in cells.columns for x in cells[column] if isinstance(x, str))
        headings = json.loads(table.proto.columns or "{}") if table.type == "dataframe" else {}
        yield from (str(headings.get(column, {}).get("label") or column) for column in cells.columns if column != "index")
    for component in components(at):
        data = component.proto.bytes
        text = data[4 : 4 + int.from_bytes(data[:4], "little")] if data[:1] != b"{" else data
        yield from texts_of_json(json.loads(text))


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(("page", "words"), PAGES, ids=str)
def test_no_text_escapes(page: str, words: dict[str, str]) -> None:
    at = opened(page, words | {"lang": LANGUAGES[1]})
    every = list(texts(at))
    assert sum("⟦" in text for text in every) > 10
    leaks = dict.fromkeys(rest for text in every if (rest := leak(text)))
    assert not leaks, "\n".join(leaks)
