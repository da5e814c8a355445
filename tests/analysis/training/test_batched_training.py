"""Training: what all losses and seeds have in common, and that it is what a plain loop of torch trains."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from lossviz import InputError, loss
from lossviz.analysis.training import Experiment, Snapshot, batched_training, snapshot_epochs, snapshots, train
from lossviz.analysis.training.models import Models, initial_biases, initial_weights
from lossviz.data import toy_datasets
from lossviz.data.toy_datasets import Dataset, DatasetSpec, make_dataset
from lossviz.losses import LossSpec

from .torch_loop import CE, DIGITS, FOCAL, MOONS, NOISY, SIGMOID, assert_alike, log_space, select, small, train_plain, trained

pytestmark = pytest.mark.usefixtures("few_test_samples")


def seeds_apart(values: np.ndarray) -> bool:
    """Whether no two seeds (the last axis) have the same numbers."""
    return len(np.unique(values, axis=-1)[0]) == values.shape[-1]


# Pairing

each_kind = pytest.mark.parametrize(
    "experiment",
    [
        small(),
        small(MOONS, width=8, optimiser="sgd"),
        small(DIGITS, width=5, equal_gradient=True),
        small(MOONS, prior=0.05, batch=1000),
    ],
    ids=["linear", "mlp", "digits", "full batch"],
)


@each_kind
def test_the_same_loss_twice_is_the_same_training(experiment: Experiment) -> None:
    for one in trained(replace(experiment, losses=(FOCAL, FOCAL))):
        assert_alike(select(one, slice(0, 1)), select(one, slice(1, 2)), 1e-12)
        assert seeds_apart(one.loss)
        np.testing.assert_allclose(one.loss[1], one.loss[0], atol=1e-12)


@pytest.mark.parametrize("dataset_spec", [NOISY, DIGITS], ids=lambda dataset_spec: dataset_spec.shape)
def test_measured_a_few_seeds_at_a_time_it_is_the_same(dataset_spec: DatasetSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = small(dataset_spec, seeds=5, epochs=1)
    whole = trained(experiment)[-1]
    samples = max(dataset_spec.samples, 2 * toy_datasets.TEST_PER_CLASS if dataset_spec.shape != "digits" else 0)
    monkeypatch.setattr(snapshots, "MAX_LOGITS", 2 * len(experiment.losses) * samples * experiment.classes)
    parts = trained(experiment)[-1]
    for name in whole._fields[1:]:
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-12, atol=1e-12, err_msg=name)


@each_kind
def test_other_losses_change_nothing(experiment: Experiment) -> None:
    alone = trained(replace(experiment, losses=(CE,)))
    together = trained(replace(experiment, losses=(CE, FOCAL, SIGMOID)))
    for a, b in zip(alone, together, strict=True):
        assert_alike(select(b, slice(1)), select(a))
    assert np.abs(together[-1].loss[0] - together[-1].loss[1]).min() > 1e-3


@each_kind
def test_part_of_the_seeds_is_part_of_the_whole(experiment: Experiment) -> None:
    many = replace(experiment, seeds=4)
    whole, part = trained(many), trained(many, range(2, 4))
    for a, b in zip(whole, part, strict=True):
        assert_alike(select(b), select(a, seeds=slice(2, 4)))
    for a, b in zip(whole, trained(replace(many, seeds=2, first_seed=2)), strict=True):
        assert_alike(select(b), select(a, seeds=slice(2, 4)))
    assert seeds_apart(whole[-1].loss)


def test_the_same_again_is_the_same_to_the_last_digit() -> None:
    first, again = trained(small(DIGITS, width=4)), trained(small(DIGITS, width=4))
    for a, b in zip(first, again, strict=True):
        for x, y in zip(a, b, strict=True):
            np.testing.assert_array_equal(x, y)


def test_all_losses_of_a_seed_see_the_same_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each epoch every sample once, in an order of the seed's own, anew in each epoch; one label a sample for all losses."""
    seen: list[Tensor] = []
    gradient = batched_training.gradient

    def watched(experiment: Experiment, z: Tensor, labels: Tensor) -> Tensor:
        assert z.shape[:3] == (2, *labels.shape)
        seen.append(labels)
        return gradient(experiment, z, labels)

    monkeypatch.setattr(batched_training, "gradient", watched)
    experiment = small(epochs=2)
    trained(experiment)
    assert [part.shape[1] for part in seen] == [32, 32, 26] * 2
    epochs = [torch.cat(seen[:3], 1), torch.cat(seen[3:], 1)]
    for seed in range(3):
        labels = make_dataset(experiment.dataset_spec, seed).labels
        order = np.random.default_rng([seed, 3])
        for epoch in epochs:
            np.testing.assert_array_equal(epoch[seed].numpy(), labels[order.permutation(90)])


