"""Batch: what stands beside the bars, which bar is marked, the sentence above the picture, and RetinaNet's figure 4."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.analysis.batch.questions import QUESTIONS
from lossviz.report.html import findings
from lossviz.report.section import Section
from lossviz.texts import say

from .pages import committed, opened, pressed, sent


def card(at: AppTest) -> str:
    """What the card says: it is in the second of two columns."""
    _, right = at.columns
    return " ".join(element.value for element in (*right.caption, *right.markdown)).replace("\\", "")


def marked(at: AppTest) -> list[float]:
    """Where the band behind the marked bar is, in the figure as it is first drawn."""
    (picture,) = sent(at)["pictures"]
    return [(shape["y0"] + shape["y1"]) / 2 for shape in picture["figure"]["layout"]["shapes"]]


def bars(at: AppTest) -> list[int]:
    """What the bars stand for, the topmost first."""
    (picture,) = sent(at)["pictures"]
    return [int(number) for number in picture["figure"]["data"][0]["customdata"]]


def test_before_any_click_the_card_is_of_the_topmost_bar() -> None:
    at = opened("batch", {"ask": "samples"})
    assert marked(at) == [0]
    assert f"digit {bars(at)[0]} · bar 1 of 20" in card(at)
    assert "row" not in at.query_params


def test_a_click_marks_its_bar_and_the_buttons_go_to_the_neighbours() -> None:
    at = opened("batch", {"ask": "samples"})
    rows = bars(at)
    committed(at, {"action": "pick", "control": "row", "value": rows[4]})
    assert marked(at) == [4] and "bar 5 of 20" in card(at)
    pressed(at, "Next")
    assert at.session_state["row"] == rows[5] and marked(at) == [5]
    pressed(at, "Previous")
    assert marked(at) == [4] and f"digit {rows[4]} ·" in card(at)


def test_the_mark_follows_its_sample_under_the_scrubber_and_goes_where_it_has_no_bar() -> None:
    at = opened("batch", {"ask": "samples", "by": "gradient"})
    last = bars(at)[-1]
    committed(at, {"action": "pick", "control": "row", "value": last})
    (picture,) = sent(at)["pictures"]
    places = set()
    for frame in picture["figure"]["frames"]:
        rows = [int(row) for row in frame["data"][0]["customdata"]]
        marks = [(shape["y0"] + shape["y1"]) / 2 for shape in frame["layout"]["shapes"]]
        assert marks == ([rows.index(last)] if last in rows else [])
        places.add(tuple(marks))
    assert () in places and len(places) > 2


def test_a_class_has_a_card_too_which_leads_to_its_samples() -> None:
    at = opened("batch", {"ask": "parts"})
    numbers = bars(at)
    assert marked(at) == [0] and f"class {numbers[0]}" in card(at)
    committed(at, {"action": "pick", "control": "part", "value": numbers[2]})
    assert marked(at) == [2] and "bar 3 of 10" in card(at)
    assert re.search(r"Recall \*\*\d+\.\d%\*\*, precision", card(at))
    pressed(at, "Show its samples")
    assert at.session_state["of_class"] == str(numbers[2])
    assert any("of 1,797 samples" in text.value.replace("\\", "") for text in at.markdown)


def test_a_part_of_another_division_is_forgotten() -> None:
    at = opened("batch", {"ask": "parts", "part": "4"})
    assert "class 4" in card(at)
    committed(at, {"action": "pick", "control": "part", "value": 10})
    assert any("expected a number below 10" in warning.value.replace("\\", "") for warning in at.warning)


def test_figure_4_of_the_paper_is_one_click_away() -> None:
    at = opened("batch")
    pressed(at, "RetinaNet’s figure 4")
    assert (at.session_state["batch"], at.session_state["ask"]) == ("detector", "shares")
    first, second = figures(at)
    assert len(first["pictures"]) == 2 and "foreground" in first["pictures"][0]["figure"]["layout"]["title"]["text"]
    assert len(second["pictures"]) == 1
    assert any(text.value.startswith("RetinaNet’s figure 4") for text in at.markdown)
    pressed(at, "Hardest first")
    assert [len(figure["pictures"]) for figure in figures(at)] == [1, 2]


def figures(at: AppTest) -> list[dict[str, Any]]:
    """What each player on the page has been sent."""
    return [json.loads(x.proto.bytes) for x in at.get("bidi_component") if x.proto.bytes]


def test_a_bare_visit_shows_who_carries_the_gradient() -> None:
    at = opened("batch")
    (picture,) = sent(at)["pictures"]
    title, texts = picture["figure"]["layout"]["title"]["text"], [text.value.replace("\\", "") for text in at.markdown]
    assert "half of the gradient comes from 1.74% of the samples" in title
    assert (
        "The hardest 1% of the samples carry **31.6%** of the gradient (cross-entropy: 13.4%) and 59.4% of the loss." in texts
    )


@pytest.mark.parametrize("batch", ["digits", "detector"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_title_does_not_repeat_the_number_of_the_headline(question: str, batch: str) -> None:
    at = opened("batch", {"ask": question, "batch": batch, "negatives": "2000"})
    end = next(n for n, text in enumerate(list(at.markdown)) if "· mean loss **" in text.value)
    texts = " ".join(text.value.replace("\\", "") for text in list(at.markdown)[:end])
    for figure in figures(at):
        title = figure["pictures"][0]["figure"]["layout"]["title"]["text"]
        for number in re.findall(r"\d+\.\d+%", title):
            assert number not in texts, title


def test_findings_are_said_once_each() -> None:
    one, two = say("Of {n:,} {share!b}.", n=1797, share="3%"), say("Another.")
    sections = (
        Section("a", "A", headline=one),
        Section("a", "A", headline=two),
        Section("b", "B", headline=one),
        Section("c", "C", headline=two),
    )
    assert findings(sections) == [(one, "section-0"), (two, "section-3")]
    assert one == "Of 1,797 3%."
