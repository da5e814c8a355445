"""A choice of device is on the page only where there is one, and the footer says what computed."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lossviz.ui.controls import sample

from .test_app import sent

ROOT = Path(__file__).parents[2]


def opened() -> AppTest:
    at = AppTest.from_file(ROOT / "app.py", default_timeout=30).run()
    assert not at.exception
    return at


def test_one_device_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "devices", lambda: ("cpu",))
    at = opened()
    assert all(box.key != "device" for box in at.selectbox)
    assert sent(at).header["backend"].startswith("cpu · float64 · ")


def test_a_second_device_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    # The CPU under its other name stands in for a second device.
    monkeypatch.setattr(sample, "devices", lambda: ("cpu", "cpu:0"))
    at = opened()
    on_device = sent(at)
    at.selectbox(key="device").set_value("cpu:0").run()
    assert not at.exception
    on_cpu_0 = sent(at)
    assert on_cpu_0.header["backend"].startswith("cpu:0 · float64 · ")
    assert on_cpu_0.now("loss") == on_device.now("loss")
