"""The vocabulary of controls: what it takes, what it refuses and how it says so."""

import math
import struct

import numpy as np
import pytest
import torch

from lossviz import LOSSES, InputError
from lossviz.errors import LISTED
from lossviz.fields import Choice, Number, Text, Vector
from lossviz.state.fields import FIELDS

from . import specs

WIDE = Vector("numbers", "Numbers", "", "", infinite=True, longest=1000)
EVERY = {id(f): f for f in (*FIELDS.values(), *(p for kind in LOSSES.values() for p in kind.parameters))}.values()
NUMBERS = [f for f in EVERY if isinstance(f, Number)]
CHOICES = [f for f in EVERY if isinstance(f, Choice)]
VECTORS = [f for f in EVERY if isinstance(f, Vector)]
TEXTS = [f for f in EVERY if isinstance(f, Text)]


def name(field: Number | Choice | Vector | Text) -> str:
    return field.name


def refused(field: Number | Choice, value: object) -> str:
    with pytest.raises(InputError) as caught:
        field.check(value)
    assert caught.value.argument == field.name
    return str(caught.value)


def doubles(count: int) -> list[float]:
    """Finite floats with random bits: every exponent, both signs."""
    raw = np.random.default_rng(7).integers(0, 2**64, 2 * count, dtype=np.uint64)
    result = [x for x in struct.unpack(f"<{len(raw)}d", raw.tobytes()) if math.isfinite(x)][:count]
    assert len(set(result)) == count
    assert min(map(abs, result)) < 1e-200
    assert max(map(abs, result)) > 1e200
    return result


def test_text_is_read_back_exactly() -> None:
    for start in range(0, 1000, 10):
        values = (*doubles(1000)[start : start + 10], 0.1, 1 / 3, -0.0, 5e-324, 1.7e308, math.inf, -math.inf)
        back = WIDE.parse(Vector.text(values))
        assert struct.pack(f"{len(values)}d", *values) == struct.pack(f"{len(back)}d", *back)


def test_whole_numbers_are_written_without_a_point() -> None:
    assert Vector.text([2, 1.0, 0.25, -0.5]) == "2 1 0.25 -0.5"


@pytest.mark.parametrize("text", ["2 1 -0.5", "2, 1, -0.5", " 2;1;-0.5 ", "2\t1\n-0.5,", "2\u00a01 -.5", "2e0 +1 -5e-1"])
def test_lists_are_read_however_people_separate_them(text: str) -> None:
    assert WIDE.parse(text) == (2.0, 1.0, -0.5)


@pytest.mark.parametrize("text", ["", "  ", ",;", "\u00a0"])
def test_blank_text_holds_no_numbers(text: str) -> None:
    assert WIDE.parse(text) == ()


@pytest.mark.parametrize("field", VECTORS, ids=name)
def test_a_list_says_which_value_is_wrong(field: Vector) -> None:
    beyond = "nan" if field.high == math.inf else repr(field.high * 2)
    for word in ("x", "nan", "1..2", beyond, "1O"):
        with pytest.raises(InputError) as caught:
            field.parse(f"0 1 {word}")
        assert caught.value.argument == f"{field.name}, value 3"
        assert word in str(caught.value)
        assert "a number" in str(caught.value)
    with pytest.raises(InputError, match=rf"11 values.*at most {field.longest}"):
        field.parse("0 " * 11)


@pytest.mark.parametrize("field", VECTORS, ids=name)
def test_infinity_is_read_only_where_it_is_allowed(field: Vector) -> None:
    if field.infinite:
        assert field.parse("inf -inf 1") == (math.inf, -math.inf, 1.0)
    else:
        with pytest.raises(InputError, match="inf"):
            field.parse("0 inf")


def test_only_logits_may_be_infinite() -> None:
    assert [f.name for f in VECTORS if f.infinite] == ["logits"]


