"""A list of numbers is read as programs print it, in one act of pasting; what is wrong is named with its place."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch

from lossviz.errors import InputError
from lossviz.fields import Vector
from lossviz.state.fields import FIELDS

LOGITS = FIELDS["logits"]
assert isinstance(LOGITS, Vector)

PRINTED = [
    "[1, 2.5, -3]",
    "(1, 2.5, -3)",
    "tensor([ 1.0000,  2.5000, -3.0000], device='cuda:0', grad_fn=<AddmmBackward0>)",
    "tensor([[ 1.0000,  2.5000, -3.0000]], dtype=torch.float64, requires_grad=True)",
    "torch.tensor([1., 2.5, -3.])",
    "array([ 1. ,  2.5, -3. ], dtype=float32)",
    "np.array([[1, 2.5, -3]])",
    "Array([ 1. ,  2.5, -3. ], dtype=float32)",
    "logits = tensor([1.0, 2.5, -3.0])",
    "[ 1.   2.5 -3. ]",
    "[ 1.\n  2.5\n -3. ]",
    "1; 2.5; -3",
    "1\n2.5\n-3\n",
    "1\t2.5\t-3",
    "1 2.5 \u22123",
    "[1e0, 2.5E+00, -3.0000e+00,]",
]


@pytest.mark.parametrize("text", PRINTED)
def test_a_list_is_read_as_it_was_printed(text: str) -> None:
    assert LOGITS.parse(text) == (1.0, 2.5, -3.0)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (1, 1, 3)])
def test_what_torch_and_numpy_print_is_read(shape: tuple[int, ...]) -> None:
    numbers = np.array([2.25, -1e-5, 3e8]).reshape(shape)
    tensor = torch.tensor(numbers, requires_grad=True) * 1
    for printed in (repr(numbers), str(numbers), repr(tensor), str(numbers.tolist())):
        assert LOGITS.parse(printed) == (2.25, -1e-5, 3e8), printed


@pytest.mark.parametrize(
    ("text", "place", "wrong"),
    [
        ("tensor([1., nan, 3.])", "logits, value 2", "found nan"),
        ("[1, two, 3]", "logits, value 2", "found 'two'"),
        ("[1., ..., 3.]", "logits, value 2", "found '...'"),
        ("[[1, 2], [3, 4]]", "logits", "found 2 rows"),
        ("tensor([[1.],\n        [2.]])", "logits", "found 2 rows"),
        ("tensor(1.0", "logits, value 1", "found 'tensor(1.0'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, place: str, wrong: str) -> None:
    with pytest.raises(InputError) as caught:
        LOGITS.parse(text)
    assert str(caught.value).startswith(place)
    assert wrong in str(caught.value)


@pytest.mark.parametrize("text", ["", "  ", "[]", "tensor([])", "array([], dtype=float64)"])
def test_an_empty_list_has_no_numbers(text: str) -> None:
    assert LOGITS.parse(text) == ()


@pytest.mark.parametrize(
    "hostile",
    [
        "a(" + "," * 90_000,
        "a(" + ",a=" * 30_000,
        "(" * 45_000 + ")" * 45_000 + "x",
        "1]" + " " * 90_000 + "2",
        "a(" + ", a" * 30_000 + ")",
    ],
    ids=["commas", "arguments", "brackets", "spaces", "words"],
)
def test_a_long_text_is_refused_in_no_time(hostile: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError):
        LOGITS.parse(hostile)
    assert time.process_time() - began < 1
    with pytest.raises(InputError, match="characters"):
        LOGITS.parse(hostile * 2)
