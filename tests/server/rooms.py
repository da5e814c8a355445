"""A room of the server under test (room_app.py), as its lecturer and its phones hold it."""

from __future__ import annotations

from typing import Any

import requests


class Lecturer:
    """Who opened a room: does what the lecturer's page does."""

    def __init__(self, address: str, base: str = "") -> None:
        self.address, self.base = address, base
        room = self._act("open")
        self.code, self.host = room["code"], room["host"]

    @property
    def link(self) -> str:
        """Where phones join."""
        return f"{self.address}{self.base}/r/{self.code}"

    def do(self, act: str, *arguments: object) -> Any:
        """Call a method of the store."""
        return self._act(act, self.code, self.host, *arguments)

    def _act(self, act: str, *arguments: object) -> Any:
        answer = requests.post(f"{self.address}/act", json={"act": act, "with": arguments}, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Phone(requests.Session):
    """A phone at the link of a room."""

    def __init__(self, link: str, **headers: str) -> None:
        super().__init__()
        self.link = link
        self.headers.update(headers)

    def join(self) -> requests.Response:
        return self.post(f"{self.link}/join", json={}, timeout=60)

    def now(self) -> dict[str, Any]:
        answer = self.get(f"{self.link}/now", timeout=60)
        assert answer.status_code == 200
        return answer.json()

    def vote(self, answer: object, ballot: object = None) -> requests.Response:
        return self.post(
            f"{self.link}/vote",
            json={"ballot": self.now()["ballot"] if ballot is None else ballot, "answer": answer},
            timeout=60,
        )
