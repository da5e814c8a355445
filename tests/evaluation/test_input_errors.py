"""Bad input is refused with the argument, the row, the value found and the value expected."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
import pytest
import torch

import lossviz
from lossviz import LOSSES, InputError
from lossviz.errors import unknown_name

Z = [[2.0, 1.0, 0.0], [0.5, -1.0, 3.0]]
NAN, INF = float("nan"), float("inf")


def refused(spec: Any, logits: Any, targets: Any, *words: str, **more: Any) -> InputError:
    """The InputError of an evaluation; its message has all these words."""
    with pytest.raises(InputError) as caught:
        lossviz.evaluate(spec, logits, targets, **more)
    missing = [word for word in words if word not in str(caught.value)]
    assert not missing, f"{missing} not in: {caught.value}"
    return caught.value


SOFTMAX, SIGMOID = lossviz.loss("cross-entropy"), lossviz.loss("cross-entropy", "sigmoid")
FOCAL, LOGISTIC, NLL = lossviz.loss("focal"), lossviz.loss("logistic"), lossviz.loss("nll")


@pytest.mark.parametrize(
    ("spec", "logits", "targets", "argument", "row", "description", "expected"),
    [
        (SOFTMAX, Z, [0, 3], "targets", 1, "3", "a label from 0 to 2"),
        (SOFTMAX, Z, [-1, 0], "targets", 0, "-1", "a label from 0 to 2, or -100"),
        (SIGMOID, Z, [0, 3], "targets", 1, "3", "a label from 0 to 2"),
        (SIGMOID, [1.0, 2.0], [0, 2], "targets", 1, "2", "a label from 0 to 1"),
        (SOFTMAX, Z, [0], "targets", None, "shape (1,)", "shape (2,)"),
        (SOFTMAX, Z, [0, 1, 2], "targets", None, "shape (3,)", "shape (2,)"),
        (SOFTMAX, Z, [[0.5, 0.5]], "targets", None, "shape (1, 2)", "shape (2, 3)"),
        (SOFTMAX, Z, [0.0, 1.0], "targets", None, "shape (2,)", "shape (2, 3)"),
        (SOFTMAX, Z, [[0.5, 0.6, 0.1], [0.0, -0.1, 1.0]], "targets", 1, "-0.1 in column 1", "in [0, 1]"),
        (SOFTMAX, Z, [[0.5, 0.6, 1.5], [0.0, 0.1, 1.0]], "targets", 0, "1.5 in column 2", "in [0, 1]"),
        (SIGMOID, Z, [[0.5, NAN, 0.5], [0.0, 0.1, 1.0]], "targets", 0, "nan in column 1", "in [0, 1]"),
        (SIGMOID, Z, [[0.5, 0.1, 0.5], [INF, 0.1, 1.0]], "targets", 1, "inf in column 0", "in [0, 1]"),
        (SIGMOID, [1.0, 2.0], [0.5, 2.0], "targets", 1, "2.0", "in [0, 1]"),
        (LOGISTIC, [1.0, 2.0], [1, 0], "targets", 1, "0", "−1 or +1"),
        (LOGISTIC, [1.0, 2.0], [NAN, 1], "targets", 0, "nan", "−1 or +1"),
        (LOGISTIC, Z, [1, 1], "logits", None, "shape (2, 3)", "one logit per sample"),
        (NLL, Z, [[1.0, 0.0, 0.0]] * 2, "targets", None, "float", "integer labels"),
        (NLL, Z, [0.0, 1.0], "targets", None, "float", "integer labels"),
        (SOFTMAX, [[1.0, NAN], [0.0, 1.0]], [0, 1], "logits", 0, "nan", "a number"),
        (SOFTMAX, [[1.0, NAN], [0.0, NAN]], [-100, 0], "logits", 1, "nan", "a number"),
        (SIGMOID, [1.0, NAN], [0, 1], "logits", 1, "nan", "a number"),
        (SOFTMAX, [[1.0, 2.0], [INF, INF]], [0, 1], "logits", 1, "infinity", "limit"),
        (SOFTMAX, [[-INF, -INF]], [0], "logits", 0, "infinity", "limit"),
        (SOFTMAX, [1.0, 2.0], [0, 1], "logits", None, "shape (2,)", "shape (N, C)"),
        (SOFTMAX, 3.0, 0, "logits", None, "shape ()", "shape (N, C)"),
        (SIGMOID, 3.0, 0, "logits", None, "shape ()", "shape (N, C)"),
        (SOFTMAX, [[[1.0]]], [0], "logits", None, "shape (1, 1, 1)", "shape (N, C)"),
        (SOFTMAX, np.zeros((2, 0)), [0, 0], "logits", None, "shape (2, 0)", "shape (N, C)"),
        (SOFTMAX, [[1.0, 2.0], [1.0]], [0, 0], "logits", None, "list", "an array, list or tensor"),
        (SOFTMAX, "abc", [0], "logits", None, "str", "an array, list or tensor"),
        (SOFTMAX, None, [0], "logits", None, "NoneType", "an array, list or tensor"),
        (SOFTMAX, {"a": 1}, [0], "logits", None, "dict", "an array, list or tensor"),
        (SOFTMAX, [["a", "b"]], [0], "logits", None, "list", "an array, list or tensor"),
        (SOFTMAX, [[1j, 2.0]], [0], "logits", None, "complex", "integers or real"),
        (SOFTMAX, np.array([[1j, 2.0]]), [0], "logits", None, "complex", "integers or real"),
        (SOFTMAX, torch.tensor([[1j, 2.0]]), [0], "logits", None, "complex", "integers or real"),
        (SOFTMAX, Z, "ab", "targets", None, "str", "an array, list or tensor"),
        (SOFTMAX, Z, None, "targets", None, "NoneType", "an array, list or tensor"),
        (SOFTMAX, Z, [["a"], ["b"]], "targets", None, "list", "an array, list or tensor"),
        (SOFTMAX, Z, [[1.0], [0.0, 1.0]], "targets", None, "list", "an array, list or tensor"),
        (SOFTMAX, Z, [None, 1], "targets", None, "list", "an array, list or tensor"),
        (SOFTMAX, Z, [1j, 0], "targets", None, "complex", "integers or real numbers"),
        (SOFTMAX, Z, np.array(["a", "b"]), "targets", None, "ndarray", "an array, list or tensor"),
        (SOFTMAX, Z, np.array([0, None], object), "targets", None, "ndarray", "an array, list or tensor"),
        (SOFTMAX, Z, [10**30, 0], "targets", None, "list", "an array, list or tensor"),
        (SOFTMAX, [[10**400, 1]], [0], "logits", None, "list", "an array, list or tensor"),
        (SOFTMAX, Z, [True, False], "targets", None, "bool", "integer labels"),
        (SOFTMAX, Z, 1, "targets", None, "shape ()", "shape (2, 3)"),
        (SOFTMAX, Z, [], "targets", None, "shape (0,)", "shape (2, 3)"),
        (SOFTMAX, torch.zeros(2, 3).to_sparse(), [0, 1], "logits", None, "sparse", "dense"),
        (SOFTMAX, Z, torch.zeros(2, 3).to_sparse(), "targets", None, "sparse", "dense"),
    ],
)
def test_evaluate(
    spec: Any, logits: Any, targets: Any, argument: str, row: int | None, description: str, expected: str
) -> None:
    error = refused(spec, logits, targets, description, expected)
    assert (error.argument, error.row) == (argument, row), str(error)
    assert str(error).startswith(argument if row is None else f"{argument}, row {row}: ")
    assert len(str(error)) < 400


def test_a_message_counts_the_others() -> None:
    refused(SOFTMAX, [[0.0, 1.0]] * 5, [0, 7, 1, 9, -5], "targets, row 1", "7", "and 2 more")


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16])
def test_every_kind_of_integer_is_a_label(dtype: torch.dtype) -> None:
    ev = lossviz.evaluate(SOFTMAX, Z, torch.tensor([0, 2]).to(dtype))
    assert torch.equal(ev.loss, lossviz.evaluate(SOFTMAX, Z, [0, 2]).loss)


def test_multi_hot_may_be_whole_or_true_and_false() -> None:
    t = np.array([[1, 0, 1], [0, 0, 1]])
    forms = [lossviz.evaluate(SIGMOID, Z, x).loss for x in (t, t.astype(bool), t.astype(float), t.tolist(), t.astype("uint8"))]
    assert all(torch.equal(forms[0], x) for x in forms)
    yes = [lossviz.evaluate(SIGMOID, [1.0, 2.0], x).loss for x in ([1, 0], [True, False], [1.0, 0.0])]
    assert all(torch.equal(yes[0], x) for x in yes)


def test_multi_hot_outside_0_and_1() -> None:
    refused(SIGMOID, Z, [[0, 2, 0], [0, 0, 0]], "targets, row 0", "2 in column 1", "in [0, 1]")


def test_ignore_index_wants_labels() -> None:
    spec = lossviz.loss("cross-entropy", ignore_index=1)
    refused(spec, Z, [[1.0, 0.0, 0.0]] * 2, "ignore_index", "1", "integer labels")


@pytest.mark.parametrize(
    ("key", "parameters", "argument", "description", "expected"),
    [
        ("focal", {"gamma": -1}, "gamma", "-1", "≥ 0"),
        ("focal", {"gamma": NAN}, "gamma", "nan", "finite"),
        ("focal", {"gamma": INF}, "gamma", "inf", "finite"),
        ("focal", {"gamma": "2"}, "gamma", "'2'", "a finite number"),
        ("focal", {"gamma": True}, "gamma", "True", "a finite number"),
        ("focal", {"gamma": None}, "gamma", "None", "a finite number"),
        ("focal", {"gamma": [1.0, 2.0]}, "gamma", "(1.0, 2.0)", "a finite number"),
        ("focal", {"alpha": 1.5, "activation": "sigmoid"}, "alpha", "1.5", "≤ 1"),
        ("focal", {"alpha": INF}, "alpha", "inf", "finite"),
        ("focal", {"alpha": [0.5, -2.0]}, "alpha, row 1", "-2.0", "≥ 0"),
        ("focal", {"alpha": -0.25}, "alpha", "-0.25", "None (off)"),
        ("focal", {"alpha": []}, "alpha", "()", "one value per class"),
        ("focal", {"alpha": [0.5, 2.0], "activation": "sigmoid"}, "alpha, row 1", "2.0", "≤ 1"),
        ("cross-entropy", {"weight": [1.0, -1.0]}, "weight, row 1", "-1.0", "≥ 0"),
        ("cross-entropy", {"weight": 2.0}, "weight", "2.0", "one value per class"),
        ("cross-entropy", {"label_smoothing": 1.1}, "label_smoothing", "1.1", "≤ 1"),
        ("cross-entropy", {"temperature": 0}, "temperature", "0", "> 0"),
        ("cross-entropy", {"temperature": -1}, "temperature", "-1", "> 0"),
        ("cross-entropy", {"ignore_index": 1.5}, "ignore_index", "1.5", "a whole number"),
        ("cross-entropy", {"pos_weight": 2.0}, "pos_weight", "'softmax'", "'sigmoid'"),
        ("cross-entropy", {"gamma": 2.0}, "cross-entropy parameter", "'gamma'", "one of"),
        ("focal", {"gama": 2.0}, "focal parameter", "'gama'", "did you mean 'gamma'"),
        ("focal", {"soft_form": "mixd"}, "soft_form", "'mixd'", "did you mean 'mixed'"),
        ("focal", {"soft_form": None}, "soft_form", "None", "one of"),
        ("focal", {"soft_form": ["mixed"]}, "soft_form", "['mixed']", "one of"),
        ("focal", {"activation": "softmx"}, "activation", "'softmx'", "did you mean 'softmax'"),
        ("focal", {"activation": 3}, "activation", "3", "one of"),
        ("focal", {"activation": ["softmax"]}, "activation", "['softmax']", "one of"),
        ("logistic", {"activation": "softmax"}, "activation", "'softmax'", "'sigmoid'"),
        ("focl", {}, "loss", "'focl'", "did you mean 'focal'"),
        ("crossentropy", {}, "loss", "'crossentropy'", "did you mean 'cross-entropy'"),
        (None, {}, "loss", "None", "one of"),
        (["focal"], {}, "loss", "['focal']", "one of"),
        ("", {}, "loss", "''", "one of"),
        ("x" * 10_000, {}, "loss", "xxx", "one of"),
    ],
)
def test_loss(key: Any, parameters: dict[str, Any], argument: str, description: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        lossviz.loss(key, **parameters)
    assert str(caught.value).startswith(f"{argument}: "), str(caught.value)
    assert description in str(caught.value) and expected in str(caught.value), str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", ["weight", "alpha", "pos_weight"])
@pytest.mark.parametrize("length", [1, 2, 4])
def test_vectors_have_one_value_per_class(name: str, length: int) -> None:
    spec = lossviz.loss("focal", "sigmoid", **{name: [0.5] * length})
    refused(spec, Z, [0, 1], name, f"{length} values", "3, one per class")
    refused(spec, np.zeros((0, 3)), np.zeros(0, int), name, f"{length} values")


@pytest.mark.parametrize("vector", [np.array([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 3.0]), (1, 2, 3), [1.0, 2.0, 3.0]])
def test_vectors_may_be_any_sequence(vector: Any) -> None:
    assert lossviz.loss("cross-entropy", weight=vector).weight == (1.0, 2.0, 3.0)


def test_reductions_and_normalizers() -> None:
    ev = lossviz.evaluate(SOFTMAX, Z, [0, 1])
    for call in (ev.reduce, ev.reduced_grad):
        with pytest.raises(InputError, match=re.escape("reduction: found 'men'") + ".*did you mean 'mean'"):
            call("men")
        with pytest.raises(InputError, match=r"normalizer: found 'sample'.*did you mean 'samples'"):
            call("mean", "sample")
        with pytest.raises(InputError, match="reduction"):
            call(None)
        with pytest.raises(InputError, match="normalizer"):
            call("mean", ["samples"])


@pytest.mark.parametrize("dtype", ["float32", float, torch.int64, torch.float16, 7])
def test_dtypes(dtype: Any) -> None:
    refused(SOFTMAX, Z, [0, 1], "dtype", "float32 or float64", dtype=dtype)


def test_targets_may_require_gradients_and_be_strided() -> None:
    t = torch.full((3, 2), 0.5, dtype=torch.float64, requires_grad=True).t()
    assert torch.isfinite(lossviz.evaluate(SOFTMAX, torch.tensor(Z, requires_grad=True), t).grad).all()


@pytest.mark.parametrize(
    ("spec", "description", "made"),
    [
        ("focal", "'focal'", "lossviz.loss('focal')"),
        ("Focal loss", "'Focal loss'", "lossviz.loss('focal')"),
        ("CE", "'CE'", "lossviz.loss('cross-entropy')"),
        (lossviz.LOSSES["nll"], "type Loss", "lossviz.loss('nll')"),
        (None, "None", "lossviz.loss('cross-entropy')"),
        (2.0, "2.0", "lossviz.loss('cross-entropy')"),
        ([[1.0, 2.0]], "type list", "lossviz.loss('cross-entropy')"),
        (np.zeros((2, 3)), "type ndarray", "lossviz.loss('cross-entropy')"),
        (lossviz.loss, "type function", "lossviz.loss('cross-entropy')"),
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_is_no_loss_is_told_with_the_call_that_works(spec: Any, description: str, made: str) -> None:
    calls: tuple[tuple[Any, str], ...] = (
        (lambda: lossviz.evaluate(spec, Z, [0, 1]), f"lossviz.evaluate({made}, logits, targets)"),
        (lambda: lossviz.snippet(spec, Z, [0, 1]), f"lossviz.snippet({made}, logits, targets)"),
        (lambda: lossviz.names(spec, [0, 1]), f"lossviz.names({made}, targets)"),
    )
    for call, works in calls:
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.argument == "spec" and description in str(caught.value) and works in str(caught.value)
        z = np.log(np.full((2, 3), 1 / 3))
        eval(works, {"lossviz": lossviz, "logits": z, "targets": [0, 1]})


def test_an_error_goes_from_one_process_to_another() -> None:
    for error in (InputError("gamma", "-1", "a number ≥ 0", 3), unknown_name("loss", "focol", LOSSES)):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is InputError and str(again) == str(error)
        assert (again.argument, again.row) == (error.argument, error.row)
