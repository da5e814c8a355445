"""Links: read as they were written, and told apart from what somebody has made of them."""

import itertools
import math
from typing import Any

import pytest

from lossviz import LOSSES, InputError
from lossviz.fields import Choice, Number, Text, Vector
from lossviz.state.fields import DIGIT, FIELDS, OWN, PARAMETERS, PLOTS, TASKS
from lossviz.state.links import PAGES, RESERVED, from_text, link_problems
from lossviz.state.sample import activations_for, has_parameter, losses_for, resolve
from lossviz.state.training import training_query

from .. import specs


def text_of(value: Any) -> str:
    """A value as the address holds it."""
    return "" if value is None else value if isinstance(value, str) else f"{value!r}".removesuffix(".0")


def read(words: dict[str, str]) -> dict[str, Any]:
    return {name: from_text(FIELDS[name], text) for name, text in words.items()}


def offered() -> list[dict[str, Any]]:
    """Values for every task × loss × activation on offer, parameters set at random."""
    rng = specs.seeded("links")
    result: list[dict[str, Any]] = []
    for task, target, sample in itertools.product(TASKS, ("hard", "soft"), (DIGIT, OWN)):
        for key in losses_for(task):
            for activation in activations_for(task, key) or ("",):
                values: dict[str, Any] = {"task": task, "loss": key, "target": target, "sample": sample}
                values |= {"activation": activation} if activation else {}
                values["digit"] = int(rng.integers(1797))
                fewest, most = TASKS[task].classes
                classes = 10 if (task, sample) == ("multi-class", DIGIT) else int(rng.integers(fewest, most + 1))
                values["logits"] = Vector.text(rng.normal(0, 5, classes))
                kind = "one-hot" if LOSSES[key].targets != "any" or target == "hard" else "distribution"
                values["targets"] = Vector.text(specs.targets(kind, 1, classes, rng)[0])
                for name, field in PARAMETERS.items():
                    if not has_parameter(name, key, activation or "exp"):
                        continue
                    if isinstance(field, Number):
                        values[name] = float(rng.uniform(field.range_low, field.range_high))
                    elif isinstance(field, Choice):
                        values[name] = str(rng.choice(field.options))
                    else:
                        values[name] = Vector.text(rng.uniform(0, 5, classes))
                result.append(values)
    assert len({values["logits"] for values in result}) == len(result) > 40
    return result


def test_a_link_opens_the_view_it_was_made_from() -> None:
    for values in offered():
        words = {name: text_of(value) for name, value in values.items()}
        assert link_problems(words) == [], words
        assert resolve(read(words)) == resolve(values)
        assert not resolve(values).problems


def test_a_default_need_not_be_written() -> None:
    for values in offered()[:10]:
        not_default = {name: v for name, v in values.items() if v != FIELDS[name].default}
        assert resolve(not_default) == resolve(values)
    assert link_problems({}) == []


@pytest.mark.parametrize("name", FIELDS)
def test_a_default_may_be_written(name: str) -> None:
    if name not in PARAMETERS or has_parameter(name, "focal", "softmax"):
        assert link_problems({name: text_of(FIELDS[name].default)}) == []


@pytest.mark.parametrize("word", [*RESERVED])
def test_words_of_streamlit_are_no_problem(word: str) -> None:
    assert link_problems({word: "true"}) == []


@pytest.mark.parametrize("word", ["gama", "x" * 10_000, "ﷺ", "", "<img src=x>", "task "])
def test_an_unknown_word_is_named(word: str) -> None:
    (problem,) = link_problems({word: "1"})
    assert word[:30] in problem
    assert len(problem) < 300


HOSTILE = [
    "nan",
    "NaN",
    "inf",
    "-inf",
    "1e999",
    "-1e999",
    "1e308",
    "-1",
    "x",
    "True",
    "None",
    "2,5",
    "0x10",
    "١٢",
    "1;2",
    "[1]",
    "{}",
    "9" * 10_000,
    "1 " * 5_000,
    "-" * 10_000,
    "ﷺ" * 3_000,
    "\x00",
    "\u202e",
    "😀",
    "<script>alert(1)</script>",
    "![x](//example.org/x.png)",
    "../../etc/passwd",
    "%s%n",
    "'",
]