def test_all_losses_of_a_seed_begin_alike() -> None:
    experiment = small(MOONS, (CE, FOCAL, SIGMOID), width=6)
    models = Models(experiment, range(3), torch.device("cpu"), torch.float64)
    for n, weight in enumerate(models.weights):
        assert weight.shape[:2] == (3, 3)
        for seed in range(3):
            expected = torch.tensor(initial_weights(experiment, seed)[n])
            assert all(torch.equal(weight[k, seed].detach(), expected) for k in range(3))
    assert not torch.equal(models.weights[0][0, 0], models.weights[0][0, 1])


# Against a plain loop

PLAIN: list[tuple[Experiment, LossSpec]] = [
    (small(losses=(CE, FOCAL)), CE),
    (small(losses=(CE, FOCAL), optimiser="sgd"), CE),
    (small(MOONS, (FOCAL, CE), width=8), CE),
    (small(MOONS, (FOCAL, CE), width=8, optimiser="sgd", learning_rate=0.1), CE),
    (small(DIGITS, (CE,), width=7), CE),
    (small(MOONS, (CE, SIGMOID)), SIGMOID),
    (small(DIGITS, (SIGMOID,), width=6), SIGMOID),
    (small(DIGITS, (CE, FOCAL), width=6), FOCAL),
    (small(losses=(CE, loss("focal", "sigmoid", gamma=0.5))), loss("focal", "sigmoid", gamma=0.5)),
    (small(losses=(loss("focal", gamma=1.0, temperature=2.0),), prior=0.1), loss("focal", gamma=1.0, temperature=2.0)),
    (small(MOONS, (CE,), width=8, batch=1000), CE),
    (small(MOONS, (SIGMOID,), prior=0.01, batch=1, epochs=2), SIGMOID),
]


@pytest.mark.parametrize(("experiment", "spec"), PLAIN, ids=lambda x: getattr(x, "key", None))
def test_it_is_what_a_plain_loop_trains(experiment: Experiment, spec: LossSpec) -> None:
    at, last = experiment.losses.index(spec), trained(experiment)[-1]
    seed = 2
    trained_by_hand = train_plain(experiment, spec, seed)
    model, made, steps = trained_by_hand
    z, labels = trained_by_hand.logits(made.x), torch.tensor(made.labels)
    assert last.step_length[at, seed] == pytest.approx(np.mean(steps), rel=1e-7)
    assert last.loss[at, seed] == pytest.approx(log_space(spec, z, labels).mean().item(), rel=1e-9)
    wrong = torch.tensor(made.wrong)
    assert last.memorised[at, seed] == pytest.approx((z.argmax(1) == labels)[wrong].double().mean().item())
    with torch.no_grad():
        right = (model(torch.tensor(made.test_x)).argmax(1).numpy() == made.test_labels).astype(float)
    expected = [right[made.test_labels == c].mean() for c in range(experiment.classes)]
    np.testing.assert_allclose(last.recall[at, seed], expected, rtol=1e-12)
    assert last.accuracy[at, seed] == pytest.approx(np.dot(expected, made.prior), rel=1e-12)


