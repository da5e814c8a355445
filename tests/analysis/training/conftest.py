"""One thread, because work this small waits for threads longer than it works; and fewer test samples for who asks for that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from lossviz.data import toy_datasets


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """torch's threads are those of the process, so they are given back."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def few_test_samples() -> Iterator[None]:
    """Where it is the question what is measured, and not how exactly: most of a small training's time went into 10,000."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(toy_datasets, "TEST_PER_CLASS", 1000)
        yield
