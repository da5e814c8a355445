"""What the advisor reads from one pass per γ, against evaluating the loss with α or class weights themselves."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from lossviz import LOSSES, evaluate, loss
from lossviz.analysis.batch.advisor import ALPHAS, GAMMAS, POWERS, Advice, advice, grid_losses, in_grid, present_knob
from lossviz.analysis.batch.advisor_sentences import aside, equal_alpha, output_at_half, place, reading
from lossviz.analysis.batch.batch_stats import plan, total
from lossviz.data.predictions import Batch
from lossviz.losses import LossSpec

from ... import specs
from ...drawn import alternating
from . import made

CE = loss("cross-entropy", "sigmoid")
OFF_OR_ALPHA = (None, *ALPHAS)


def advised(batch: Batch, spec: LossSpec) -> Advice:
    """The advice, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        n = len(batch.rows)
        cut = made.Cut(batch.survey, batch.rows, (n // 3, n // 2) if n > 3 else ())
        all_stats = {s: total(plan(s, batch.survey), cut) for s in grid_losses(spec, batch.survey)}
        return advice(spec, batch.survey, all_stats)


def imbalanced(classes: int, n: int = 2000, targets: str = "labels", dtype: type = np.float64) -> tuple[Batch, np.ndarray]:
    """Few of the last class, many of the first; and some suspects."""
    rng = specs.seeded("advisor", classes, n, targets)
    bad = rng.random(n) < 0.05
    if classes == 1:
        t = (rng.random(n) < 0.05).astype(np.int64)
        z = np.where(t, 0.0, -3.0)[:, None] + rng.normal(0, 1.5, (n, 1))
    elif targets == "multi-hot":
        t = (rng.random((n, classes)) < np.linspace(0.3, 0.02, classes)).astype(dtype)
        z = 4 * t - 3 + rng.normal(0, 1.5, (n, classes))
    else:
        share = 0.5 ** np.arange(classes)
        t = rng.choice(classes, n, p=share / share.sum())
        z = rng.normal(0, 1, (n, classes)) + 2 * np.eye(classes)[t]
    return made.plain(z.astype(dtype), t, suspects=bad), bad


def compare(result: Advice, i: int, j: int, norm: np.ndarray, first: np.ndarray, second: np.ndarray, bad: np.ndarray) -> None:
    """One cell against the lengths of all gradients, and masks of the two sides and of the suspects."""
    assert result.ratio[i, j] == pytest.approx(norm[first].sum() / norm[second].sum(), rel=1e-9)
    assert result.hardest_1[i, j] == pytest.approx(made.hardest(norm, 0.01), abs=2e-3)
    assert result.hardest_10[i, j] == pytest.approx(made.hardest(norm, 0.1), abs=2e-3)
    assert result.suspects[i, j] == pytest.approx(norm[bad].sum() / norm.sum(), rel=1e-9)


@pytest.mark.parametrize(("classes", "targets"), [(1, "labels"), (5, "multi-hot")])
def test_alpha_against_the_loss_with_that_alpha(classes: int, targets: str) -> None:
    batch, bad = imbalanced(classes, targets=targets)
    result = advised(batch, CE)
    assert (result.knob, result.units, result.sides) == (
        "alpha",
        "entries" if classes > 1 else "samples",
        ("positives", "negatives"),
    )
    t = made.one_hot(batch.rows.targets, classes).reshape(-1)
    plain = float(evaluate(CE, batch.rows.logits, batch.rows.targets).grad.abs().mean())
    for i, gamma in enumerate(GAMMAS):
        for j, alpha in enumerate(OFF_OR_ALPHA):
            ev = evaluate(loss("focal", "sigmoid", gamma=gamma, alpha=alpha), batch.rows.logits, batch.rows.targets)
            norm = ev.grad.abs().numpy().reshape(-1)
            compare(result, i, j, norm, t == 1, t == 0, np.repeat(bad, classes))
            assert result.scale[i, j] == pytest.approx(norm.mean() / plain, rel=1e-9)
    assert result.ratio.shape == (len(GAMMAS), len(OFF_OR_ALPHA))
    assert result.scale[0, 0] == pytest.approx(1, rel=1e-12), "cross-entropy itself"
    assert result.ratio.std() > 1


def test_the_present_gamma_and_alpha_are_in_the_grid() -> None:
    batch, _ = imbalanced(1, 300)
    result = advised(batch, loss("focal", "sigmoid", gamma=1.7, alpha=0.3))
    assert result.gammas.tolist() == sorted({*GAMMAS, 1.7})
    assert np.isnan(result.knobs[0])
    assert result.knobs[1:].tolist() == sorted({*ALPHAS, 0.3})
    ev = evaluate(loss("focal", "sigmoid", gamma=1.7, alpha=0.3), batch.rows.logits, batch.rows.targets)
    norm, t = ev.grad.abs().numpy()[:, 0], batch.rows.targets
    i, j = result.gammas.tolist().index(1.7), result.knobs.tolist().index(0.3)
    assert result.ratio[i, j] == pytest.approx(norm[t == 1].sum() / norm[t == 0].sum(), rel=1e-9)
    assert advised(batch, loss("cross-entropy", "sigmoid", alpha=0.25)).knobs[1:].tolist() == list(ALPHAS)


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_the_alpha_that_is_said_to_balance_does(gamma: float) -> None:
    batch, _ = imbalanced(1)
    result = advised(batch, CE)
    text = next(x for x in reading(result, gamma, 0.25) if "equal at" in x)
    alpha = float(text.split("α = ")[1].split(". ")[0])
    assert alpha == pytest.approx(equal_alpha(result, result.row(gamma)), rel=5e-3)
    assert "not a target" in text and "moves the threshold" in text
    ev = evaluate(loss("focal", "sigmoid", gamma=gamma, alpha=alpha), batch.rows.logits, batch.rows.targets)
    norm, t = ev.grad.abs().numpy()[:, 0], batch.rows.targets
    assert 0.05 < alpha < 0.95
    assert norm[t == 1].sum() / norm[t == 0].sum() == pytest.approx(1, rel=0.01)


def test_what_is_said_is_what_the_grid_holds() -> None:
    batch, _ = imbalanced(6)
    result = advised(batch, loss("cross-entropy"))
    text = " ".join(reading(result, 2.0, 0.5))
    i, j = GAMMAS.index(2.0), POWERS.index(0.5)
    rare, common = result.sides
    assert 0 < result.ratio[i, j] < 1
    assert f"the gradient of {common} is {1 / result.ratio[i, j]:.3g} times that of {rare}" in text
    assert f"carry {100 * result.hardest_1[i, j]:.1f}% of the gradient" in text
    assert f"more than {100 * result.threshold[j]:.3g}% of the probability of the two" in text
    assert f"{100 * result.suspects[i, j]:.1f}% of the gradient falls on suspects" in text


@pytest.mark.parametrize(
    ("spec", "soft"),
    [
        (loss("focal", label_smoothing=0.3), False),
        (loss("cross-entropy", label_smoothing=0.1), True),
        (loss("cross-entropy", "sigmoid"), False),
        (loss("quality-focal", gamma=1.5, temperature=2.0), True),
    ],
    ids=str,
)
def test_where_weights_do_not_only_scale_a_sample_each_cell_is_the_loss_itself(spec: LossSpec, soft: bool) -> None:
    """A smoothed or soft target is a part of several classes, and one-vs-rest sigmoids have a weight each."""
    batch, bad = imbalanced(4, 500)
    labels = batch.rows.targets
    if soft:
        t = 0.8 * np.eye(4)[labels] + 0.05
        batch = made.plain(batch.rows.logits, t, suspects=bad)
        assert batch.survey.soft
    result = advised(batch, spec)
    counts = np.array(batch.survey.counts)
    own = {name: getattr(spec, name) for name in ("label_smoothing", "temperature") if getattr(spec, name)}
    own = {name: value for name, value in own.items() if name in dict(spec.parameters)}
    for i, gamma in enumerate(result.gammas):
        for j, power in enumerate(POWERS):
            weight = (counts.sum() / counts) ** power
            weight /= (weight * counts).sum() / counts.sum()
            direct = loss(
                spec.key if spec.key == "quality-focal" else "focal",
                spec.activation,
                gamma=float(gamma),
                weight=tuple(weight),
                **own,
            )
            norm = made.norms(evaluate(direct, batch.rows.logits, batch.rows.targets).grad)
            compare(result, i, j, norm, labels == counts.argmin(), labels == counts.argmax(), bad)
    assert result.ratio.std() > 0.01


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_alpha_with_soft_targets_is_the_loss_itself(smoothing: float) -> None:
    rng = specs.seeded("soft alpha", smoothing)
    t = rng.random((400, 1))
    batch = made.plain(rng.normal(0, 2, (400, 1)), t, suspects=rng.random(400) < 0.1)
    spec = loss("focal", "sigmoid", gamma=2.0, alpha=0.3, label_smoothing=smoothing)
    result = advised(batch, spec)
    i, j = result.gammas.tolist().index(2.0), result.knobs.tolist().index(0.3)
    norm = evaluate(spec, batch.rows.logits, t).grad.abs().numpy()[:, 0]
    compare(result, i, j, norm, t[:, 0] > 0.5, t[:, 0] <= 0.5, batch.rows.suspects)


@pytest.mark.parametrize("classes", [2, 6])
def test_class_weights_against_the_loss_with_these_weights(classes: int) -> None:
    batch, bad = imbalanced(classes)
    result = advised(batch, loss("cross-entropy"))
    labels, counts = batch.rows.targets, np.array(batch.survey.counts)
    assert counts.max() > 1.5 * counts.min()
    rare, common = int(counts.argmin()), int(counts.argmax())
    assert (result.knob, result.units) == ("power", "samples")
    assert result.sides == (f"class {rare} (the rarest)", f"class {common} (the most common)")
    plain = made.norms(evaluate(loss("cross-entropy"), batch.rows.logits, labels).grad).mean()
    for i, gamma in enumerate(GAMMAS):
        for j, power in enumerate(POWERS):
            weight = (len(labels) / counts) ** power
            weight /= weight[labels].mean()
            ev = evaluate(loss("focal", gamma=gamma, weight=tuple(weight)), batch.rows.logits, labels)
            norm = made.norms(ev.grad)
            compare(result, i, j, norm, labels == rare, labels == common, bad)
            assert result.scale[i, j] == pytest.approx(norm.mean() / plain, rel=1e-9)
            assert result.threshold[j] == pytest.approx(weight[common] / (weight[rare] + weight[common]), abs=1e-12)


@pytest.mark.parametrize(("classes", "targets", "gamma"), [(1, "labels", 0.0), (3, "multi-hot", 2.0), (1, "labels", 5.0)])
def test_the_threshold_is_one_minus_alpha_whatever_gamma(classes: int, targets: str, gamma: float) -> None:
    batch, _ = imbalanced(classes, 200, targets)
    for form in ("per-term", "mixed"):
        result = advised(batch, loss("focal", "sigmoid", gamma=gamma, soft_form=form))
        np.testing.assert_allclose(result.threshold, [0.5, *(1 - np.array(ALPHAS))], rtol=0, atol=1e-12)


def test_class_weights_move_the_threshold_to_one_over_one_plus_w() -> None:
    """Of 3:1 with weights N/n the rare class is predicted from a quarter on: w = 3."""
    batch = made.plain(np.zeros((400, 2)), np.arange(400) % 4 == 0)
    result = advised(batch, loss("focal"))
    assert result.knobs.tolist() == list(POWERS)
    np.testing.assert_allclose(result.threshold, [1 / (1 + 3**power) for power in POWERS], rtol=1e-12)
    np.testing.assert_allclose(result.ratio, np.tile([3**power / 3 for power in POWERS], (len(GAMMAS), 1)), rtol=1e-12)


def test_nothing_asked_for_changes_nothing() -> None:
    many, _ = imbalanced(6)
    assert advised(many, loss("cross-entropy")).scale[0, 0] == pytest.approx(1, abs=1e-12)
    two, _ = imbalanced(1)
    result = advised(two, CE)
    assert result.scale[0, result.knobs.tolist().index(0.5)] == pytest.approx(0.5, abs=1e-12)
    assert result.scale[0, result.column(None)] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("task", "key", "alpha"),
    alternating([(1, "labels"), (4, "multi-hot"), (2, "labels"), (5, "labels")], ["cross-entropy", "focal"], [None, 0.25]),
)
def test_the_mean_gradient_that_is_said_is_that_of_the_present_loss(
    task: tuple[int, str], key: str, alpha: float | None
) -> None:
    """Against plain cross-entropy of the same logits: once for itself, whatever the task."""
    classes, targets = task
    batch, _ = imbalanced(classes, 600, targets)
    activation = "softmax" if targets == "labels" and classes > 1 else "sigmoid"
    spec = loss(key, activation, alpha=alpha if activation == "sigmoid" else None)
    result = advised(batch, spec)
    assert in_grid(spec, batch.survey)
    mask = result.row(spec.gamma), result.column(present_knob(spec, batch.survey))
    lengths = [
        evaluate(s, batch.rows.logits, batch.rows.targets).grad.numpy() for s in (spec, loss("cross-entropy", activation))
    ]
    own, plain = (np.abs(x).mean() if activation == "sigmoid" else made.norms(x).mean() for x in lengths)
    assert result.scale[mask] == pytest.approx(own / plain, rel=1e-9)
    text = " ".join(reading(result, spec.gamma, present_knob(spec, batch.survey)))
    if key == "cross-entropy" and spec.alpha is None:
        assert "The mean gradient is as large as that of plain cross-entropy." in text
    else:
        assert f"The mean gradient is {float(f'{own / plain:.3g}'):g} times that of plain cross-entropy" in text


@pytest.mark.parametrize("positives", [0.5, 0.05, 0.01])
def test_a_converged_model_is_at_one_to_one_whatever_the_imbalance(positives: float) -> None:
    """Logistic regression without a penalty, by scikit-learn."""
    rng = specs.seeded("converged", positives)
    y = (rng.random(8000) < positives).astype(np.int64)
    x = y[:, None] + rng.normal(0, 1, (8000, 2))
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(x, y)
    result = advised(made.plain(model.decision_function(x)[:, None], y), CE)
    assert result.ratio[0, result.column(None)] == pytest.approx(1, abs=1e-3)
    assert equal_alpha(result, 0) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(("gamma", "alpha"), [(0.0, 0.25), (2.0, 0.05), (2.0, 0.9)])
def test_the_output_to_compare_with_is_where_truth_is_even(gamma: float, alpha: float) -> None:
    """By SciPy: the p that minimizes the expected loss at a true probability of ½."""

    def expected(p: float) -> float:
        return float(-alpha * (1 - p) ** gamma * np.log(p) - (1 - alpha) * p**gamma * np.log1p(-p))

    best = minimize_scalar(expected, bounds=(1e-6, 1 - 1e-6), method="bounded", options={"xatol": 1e-10}).x
    assert output_at_half(loss("focal", "sigmoid"), gamma, alpha) == pytest.approx(best, abs=1e-6)
    batch, _ = imbalanced(1, 300)
    result = advised(batch, loss("focal", "sigmoid", gamma=gamma, alpha=alpha))
    text = " ".join(reading(result, gamma, alpha))
    assert f"true probability is above {1 - alpha:.3g};" in text
    assert f"compare its output with {best:.3g} instead of 0.5" in text


def test_between_which_classes_a_threshold_holds() -> None:
    many, _ = imbalanced(6)
    text = " ".join(reading(advised(many, loss("focal")), 2.0, 0.5))
    assert "Between class 5 (the rarest) and class 0 (the most common)" in text
    two, _ = imbalanced(2)
    text = " ".join(reading(advised(two, loss("focal")), 2.0, 0.5))
    assert "predicts class 1 where its true probability is above" in text
    assert "Between" not in text


def test_classes_are_called_by_their_names() -> None:
    batch, _ = imbalanced(3)
    named = Batch(batch.survey._replace(class_names=("cat (the rarest)", "dog", "a = (b)")), batch.rows)
    result = advised(named, loss("focal"))
    assert result.sides == ("a = (b) (the rarest)", "cat (the rarest) (the most common)")
    assert "class " not in " ".join(reading(result, 2.0, 0.5)).replace("class weights", "").replace("classes", "")


def test_what_the_grid_leaves_out_is_said() -> None:
    assert aside(loss("focal", "sigmoid", alpha=0.3)) == ()
    assert "class weights and your α" in aside(loss("focal", weight=(1.0, 2.0), alpha=0.5))[0]
    assert "positive weight" in aside(loss("focal", "sigmoid", pos_weight=3.0))[0]
    assert "has no γ" in aside(loss("generalized-cross-entropy"))[0]
    batch, _ = imbalanced(1, 50)
    assert not in_grid(loss("focal", "sigmoid", pos_weight=3.0), batch.survey)
    assert place(advised(batch, CE), 2.0, None) == "γ = 2 and α off"


def test_class_weights_have_a_mean_of_one() -> None:
    """All gradients are alike, so that the mean gradient is that of cross-entropy whatever the weights."""
    batch = made.plain(np.zeros((60, 3)), [0] * 40 + [1] * 15 + [2] * 5)
    np.testing.assert_allclose(advised(batch, loss("cross-entropy")).scale[0], 1, rtol=1e-12)


def test_the_mean_gradient_of_confident_logits() -> None:
    """Logits N(1.5, 1.5): ÷1.9 at γ = 2 and ÷3.6 at γ = 5; positives alone are told as an infinite ratio."""
    z = specs.seeded("confident").normal(1.5, 1.5, (200_000, 1))
    batch = made.plain(z, np.ones(len(z)))
    result = advised(batch, CE)
    half = result.knobs.tolist().index(0.5)
    by = {gamma: result.scale[0, half] / result.scale[i, half] for i, gamma in enumerate(GAMMAS)}
    assert by[2.0] == pytest.approx(1.9, rel=0.03)
    assert by[5.0] == pytest.approx(3.6, rel=0.03)
    assert np.isposinf(result.ratio).all()
    assert np.isnan(result.suspects).all()
    assert "Only one of the two sides" in reading(result, 2.0, 0.25)[0]
    assert "No α" in reading(result, 2.0, 0.25)[-1]


def test_negatives_alone() -> None:
    result = advised(made.plain(specs.seeded("negatives").normal(size=(50, 1)), np.zeros(50)), CE)
    assert (result.ratio == 0).all()
    assert np.isfinite(result.hardest_1).all()
    assert np.isfinite(result.threshold).all()


@pytest.mark.parametrize("classes", [2, 4])
def test_one_class_alone(classes: int) -> None:
    z = specs.seeded("alone").normal(size=(50, classes))
    result = advised(made.plain(z, np.ones(50)), loss("cross-entropy"))
    assert result.sides == ("class 1 (the rarest)", "class 0 (the most common)")
    assert np.isposinf(result.ratio).all()
    np.testing.assert_allclose(result.scale[0], 1, rtol=1e-12)
    assert np.isfinite(result.hardest_10).all()


def test_a_class_that_nobody_has_is_not_the_rarest() -> None:
    labels = np.array([0] * 30 + [2] * 15 + [3] * 5)
    result = advised(made.plain(specs.seeded("nobody").normal(size=(50, 5)), labels), loss("focal"))
    assert result.sides == ("class 3 (the rarest)", "class 0 (the most common)")
    for grid in (result.ratio, result.hardest_1, result.hardest_10, result.scale, result.threshold):
        assert np.isfinite(grid).all()


def test_classes_that_are_as_common_are_two() -> None:
    result = advised(made.plain(np.zeros((40, 4)), np.arange(40) % 4), loss("focal"))
    assert result.sides == ("class 0", "class 1"), "none of them is the rarest"
    np.testing.assert_allclose(result.ratio, 1, rtol=1e-12)
    np.testing.assert_allclose(result.threshold, 0.5, rtol=1e-12)


@pytest.mark.parametrize("classes", [1, 3])
def test_no_gradient_at_all_is_told(classes: int) -> None:
    z = np.zeros((20, classes))
    z[:, 0] = -1e4 if classes == 1 else 1e4
    result = advised(made.plain(z, np.zeros(20)), loss("cross-entropy", "sigmoid" if classes == 1 else "softmax"))
    assert np.isnan(result.ratio).all()
    assert np.isnan(result.hardest_1).all()
    assert (result.scale == 0).all()
    text = " ".join(reading(result, 2.0, 0.5))
    assert "nan" not in text
    assert "None of the two sides" in text


@pytest.mark.parametrize("classes", [1, 3])
def test_one_sample(classes: int) -> None:
    result = advised(made.plain(np.ones((1, classes)), [0]), loss("focal", "sigmoid" if classes == 1 else "softmax"))
    assert np.isfinite(result.hardest_1).all()
    assert result.hardest_10[0, 0] == pytest.approx(0.1)


def test_a_thousand_classes() -> None:
    rng = specs.seeded("thousand")
    labels = np.concatenate((np.arange(500), rng.integers(3, size=100)))
    result = advised(made.plain(rng.normal(size=(600, 1000)).astype(np.float32), labels), loss("cross-entropy"))
    assert np.isfinite(result.ratio).all()
    assert result.sides[0] == "class 3 (the rarest)"


def test_the_higher_gamma_the_more_the_hardest_carry() -> None:
    result = advised(made.digits(), loss("cross-entropy"))
    assert (np.diff(result.hardest_1[:, 0]) > 0).all()
    assert (np.diff(result.hardest_10[:, 0]) > 0).all()


def test_the_higher_gamma_the_more_falls_on_wrong_labels() -> None:
    """On a confident model with a few wrong labels."""
    rng = specs.seeded("wrong labels")
    t = rng.integers(4, size=3000)
    bad = rng.random(3000) < 0.02
    z = rng.normal(0, 1, (3000, 4)) + 5 * np.eye(4)[t]
    batch = made.plain(z, np.where(bad, (t + 1) % 4, t), suspects=bad)
    result = advised(batch, loss("cross-entropy"))
    assert (np.diff(result.suspects[:, 0]) > 0).all()
    assert result.suspects[-1, 0] > 0.9


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float32_says_the_same(dtype: type) -> None:
    batch, _ = imbalanced(6)
    rows = batch.rows
    other = made.plain(rows.logits.astype(dtype), rows.targets, suspects=rows.suspects)
    for a, b in zip(advised(batch, loss("focal"))[5:11], advised(other, loss("focal"))[5:11], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3)


@pytest.mark.parametrize("key", list(LOSSES))
def test_what_is_asked_has_every_gamma_and_no_factors_of_its_own(key: str) -> None:
    for activation in LOSSES[key].activations:
        rng = specs.seeded("asked", key, activation)
        batch = imbalanced(1 if activation == "sigmoid" else 3, 50)[0]
        for _ in range(5):
            spec = specs.drawn(key, activation, batch.survey.classes, rng)
            result = grid_losses(spec, batch.survey)
            assert {s.gamma for s in result} == {*GAMMAS, spec.gamma}
            for s in result:
                assert (s.key, s.soft_form) == ("focal", "quality" if key == "quality-focal" else spec.soft_form)
                assert s.activation == ("softmax" if activation in ("softmax", "exp") else "sigmoid")
                assert s.pos_weight is None
                assert s.temperature == spec.temperature
                if spec.label_smoothing == 0:
                    assert (s.alpha, s.weight) == (None, None)
