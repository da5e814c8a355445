"""Every program that the translator shows, run with the real libraries: they return what the page says they do.

Run by `make test-peers`; not a part of `make test`, since the libraries take a gigabyte.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest

from lossviz.naming.libraries import LIBRARIES, TESTED, translate

from ..naming.libraries_cases import cases, returned

pytestmark = pytest.mark.peers
os.environ.setdefault("KERAS_BACKEND", "jax")

PACKAGES = {
    "torchvision": "torchvision",
    "Keras": "keras",
    "Optax (JAX)": "optax",
    "scikit-learn": "scikit-learn",
    "MONAI": "monai",
    "kornia": "kornia",
    "segmentation_models_pytorch": "segmentation_models_pytorch",
}


@pytest.fixture(scope="session", autouse=True)
def _operators() -> None:
    """Beside the CPU build of torch, PyPI's torchvision lacks its compiled operators, which no loss needs."""
    import torch

    declare = torch.library.register_fake

    def lenient(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        inner = declare(*args, **kwargs)

        def register(function: Any) -> Any:
            try:
                return inner(function)
            except RuntimeError:
                return function

        return register

    torch.library.register_fake = lenient  # type: ignore[assignment]
    try:
        import torchvision  # noqa: F401
    finally:
        torch.library.register_fake = declare


@pytest.mark.parametrize("name", TESTED)
def test_versions(name: str) -> None:
    assert version(PACKAGES[name]) == TESTED[name]
    print(f"\n{name:<30} {version(PACKAGES[name])}")


@pytest.mark.parametrize("name", LIBRARIES)
def test_programs_return_what_is_said(name: str) -> None:
    ran, known = 0, {}
    for case in cases():
        answer = translate(case)[name]
        if not answer.program or answer.program in known:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = known[answer.program] = returned(answer.program)
        close = pytest.approx(answer.value, rel=3e-5 if name != "scikit-learn" else 1e-12, abs=2e-7)
        assert result == close, f"{result} for {case}\n{answer.program}"
        ran += 1
    assert ran >= 15
    assert len({round(value, 6) for value in known.values()}) > ran // 3, "else nothing is tested"
    print(f"\n{name:<30} {ran:>4} programs")