def test_no_epochs_yet_is_the_beginning() -> None:
    experiment = small(MOONS, width=8)
    first = next(train(experiment))[1]
    assert first is not None
    assert np.isnan(first.step_length).all()
    for seed in range(3):
        w1, b1, w2, b2 = initial_weights(experiment, seed)
        made = make_dataset(MOONS, seed)
        z = torch.tensor(np.maximum(made.x @ w1 + b1, 0) @ w2 + b2)
        for n, spec in enumerate(experiment.losses):
            assert first.loss[n, seed] == pytest.approx(log_space(spec, z, torch.tensor(made.labels)).mean().item(), rel=1e-12)


# Equal gradient


def logits(experiment: Experiment, batch: int = 20, seed: int = 0) -> tuple[Tensor, Tensor]:
    rng = np.random.default_rng(seed)
    shape = (len(experiment.losses), experiment.seeds, batch, experiment.classes)
    return torch.tensor(rng.normal(0, 2, shape)), torch.tensor(rng.integers(experiment.classes, size=shape[1:3]))


@pytest.mark.parametrize("equal", [False, True])
@pytest.mark.parametrize("dataset_spec", [NOISY, DIGITS], ids=["2", "10"])
def test_gradients_against_autograd(dataset_spec: DatasetSpec, equal: bool) -> None:
    experiment = small(dataset_spec, (CE, FOCAL, loss("focal", "sigmoid", gamma=5.0)), equal_gradient=equal)
    z, labels = logits(experiment)
    snapshots = batched_training.gradient(experiment, z, labels)
    for n, spec in enumerate(experiment.losses):
        for seed in range(3):
            own, first = (
                torch.autograd.grad(log_space(one, at, labels[seed]).mean(), at)[0]
                for one, at in ((one, z[n, seed].clone().requires_grad_()) for one in (spec, CE))
            )
            lengths = [g.norm(dim=1).mean() for g in (first, own)]
            expected = own * lengths[0] / lengths[1] if equal else own
            torch.testing.assert_close(snapshots[n, seed], expected, rtol=1e-9, atol=1e-15)


def test_equal_gradients_are_as_long_as_the_first_losses_at_the_same_logits() -> None:
    losses = (CE, FOCAL, loss("focal", gamma=5.0), loss("cross-entropy", label_smoothing=0.2))
    experiment = small(DIGITS, losses, equal_gradient=True)
    z, labels = logits(experiment, 33)
    length = batched_training.gradient(experiment, z, labels).norm(dim=-1).mean(-1)
    as_first = small(DIGITS, (CE,) * 4)
    torch.testing.assert_close(length, batched_training.gradient(as_first, z, labels).norm(dim=-1).mean(-1), rtol=1e-12, atol=0)


def test_the_first_loss_is_left_as_it_is() -> None:
    for a, b in zip(trained(small(equal_gradient=True)), trained(small()), strict=True):
        for name, values in select(a, slice(1)).items():
            np.testing.assert_array_equal(values, select(b, slice(1))[name])
        assert a.epoch == 0 or (a.loss[1] != b.loss[1]).all()


@pytest.mark.parametrize("gap", [40.0, 124.0, 130.0, 800.0, 5000.0])
def test_a_gradient_of_nothing_stays_nothing(gap: float) -> None:
    """A loss that has next to nothing to say, down to floats that have no quotient, is never scaled to nan."""
    experiment = small(NOISY, (CE, loss("focal", gamma=5.0)), seeds=1, equal_gradient=True)
    z = torch.tensor([[gap, 0.0], [0.0, gap]]).double().expand(2, 1, 2, 2)
    snapshots = batched_training.gradient(experiment, z, torch.tensor([[0, 1]]))
    assert snapshots.isfinite().all()
    assert snapshots.abs().max() < 1e-10


# The prior


