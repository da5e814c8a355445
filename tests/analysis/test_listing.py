"""Arrays as CSV: every digit, and words that stay in their cell."""

import csv
import io
import math

import numpy as np
import pytest

from lossviz.analysis.listing import listing, table


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_every_number_is_read_back_exactly() -> None:
    rng = np.random.default_rng(5)
    blocks = [((gamma, f"setting {gamma}"), tuple(rng.normal(0, 10.0**gamma, (2, 7)))) for gamma in (-12, 0, 3)]
    rows = read(listing(("γ", "setting", "x", "y"), blocks))
    assert rows[0] == ["γ", "setting", "x", "y"]
    assert len(rows) == 1 + 3 * 7
    for n, (constant, columns) in enumerate(blocks):
        for i, row in enumerate(rows[1 + 7 * n : 8 + 7 * n]):
            assert (float(row[0]), row[1]) == constant
            assert [float(cell) for cell in row[2:]] == [column[i] for column in columns]
    assert len({row[2] for row in rows[1:]}) == 21


def test_infinities_and_gaps_are_words_that_floats_have() -> None:
    rows = read(listing(("a",), [((), (np.array([np.inf, -np.inf, np.nan, 0.0, 5e-324]),))]))
    numbers = [float(row[0]) for row in rows[1:]]
    assert numbers[:2] == [math.inf, -math.inf]
    assert math.isnan(numbers[2])
    assert numbers[3:] == [0, 5e-324]


@pytest.mark.parametrize("word", ["softmax focal loss, γ = 2, t₁ = 0.5", 'said "so"', "two\nlines", "a;b", ""])
def test_words_stay_in_their_cell(word: str) -> None:
    rows = read(listing(("setting", "x"), [((word,), (np.array([1.5, 2.5]),))]))
    assert rows == [["setting", "x"], [word, "1.5"], [word, "2.5"]]


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        listing(("x", "y"), [((), (np.zeros(3), np.zeros(2)))])


def test_blocks_may_be_a_stream_and_none_at_all() -> None:
    assert read(listing(("x",), iter([]))) == [["x"]]
    assert len(read(listing(("n", "x"), (((n,), (np.arange(2.0),)) for n in range(4))))) == 9
    assert not listing(("x",), []).count("\r")


def test_rows_by_name_are_a_table() -> None:
    rows = [{"row": 3, "name": 'a "b", c', "loss": 1 / 3}, {"row": 4, "name": "ü", "loss": 2.0}]
    numbers = list(csv.DictReader(io.StringIO(table(rows))))
    assert [(int(x["row"]), x["name"], float(x["loss"])) for x in numbers] == [tuple(row.values()) for row in rows]
