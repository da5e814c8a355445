"""Pages in another language: a made-up one puts ⟦ ⟧ around all that is looked up, so that what escapes stands outside."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from streamlit.testing.v1 import AppTest

from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.analysis.curves import QUANTITIES
from lossviz.analysis.optimum import QUANTITIES as OPTIMUM_QUANTITIES
from lossviz.analysis.training.views import VIEWS
from lossviz.fields import Choice, Number
from lossviz.languages import LANGUAGES
from lossviz.lectures import shipped
from lossviz.state.fields import FIELDS
from lossviz.ui.components.markdown import literal

from ..pseudo import leak, pseudo
from .components import components
from .pages import opened, values_of
from .test_hostile_texts import elements
from .test_links_of_acts import SLOW, link_of

__all__ = ["pseudo"]

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
    ("lecture", {}),
    *looks("training", "look", VIEWS, **SMALL),
]


OF_LECTURES = [
    literal(text)
    for name in shipped.NAMES
    for lecture in [shipped.lecture(name, LANGUAGES[1])]
    for text in (lecture.title, lecture.remark, *(scene.title for scene in lecture.scenes))
]
"""What the files of the shipped lectures say in their own language, English words among it."""

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
    known = re.compile(rf"\b({'|'.join(words)})\b|{'|'.join(map(re.escape, OF_LECTURES))}")
    leaks = dict.fromkeys(rest for text in every if (rest := leak(known.sub("", text))))
    assert not leaks, "\n".join(leaks)


def numbers(value: Any) -> Iterator[Any]:
    """All in a component's data that is no text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("revision", "acts", "backend", "bdata"):
                yield from numbers(inner)
        yield value.get("bdata")
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif not isinstance(value, str):
        yield value


def data_of(at: AppTest) -> list[Any]:
    heads = (component.proto.bytes for component in components(at))
    return [
        list(numbers(json.loads(data if data[:1] == b"{" else data[4 : 4 + int.from_bytes(data[:4], "little")])))
        for data in heads
    ]


def drawn_words(dice: random.Random) -> dict[str, str]:
    """Some words of a link, with any of their values."""
    names = dice.sample([name for name in FIELDS if name not in SLOW | {"lang"}], 5)
    words = {}
    for name in names:
        field = FIELDS[name]
        if isinstance(field, Choice | Number):
            words[name] = str(dice.choice(field.samples()))
    return words


CHEAP = ("", "curves", "surfaces", "names", "mistakes", "batch")


@pytest.mark.parametrize("seed", range(8))
def test_links_have_the_same_settings_and_numbers_in_both(seed: int) -> None:
    dice = random.Random(f"links {seed}")
    for _ in range(10):
        page, words = dice.choice(CHEAP), drawn_words(dice)
        english, chinese = (opened(page, words | {"lang": word}) for word in LANGUAGES[:2])
        assert values_of(english) | {"lang": ""} == values_of(chinese) | {"lang": ""}, (page, words)
        assert link_of(english) | {"lang": ""} == link_of(chinese) | {"lang": ""}, (page, words)
        assert data_of(english) == data_of(chinese), (page, words)


def upload_page(content: str, word: str) -> None:
    """What the upload dialog shows of a file, to a person who reads that language."""
    import io

    from lossviz.ui.controls import upload
    from lossviz.ui.language import choose_language

    choose_language(word)
    file = io.BytesIO(content.encode())
    file.name, file.file_id = "a.csv", "1"  # type: ignore[attr-defined]
    batch = upload.understood(file)
    if batch is not None:
        upload.details(batch.survey)


HEAD = "logit_0,logit_1,logit_2,label\n"

FILES = (
    HEAD + "1,2,3,1\n3,1,0,2\n0,1,2,0\n",
    HEAD + "1,2,3,1\n3,1,0,2\n0,1,2,3\n",
    HEAD + "1,2,3,0\n3,1,0,-1\n0,1,2,2\n",
    HEAD + "1,abc,3,1\n3,,0,2\n0,1,2,x\n",
    "prob_0,prob_1,label\n0.2,0.8,1\n0.5,0.6,0\n",
    "a,b\n1,2\n",
    "",
)
"""Files that are read, that leave something open, and that are refused."""

OF_THE_FILE = re.compile(r"\b(logit_\d|prob_\d|label|abc|a\\?\.csv|line)\b")


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("content", FILES, ids=range(len(FILES)))
def test_no_text_of_the_upload_escapes(content: str) -> None:
    at = AppTest.from_function(upload_page, args=(content, LANGUAGES[1]), default_timeout=30).run()
    assert not at.exception
    every = list(texts(at)) + [one.value for one in at.code]
    assert any("⟦" in text for text in every)
    leaks = dict.fromkeys(rest for text in every if (rest := leak(OF_THE_FILE.sub("", text))))
    assert not leaks, "\n".join(leaks)
