"""Make digits_predictions.npz: what a real classifier says about each of 1 797 real digits it was not trained on.

Ten-fold cross-validation of a multinomial logistic regression. Its objective has one optimum and Newton's method goes
all the way there, so a second run, with any number of threads, writes the same arrays.

    .venv/bin/python assets/make_digits_predictions.py
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

SEED = 0
FOLDS = 10
# The weakest regularisation whose logits stay within ±15: confident enough to be confidently wrong a few times.
INVERSE_REGULARISATION = 3.0
FILE = Path(__file__).parents[1] / "lossviz" / "data" / "digits_predictions.npz"


def out_of_fold(pixels: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits (N, 10) of the model that has not seen that row, and the fold (N,) each row was held out in."""
    logits = np.empty((len(labels), labels.max() + 1))
    folds = np.empty(len(labels), dtype=np.uint8)
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for fold, (train, held_out) in enumerate(splitter.split(pixels, labels)):
        model = LogisticRegression(C=INVERSE_REGULARISATION, solver="newton-cholesky", tol=1e-10)
        model.fit(pixels[train], labels[train])
        logits[held_out] = model.decision_function(pixels[held_out])
        folds[held_out] = fold
    return logits, folds


def main() -> None:
    digits = load_digits()
    logits, folds = out_of_fold(digits.data / 16, digits.target)
    # Three decimals, so that a link or a lecturer can write them down.
    logits = logits.round(3)
    np.savez_compressed(
        FILE,
        logits=logits.astype(np.float32),
        labels=digits.target.astype(np.uint8),
        images=digits.images.astype(np.uint8),
        folds=folds,
    )
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    print(f"accuracy {np.mean(logits.argmax(axis=1) == digits.target):.4f}")
    print(f"log loss {-log_probs[np.arange(len(folds)), digits.target].mean():.4f}")
    print(f"logits from {logits.min():.1f} to {logits.max():.1f}")


if __name__ == "__main__":
    main()
