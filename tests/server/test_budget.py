"""The account of all uploads: who may come, what is said to whoever may not, and what goes again."""

from __future__ import annotations

import gc
from types import SimpleNamespace

import numpy as np
import pytest
from starlette.requests import Request
from starlette.types import Message
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from lossviz.data import digits
from lossviz.data.files.problems import FileProblem
from lossviz.data.predictions import Batch, Predictions
from lossviz.ui.controls import upload
from lossviz.ui.server import batch_cache, uploads
from lossviz.ui.server import budget as account
from lossviz.ui.server.budget import Budget

from ..app.pages import opened, pressed
from ..awaiting import awaited

MB = 2**20


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    """Streamlit's store of files, without the rest of a server."""
    store = MemoryUploadedFileManager("/upload")
    for module in (account, uploads):
        monkeypatch.setattr(module, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=store))
    monkeypatch.setattr(account, "exists", lambda: True)
    return store


def batch_of(mb: int) -> Batch:
    return Batch(digits.batch().survey, Predictions(np.zeros((mb * MB // 8, 1)), np.zeros(0)))


def file(name: str, mb: int) -> UploadedFileRec:
    return UploadedFileRec(name, f"{name}.csv", "text/csv", bytes(mb * MB))


def test_a_file_counts_twice_while_it_arrives_and_while_it_waits(store: MemoryUploadedFileManager) -> None:
    budget = Budget(100 * MB)
    assert budget.admit("a", 30 * MB)
    assert budget.used() == 60 * MB
    assert not budget.admit("b", 21 * MB)
    store.add_file("session", file("a", 30))
    budget.arrived("a")
    assert budget.used() == 60 * MB
    assert not budget.admit("b", 21 * MB)
    assert budget.admit("c", 20 * MB)
    store.remove_session_files("session")
    budget.arrived("c")
    assert budget.empty


def test_a_batch_counts_for_as_long_as_somebody_has_it() -> None:
    budget = Budget(100 * MB)
    batch = budget.add(batch_of(60))
    assert budget.used() == batch.nbytes
    with pytest.raises(FileProblem, match=r"takes 41 MB, and there is no room .* 100 MB .* 60 MB are in use"):
        budget.add(batch_of(41))
    assert not budget.admit("file", 21 * MB)
    del batch
    gc.collect()
    assert budget.empty
    assert budget.admit("file", 21 * MB)


def test_a_refusal_says_how_much_room_there_is_and_what_to_do() -> None:
    budget = Budget(100 * MB)
    budget.admit("first", 45 * MB)
    assert budget.refusal("first") is None
    budget.admit("second", 20 * MB)
    assert "may use 100 MB" in str(budget.refusal("second"))
    assert "90 MB are in use" in str(budget.refusal("second"))
    budget.admit("huge", 51 * MB)
    assert "is 51 MB, and this server accepts files of up to 50 MB" in str(budget.refusal("huge"))
    for n in range(2000):
        budget.admit(str(n), 20 * MB)
    assert len(budget._refusals) == account.REMEMBERED


def test_the_dialog_shows_the_refusal_in_place_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Budget(MB)
    full.refusal = lambda _: "There is no room for this file at the moment."  # type: ignore[method-assign]
    monkeypatch.setattr(upload, "budget", full)
    at = pressed(opened("batch", {"batch": "upload"}), "Choose a file")
    at.file_uploader[0].set_value(("predictions.csv", b"", "text/csv"))
    at.session_state["session"].upload_dialog = True  # a change in a dialog draws the dialog alone, which AppTest cannot
    at.run()
    assert [error.value for error in at.error] == ["There is no room for this file at the moment."]
    assert not at.warning
    assert not at.exception


@pytest.mark.parametrize("blocks", [1, 7])
def test_streamlit_is_given_an_empty_file_in_place_of_a_refused_one(blocks: int) -> None:
    """With its name, from which Streamlit takes whether such a file may come at all."""
    body = b'--limit\r\nContent-Disposition: form-data; name="f"; filename="a b.parquet"\r\nContent-Type: x/y\r\n\r\n'
    body += b"1\r\n\r\n2" * 50_000 + b"\r\n--limit--\r\n"
    step = -(-len(body) // blocks)
    parts = [body[at : at + step] for at in range(0, len(body), step)]
    messages = iter([{"type": "http.request", "body": part, "more_body": part is not parts[-1]} for part in parts])

    async def receive() -> Message:
        return next(messages)

    async def read() -> tuple[str, bytes]:
        headers = [(b"content-type", b"multipart/form-data; boundary=limit"), (b"content-length", b"350000")]
        scope, emptied = await uploads._emptied({"type": "http", "method": "PUT", "headers": headers}, receive)
        async with Request(scope, emptied).form() as form:
            (one,) = form.values()
            return one.filename, await one.read()

    assert awaited(read()) == ("a b.parquet", b"")
    assert next(messages, None) is None, "all that was sent is read"


def test_a_file_that_no_page_opens_goes(store: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.watch(store)
    for name in ("opened", "unopened"):
        store.add_file("session", file(name, 1))
        monkeypatch.setitem(uploads._unopened, ("session", name), 1000.0)
    store.get_files("session", ["opened"])
    assert not uploads.drop_unopened(1000.0 + uploads.UNOPENED)
    assert uploads.drop_unopened(1001.0 + uploads.UNOPENED)
    assert [one.file_id for one in store.get_files("session", ["opened", "unopened"])] == ["opened"]


def test_a_file_goes_when_its_batch_is_taken(store: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read from it stays; the file would only double that."""
    monkeypatch.setattr(batch_cache, "exists", lambda: True)
    monkeypatch.setattr(batch_cache, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=store))
    monkeypatch.setattr(batch_cache, "get_script_run_ctx", lambda: SimpleNamespace(session_id="mine"))
    store.add_file("mine", file("a", 1))
    store.add_file("another", file("b", 1))
    batch_cache.upload(batch_of(1), "cpu")
    assert list(account.stored_files()) == ["another"]


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "a lot"])
def test_a_budget_that_is_no_number_is_said_at_the_start(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(account.VARIABLE, text)
    with pytest.raises(ValueError, match=r"LOSSVIZ_UPLOAD_MB: found .*; expected a whole number of megabytes"):
        account._limit()