@pytest.mark.parametrize(
    "spec", [CE, FOCAL, SIGMOID, loss("focal", "sigmoid", gamma=2.0), loss("cross-entropy", temperature=3.0)]
)
@pytest.mark.parametrize(("dataset_spec", "rare"), [(NOISY, 1), (NOISY._replace(rare=0), 0), (DIGITS, 3)])
@pytest.mark.parametrize("prior", [0.01, 0.3, None])
def test_the_rare_class_begins_at_the_prior(spec: LossSpec, dataset_spec: DatasetSpec, rare: int, prior: float | None) -> None:
    """At an input of zeros a linear model has its biases only."""
    experiment = small(dataset_spec, (spec,), prior=prior)
    models = Models(experiment, range(3), torch.device("cpu"), torch.float64)
    z = models.logits(torch.zeros(3, 1, experiment.inputs, dtype=torch.float64))[0, :, 0] / spec.temperature
    p = z.softmax(1) if spec.activation == "softmax" else z.sigmoid()
    classes = experiment.classes
    if prior is None:
        assert (z == 0).all()
    else:
        expected = torch.full((3, classes), (1 - prior) / (classes - 1), dtype=torch.float64)
        expected[:, rare] = prior
        torch.testing.assert_close(p, expected, rtol=1e-12, atol=0)


def test_the_prior_of_retinanet() -> None:
    """b = −ln((1 − π)/π) = −4.595 for π = 0.01 (Lin et al. 2017, section 4.1)."""
    biases = initial_biases(small(NOISY, (SIGMOID,), prior=0.01))
    assert biases[0].tolist() == pytest.approx([4.59512, -4.59512], abs=1e-5)


def test_a_prior_changes_nothing_but_the_last_biases() -> None:
    a, b = (initial_weights(small(MOONS, width=4, prior=prior), 1) for prior in (None, 0.01))
    for x, y in zip(a[:-1], b[:-1], strict=True):
        np.testing.assert_array_equal(x, y)
    assert (a[-1] != b[-1]).all()


def test_beginnings_are_within_their_reach() -> None:
    w1, b1, w2, b2 = initial_weights(small(DIGITS, width=400), 0)
    assert [x.shape for x in (w1, b1, w2, b2)] == [(64, 400), (1, 400), (400, 10), (1, 10)]
    for x, reach in ((w1, 1 / 8), (b1, 1 / 8), (w2, 1 / 20)):
        assert np.abs(x).max() <= reach
        assert np.abs(x).max() > 0.97 * reach
        assert abs(x.mean()) < 4 * reach / (3 * x.size) ** 0.5


# Divergence


@pytest.mark.parametrize("rate", [100.0, 1e6])
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
@pytest.mark.parametrize("width", [0, 8])
def test_divergence_is_told(width: int, optimiser: str, rate: float) -> None:
    experiment = small(MOONS, width=width, optimiser=optimiser, learning_rate=rate, epochs=60)
    snapshots = re.escape(f"learning_rate: found {rate:g}: ")
    message = snapshots + r"(cross-entropy|focal loss) diverged in epoch \d+, [123] of 3 seeds; expected a smaller one\."
    with pytest.raises(InputError, match=message) as caught:
        trained(experiment)
    assert caught.value.argument == "learning_rate"