@pytest.mark.parametrize("value", [5, None, ["1"], b"1 2"])
def test_a_list_has_to_be_text(value: object) -> None:
    with pytest.raises(InputError, match="numbers written as text"):
        WIDE.parse(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", NUMBERS, ids=name)
def test_a_number_takes_its_whole_domain_and_nothing_else(field: Number) -> None:
    rng = specs.seeded("domain", field.name)
    low, high = max(field.low, -1e9), min(field.high, 1e9)
    inside = rng.uniform(low, high, 50)
    inside = np.unique(np.round(inside) if field.integer else inside)
    assert len(inside) > 20
    if field.scalar:
        for value in inside.tolist():
            assert field.check(value) == value
            assert type(field.check(value)) is (int if field.integer else float)
    for bound, outward in ((field.low, -math.inf), (field.high, math.inf)):
        if math.isfinite(bound):
            assert field.contains(bound) is not (field.open_low and bound == field.low)
            assert not field.contains(math.nextafter(bound, outward))


@pytest.mark.parametrize("field", NUMBERS, ids=name)
def test_what_is_no_number_of_the_domain_is_refused_in_words(field: Number) -> None:
    for value in (math.nan, math.inf, -math.inf, 10**400, -(10**400), "2", True, 1j, {}, [], object()):
        message = refused(field, value)
        assert message.startswith(f"{field.name}: found "), ascii(value)[:20]
        assert message.endswith(f"expected {field.expected}."), ascii(value)[:20]
        assert len(message) < 300, ascii(value)[:20]


@pytest.mark.parametrize("field", NUMBERS, ids=name)
def test_none_means_off_only_where_a_number_is_optional(field: Number) -> None:
    if field.optional:
        assert field.check(None) is None
        assert "None (off)" in field.expected
    else:
        refused(field, None)


@pytest.mark.parametrize("field", [f for f in NUMBERS if f.vector], ids=name)
def test_a_vector_is_checked_number_by_number(field: Number) -> None:
    for values in ([0.5, 0.25], (0.5, 0.25), np.array([0.5, 0.25]), torch.tensor([0.5, 0.25])):
        assert field.check(values) == (0.5, 0.25)
    with pytest.raises(InputError, match=f"{field.name}, row 1: found -3"):
        field.check([0.5, -3, -4])
    refused(field, [[0.5]])


@pytest.mark.parametrize("field", [f for f in NUMBERS if not f.vector], ids=name)
def test_one_number_is_not_a_vector(field: Number) -> None:
    refused(field, [1.0, 1.0])


def test_numbers_of_numpy_and_torch_are_numbers() -> None:
    gamma = LOSSES["focal"].parameter("gamma", "softmax")
    for value in (2, np.float32(2), np.int64(2), np.array(2.0), torch.tensor(2)):
        assert gamma.check(value) == 2.0
        assert type(gamma.check(value)) is float


@pytest.mark.parametrize("field", NUMBERS, ids=name)
def test_samples_lie_in_the_domain_and_vary(field: Number) -> None:
    result = field.samples()
    assert len(set(result)) == len(result) >= 3
    assert all(field.contains(value) for value in result)
    assert field.range_low <= result[0] < result[-1] <= field.range_high


@pytest.mark.parametrize("field", CHOICES, ids=name)
def test_a_choice_takes_its_words_and_suggests_the_nearest(field: Choice) -> None:
    assert field.default in field.options
    assert field.samples() == field.options
    for word in field.options:
        assert field.check(word) == word
        for typo in (word[:-1], word.upper()[:1] + word[1:], f"{word}s"):
            if typo in field.options or _as_near(typo, word, field):
                continue
            message = refused(field, typo)
            assert repr(typo) in message
            assert f"did you mean {word!r}?" in message
            assert all(repr(option) in message for option in field.options[:LISTED])


def _as_near(typo: str, word: str, field: Choice) -> bool:
    """Whether nothing in a typo tells one word from another, as in `z` for `z0`, or nothing is left of it."""
    return len(typo) < 2 or any(len(o) == len(word) and typo.startswith(o[:-1]) for o in field.options if o != word)


@pytest.mark.parametrize("field", TEXTS, ids=name)
def test_a_text_takes_words_up_to_its_length(field: Text) -> None:
    assert field.check(field.default) == field.default
    for text in ("", "focal gamma 1", "\x00😀", "x" * field.longest):
        assert field.check(text) == text
    for wrong in ("x" * (field.longest + 1), None, 3, b"x", ["x"], {}):
        with pytest.raises(InputError, match=f"at most {field.longest} characters") as caught:
            field.check(wrong)
        assert caught.value.argument == field.name
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize("field", CHOICES, ids=name)
def test_an_unknown_word_is_refused_briefly(field: Choice) -> None:
    for value in ("", "§§§§", "x" * 10_000, None, 3, [], {}, math.nan, "ﷺ" * 99):
        message = refused(field, value)
        assert message.startswith(f"{field.name}: found ")
        assert "did you mean" not in message
        assert len(message) < 300
