"""The shipped data is what its README says it is."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

DATA = Path(__file__).parents[2] / "lossviz" / "data"
README = (DATA / "README.md").read_text(encoding="utf-8")
Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    with np.load(DATA / "digits_predictions.npz", allow_pickle=False) as file:
        return dict(file)


def stated(pattern: str) -> str:
    match = re.search(pattern, README)
    assert match, f"lossviz/data/README.md no longer says {pattern!r}"
    return match[1]


def log_loss(arrays: Arrays) -> float:
    logits = arrays["logits"].astype(np.float64)
    of_the_truth = np.take_along_axis(logits, arrays["labels"][:, None].astype(int), axis=1)[:, 0]
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - of_the_truth))


def test_readme_names_every_array_with_its_shape_and_dtype(arrays: Arrays) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\([\d, ]+\)) \| (\w+) \|", README, re.MULTILINE)
    assert {name: (shape, dtype) for name, shape, dtype in rows} == {
        name: (str(array.shape), str(array.dtype)) for name, array in arrays.items()
    }


def test_images_and_labels_are_the_original_ones(arrays: Arrays) -> None:
    digits = load_digits()
    assert np.array_equal(arrays["labels"], digits.target)
    assert np.array_equal(arrays["images"], digits.images)


def test_logits_are_finite_raw_scores(arrays: Arrays) -> None:
    logits = arrays["logits"]
    assert np.isfinite(logits).all()
    assert np.abs(logits).max() < 15
    # Log-probabilities would have a log-sum-exp of 0 in every row.
    assert np.logaddexp.reduce(logits, axis=1).min() > 1


def test_every_class_is_present_in_every_fold(arrays: Arrays) -> None:
    for fold in range(10):
        assert set(arrays["labels"][arrays["folds"] == fold]) == set(range(10))


def test_readme_states_the_accuracy_and_log_loss_of_the_data(arrays: Arrays) -> None:
    right = arrays["logits"].argmax(axis=1) == arrays["labels"]
    assert stated(r"accuracy: ([\d.]+)%") == f"{100 * right.mean():.2f}"
    assert stated(r"\((\d+) mistakes") == str((~right).sum())
    assert stated(r"Log loss: ([\d.]+)\.\n") == f"{log_loss(arrays):.4f}"


def test_some_mistakes_are_confident(arrays: Arrays) -> None:
    logits = arrays["logits"].astype(np.float64)
    confidence = np.exp(logits.max(axis=1) - np.logaddexp.reduce(logits, axis=1))
    wrong = logits.argmax(axis=1) != arrays["labels"]
    assert stated(r"(\d+) of them with a confidence above 0\.9") == str((wrong & (confidence > 0.9)).sum())
