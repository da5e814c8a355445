"""The upload dialog: what a file leaves open is asked in words with a click for each answer, and nobody's text is live."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.data.predictions import Batch


def page(content: str, name: str) -> None:
    """What the dialog shows of a file."""
    import io

    import streamlit as st

    from lossviz.ui.controls import upload

    file = io.BytesIO(content.encode())
    file.name, file.file_id = name, "1"  # type: ignore[attr-defined]
    batch = upload.understood(file)
    st.session_state["batch_in_test"] = batch
    if batch is not None:
        upload.details(batch.survey)


def dialog(content: str, name: str = "a.csv") -> AppTest:
    return AppTest.from_function(page, args=(content, name), default_timeout=30).run()


def batch_of(at: AppTest) -> Batch | None:
    assert not at.exception
    batch: Batch | None = at.session_state["batch_in_test"]
    return batch


def click(at: AppTest, label: str) -> AppTest:
    (button,) = [b for b in at.button if b.label.replace("\\", "") == label]
    return button.click().run()


H = "logit_0,logit_1,logit_2,label\n"


@pytest.mark.parametrize(
    ("content", "label", "targets", "ignored"),
    [
        (H + "1,2,3,1\n3,1,0,2\n0,1,2,3\n", "Labels start at 1.", [0, 1, 2], 0),
        (H + "1,2,3,0\n3,1,0,-1\n0,1,2,2\n", "Rows with label -1 have no label: ignore them.", [0, 2], 1),
        (H + "1,2,3,0\n3,1,0,255\n0,1,2,2\n", "Rows with label 255 have no label: ignore them.", [0, 2], 1),
        (H + "1,2,3,0\n3,1,0,3\n0,1,2,2\n", "Label 3 is background: no class is true.", [[1, 0, 0], [0, 0, 0], [0, 0, 1]], 0),
    ],
)
def test_a_click_says_what_labels_mean(content: str, label: str, targets: list[Any], ignored: int) -> None:
    at = dialog(content)
    assert batch_of(at) is None
    batch = batch_of(click(at, label))
    assert batch is not None
    assert batch.rows.targets.tolist() == targets
    assert batch.survey.rows - batch.survey.samples == ignored


def test_scores_that_look_like_probabilities_are_asked_about() -> None:
    content = "scores_0,scores_1,label\n0.9,0.1,0\n0.2,0.8,1\n0.25,0.75,0\n"
    at = dialog(content)
    assert batch_of(at) is None and "may hold logits or probabilities" in at.error[0].value.replace("\\", "")
    for kind in ("probabilities", "logits"):
        batch = batch_of(click(dialog(content), f"These are {kind}."))
        assert batch is not None and batch.survey.output_type == kind


def test_one_probability_that_is_never_below_a_half_is_asked_about() -> None:
    rows = "".join(f"0.{50 + 3 * n},{n % 2}\n" for n in range(12))
    at = dialog("prob,label\n" + rows)
    assert batch_of(at) is None
    batch = batch_of(click(at, "It is the probability of class 1."))
    assert batch is not None and batch.survey.samples == 12


def test_the_order_of_names_is_asked_for() -> None:
    at = dialog(H + "1,2,3,dog\n3,1,0,cat\n0,1,2,ant\n")
    assert batch_of(at) is None
    (order,) = [m for m in at.multiselect if m.label == "Classes in order"]
    assert order.options == ["dog", "cat", "ant"], "as they turned up: an order by the alphabet would look like an answer"
    order.set_value(["cat", "dog", "ant"]).run()
    batch = batch_of(click(at, "Use this order"))
    assert batch is not None
    assert batch.survey.class_names == ("cat", "dog", "ant") and batch.rows.targets.tolist() == [1, 0, 2]
    assert at.text_area[0].value == "cat\ndog\nant", "what was clicked stands in the controls"


def test_rows_are_divided_by_their_sums_at_a_click() -> None:
    content = "prob_0,prob_1,label\n" + "0.9,0.1,0\n0.2,0.8,1\n0.25,0.75,0\n" * 3 + "0.9,0.2,0\n"
    at = dialog(content)
    assert batch_of(at) is None and "all sums: 1 to 1.1" in at.error[0].value.replace("\\", "")
    batch = batch_of(click(at, "Divide each row by its sum."))
    assert batch is not None and batch.survey.samples == 10
    assert [box.value for box in at.checkbox] == [True], "what was clicked stands in the controls"


def test_one_is_no_plural() -> None:
    from lossviz.data.predictions import Survey
    from lossviz.ui.controls.upload import in_words

    one = Survey(
        "a", 1, 3, "multi-class", False, ("softmax",), "logits", "", (1.0, 0.0, 0.0), ("a",), suspects=1, ignored=(("", 1),)
    )
    assert in_words(one).split(" · ") == [
        "**1** sample × **3 classes**", "multi-class", "hard labels", "logits", "1 row ignored", "1 suspect", "1 group"
    ]  # fmt: skip
    assert in_words(one._replace(samples=12_345)).startswith("**12,345** samples")


def classes_of_a_vocabulary() -> None:
    from lossviz.data.predictions import Survey
    from lossviz.ui.controls.upload import details

    counts = tuple(float(k) for k in range(256_000))
    details(Survey("a", 1, len(counts), "multi-class", False, ("softmax",), "logits", "", counts))


def test_the_table_of_classes_is_bounded() -> None:
    at = AppTest.from_function(classes_of_a_vocabulary, default_timeout=30).run()
    table = at.dataframe[0].value
    assert len(table) == 1000 and table["class"][0] == "class 255999" and table["samples"][0] == 255_999
    assert at.caption[0].value == "Showing the 1,000 classes with the most samples, of 256,000 classes."


EVIL = "![x](http://e.example/a.png)"


@pytest.mark.parametrize(
    "content",
    [
        f"{EVIL},label\n1,0\n2,1\n",
        f"logit,label,{EVIL}\n1,0,a\n2,7,b\n",
        f"prob_{EVIL},prob_b,label\n0.5,0.5,1\n0.25,0.75,0\n",
        f"prob_a,prob_b,label\n0.5,0.5,{EVIL}\n0.25,0.75,a\n",
        f"logit,label,group\n1,0,{EVIL}\n2,1,b\n",
        f"{EVIL},{EVIL},label\n1,2,0\n",
        "<img src=http://e.example/a.png>,[a](http://e.example),label\n1,2,0\n1,2,<img src=http://e.example/a.png>\n",
    ],
)
def test_nothing_of_a_file_is_live(content: str) -> None:
    at = dialog(content, f"<img src=http://e.example/a.png>{EVIL}.npz")
    assert not at.exception
    texts = [element.value for kind in (at.markdown, at.warning, at.error, at.caption, at.success, at.info) for element in kind]
    for text in (*texts, *(button.label for button in at.button)):
        assert not re.search(r"(?<!\\)(!\[|\]\(|<|https?:)", text), text


def test_text_is_shown_as_it_is_and_never_acts() -> None:
    from lossviz.ui.components.markdown import BREAKER, literal

    assert literal("a_b*c") == r"a\_b\*c"
    assert literal("x\u202egnp\x07\n# y") == "x\ufffdgnp\ufffd \\# y"
    assert "http" + BREAKER in literal("http://e.example") and "www" + BREAKER in literal("www.e.example")
    assert len(literal("a" * 10_000)) < 3000 and literal("a" * 10_000).endswith("…")
    assert literal(":material/home: $x$ :red[y]").count("\\") >= 7


def test_files_that_leave_nothing_open_need_no_click() -> None:
    at = dialog("label,bird,cat,dog\nbird,0.9,0.06,0.04\ndog,0.1,0.2,0.7\n")
    batch = batch_of(at)
    assert batch is not None and batch.survey.class_names == ("bird", "cat", "dog")
    assert list(at.dataframe[-1].value["class"]) == ["bird", "cat", "dog"]
    assert not at.button
