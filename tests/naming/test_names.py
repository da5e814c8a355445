"""The name machine: well-known settings get the name that people know; what nobody has named is said to have none."""

import itertools
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest

import lossviz
from lossviz import LOSSES, InputError, loss, names
from lossviz.losses import LossSpec
from lossviz.naming.names import label

from .. import specs

YES_NO, ONE_HOT, MULTI_HOT = [[1.0]], [[0.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]]
DISTRIBUTION, QUALITIES, PROBABILITY = [[0.7, 0.2, 0.1]], [[0.7, 0.2, 0.9]], [[0.7]]

KNOWN = [
    (loss("cross-entropy"), [2], "categorical cross-entropy", "softmax loss"),
    (loss("cross-entropy"), ONE_HOT, "categorical cross-entropy", "softmax cross-entropy"),
    (loss("cross-entropy"), ONE_HOT, "categorical cross-entropy", "multinomial logistic loss"),
    (loss("cross-entropy"), DISTRIBUTION, "soft-target cross-entropy", "KL divergence up to a constant"),
    (loss("cross-entropy", "sigmoid"), YES_NO, "binary cross-entropy", "sigmoid cross-entropy"),
    (loss("cross-entropy", "sigmoid"), [1, 0], "binary cross-entropy", "logistic loss"),
    (loss("cross-entropy", "sigmoid"), MULTI_HOT, "multi-label binary cross-entropy", "sigmoid cross-entropy"),
    (loss("cross-entropy", "sigmoid"), ONE_HOT, "one-vs-rest binary cross-entropy", "one-vs-all logistic loss"),
    (loss("cross-entropy", "sigmoid"), [2, 0], "one-vs-rest binary cross-entropy", "one-vs-all logistic loss"),
    (loss("cross-entropy", "sigmoid"), PROBABILITY, "binary cross-entropy with a soft target", "soft-label log loss"),
    (loss("cross-entropy", weight=(1, 2, 3)), [0], "class-weighted categorical cross-entropy", "weighted cross-entropy"),
    (loss("cross-entropy", label_smoothing=0.1), [0], "label-smoothed categorical cross-entropy", "label smoothing"),
    (loss("cross-entropy", temperature=2), [0], "temperature-scaled categorical cross-entropy", "temperature scaling"),
    (loss("cross-entropy", "sigmoid", pos_weight=3), YES_NO, "positive-weighted binary cross-entropy", None),
    (loss("cross-entropy", "sigmoid", alpha=0.25), YES_NO, "α-balanced binary cross-entropy", "balanced cross-entropy"),
    (loss("nll"), [0], "negative log-likelihood", "NLLLoss"),
    (loss("nll", weight=(1, 2)), [0], "class-weighted negative log-likelihood", None),
    (loss("logistic"), [-1, 1], "logistic loss", "soft-margin loss"),
    (loss("focal"), [0], "softmax focal loss", "multi-class focal loss"),
    (loss("focal", "sigmoid"), YES_NO, "sigmoid focal loss", "binary focal loss"),
    (loss("focal", "sigmoid"), MULTI_HOT, "sigmoid focal loss", None),
    (loss("focal", "sigmoid", alpha=0.25), YES_NO, "α-balanced sigmoid focal loss", "RetinaNet's focal loss"),
    (loss("focal", "sigmoid", soft_form="quality"), PROBABILITY, "quality focal loss", None),
    (loss("quality-focal"), PROBABILITY, "quality focal loss", "QFL"),
    (loss("quality-focal"), YES_NO, "sigmoid focal loss", None),
]


@pytest.mark.parametrize(("spec", "targets", "title", "also"), KNOWN, ids=lambda x: "" if isinstance(x, LossSpec) else None)
def test_well_known_settings_have_their_names(spec: LossSpec, targets: list, title: str | None, also: str | None) -> None:
    name = names(spec, targets)
    assert name.common
    assert title in (None, name.title)
    assert also is None or also in name.also
    assert name.why.endswith((".", "?"))


UNNAMED = [
    (loss("cross-entropy"), MULTI_HOT),
    (loss("cross-entropy"), QUALITIES),
    (loss("cross-entropy", weight=(1, 2, 3), label_smoothing=0.1), [0]),
    (loss("cross-entropy", label_smoothing=0.1), QUALITIES),
    (loss("focal", "sigmoid", alpha=0.25, pos_weight=2.0), YES_NO),
    (loss("focal", weight=(1, 2, 3), temperature=2), [0]),
]


@pytest.mark.parametrize(("spec", "targets"), UNNAMED)
def test_a_mixture_that_nobody_has_named_is_said_to_have_no_name(spec: LossSpec, targets: list) -> None:
    name = names(spec, targets)
    assert not name.common
    assert not name.also
    assert name.title


@pytest.mark.parametrize("key", ["focal", "quality-focal"])
@pytest.mark.parametrize("targets", [YES_NO, MULTI_HOT, DISTRIBUTION, QUALITIES])
@pytest.mark.parametrize(
    "extra", [{}, {"weight": (1.0, 2.0, 3.0)}, {"temperature": 2.0}, {"weight": (1.0, 2.0), "temperature": 2.0}]
)
def test_focal_with_gamma_0_is_cross_entropy_and_says_so(key: str, targets: list, extra: dict) -> None:
    focal = names(loss(key, "sigmoid", gamma=0, **extra), targets)
    plain = names(loss("cross-entropy", "sigmoid", **extra), targets)
    assert focal[:2] == plain[:2]
    assert "cross-entropy" in focal.title
    assert focal.why.startswith(plain.why)
    assert "γ = 0" in focal.why
    assert "γ = 0" not in plain.why