@pytest.mark.parametrize("name", FIELDS)
def test_a_hostile_value_is_said_briefly_and_never_raises(name: str) -> None:
    for text in HOSTILE:
        problems, what = link_problems({name: text}), ascii(text)[:20]
        assert all(len(problem) < 300 for problem in problems), what
        try:
            from_text(FIELDS[name], text)
        except InputError:
            assert len(problems) == 1, what
            (problem,) = problems
            assert problem.startswith(name), what
            assert "expected " in problem, what
            assert problem.endswith("instead."), what
            if len(text) < 30 and text.isprintable():
                assert text.split(";")[-1] in problem or "value" in problem, what


def test_an_empty_value_is_off_or_a_problem() -> None:
    for (name, field), text in itertools.product(FIELDS.items(), ("", " ")):
        problems = link_problems({name: text, "activation": "sigmoid"} if name != "activation" else {name: text})
        if isinstance(field, Vector | Text) or (isinstance(field, Number) and field.optional and text == ""):
            assert problems == [], name
        else:
            assert len(problems) == 1, name
            assert problems[0].startswith(name)


def test_all_hostile_values_at_once() -> None:
    for text in HOSTILE:
        problems = link_problems(dict.fromkeys([*FIELDS, "other", "another"], text))
        assert len(problems) >= 5
        assert all(len(problem) < 300 for problem in problems)


REFUSED = [
    ({"gamma": "-1"}, "gamma", "found '-1'", "≥ 0", "Using 2.0 instead"),
    ({"gamma": "two"}, "gamma", "'two'", "a finite number", "Using 2.0 instead"),
    ({"loss": "focl"}, "loss", "'focl'", "did you mean 'focal'", "Using focal instead"),
    ({"task": "multiclass"}, "task", "'multiclass'", "did you mean 'multi-class'", "Using multi-class instead"),
    ({"digit": "1797"}, "digit", "1797", "≤ 1796", f"Using {FIELDS['digit'].default} instead"),
    ({"digit": "1.5"}, "digit", "1.5", "a whole number", f"Using {FIELDS['digit'].default} instead"),
    ({"logits": "1 b 3"}, "logits, value 2", "'b'", "a number", "the sample's own"),
    ({"targets": "1 0 2"}, "targets, value 3", "2", "from 0 to 1", "the sample's own"),
    ({"alpha": "7", "activation": "sigmoid"}, "alpha", "7", "≤ 1", "“off”"),
    ({"temperature": "0"}, "temperature", "found '0'", "≥ 1e-05", "Using 1.0 instead"),
]


@pytest.mark.parametrize(("words", "name", "value", "expected", "instead"), REFUSED)
def test_a_wrong_value_is_named_with_what_was_found_and_expected(
    words: dict, name: str, value: str, expected: str, instead: str
) -> None:
    (problem,) = link_problems(words)
    assert problem.startswith(name)
    for part in (value, expected, instead):
        assert part in problem


def test_a_parameter_that_the_loss_does_not_have_is_left_out() -> None:
    (problem,) = link_problems({"loss": "cross-entropy", "gamma": "3"})
    assert problem == "gamma: cross-entropy with softmax has no such parameter; it is ignored."
    (problem,) = link_problems({"alpha": "0.25"})
    assert problem.startswith("alpha: focal with softmax")


def test_an_activation_that_does_not_go_with_the_loss_is_said() -> None:
    (problem,) = link_problems({"loss": "quality-focal", "activation": "softmax"})
    assert problem.startswith("activation: quality-focal on task multi-class needs sigmoid.")


def test_a_loss_that_does_not_go_with_the_task_is_said() -> None:
    (problem,) = link_problems({"task": "multi-label", "loss": "nll"})
    assert problem.startswith("loss: nll is not available for task multi-label.")


