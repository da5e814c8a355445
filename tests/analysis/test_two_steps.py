"""CE = log-softmax, then NLL: the log-probabilities in between, and the one that is picked."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lossviz import loss
from lossviz.analysis.sample import sample
from lossviz.analysis.two_steps import two_steps
from lossviz.evaluation.setting import Setting


def test_the_steps_are_those_of_torch_and_end_at_the_loss() -> None:
    setting = Setting(loss("cross-entropy"), (2.0, -1.0, 0.5), (0.0, 0.0, 1.0))
    steps = two_steps(setting)
    assert steps is not None
    logits = torch.tensor(setting.logits, dtype=torch.float64)
    np.testing.assert_allclose(steps.log_probabilities, torch.log_softmax(logits, 0), rtol=1e-13)
    assert steps.normalizer == pytest.approx(float(torch.logsumexp(logits, 0)), rel=1e-13)
    assert steps.picked == 2
    assert steps.loss == pytest.approx(sample(setting).loss[0], rel=1e-13)


@pytest.mark.parametrize(
    ("spec", "logits", "targets"),
    [
        (loss("focal"), (2.0, 1.0), (1.0, 0.0)),
        (loss("cross-entropy", "sigmoid"), (2.0, 1.0), (1.0, 0.0)),
        (loss("cross-entropy", label_smoothing=0.1), (2.0, 1.0), (1.0, 0.0)),
        (loss("cross-entropy"), (2.0, 1.0), (0.7, 0.3)),
        (loss("cross-entropy"), (float("-inf"), 1.0), (0.0, 1.0)),
    ],
)
def test_other_settings_have_no_such_steps(spec: object, logits: tuple[float, ...], targets: tuple[float, ...]) -> None:
    assert two_steps(Setting(spec, logits, targets)) is None  # type: ignore[arg-type]
