"""The settings without which a server of this app is ten times slower: see the comments in .streamlit/config.toml."""

import gc
import importlib.util
import threading
import tomllib
from pathlib import Path

import pytest
import streamlit.config
import torch
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))


def leaves(table: dict, prefix: str = "") -> dict[str, object]:
    """Every setting by its full name, `theme.dark.textColor`."""
    flat: dict[str, object] = {}
    for name, value in table.items():
        flat |= leaves(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return flat


KEPT = {
    "runner.postScriptGC": False,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "type",
    "server.headless": True,
    "server.fileWatcherType": "none",
}


@pytest.mark.parametrize(("name", "value"), KEPT.items())
def test_settings_are_kept(name: str, value: object) -> None:
    assert leaves(SETTINGS)[name] == value


@pytest.mark.parametrize("name", leaves(SETTINGS))
def test_every_setting_is_one_that_streamlit_knows(name: str) -> None:
    """Hidden options may go without a word; a setting that Streamlit does not know is only logged."""
    options = streamlit.config._config_options_template
    assert name in options
    assert not options[name].deprecated


def test_streamlit_starts_with_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    streamlit.config.get_config_options(force_reparse=True)
    for name, value in KEPT.items():
        assert streamlit.config.get_option(name) == value


def test_uvloop_is_installed() -> None:
    """Without it every rerun waits for Nagle's timer; Streamlit takes it unasked."""
    assert importlib.util.find_spec("uvloop")
    assert "streamlit[performance]" in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def _threads_of_a_new_thread() -> int:
    """torch keeps the number for each thread from its first use on; Streamlit runs every script in a new one."""
    threads: list[int] = []
    thread = threading.Thread(target=lambda: threads.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    return threads[0]


def test_torch_has_one_thread_and_nothing_is_frozen() -> None:
    """What the collector no longer sees is never freed: the first session, in which all is loaded, would be among it."""
    frozen, threads = gc.get_freeze_count(), torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        streamlit.cache_resource.clear()
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        assert not at.exception
        assert _threads_of_a_new_thread() == 1
        assert gc.get_freeze_count() <= frozen  # what was frozen may still go when nobody refers to it
    finally:
        torch.set_num_threads(threads)
