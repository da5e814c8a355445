"""Pins: what a link keeps of a setting, read back as it was, and asked about whichever sample is looked at."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from lossviz import LOSSES, InputError, evaluate, loss
from lossviz.analysis.sample import sample
from lossviz.evaluation.setting import as_targets
from lossviz.fields import Choice, Number, Vector
from lossviz.losses import LossSpec
from lossviz.state.fields import MOST_PINS, OWN, PARAMETERS, TASKS
from lossviz.state.pins import PAPER_TITLE, PAPER_WORD, Pin, parse_pins, pin_of, pins_text, presets, series, setting_of
from lossviz.state.sample import SampleView, activations_for, has_parameter, losses_for, resolve

from .. import specs


def drawn(key: str, activation: str, rng: specs.Rng) -> Pin:
    """A pin with about two thirds of what a link can say of its loss."""
    parameters: dict[str, Any] = {}
    for name, field in PARAMETERS.items():
        if not has_parameter(name, key, activation) or rng.random() > 0.65:
            continue
        if isinstance(field, Choice):
            parameters[name] = str(rng.choice(field.options))
        elif isinstance(field, Number):
            parameters[name] = float(rng.uniform(field.range_low, field.range_high))
        else:
            parameters[name] = tuple(rng.uniform(0, 5, 3).tolist())
    targets = tuple(rng.uniform(0, 1, 3).tolist()) if rng.random() < 0.4 else None
    return Pin(loss(key, activation, **parameters), targets)


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_pins_are_read_back_as_they_were(key: str, activation: str) -> None:
    rng = specs.seeded("pins", key, activation)
    pins = [drawn(key, activation, rng) for _ in range(60)]
    assert len(set(pins)) > 20
    for start in range(0, len(pins), MOST_PINS):
        some = tuple(pins[start : start + MOST_PINS])
        assert parse_pins(pins_text(some)) == (some, ())


@pytest.mark.parametrize(("key", "activation"), specs.KINDS)
def test_each_parameter_alone_is_read_back(key: str, activation: str) -> None:
    for parameters in specs.switched_on(key, activation, 3):
        if all(
            has_parameter(name, key, activation) and not (isinstance(v, tuple) and name != "weight")
            for name, v in parameters.items()
        ):
            pin = Pin(loss(key, activation, **parameters))
            assert parse_pins(pins_text([pin])) == ((pin,), ())
            assert all(
                name in pins_text([pin])
                for name, v in parameters.items()
                if v != LOSSES[key].parameter(name, activation).default
            )


def test_pins_read_as_words() -> None:
    pins = (Pin(loss("focal", gamma=0.5)), Pin(loss("cross-entropy", "sigmoid"), (1.0, 0.0, 0.0)))
    assert pins_text(pins) == "focal softmax gamma 0.5 vs cross-entropy sigmoid targets 1 0 0"
    assert pins_text([Pin(loss("nll")), Pin(loss("logistic"))]) == "nll vs logistic"
    assert pins_text(()) == ""
    assert parse_pins("") == parse_pins("  ") == parse_pins("vs vs") == ((), ())


LIKE_THE_FIRST = [
    "focal gamma 0.5",
    "focal softmax gamma 0.5",
    "  focal\tgamma   0.5 vs ",
    "focal gamma .5e0 soft_form per-term",
    "focal temperature 1 gamma 0.5",
]


@pytest.mark.parametrize("words", LIKE_THE_FIRST)
def test_a_pin_is_read_however_it_is_put(words: str) -> None:
    assert parse_pins(words) == ((Pin(loss("focal", gamma=0.5)),), ())


MALFORMED = [
    ("hinge", "loss", "'hinge'"),
    ("focl", "did you mean 'focal'", "'focl'"),
    ("FOCAL", "loss", "'FOCAL'"),
    ("focal tanh", "parameter", "'tanh'"),
    ("focal gama 1", "did you mean 'gamma'", "'gama'"),
    ("focal softmax sigmoid", "parameter", "'sigmoid'"),
    ("focal 2", "parameter", "'2'"),
    ("focal gamma", "gamma", "one value"),
    ("focal gamma two", "gamma", "'two'"),
    ("focal gamma 1 2", "gamma", "'1 2'"),
    ("focal gamma -1", "gamma", "-1"),
    ("focal gamma nan", "gamma", "nan"),
    ("focal gamma inf", "gamma", "inf"),
    ("focal gamma 1e400", "gamma", "inf"),
    ("focal gamma 1e6", "gamma", "1000000"),
    ("focal soft_form permuted", "soft_form", "'permuted'"),
    ("focal alpha 0.25", "alpha for focal with softmax", "expected a parameter of this loss"),
    ("focal sigmoid alpha 2", "alpha", "≤ 1"),
    ("focal sigmoid alpha off", "alpha", "'off'"),
    ("cross-entropy gamma 2", "gamma for cross-entropy", "expected a parameter of this loss"),
    ("cross-entropy weight 1 x", "weight, value 2", "'x'"),
    ("cross-entropy weight 1 -1", "weight, value 2", "-1"),
    ("cross-entropy temperature 0", "temperature", "≥"),
    ("cross-entropy targets 1 2 0", "targets, value 2", "from 0 to 1"),
    ("cross-entropy targets " + "0 " * 11, "targets", "11 values"),
    ("cross-entropy logits 1 2", "parameter", "'logits'"),
    ("nll softmax", "parameter", "'softmax'"),
    ("quality-focal softmax", "parameter", "'softmax'"),
    ("<b>bold</b>", "loss", "<b>bold</b>"),
    ("ﷺ", "loss", "ﷺ"),
    ("x" * 1900, "loss", "xxx"),
]


@pytest.mark.parametrize(("words", "name", "problem_part"), MALFORMED, ids=lambda w: w[:24])
def test_what_cannot_be_read_is_named_by_its_number_and_the_rest_is_kept(words: str, name: str, problem_part: str) -> None:
    before, after = Pin(loss("cross-entropy")), Pin(loss("focal", gamma=3.0))
    pins, problems = parse_pins(f"{pins_text([before])} vs {words} vs {pins_text([after])}")
    assert pins == (before, after)
    (problem,) = problems
    assert problem.startswith("pins, number 2: ")
    assert name in problem
    assert problem_part in problem
    assert problem.endswith("It is left out.")
    assert len(problem) < 400


def test_every_malformed_pin_is_named() -> None:
    few = [words for words, _, _ in MALFORMED[:5]]
    pins, problems = parse_pins(" vs ".join(few))
    assert pins == ()
    assert [problem.split(":")[0] for problem in problems] == [f"pins, number {n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    "words", ["focal gamma 1 gamma 2", "cross-entropy weight", "focal targets", "cross-entropy weight gamma"]
)
def test_what_says_nothing_or_two_things_is_no_pin(words: str) -> None:
    """A name without a value, and a name with two, are mistakes that nobody should have to guess at."""
    pins, problems = parse_pins(words)
    assert pins == ()
    assert len(problems) == 1


def test_a_text_of_nothing_but_mistakes_is_told_in_a_few_lines() -> None:
    for words in ("x vs " * 400, "focal gamma 1 vs " * 117, "x vs " * 5_000):
        pins, problems = parse_pins(words)
        assert len(pins) <= MOST_PINS
        assert 1 <= len(problems) <= 10


def test_more_than_six_are_named_and_the_first_six_kept() -> None:
    nine = [Pin(loss("focal", gamma=float(gamma))) for gamma in range(9)]
    pins, problems = parse_pins(pins_text(nine))
    assert pins == tuple(nine[:6])
    assert problems == ("pins: found 9; expected at most 6. The first 6 are kept.",)
    assert parse_pins(pins_text(nine[:6]))[1] == ()


def views() -> list[SampleView]:
    """Every task × loss × activation, hard and soft, with a sample of its own."""
    rng = specs.seeded("pinned views")
    views = []
    for task, soft in itertools.product(TASKS, (False, True)):
        for key in losses_for(task):
            for activation in activations_for(task, key) or ("exp",):
                fewest, most = TASKS[task].classes
                classes = int(rng.integers(fewest, most + 1))
                values = {"task": task, "loss": key, "activation": activation, "sample": OWN}
                values["logits"] = Vector.text(rng.normal(0, 3, classes).round(3))
                kind = "one-hot" if not soft or LOSSES[key].targets != "any" else "distribution" if classes > 1 else "soft"
                values["targets"] = Vector.text(specs.targets(kind, 1, classes, rng)[0])
                view = resolve(values | {"target": "soft" if soft else "hard"})
                views.append(view)
    assert len({view.setting for view in views}) == len(views) > 30
    assert {view.mode for view in views} == {"class", "multi", "soft", "sign"}
    return views


VIEWS = views()
each_view = pytest.mark.parametrize(
    "view", VIEWS, ids=lambda v: f"{v.task}|{v.setting.spec.key}|{v.setting.spec.activation}|{v.mode}"
)


@each_view
def test_the_present_setting_as_a_pin_is_the_present_setting(view: SampleView) -> None:
    for own in (True, False):
        pin = pin_of(view, own)
        assert pin.targets == (None if own else view.setting.targets)
        ((back,), problems) = parse_pins(pins_text([pin]))
        assert problems == ()
        assert setting_of(back, view) == view.setting


@each_view
def test_a_pin_of_every_loss_fits_or_says_why(view: SampleView) -> None:
    classes = len(view.setting.logits)
    nearest_targets = refused = 0
    for slot, (key, activation) in enumerate(specs.KINDS, 1):
        goes = key in losses_for(view.task) and activation in (activations_for(view.task, key) or LOSSES[key].activations)
        shown_ones, problems = series(view, [Pin(loss("cross-entropy"))] * (slot - 1) + [Pin(loss(key, activation))])
        if goes:
            assert shown_ones[-1].slot == slot
            setting = shown_ones[-1].setting
            assert setting.spec == loss(key, activation)
            assert len(setting.logits) == len(setting.targets) == classes
            assert math.isfinite(sample(setting).loss[0])
            nearest_targets += 1
        else:
            assert problems[-1].startswith(f"Pin {slot} is not shown. pin: found {key} with {activation};")
            assert view.task in problems[-1]
            refused += 1
    assert nearest_targets
    assert refused


def test_pins_with_the_wrong_number_of_classes_say_why() -> None:
    view = resolve({"sample": OWN, "logits": "2 1 0 -1", "targets": "1 0 0 0"})
    pins, _ = parse_pins("focal weight 1 2 3 vs cross-entropy targets 0 1 vs focal gamma 1 weight 1 2 3 4 vs logistic")
    fitting, problems = series(view, pins)
    assert [one.slot for one in fitting] == [0, 3]
    assert "3 weight; expected 4" in problems[0]
    assert "2 targets; expected 4" in problems[1]
    assert problems[2].startswith("Pin 4 is not shown.")
    assert "logistic" in problems[2]
    with pytest.raises(InputError):
        setting_of(pins[0], view)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_negative_log_likelihood_is_asked_about_log_probabilities(activation: str) -> None:
    view = resolve({"sample": OWN, "logits": "4 1 -2 0.5", "targets": "0 1 0 0", "activation": activation})
    setting = setting_of(Pin(loss("nll")), view)
    z = np.array(view.setting.logits)
    np.testing.assert_allclose(setting.logits, z - np.logaddexp.reduce(z), rtol=1e-14)
    assert sample(setting).loss[0] == pytest.approx(float(evaluate(loss("cross-entropy"), [z], [1]).loss[0]), rel=1e-14)
    own = resolve({"loss": "nll", "sample": OWN, "logits": "-1 -2 -3"})
    assert setting_of(Pin(loss("nll")), own).logits == (-1, -2, -3), "what is a log-probability stays as it is"


def test_targets_that_a_pin_cannot_take_become_the_nearest() -> None:
    view = resolve({"sample": OWN, "targets": "0.2 0.5 0.3", "target": "soft"})
    assert setting_of(Pin(loss("nll")), view).targets == (0, 1, 0)
    assert setting_of(Pin(loss("focal")), view).targets == (0.2, 0.5, 0.3)
    assert setting_of(Pin(loss("focal"), (0.0, 0.0, 1.0)), view).targets == (0, 0, 1)


def test_labels_tell_numbers_and_own_targets() -> None:
    view = resolve({"sample": OWN})
    pins, _ = parse_pins("focal gamma 0.5 vs focal gamma 0.5 targets 0 0.75 0.25 vs cross-entropy targets 0 0 0")
    labels = [one.label for one in series(view, pins)[0]]
    assert labels[0] == "softmax focal loss, γ = 2"
    assert labels[1] == "softmax focal loss, γ = 0.5"
    assert labels[2].endswith("γ = 0.5, t₁ = 0.75, t₂ = 0.25")
    assert labels[3].endswith("all t = 0")


@each_view
def test_presets_fit_the_view_and_their_labels_are_distinct(view: SampleView) -> None:
    offers = presets(view)
    spec = view.setting.spec
    assert {pin.spec.key for pin in offers["Every other loss"]} == set(losses_for(view.task)) - {spec.key}
    assert (PAPER_TITLE in offers) is ("Four soft-label forms" in offers) is (spec.activation != "exp")
    assert ("Hard and soft targets" in offers) is (LOSSES[spec.key].targets == "any")
    for name, pins in offers.items():
        assert 1 <= len(pins) <= MOST_PINS
        shown_ones, problems = series(view, pins)
        assert problems == (), name
        assert [one.slot for one in shown_ones] == list(range(len(pins) + 1))
        assert parse_pins(pins_text(pins)) == (pins, ()), name
        for a, b in itertools.combinations(shown_ones[1:], 2):
            assert a.label != b.label or a.setting == b.setting, f"{name}: two settings are both called {a.label}"


@each_view
def test_presets_are_what_they_are_called(view: SampleView) -> None:
    offers, spec = presets(view), view.setting.spec
    if PAPER_TITLE in offers:
        assert [pin.spec.gamma for pin in offers[PAPER_TITLE]] == [0, 0.5, 1, 2, 5]
        assert {pin.spec.activation for pin in offers[PAPER_TITLE]} == {spec.activation}
        forms = offers["Four soft-label forms"]
        assert len({pin.spec.soft_form for pin in forms}) == 4
        assert all(pin.targets and not set(pin.targets) <= {0, 1} for pin in forms)
        values = {_loss(setting_of(pin, view)) for pin in forms}
        assert len(values) >= 2, "a soft target tells them apart"
    assert spec not in {pin.spec for pin in offers["Every other loss"]}
    assert len({pin.spec for pin in offers["Every other loss"]}) == len(offers["Every other loss"])
    if "Hard and soft targets" in offers:
        hard, soft = offers["Hard and soft targets"]
        assert set(hard.targets or ()) <= {0, 1}
        assert not set(soft.targets or ()) <= {0, 1}
        assert hard.spec == soft.spec == spec


def _loss(setting: Any) -> float:
    """What evaluate says, by another way than `sample`."""
    spec: LossSpec = setting.spec
    return round(float(evaluate(spec, [setting.logits], as_targets(spec, np.array([setting.targets]))).loss[0]), 9)


def test_a_pin_is_asked_about_the_present_sample() -> None:
    pin = Pin(loss("focal", gamma=1.0))
    for logits in ("2 1 0", "0 1 2", "-1 5 2 3"):
        view = resolve({"sample": OWN, "logits": logits})
        (_, pinned), problems = series(view, [pin])
        assert problems == ()
        assert pinned.setting.logits == view.setting.logits
        assert pinned.setting.targets == view.setting.targets


def test_the_papers_losses_have_a_word_and_go_along_with_the_activation() -> None:
    for activation in ("softmax", "sigmoid"):
        view = resolve({"loss": "focal", "activation": activation, "task": "two-logit"})
        pins, problems = parse_pins(PAPER_WORD, view)
        assert [(pin.spec.gamma, pin.spec.activation) for pin in pins] == [(g, activation) for g in (0, 0.5, 1, 2, 5)]
        assert problems == ()
