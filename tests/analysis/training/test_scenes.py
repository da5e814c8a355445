"""Known results: what a scene says is what its table shows, in sign and in size; and the paper's own table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lossviz.analysis.training import MEASURES, estimate, paired_differences, train
from lossviz.analysis.training.reference_results import reference_results
from lossviz.analysis.training.scenes import RETINANET, RETINANET_SOURCE, SCENES
from lossviz.data.toy_datasets import make_dataset
from lossviz.losses import LossSpec

Array = np.ndarray


class Effect(NamedTuple):
    """Means of paired differences (L − 1,) in percentage points, and their standard errors, over the table's seeds."""

    mean: Array
    error: Array

    @property
    def low(self) -> Array:
        """What a mean is at least, by four standard errors."""
        return self.mean - 4 * self.error

    @property
    def high(self) -> Array:
        """What a mean is at most, by four standard errors."""
        return self.mean + 4 * self.error


def effect(values: Array) -> Effect:
    paired_differences = values[1:] - values[:1]
    return Effect(paired_differences.mean(-1), paired_differences.std(-1, ddof=1) / np.sqrt(paired_differences.shape[-1]))


def present(key: str, measure: str) -> Effect:
    return effect(reference_results(key).present[measure])


def interaction(key: str, measure: str) -> Effect:
    results = reference_results(key)
    return effect(results.present[measure] - results.absent[measure])


def varied(losses: tuple[LossSpec, ...]) -> set[str]:
    """In what the losses differ from the first one, cross-entropy being focal loss with γ = 0."""
    first, *others = losses
    names = ("activation", "gamma", "alpha", "weight", "pos_weight", "label_smoothing", "temperature", "soft_form")
    return {name for spec in others for name in names if getattr(spec, name) != getattr(first, name)}


@pytest.mark.parametrize("key", SCENES)
def test_a_scene_is_whole(key: str) -> None:
    scene = SCENES[key]
    scene.experiment.check()
    assert scene.key == key and scene.measure in MEASURES
    assert scene.measure == ("precision" if scene.experiment.dataset_spec.ratio > 1 else "accuracy"), "a claim has one endpoint"
    assert scene.reason.endswith(".") and len(scene.reason) < 200 and scene.title and scene.source
    assert "holds" not in scene.reason and "claim" not in scene.reason
    assert scene.experiment.seconds < 15


@pytest.mark.parametrize("key", SCENES)
def test_losses_differ_in_one_thing(key: str) -> None:
    assert varied(SCENES[key].experiment.losses) == ({"alpha"} if key.endswith("-alpha") else {"gamma"})


@pytest.mark.parametrize("key", SCENES)
def test_twelve_seeds_tell_what_all_of_them_say(key: str) -> None:
    """Of intervals from a few seeds, nineteen in twenty contain the mean of all; three standard deviations are allowed."""
    values = paired_differences(reference_results(key).present[SCENES[key].measure])
    n = min(SCENES[key].experiment.seeds, values.shape[1])
    parts = [estimate(values[:, start : start + n]) for start in range(0, values.shape[1] - n + 1, n)]
    truth = values.mean(-1)
    inside = [(part.low <= truth) & (truth <= part.high) for part in parts]
    least = 0.95 - 3 * np.sqrt(0.95 * 0.05 / len(parts))
    assert (np.mean(inside, axis=0) >= least).all()


def test_by_symmetry_evenly_spread_noise_moves_no_line() -> None:
    results = present("gaussians-uniform", "accuracy")
    assert (np.abs(results.mean) < 0.1).all() and (results.mean - 4 * results.error > -0.2).all()


@pytest.mark.parametrize(("key", "sign"), [("gaussians-one-class", -1), ("gaussians-far", -1), ("gaussians-near", 1)])
def test_wrong_labels_of_one_class_move_the_line(key: str, sign: int) -> None:
    """Not only under noise: against clean labels, too, and more with γ = 5."""
    for results in (present(key, "accuracy"), interaction(key, "accuracy")):
        small, large = sign * results.mean
        assert 0.3 < small < large < 3
        assert (sign * results.mean - 4 * results.error > 0).all()


def test_it_costs_most_far_from_the_boundary() -> None:
    one_class, far = (present(key, "accuracy") for key in ("gaussians-one-class", "gaussians-far"))
    assert (far.high < one_class.low).all()


@pytest.mark.parametrize("key", ["digits-uniform-10", "digits-uniform-40"])
def test_a_flexible_model_learns_wrong_labels_by_heart(key: str) -> None:
    by_heart, lost = present(key, "memorised"), present(key, "accuracy")
    assert (np.diff(by_heart.mean, prepend=0) > 0).all() and by_heart.low[-1] > 1
    for results in (lost, interaction(key, "accuracy")):
        assert (np.diff(results.mean, prepend=0) < 0).all() and results.high[-1] < -1