def test_gamma_0_with_alpha_is_not_plain_binary_cross_entropy() -> None:
    """torchvision's default α = .25 at γ = 0: .3841 where binary cross-entropy is .9001 (FACTS §1)."""
    spec = loss("focal", "sigmoid", gamma=0, alpha=0.25)
    assert names(spec, YES_NO).title == "α-balanced binary cross-entropy"


def test_alpha_of_a_softmax_is_a_class_weight() -> None:
    assert names(loss("focal", alpha=(0.2, 0.3, 0.5)), [0]).title == "class-weighted softmax focal loss"
    assert names(loss("focal", alpha=0.25), [0]).title == "rescaled softmax focal loss"
    assert "balances" not in names(loss("focal", alpha=0.25), [0]).why


@pytest.mark.parametrize("factor", [1.0, (1.0, 1.0)])
def test_factors_of_1_are_no_weights(factor: object) -> None:
    assert names(loss("cross-entropy", "sigmoid", pos_weight=factor), YES_NO) == names(loss("cross-entropy", "sigmoid"), YES_NO)
    if isinstance(factor, tuple):
        assert names(loss("cross-entropy", weight=factor), [0]) == names(loss("cross-entropy"), [0])


def every() -> Iterator[tuple[LossSpec, object]]:
    """Every loss × activation × kind of target × each parameter alone, and pairs of parameters."""
    for (key, activation), classes in itertools.product(specs.KINDS, (1, 3)):
        single = specs.switched_on(key, activation, classes)
        both = [a | b for a, b in itertools.combinations(single, 2)]
        rng = specs.seeded("names", key, activation, classes)
        for kind in specs.TARGETS[LOSSES[key].targets]:
            for parameters in (*single, *both):
                yield loss(key, activation, **parameters), specs.targets(kind, 2, classes, rng)


def test_every_setting_has_a_title_and_a_reason() -> None:
    titles = set()
    for spec, targets in every():
        name = names(spec, targets)
        assert name.title.strip()
        assert name.why.strip()
        assert len(set(name.also)) == len(name.also)
        assert name.title not in name.also
        assert name.common or not name.also
        assert "None" not in name.title + name.why
        titles.add(name.title)
    assert len(titles) > 50


ONE_VALUE = {
    "weight": (0.5, 2.0, 3.0),
    "pos_weight": 3.0,
    "alpha": 0.25,
    "label_smoothing": 0.1,
    "temperature": 2.0,
}


@pytest.mark.parametrize("kind", ["one-hot", "multi-hot", "distribution", "soft"])
def test_where_losses_differ_their_names_differ(kind: str) -> None:
    """With every parameter at one value or off, two settings with one title are one loss (up to nothing at all)."""
    rng = specs.seeded("differ", kind)
    z, t = rng.normal(0, 2, (6, 3)), specs.targets(kind, 6, 3, rng)
    t[0] = {"multi-hot": [1, 1, 0], "soft": [0.9, 0.5, 0.2]}.get(kind, t[0])
    losses_by_title = defaultdict(list)
    for key, activation in specs.KINDS:
        if LOSSES[key].targets != "any":
            continue
        have = {p.name for p in specs.declared(key, activation)}
        extras = [{}, *({n: v} for n, v in ONE_VALUE.items() if n in have and not (n == "alpha" and activation == "softmax"))]
        forms = LOSSES["focal"].parameter("soft_form", activation).samples() if "soft_form" in have else (None,)
        for extra, form in itertools.product(extras, forms):
            spec = loss(key, activation, **extra, **({"soft_form": form} if form else {}))
            losses_by_title[names(spec, t).title].append(lossviz.evaluate(spec, z, t).loss.numpy())
    assert len(losses_by_title) > 12
    for title, losses in losses_by_title.items():
        for other in losses[1:]:
            np.testing.assert_allclose(other, losses[0], rtol=1e-9, err_msg=title)


def test_every_loss_has_a_name_of_its_own() -> None:
    rng = specs.seeded("own")
    targets = {kind: specs.targets(names_of[0], 3, 3, rng) for kind, names_of in specs.TARGETS.items()}
    titles = [names(loss(key, a), targets[LOSSES[key].targets]).title for key, a in specs.KINDS if key != "quality-focal"]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("targets", ["x", [[[1]]], 3, None, [["a"]], [[1.0], [1.0, 2.0]], object()])
def test_what_is_no_target_is_an_input_error(targets: object) -> None:
    with pytest.raises(InputError, match="targets"):
        names(loss("focal"), targets)


LABELS = [
    (loss("focal", gamma=0.5), [0], "softmax focal loss, γ = 0.5"),
    (loss("focal", gamma=0), [0], "categorical cross-entropy (focal loss), γ = 0"),
    (loss("cross-entropy"), [0], "categorical cross-entropy"),
    (loss("cross-entropy", temperature=2.5), [0], "temperature-scaled categorical cross-entropy, T = 2.5"),
    (loss("nll"), [0], "negative log-likelihood"),
]


@pytest.mark.parametrize(("spec", "targets", "text"), LABELS, ids=lambda x: x if isinstance(x, str) else "")
def test_a_label_is_the_name_with_its_numbers(spec: LossSpec, targets: list, text: str) -> None:
    assert label(spec, targets) == text


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_a_label_tells_numbers_apart(key: str, activation: str) -> None:
    rng = specs.seeded("labels", key, activation)
    kind = specs.TARGETS[LOSSES[key].targets][0]
    targets = specs.targets(kind, 2, 3, rng)
    drawn = {specs.drawn(key, activation, 3, rng) for _ in range(40)}
    labels = defaultdict(list)
    for spec in drawn:
        labels[label(spec, targets)].append({n: v for n, v in spec.parameters if n != "soft_form"})
    assert len(labels) > 5 or key == "logistic"
    for programs in labels.values():
        assert all(other == programs[0] for other in programs)