def test_divergence_names_the_loss_the_epoch_and_the_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logits that are no numbers, of one loss, for two of three seeds, from the fourth step on: the second epoch."""
    original, steps = Models.logits, [0]

    def spoilt(self: Models, x: Tensor) -> Tensor:
        z = original(self, x)
        if z.requires_grad:
            steps[0] += 1
            if steps[0] > 3:
                z = z + torch.tensor([[0.0, 0, 0], [torch.nan, 0, torch.inf]]).double()[..., None, None]
        return z

    monkeypatch.setattr(Models, "logits", spoilt)
    with pytest.raises(InputError, match=r"found 0\.02: focal loss diverged in epoch 2, 2 of 3 seeds"):
        trained(small())


@pytest.mark.parametrize("of", ["x", "test_x"])
def test_divergence_in_the_last_step_is_told(monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    """After the last batch nothing but the measures looks at the logits."""
    original = Models.outputs

    def spoilt(self: Models, x: Tensor) -> Tensor:
        return original(self, x) * (torch.inf if x.shape[1] == (90 if of == "x" else 2 * toy_datasets.TEST_PER_CLASS) else 1)

    monkeypatch.setattr(Models, "outputs", spoilt)
    with pytest.raises(InputError, match="cross-entropy diverged in epoch 0, 3 of 3 seeds"):
        trained(small())


@pytest.mark.parametrize(("rate", "optimiser"), [(0.01, "sgd"), (0.3, "adam"), (1.0, "sgd"), (1.0, "adam")])
def test_rates_that_people_use_do_not_diverge(optimiser: str, rate: float) -> None:
    losses = tuple(loss("focal", gamma=gamma) for gamma in (0.0, 2.0, 5.0))
    snapshots = trained(small(NOISY, losses, learning_rate=rate, optimiser=optimiser, batch=600, epochs=20))
    assert len(snapshots) == len(snapshot_epochs(20))


def test_a_bad_beginning_is_no_divergence() -> None:
    """With π = 10⁻⁹ for half of the samples, the loss begins far above that of equal logits."""
    snapshots = trained(small(DatasetSpec("gaussians", 200), (loss("focal", gamma=5.0),), prior=1e-9, learning_rate=0.001))
    assert snapshots[0].loss.min() > 20 * 0.5**5 * np.log(2)


# The rest


def test_whoever_stops_asking_stops_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    def watched(*original: Any) -> Tensor:
        steps.append(original[-1])
        return torch.zeros(2, 3)

    monkeypatch.setattr(batched_training, "_epoch", watched)
    running = train(small(epochs=50))
    assert [next(running)[0] for _ in range(4)] == [0, 1, 2, 3]
    assert steps == [1, 2, 3]
    running.close()  # type: ignore[attr-defined]
    assert list(running) == []
    assert steps == [1, 2, 3]


def test_nothing_is_trained_before_someone_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batched_training, "make_dataset", lambda *_: pytest.fail("a dataset was made"))
    train(small())


def test_epochs_are_counted_and_those_kept_are_measured() -> None:
    snapshots = list(train(small(epochs=25)))
    assert [epoch for epoch, _ in snapshots] == list(range(26))
    assert tuple(snapshot.epoch for _, snapshot in snapshots if snapshot) == snapshot_epochs(25)
    assert all(snapshot.epoch == epoch for epoch, snapshot in snapshots if snapshot)


@pytest.mark.parametrize("epochs", [1, 2, 3, 4, 10, 23, 24, 60, 400, 1000])
def test_epochs_kept(epochs: int) -> None:
    kept = snapshot_epochs(epochs)
    assert kept[0] == 0
    assert kept[-1] == epochs
    assert set(range(min(4, epochs + 1))) <= set(kept)
    steps = [b - a for a, b in pairwise(kept)]
    assert min(steps) >= 1
    assert len(kept) <= 28
    assert max(steps[len(steps) // 2 :]) <= max(1, 0.09 * epochs)
    if epochs >= 60:
        assert np.mean(steps[: len(steps) // 2]) < np.mean(steps[len(steps) // 2 :])
        assert len(kept) >= 23


@pytest.mark.parametrize("dataset_spec", [NOISY, DIGITS], ids=["plane", "digits"])
def test_the_test_set_has_no_say_in_training(monkeypatch: pytest.MonkeyPatch, dataset_spec: DatasetSpec) -> None:
    def another(dataset_spec: DatasetSpec, seed: int) -> Dataset:
        made = make_dataset(dataset_spec, seed)
        return made._replace(test_x=made.test_x[::-1] * 3 + 1, test_labels=made.test_labels)

    usual = trained(small(dataset_spec))[-1]
    monkeypatch.setattr(batched_training, "make_dataset", another)
    spoilt = trained(small(dataset_spec))[-1]
    for name in ("loss", "memorised", "loss_share", "grad_share", "region_probability"):
        np.testing.assert_array_equal(getattr(spoilt, name), getattr(usual, name))
    assert (spoilt.recall != usual.recall).any()


def test_labels_are_learned_and_not_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    def another(dataset_spec: DatasetSpec, seed: int) -> Dataset:
        made = make_dataset(dataset_spec, seed)
        return made._replace(truth=1 - made.labels)

    usual = trained(small())[-1]
    monkeypatch.setattr(batched_training, "make_dataset", another)
    spoilt = trained(small())[-1]
    np.testing.assert_array_equal(spoilt.loss, usual.loss)
    np.testing.assert_array_equal(spoilt.recall, usual.recall)
    np.testing.assert_allclose(spoilt.memorised, trained_right(small()), rtol=1e-12)


def trained_right(experiment: Experiment) -> Any:
    """The share of labels that each plain model repeats, (L, S)."""
    snapshots = np.zeros((2, 3))
    for n, spec in enumerate(experiment.losses):
        for seed in range(3):
            model = train_plain(experiment, spec, seed)
            snapshots[n, seed] = (model.logits(model.dataset.x).argmax(1).numpy() == model.dataset.labels).mean()
    return snapshots


class NoDoubles(TorchDispatchMode):
    """A device without float64, as MPS: any operation that gives one is an error."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        snapshots = func(*args, **(kwargs or {}))
        original = func is torch.ops.aten.lift_fresh.default  # an array from NumPy, before it is of the device
        for x in () if original else snapshots if isinstance(snapshots, (tuple, list)) else (snapshots,):
            assert not (isinstance(x, Tensor) and x.dtype == torch.float64), f"{func} gives float64"
        return snapshots


