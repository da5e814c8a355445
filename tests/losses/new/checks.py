"""What a loss gets that nobody has prepared anything for, beyond what the tests of all losses ask."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import lossviz
from lossviz.analysis.formula import formulas, number
from lossviz.analysis.sample import sample
from lossviz.analysis.sweep import sweeps
from lossviz.evaluation.setting import Setting
from lossviz.figures.theme import HUES, loss_colour
from lossviz.naming.snippet import run, snippet
from lossviz.state.fields import FIELDS, PARAMETERS, TASKS
from lossviz.state.links import link_problems
from lossviz.state.pins import parse_pins, pins_text
from lossviz.state.sample import activations_for, has_parameter, losses_for, resolve

from ... import reference, specs
from ...app.conftest import few_positions
from ...app.pages import opened, sent
from ...app.test_app import APP
from ...evaluation.test_numerics import check
from ...specs import reference_of
from ...test_docs import table_row
from .exact import FORMULAS
from .plugin import NEW

__all__ = ["few_positions"]  # holds for the tests of this file too

reference.FORMS.update(FORMULAS)
KINDS = [(key, activation) for key, kind in NEW.items() for activation in kind.activations]
every_kind = pytest.mark.parametrize(("key", "activation"), KINDS)
every_loss = pytest.mark.parametrize("key", NEW)


def cases(key: str, activation: str) -> list[tuple[Any, Any, Any]]:
    """Two samples under a loss with drawn parameters, with each kind of target."""
    rng = specs.seeded("new", key, activation)
    kinds = specs.TARGETS[NEW[key].targets]
    return [(specs.drawn(key, activation, 3, rng), rng.normal(0, 2, (2, 3)), specs.targets(t, 2, 3, rng)) for t in kinds]


def settings(key: str, activation: str) -> list[Setting]:
    """The first sample of each case that has a target per logit."""
    dense = [(spec, z, t) for spec, z, t in cases(key, activation) if t.ndim == 2]
    return [Setting(spec, tuple(z[0].tolist()), tuple(t[0].tolist())) for spec, z, t in dense]


def words(key: str, activation: str) -> dict[str, Any]:
    """A link to the loss with one of its own numbers that is not at its default."""
    own = NEW[key].parameter(NEW[key].own_parameters[0], activation)
    return {"loss": key, "activation": activation, own.name: own.samples()[-1]}


@every_kind
def test_value_and_gradient_are_autograds_of_the_program(key: str, activation: str) -> None:
    for spec, z, t in cases(key, activation):
        ev, ran = lossviz.evaluate(spec, z, t), run(snippet(spec, z, t))
        np.testing.assert_allclose(ran.loss, float(ev.loss.sum()), rtol=1e-12)
        np.testing.assert_allclose(ran.grad, ev.grad.numpy(), rtol=1e-10, atol=1e-12)


@every_kind
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", [1.0, 20.0, 400.0], ids=["ordinary", "sure", "certain"])
def test_value_and_gradient_are_the_papers(key: str, activation: str, size: float, dtype: str) -> None:
    """In mpmath with 50 digits, for logits so large that p or 1 − p is no float any more, too."""
    for spec, z, t in cases(key, activation):
        dense = t if t.ndim == 2 else np.eye(3)[t]
        logits, targets = (size * z).astype(dtype), t if t.ndim == 1 else t.astype(dtype)
        dense = dense.astype(dtype)
        rows = [reference.sample(reference_of(spec), x.tolist(), y.tolist()) for x, y in zip(logits, dense, strict=True)]
        check(lossviz.evaluate(spec, logits, targets), rows, dtype)


@every_kind
def test_labels_are_the_targets_they_stand_for(key: str, activation: str) -> None:
    spec, z, _ = cases(key, activation)[0]
    labels, hot = lossviz.evaluate(spec, z, [2, 0]), lossviz.evaluate(spec, z, np.eye(3)[[2, 0]])
    np.testing.assert_allclose(labels.grad, hot.grad, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(labels.loss, hot.loss, rtol=1e-14)


@every_kind
def test_names(key: str, activation: str) -> None:
    kind = NEW[key]
    title = f"{activation} {kind.name}" if len(kind.activations) > 1 else kind.name
    assert lossviz.names(lossviz.loss(key, activation), [[1.0, 0.0]])[:3] == (title, kind.also, kind.summary)
    weighted = lossviz.loss(key, activation, weight=(1, 2))
    assert lossviz.names(weighted, [[1.0, 0.0]]).title == f"class-weighted {title}"
    limit = kind.limits[0]
    plain = lossviz.names(lossviz.loss(key, activation, **limit.when), [[1.0, 0.0]])
    assert plain.title == lossviz.names(lossviz.loss("cross-entropy", activation), [[1.0, 0.0]]).title
    assert plain.why.endswith(f"Nothing is left of {kind.name}: {limit.text}.")


@every_loss
def test_colour(key: str) -> None:
    assert loss_colour(key) == HUES[list(lossviz.LOSSES).index(key)]


@every_loss
def test_row_of_the_table_in_the_readme(key: str) -> None:
    assert table_row(NEW[key]).startswith(f"| `{key}` | {NEW[key].name} |")


@every_kind
def test_menu(key: str, activation: str) -> None:
    assert key in FIELDS["loss"].samples()
    for task in TASKS:
        assert (key in losses_for(task)) == bool(activations_for(task, key))
    for word in NEW[key].own_parameters:
        assert PARAMETERS[word].label == NEW[key].parameter(word, activation).label
        assert has_parameter(word, key, activation)
        assert not has_parameter(word, "focal", "softmax")


@every_kind
def test_link(key: str, activation: str) -> None:
    values, own = {"task": "multi-label", **words(key, activation)}, NEW[key].own_parameters[0]
    assert link_problems({word: str(value) for word, value in values.items()}) == []
    assert own in link_problems({"loss": key, own: "-20"})[0]
    view = resolve(values)
    assert view.problems == ()
    assert (view.setting.spec.key, view.setting.spec.activation) == (key, activation)
    assert view.setting.spec.number(own) == values[own]
    assert resolve({**values, "loss": "focal"}).setting.spec.gamma == 2.0


@every_loss
def test_pin(key: str) -> None:
    pins, problems = parse_pins(pins_text(parse_pins(f"{key} {NEW[key].own_parameters[0]} 0.75")[0]))
    assert problems == ()
    assert pins[0].spec.number(NEW[key].own_parameters[0]) == 0.75


@every_kind
def test_formula_with_numbers(key: str, activation: str) -> None:
    for setting in settings(key, activation):
        now = sample(setting)
        assert formulas(setting, now).loss == NEW[key].latex(setting.spec)
        assert number(float(now.loss[0])) in formulas(setting, now).loss_numbers


@every_kind
def test_its_own_numbers_can_be_dragged(key: str, activation: str) -> None:
    setting = settings(key, activation)[0]
    assert set(NEW[key].own_parameters) <= {one.control for one in sweeps(setting, False, 5_000)}


@every_kind
def test_no_modulator_is_held_constant(key: str, activation: str) -> None:
    """It has no γ, so that there is none."""
    from lossviz.evaluation.evaluate import detached_gradient

    for spec, z, t in cases(key, activation):
        np.testing.assert_array_equal(detached_gradient(spec, z, t), lossviz.evaluate(spec, z, t).grad)


@every_kind
def test_page(key: str, activation: str) -> None:
    values = {"task": "multi-label", **words(key, activation)}
    at = AppTest.from_file(APP, default_timeout=120)  # the first run of a process imports everything
    for word, value in values.items():
        at.query_params[word] = str(value)
    at.run()
    assert not at.exception
    assert not at.warning
    assert at.number_input(key=NEW[key].own_parameters[0]).value == values[NEW[key].own_parameters[0]]
    assert any(NEW[key].name.lower() in element.value.lower() for element in at.markdown)
    at.session_state["details"] = "PyTorch"
    at.run()
    assert f"{NEW[key].own_parameters[0]} = {values[NEW[key].own_parameters[0]]}" in at.code[0].value


@every_loss
@pytest.mark.parametrize("page", ["curves", "surfaces"])
def test_the_scrubber_moves_its_own_parameter(key: str, page: str) -> None:
    own = NEW[key].own_parameters[0]
    at = opened(page, {word: str(value) for word, value in words(key, NEW[key].activations[0]).items()} | {"scrub": own})
    assert not at.warning
    assert sent(at)["scrubber"]["id"] == own


@every_loss
def test_every_other_page_takes_it(key: str) -> None:
    link = {word: str(value) for word, value in words(key, NEW[key].activations[0]).items()}
    for page, more in itertools.chain(
        (("mistakes", {}), ("batch", {})), (("names", {"about": about}) for about in FIELDS["about"].samples())
    ):
        assert not opened(page, link | more).warning, (page, more)
