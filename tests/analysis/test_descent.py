"""Descents against a plain loop of torch and against mpmath's gradient, alone and together."""

import math

import numpy as np
import pytest
import torch

from lossviz import LOSSES, loss
from lossviz.analysis import descent as module
from lossviz.analysis.descent import Path, descents
from lossviz.analysis.planes import Plane
from lossviz.analysis.sample import sample
from lossviz.evaluation.setting import Setting
from lossviz.losses import LossSpec

from .. import specs
from ..drawn import paired
from .test_surfaces import truth_of

PAIRS = [(key, a) for key, a in specs.KINDS if key != "logistic"]
TASKS = [(key, a, soft) for key, a in PAIRS for soft in (False, True) if not soft or LOSSES[key].targets == "any"]
tasks = pytest.mark.parametrize(("key", "activation", "soft"), TASKS)


def descent(setting: Setting, plane: Plane, rate: float, steps: int) -> Path:
    """That of one setting."""
    return descents([setting], plane, rate, steps)[0]


def settings(key: str, activation: str, soft: bool, count: int) -> list[Setting]:
    """Settings of one loss with at least two logits."""
    rng = specs.seeded("descent", key, activation, soft)
    result = []
    for _ in range(count):
        classes = int(rng.integers(2, 6))
        kind = "distribution" if soft else "one-hot"
        z, t = specs.logits(key, 1, classes, rng), specs.targets(kind, 1, classes, rng)
        result.append(Setting(specs.drawn(key, activation, classes, rng), tuple(z[0].tolist()), tuple(t[0].tolist())))
    assert len({s.logits for s in result}) == count, "the inputs have to vary"
    return result


def plane_of(setting: Setting) -> Plane:
    """A plane with the likeliest target in it: elsewhere nothing may move."""
    first = int(np.argmax(setting.targets))
    return Plane("logits", (first, (first + 1) % len(setting.logits)))


def moved(setting: Setting, plane: Plane, x: float, y: float) -> Setting:
    """The setting with the two logits put there exactly."""
    logits = list(setting.logits)
    logits[plane.classes[0]], logits[plane.classes[1]] = x, y
    return setting._replace(logits=tuple(logits))


def torch_loop(setting: Setting, plane: Plane, rate: float, steps: int) -> Path:
    """`torch.optim.SGD` on two logits, on torch's own cross-entropy."""
    two = list(plane.classes)
    w = torch.tensor(setting.logits, dtype=torch.float64)[two].requires_grad_()
    t = torch.tensor([setting.targets], dtype=torch.float64)
    optimizer = torch.optim.SGD([w], lr=rate)
    places, losses = [], []
    for _ in range(steps + 1):
        z = torch.tensor([setting.logits], dtype=torch.float64).index_copy(1, torch.tensor(two), w[None])
        if setting.spec.activation == "softmax":
            value = torch.nn.functional.cross_entropy(z, t)
        else:
            value = torch.nn.functional.binary_cross_entropy_with_logits(z, t, reduction="sum")
        places.append(w.detach().clone().numpy())
        losses.append(value.item())
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    return Path(*np.array(places).T, np.array(losses))


def alike(ours: Path, theirs: Path, rtol: float) -> None:
    for name in Path._fields:
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=rtol, atol=rtol, err_msg=name)


@pytest.mark.parametrize(("rate", "activation", "soft"), paired([0.1, 1.0, 5.0], ["softmax", "sigmoid"], [False, True]))
def test_a_plain_loop_of_torch(rate: float, activation: str, soft: bool) -> None:
    ends = set()
    for drawn in settings("cross-entropy", activation, soft, 3):
        setting = drawn._replace(spec=loss("cross-entropy", activation))
        plane = plane_of(setting)
        ours = descent(setting, plane, rate, 30)
        alike(ours, torch_loop(setting, plane, rate, 30), 1e-9)
        ends.add((ours.x[-1], ours.y[-1]))
    assert len(ends) == 3


@tasks
def test_every_step_is_minus_rate_times_the_gradient(key: str, activation: str, soft: bool) -> None:
    steps_taken = set()
    for setting in settings(key, activation, soft, 2):
        plane = plane_of(setting)
        path = descent(setting, plane, 0.3, 6)
        assert all(len(column) == 7 and column.dtype == np.float64 for column in path)
        assert (path.x[0], path.y[0]) == tuple(setting.logits[k] for k in plane.classes)
        for s in (0, 3, 5):
            at_step = moved(setting, plane, float(path.x[s]), float(path.y[s]))
            truth = truth_of(at_step.spec, list(at_step.logits), at_step.targets)
            assert path.loss[s] == pytest.approx(float(truth.loss), rel=1e-9, abs=1e-12)
            step = np.array([path.x[s + 1] - path.x[s], path.y[s + 1] - path.y[s]])
            np.testing.assert_allclose(step, [-0.3 * float(truth.grad[k]) for k in plane.classes], rtol=1e-7, atol=1e-12)
            steps_taken.add(float(step[0]))
    # The gradient of "nll" is a weight, the same everywhere.
    assert len(steps_taken) > (1 if activation == "exp" else 4)


@tasks
def test_a_small_rate_goes_down(key: str, activation: str, soft: bool) -> None:
    fell = []
    for setting in settings(key, activation, soft, 3):
        path = descent(setting, plane_of(setting), 1e-3, 10)
        assert (np.diff(path.loss) <= 1e-12).all(), setting
        fell.append(path.loss[0] - path.loss[-1])
        assert path.loss[-1] == pytest.approx(
            sample(moved(setting, plane_of(setting), float(path.x[-1]), float(path.y[-1]))).loss[0], rel=1e-12
        )
    assert len(set(fell)) > 2
    assert max(fell) > 1e-4


