"""A loss that lossviz does not have, registered as its file would be: before anything else has looked at the registry.

Run as a program it prints, as JSON, what each of the CHECKS came to: null, or what went wrong.
"""

from __future__ import annotations

import json
import math
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest
from torch import Tensor

import lossviz
from lossviz.losses.outcomes import Outcomes
from lossviz.losses.parameters import GAMMA, LABEL_SMOOTHING, TEMPERATURE, WEIGHT
from lossviz.losses.spec import Limit, Loss, LossSpec

APP = str(Path(__file__).parents[1] / "app.py")


def hinted(o: Outcomes, sharpness: float) -> tuple[Tensor, Tensor]:
    """Terms t (1 + s q)(−log p), and the pull t (1 + s q + s p (−log p))."""
    factor = 1 + sharpness * o.q
    return o.times(o.share(factor), o.nll), o.share(factor + sharpness * o.p * o.finite_nll())


HINTED = Loss(
    key="hinted",
    name="hinted loss",
    activations=("softmax", "sigmoid"),
    targets="any",
    formula=hinted,
    parameters=(
        replace(GAMMA, name="sharpness", label="Sharpness", symbol="s", default=0.5, range_high=3.0, help="How sharp."),
        WEIGHT,
        LABEL_SMOOTHING,
        TEMPERATURE,
    ),
    own=("sharpness",),
    latex=lambda _: r"\ell = -\sum_i t_i (1 + s (1 - p_i)) \log p_i",
    latex_grad=lambda _: r"\frac{\partial \ell}{\partial z_k} = \ldots",
    latex_term=lambda spec, p, q: rf"-(1 + {spec.sharpness:g} \cdot ({q})) \log {p}",
    pytorch=lambda spec: ["modulator = 1 + sharpness * log_q.exp()"] if spec.sharpness else [],
    normalizer={"softmax": "samples", "sigmoid": "samples"},
    limits=(Limit({"sharpness": 0.0}, "cross-entropy", "s = 0 is cross-entropy"),),
    source="nobody",
    summary="A loss that exists in a test only.",
    also=("the hint",),
    hue="sky",
)