def test_numbers_are_read_as_their_field_has_them() -> None:
    assert from_text(FIELDS["digit"], "12") == 12
    assert isinstance(from_text(FIELDS["digit"], "12.0"), int)
    assert isinstance(from_text(FIELDS["gamma"], "2"), float)
    assert from_text(FIELDS["alpha"], "") is None
    assert from_text(FIELDS["logits"], "1 2") == "1 2"
    with pytest.raises(InputError):
        from_text(FIELDS["gamma"], "")
    assert math.isclose(from_text(FIELDS["gamma"], "1e-3"), 0.001)  # type: ignore[arg-type]


def test_a_wrong_text_says_what_is_used_instead() -> None:
    (problem,) = [p for p in link_problems({"pins": "focal " * 400}) if "characters" in p]
    assert problem.startswith("pins: found ")
    assert "  " not in problem, "a word for what is used instead"


def test_words_of_pictures_are_read_as_they_were_written() -> None:
    rng = specs.seeded("picture words")
    seen = set()
    for _ in range(100):
        values: dict[str, Any] = {}
        for field in PLOTS:
            if isinstance(field, Choice):
                values[field.name] = str(rng.choice(field.options))
            elif isinstance(field, Number):
                number = float(rng.uniform(field.range_low, field.range_high))
                values[field.name] = round(number) if field.integer else number
        assert read({name: text_of(value) for name, value in values.items()}) == values
        seen.add(tuple(values.items()))
    assert len(seen) == 100


def test_pins_of_a_link_are_named_by_number() -> None:
    (problem,) = link_problems({"pins": "focal vs cross-entropy vs focal gamma x"})
    assert problem.startswith("pins, number 3: gamma: found 'x'")


def test_a_link_to_a_batch_is_not_held_against_the_sample() -> None:
    """Logistic loss goes with a detector's anchors, and not with the task that samples have by default."""
    words = {"loss": "logistic", "batch": "detector"}
    assert link_problems(words, about="batch") == []
    assert link_problems(words) != []
    (problem,) = link_problems({"gamma": "-1"}, about="batch")
    assert "gamma" in problem


@pytest.mark.parametrize(
    ("words", "name", "value", "instead"),
    [
        ({"flips": "one-class", "flip_from": "5"}, "flip_from", "5", "1"),
        ({"world": "rings", "rare": "7"}, "rare", "7", "1"),
        ({"world": "digits", "look": "data"}, "look", "data", "difference"),
        ({"flips": "pair", "flip_to": "2"}, "flip_to", "2", "0"),
    ],
)
def test_a_link_to_a_training_is_held_against_its_data(words: dict[str, str], name: str, value: str, instead: str) -> None:
    (problem,) = link_problems(words, about="training")
    assert problem.startswith(f"{name}: ") and value in problem and problem.endswith(f"Using {instead} instead.")
    assert link_problems({**words, "world": "digits", "look": "regions"}, about="training") == []
    assert link_problems(words) == link_problems(words, about="batch") == []


def test_what_the_page_itself_says_of_a_training_is_not_said_for_good() -> None:
    """Middles and losses stay as they are written, and are complained of until they are mended."""
    for words in ({"means": "1 2 3"}, {"losses": "focal vs nll"}):
        assert training_query(words)[1] != ()
        assert link_problems(words, about="training") == []


@pytest.mark.parametrize(
    "word",
    ["fbclid", "gclid", "utm_source", "utm_content", "UTM_CAMPAIGN", "msclkid", "mc_eid", "igshid", "_hsenc", "twclid", "ref"],
)
def test_what_others_hang_on_a_link_is_no_mistake(word: str) -> None:
    assert link_problems({word: "x", "gamma": "3"}) == []
    assert link_problems({f"x{word}y": "1"}) != []


def test_pages_are_those_of_the_app() -> None:
    app = pytest.importorskip("lossviz.ui.app")
    first, *_ = app.PAGES
    pages = {page.path: page.about for page in app.PAGES if page.about != "lecture"}  # no scene leads to the lectures
    assert pages | {"": first.about} == PAGES