@tasks
def test_paths_walked_together_are_those_walked_alone(key: str, activation: str, soft: bool) -> None:
    """Over γ where there is one, and over what else may differ: samples, and the whole loss."""
    rng = specs.seeded("together", key, activation, soft)
    for setting in settings(key, activation, soft, 1):
        plane = plane_of(setting)
        gammas = (0.0, 0.4, 2.0) if setting.spec.has_gamma else ()
        frames = [setting, *(setting._replace(spec=setting.spec.replace(gamma=g)) for g in gammas)]
        frames += [moved(setting, plane, *rng.normal(0, 2, 2).tolist()) for _ in range(2)]
        frames += settings(key, activation, soft, 2)
        frames += [setting._replace(spec=loss(key, activation))]
        plane = plane if all(max(plane.classes) < len(f.logits) for f in frames) else Plane("logits", (0, 1))
        together = descents(frames, plane, 0.5, 6)
        for frame, path in zip(frames, together, strict=True):
            alike(path, descent(frame, plane, 0.5, 6), 1e-9)
        assert len({tuple(path.loss.tolist()) for path in together}) > 3


def test_frames_of_gamma_take_one_call_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(setting: Setting, spec: LossSpec, *rest: object) -> object:
        calls.append(spec)
        return parts(setting, spec, *rest)

    parts = module.parts
    monkeypatch.setattr(module, "parts", counted)
    frames = [Setting(loss("focal", gamma=g / 5), (0.3, -1.0, 0.5), (1.0, 0.0, 0.0)) for g in range(25)]
    assert len(descents(frames, Plane("logits", (0, 1)), 1.0, 40)) == 25
    assert len(calls) == 41
    assert descents([], Plane("logits", (0, 1)), 1.0, 40) == []


def test_gamma_alone_tells_the_frames_apart() -> None:
    frames = [Setting(loss("focal", gamma=g), (-1.0, 1.0), (1.0, 0.0)) for g in (0.0, 2.0, 5.0)]
    paths = descents(frames, Plane("logits", (0, 1)), 0.5, 10)
    assert paths[0].loss[0] > paths[1].loss[0] > paths[2].loss[0]
    for frame, path in zip(frames, paths, strict=True):
        assert path.loss[0] == pytest.approx(sample(frame).loss[0], rel=1e-12)


def test_no_steps_is_the_present_sample() -> None:
    setting = Setting(loss("focal"), (0.3, -1.0), (1.0, 0.0))
    path = descent(setting, Plane("logits", (1, 0)), 1.0, 0)
    assert [column.tolist() for column in path] == [[-1.0], [0.3], [sample(setting).loss[0]]]


def test_other_logits_are_held() -> None:
    """With a third logit far above, two others alone cannot win, however far they go."""
    setting = Setting(loss("cross-entropy"), (0.0, 0.0, 5.0), (0.0, 0.0, 1.0))
    path = descent(setting, Plane("logits", (0, 1)), 1.0, 30)
    np.testing.assert_allclose(path.x, path.y, rtol=1e-12)
    assert (np.diff(path.x) < 0).all()
    expected = np.log(1 + 2 * np.exp(path.x - 5))
    np.testing.assert_allclose(path.loss, expected, rtol=1e-9)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("targets", [(1.0, 0.0), (0.4, 0.6)])
@pytest.mark.parametrize(("weight", "rate"), [(1e308, 1e2), (1e300, 1e-290)])
def test_a_diverging_path_stops_at_its_last_finite_place(
    activation: str, targets: tuple[float, float], weight: float, rate: float
) -> None:
    """The first rate throws logits to ±∞, be the loss there 0; the second to 1e9, where the loss may be infinite."""
    heavy = loss("cross-entropy", activation, weight=(weight, weight))
    path = descent(Setting(heavy, (0.5, -0.5), targets), Plane("logits", (0, 1)), rate, 10)
    assert all(np.isfinite(column).all() for column in path)
    assert path.x[-1] == path.x[-2]
    if targets != (1.0, 0.0) or weight == 1e308:
        assert [set(column.tolist()) for column in path[:2]] == [{0.5}, {-0.5}]


def test_a_path_that_stops_stops_no_other() -> None:
    calm, wild = Setting(loss("focal"), (0.0, 0.0), (1.0, 0.0)), Setting(loss("focal"), (-1e308, 1e308), (1.0, 0.0))
    paths = descents([calm, wild], Plane("logits", (0, 1)), 1.0, 10)
    assert len(set(paths[0].x.tolist())) == 11
    assert set(paths[1].x.tolist()) == {-1e308}
    assert set(paths[1].y.tolist()) == {1e308}


def test_an_oscillating_path_goes_on() -> None:
    """A rate far too large jumps across the valley for ever; that is what it is to show."""
    setting = Setting(loss("cross-entropy", "sigmoid"), (0.5, -0.5), (0.3, 0.6))
    path = descent(setting, Plane("logits", (0, 1)), 50.0, 20)
    assert len(set(path.x.tolist())) > 5
    assert (np.diff(np.sign(path.x)) != 0).sum() > 5


@pytest.mark.parametrize("infinite", [math.inf, -math.inf])
def test_a_sample_at_infinity_stays(infinite: float) -> None:
    setting = Setting(loss("focal"), (infinite, 0.0, 1.0), (1.0, 0.0, 0.0))
    path = descent(setting, Plane("logits", (0, 1)), 1.0, 5)
    assert set(path.x.tolist()) == {infinite}
    assert set(path.y.tolist()) == {0.0}
    assert set(path.loss.tolist()) == {0.0 if infinite > 0 else math.inf}