@pytest.mark.parametrize("experiment", [small(), small(DIGITS, (CE, SIGMOID), width=4, prior=0.1, equal_gradient=True)])
def test_in_float32_where_a_device_has_nothing_better(monkeypatch: pytest.MonkeyPatch, experiment: Experiment) -> None:
    double = trained(experiment)
    monkeypatch.setattr(batched_training, "working_dtype", lambda _: torch.float32)
    with NoDoubles():
        single = trained(experiment)
    for a, b in zip(single, double, strict=True):
        assert {np.asarray(x).dtype for x in a[1:]} == {np.dtype(np.float64)}
        np.testing.assert_allclose(a.loss, b.loss, rtol=1e-4)
        np.testing.assert_allclose(a.recall, b.recall, atol=0.06)
        np.testing.assert_allclose(a.loss_share, b.loss_share, atol=1e-3)


@pytest.mark.parametrize(
    ("experiment", "message"),
    [
        (small(epochs=0), "epochs: found 0"),
        (small(DatasetSpec("moons", 100, noise="one class", rate=1.0, pair=(0, 0))), "labels: found none that says class 0"),
        (small(DatasetSpec("moons", 100, 1000.0)), "samples: found 100, none of class 1 at 1000:1; expected at least 501"),
    ],
)
def test_what_cannot_be_trained_is_refused(experiment: Experiment, message: str) -> None:
    with pytest.raises(InputError, match=message):
        next(train(experiment))


@pytest.mark.parametrize(
    "experiment",
    [
        small(DatasetSpec("gaussians", 2), epochs=2, batch=1),
        small(DatasetSpec("rings", 101, 100.0, rare=0), epochs=2, width=1),
        small(losses=(loss("cross-entropy", weight=(0.0, 1.0)), loss("cross-entropy", weight=(0.0, 0.0))), equal_gradient=True),
        small(losses=(CE,), seeds=1, epochs=1),
    ],
    ids=["two samples", "one rare sample", "weights of 0", "one of each"],
)
def test_corners(experiment: Experiment) -> None:
    last: Snapshot = trained(experiment)[-1]
    for name in ("recall", "accuracy", "reliability", "precision", "loss", "region_probability", "odds_histogram"):
        assert np.isfinite(getattr(last, name)).all(), name


def test_a_loss_of_weights_0_learns_nothing_and_its_shares_are_of_nothing() -> None:
    snapshots = trained(small(losses=(CE, loss("cross-entropy", weight=(0.0, 0.0)))))
    np.testing.assert_array_equal(snapshots[-1].recall[1], snapshots[0].recall[1])
    assert (snapshots[-1].loss[1] == 0).all()
    assert np.isnan(snapshots[-1].loss_share[1]).all()
    assert np.isnan(snapshots[-1].grad_share[1]).all()
    assert np.isfinite(snapshots[-1].loss_share[0]).all()