def test_more_noise_costs_more() -> None:
    few, many = (present(f"digits-uniform-{percent}", "accuracy") for percent in (10, 40))
    assert many.high[-1] < few.low[-1]


@pytest.mark.parametrize("key", ["rare-1000", "rare-1000-prior"])
def test_a_rare_class_leaves_room_for_a_gain(key: str) -> None:
    """The best rule is far above cross-entropy, which it was not in a dataset that a linear model is right for."""
    results = reference_results(key)
    assert results.ceilings["precision"][0].mean() - results.present["precision"][0].mean() > 5


def test_gamma_is_ahead_without_a_prior() -> None:
    for results in (present("rare-1000", "precision"), interaction("rare-1000", "precision")):
        assert (results.mean - 2 * results.error > 0).all() and (results.mean > 3).all()
    assert (np.abs(effect(reference_results("rare-1000").absent["precision"]).mean) < 0.1).all(), (
        "none where both classes are frequent"
    )


def test_with_the_prior_its_lead_shrinks() -> None:
    without, prior = (reference_results(key).present["precision"] for key in ("rare-1000", "rare-1000-prior"))
    gains = (prior - without).mean(-1)
    assert gains[0] > 5 and (gains[0] > gains[1:] + 2).all()


@pytest.mark.parametrize("measure", ["rare", "precision"])
def test_alpha_finds_more_of_the_rare_class_and_ranks_it_higher(measure: str) -> None:
    results = present("rare-1000-alpha", measure)
    assert results.high[0] < 0 < results.low[1] and (np.abs(results.mean) > 2).all()


def heard(key: str, gamma: float) -> float:
    """The share of all gradient on logits that wrong labels have under a γ, at the line that is best for cross-entropy."""
    one = make_dataset(SCENES[key].experiment.dataset_spec, 0)
    x, labels = torch.tensor(one.x), torch.tensor(one.labels)
    line = torch.nn.Linear(2, 2, dtype=torch.float64)
    optimiser = torch.optim.LBFGS(line.parameters(), max_iter=100)

    def step() -> float:
        optimiser.zero_grad()
        loss = F.cross_entropy(line(x), labels)
        loss.backward()
        return float(loss.detach())

    optimiser.step(step)
    z = line(x).detach().requires_grad_()
    plain = F.cross_entropy(z, labels, reduction="none")
    ((1 - torch.exp(-plain)) ** gamma * plain).sum().backward()
    assert z.grad is not None
    length = z.grad.norm(dim=1).numpy()
    return float(length[one.wrong].sum() / length.sum())


@pytest.mark.parametrize(("key", "sign"), [("gaussians-one-class", 1), ("gaussians-far", 1), ("gaussians-near", -1)])
def test_whom_gamma_hears_at_the_line_of_cross_entropy(key: str, sign: int) -> None:
    """Wrong labels that look hard more than cross-entropy does, and those that its line has moved past less."""
    shares = np.array([heard(key, gamma) for gamma in (0.0, 2.0, 5.0)])
    assert (sign * np.diff(shares) > 0.03).all()


def test_a_prior_gives_the_rare_class_its_share_at_once() -> None:
    """A thousand to one, all p alike: without a prior 1/1001 of cross-entropy; with π = 0.01, 1 − 0.686; γ = 2: 0.999."""
    runs = [next(train(SCENES[key].experiment, range(2)))[1] for key in ("rare-1000", "rare-1000-prior")]
    without, prior = (run.loss_share[:, :, 1].mean(-1) for run in runs if run is not None)
    assert without[0] == pytest.approx(0.001, abs=0.0005)
    assert prior[0] == pytest.approx(1 - 0.686, abs=0.1) and (prior[1:] > 0.95).all()


def test_the_papers_own_table() -> None:
    """Lin et al. 2017, table 1: γ = 2 is best, 2.9 points above the best cross-entropy; α falls as γ rises."""
    plain = {row.alpha: row.ap for row in RETINANET if row.gamma == 0}
    assert max(plain, key=plain.get) == 0.75 and plain[0.75] == 31.1 and plain[0.1] == 0
    best = max(RETINANET, key=lambda row: row.ap)
    assert (best.gamma, best.alpha, best.ap) == (2.0, 0.25, 34.0)
    focal = [row for row in RETINANET if row.gamma > 0]
    assert [row.gamma for row in focal] == sorted(row.gamma for row in focal)
    assert [row.alpha for row in focal] == sorted((row.alpha for row in focal), reverse=True)
    assert len(RETINANET) == len(set(RETINANET)) == 13
    assert "table 1" in RETINANET_SOURCE