def samples() -> list[tuple[LossSpec, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(3)
    found = []
    for activation in HINTED.activations:
        for targets in (np.eye(3)[[0, 2]], rng.dirichlet((1, 1, 1), 2)):
            spec = lossviz.loss(
                "hinted", activation, sharpness=float(rng.uniform(0.1, 2)), label_smoothing=0.1, weight=(1, 2, 3)
            )
            found.append((spec, rng.normal(0, 2, (2, 3)), targets))
    return found


def evaluation() -> None:
    """Value and gradient are those of the program, which is autograd's work."""
    from lossviz.naming.snippet import run

    for spec, z, t in samples():
        ev, ran = lossviz.evaluate(spec, z, t), run(lossviz.snippet(spec, z, t))
        assert math.isclose(ran.loss, float(ev.loss.sum()), rel_tol=1e-12)
        np.testing.assert_allclose(ran.grad, ev.grad.numpy(), rtol=1e-10, atol=1e-12)


def name() -> None:
    spec = lossviz.loss("hinted")
    assert lossviz.names(spec, [0])[:3] == ("softmax hinted loss", ("the hint",), HINTED.summary)
    assert lossviz.names(lossviz.loss("hinted", "sigmoid"), [[1.0]]).title == "sigmoid hinted loss"
    assert lossviz.names(lossviz.loss("hinted", weight=(1, 2)), [0]).title == "class-weighted softmax hinted loss"


def limit() -> None:
    """Where it has become cross-entropy it is called so, and says what it was set as."""
    found = lossviz.names(lossviz.loss("hinted", sharpness=0), [0])
    assert found.title == "categorical cross-entropy"
    assert found.why.endswith("Nothing is left of hinted loss: s = 0 is cross-entropy.")


def colour() -> None:
    from lossviz.figures.theme import SKY, loss_colour

    assert loss_colour("hinted") == SKY


def menu() -> None:
    from lossviz.state.fields import FIELDS, PARAMETERS, TASKS
    from lossviz.state.sample import losses_for, shown

    assert "hinted" in FIELDS["loss"].samples()
    assert PARAMETERS["sharpness"].label == "Sharpness"
    assert all("hinted" in losses_for(task) for task in TASKS)
    assert shown("sharpness", "hinted", "softmax")
    assert not shown("sharpness", "focal", "softmax")


def link() -> None:
    from lossviz.state.links import link_problems
    from lossviz.state.sample import resolve

    assert link_problems({"loss": "hinted", "sharpness": "1.5"}) == []
    assert "sharpness" in link_problems({"loss": "hinted", "sharpness": "-1"})[0]
    view = resolve({"loss": "hinted", "sharpness": 1.5})
    assert (view.setting.spec.key, view.setting.spec.sharpness, view.problems) == ("hinted", 1.5, ())
    assert resolve({"loss": "focal", "sharpness": 1.5}).setting.spec.gamma == 2.0


def formula() -> None:
    from lossviz.analysis.formula import formulas
    from lossviz.analysis.sample import sample
    from lossviz.evaluation.setting import Setting

    setting = Setting(lossviz.loss("hinted"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    found = formulas(setting, sample(setting))
    assert "1 + 0.5" in found.loss_numbers
    assert "0.6652" in found.loss_numbers


def sweep() -> None:
    from lossviz.analysis.sample import sample
    from lossviz.analysis.sweep import moved, sweeps
    from lossviz.evaluation.setting import Setting

    for spec, z, t in samples():
        setting = Setting(spec, tuple(z[0].tolist()), tuple(t[0].tolist()))
        for found in sweeps(setting, True, 5_000):
            value = float(found.values[3])
            alone = sample(moved(setting, found.control, value))
            np.testing.assert_allclose(found.table.grad[3], alone.grad[0], rtol=1e-11, atol=1e-13)


def live() -> None:
    """Its own parameter is a slider that can be dragged."""
    from lossviz.analysis.sweep import sweeps
    from lossviz.evaluation.setting import Setting

    setting = Setting(lossviz.loss("hinted"), (2.0, 1.0, 0.0), (1.0, 0.0, 0.0))
    assert "sharpness" in [found.control for found in sweeps(setting, False, 5_000)]


def page() -> None:
    for activation in HINTED.activations:
        at = AppTest.from_file(APP, default_timeout=30)
        at.query_params["loss"] = "hinted"
        at.query_params["activation"] = activation
        at.query_params["sharpness"] = "1.5"
        at.run()
        assert not at.exception
        assert not at.warning
        assert at.number_input(key="sharpness").value == 1.5
        assert any("hinted loss" in element.value.lower() for element in at.markdown)
        at.session_state["details"] = "PyTorch"
        at.run()
        assert "sharpness = 1.5" in at.code[0].value


def pages() -> None:
    """Every other page takes it, and the scrubber of pictures moves its own parameter."""
    from .app.pages import opened, sent

    for there in ("curves", "surfaces"):
        at = opened(there, {"loss": "hinted", "sharpness": "1.5", "scrub": "sharpness"})
        assert not at.warning
        assert sent(at)["scrubber"]["id"] == "sharpness"
    for there in ("names", "mistakes", "batch"):
        assert not opened(there, {"loss": "hinted", "sharpness": "1.5"}).warning
    for about in ("libraries", "statements"):
        assert not opened("names", {"loss": "hinted", "about": about}).warning


def modulator() -> None:
    """It has no γ, so that there is no factor to be held constant."""
    import torch

    from lossviz.evaluation.evaluate import detached_gradient

    for spec, z, t in samples():
        torch.testing.assert_close(detached_gradient(spec, z, t), lossviz.evaluate(spec, z, t).grad)


CHECKS: tuple[Callable[[], None], ...] = (
    evaluation,
    name,
    limit,
    colour,
    menu,
    link,
    formula,
    sweep,
    live,
    page,
    pages,
    modulator,
)


def outcome(check: Callable[[], None]) -> str | None:
    try:
        check()
    except Exception:
        return traceback.format_exc()
    return None


if __name__ == "__main__":
    assert "lossviz.state.sample" not in sys.modules, "too late: the menu has been read"
    lossviz.LOSSES["hinted"] = HINTED
    print(json.dumps({check.__name__: outcome(check) for check in CHECKS}))
