"""What columns are called, as evaluation loops, scikit-learn, Hugging Face, timm, Kaggle and R write them."""

from __future__ import annotations

LOGITS = ("logits", "logit", "pred_logits", "raw_logits", "y_logits", "y_logit", "log_probs", "log_prob", "decision_function")
PROBABILITIES = (
    *("probabilities", "probability", "probs", "prob", "proba", "p"),
    *("y_prob", "y_probs", "y_proba", "y_pred_proba", "y_pred_prob", "pred_proba", "pred_probs", "pred_prob", "predict_proba"),
    *("predicted_probability", "predicted_probabilities", "softmax", "sigmoid", "confidence", "conf"),
)
SCORES = (
    *("scores", "score", "y_score", "y_scores", "predictions", "prediction", "preds", "pred", "y_pred", "y_hat"),
    *("outputs", "output", "z"),
)
CLASSES = ("class",)
TARGETS = (
    *("label", "labels", "target", "targets", "y_true", "label_ids", "label_id", "true_label", "true_class", "ground_truth"),
    *("gt", "truth", "gold", "obs", "observed", "actual", "class_label", "class", "y"),
)
OTHERS = {"id": ("id", "ids"), "group": ("group", "groups"), "suspect": ("suspect", "suspects")}
NO_CLASS = (
    "class",
    "label",
    "labels",
    "max",
    "min",
    "mean",
    "std",
    "pred",
    "predicted",
    "entropy",
    "margin",
    "top1",
    "scale",
    "sum",
    "value",
)
"""What stands behind an underscore and is no class: `prob_max`, `logit_scale`, `p_value`."""

NO_NAMES = frozenset(
    (
        "sample_weight",
        *("", "index", "unnamed: 0", "row", "rowindex", "row_index", "idx", "fold", "split", "epoch", "weight"),
        *LOGITS, *PROBABILITIES, *SCORES, *TARGETS, *(word for words in OTHERS.values() for word in words),
    )
)  # fmt: skip
"""What a column beside those of the classes may be called, and is no class."""
