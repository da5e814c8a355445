"""Messages: English like any other string, and every part of them in another language."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from lossviz.errors import InputError
from lossviz.languages import localized
from lossviz.numbers import counted
from lossviz.texts import Message, Strong, joined, pieces, say, then

CHINESE = {
    "loss": "损失",
    "{n:,} of {whole}": "{whole}中的 {n:,} 个",
    "all samples": "全部样本",
    "{share!b} of the {by}": "{by}的 {share!b}",
    ", ": "，",
    "{number:,} classes": "{number:,} 个类别",
    "At {place}: {says}.": "{place}处：{says}。",
}


def chinese(template: str) -> str:
    return CHINESE.get(template, template)


def test_a_message_is_its_english_text() -> None:
    message = say("{n:,} of {whole}", n=1797, whole=say("all samples"))
    assert message == "1,797 of all samples" and hash(message) == hash("1,797 of all samples")
    assert {message: 1}["1,797 of all samples"] == 1
    assert json.dumps([message]) == '["1,797 of all samples"]'
    assert isinstance(message, str)


def test_parts_that_are_messages_are_looked_up_and_words_of_a_user_are_not() -> None:
    assert say("{n:,} of {whole}", n=1797, whole=say("all samples")).translated(chinese) == "全部样本中的 1,797 个"
    assert say("{n:,} of {whole}", n=2, whole="all samples").translated(chinese) == "all samples中的 2 个"
    assert counted(10, "class", "classes").translated(chinese) == "10 个类别"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)), str])
def test_copies_are_messages_still(copied) -> None:  # type: ignore[no-untyped-def]
    message = copied(say("{share!b} of the {by}", share="3%", by=say("loss")))
    assert isinstance(message, Message)
    assert message.translated(chinese) == "损失的 3%"


def test_the_message_of_an_exception_is_one_still() -> None:
    assert str(ValueError(say("loss"))).translated(chinese) == "损失"  # type: ignore[attr-defined]
    error = InputError("gamma", "-1", "a finite number ≥ 0")
    assert str(error) == "gamma: found -1; expected a finite number ≥ 0."


def test_words_to_be_seen_first_are_so_in_any_language() -> None:
    message = say("{share!b} of the {by}", share="3%", by=say("loss"))
    assert message == "3% of the loss"
    assert [(piece, isinstance(piece, Strong)) for piece in message.pieces()] == [("3%", True), (" of the loss", False)]
    assert [(piece, isinstance(piece, Strong)) for piece in pieces(message, chinese)] == [("损失的 ", False), ("3%", True)]
    assert pieces("plain {x}") == ("plain {x}",)


def test_what_is_done_to_a_text_is_done_in_any_language() -> None:
    message = say("At {place}: {says}.", place="<b>", says=then(say("loss"), str.upper)).then(
        lambda text: text.replace("<", "&lt;")
    )
    assert message == "At &lt;b>: LOSS."
    assert message.translated(chinese) == "&lt;b>处：损失。"
    assert then("plain", str.upper) == "PLAIN"


def test_lists_have_the_commas_of_their_language() -> None:
    names = joined(["a", say("loss"), "c"])
    assert names == "a, loss, c" and names.translated(chinese) == "a，损失，c"
    assert joined([]) == "" and joined(["{a}"]).translated(chinese) == "{a}"


@pytest.mark.parametrize("text", ["100%", "{x}", "%{y:.4g}", "a } b", "\\frac{1}{2}"])
def test_a_text_without_parts_may_have_any_braces(text: str) -> None:
    assert say(text) == text == say(text).translated(str)


def test_everything_in_a_nest_is_looked_up_and_nothing_else() -> None:
    nest = {"title": say("loss"), "x": [1, "loss", (say("loss"),)], say("all samples"): None}
    assert localized(nest, chinese) == {"title": "损失", "x": [1, "loss", ["损失"]], "全部样本": None}
    assert localized(nest, str) is nest
