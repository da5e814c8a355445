"""A room of phones on this machine: 200 join within 5 s, answer within 10 s, some change their mind, and all keep looking.

    python -m benchmarks.room

A phone does over the wire what its page does, with a connection of its own. The lecturer looks at the tally twice a second.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from .server import ROOT, Server, line, served

PHONES, JOINING, VOTING = 200, 5.0, 10.0
LOOK, LECTURER_LOOK = 2.0, 0.5
OPTIONS = 3


class Client:
    """A connection, and the cookie that came over it."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie, self.tag = port, "", ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        """The status and the JSON that a path answers with; a connection that has gone is made anew."""
        try:
            return await self._ask(path, body)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return await self._ask(path, body)

    async def _ask(self, path: str, body: object) -> tuple[int, Any]:
        self._streams = self._streams or await asyncio.open_connection("localhost", self.port)
        reader, writer = self._streams
        sent = b"" if body is None else json.dumps(body).encode()
        head = [
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
            f"Host: localhost:{self.port}",
            f"Content-Length: {len(sent)}",
            "Content-Type: application/json",
            f"Cookie: {self.cookie}",
            f"If-None-Match: {self.tag}",
        ]
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + sent)
        status, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(one.lower().split(": ", 1) if ": " in one else (one, "") for one in rest)
        cookie = next((one.split(": ")[1] for one in rest if one.lower().startswith("set-cookie")), "")
        self.cookie = cookie.partition(";")[0] or self.cookie
        self.tag = headers.get("etag", self.tag)
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        return int(status.split()[1]), json.loads(content) if content else None

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


class Course:
    """A room, what was sent to it when, and what its lecturer saw when."""

    def __init__(self, port: int, code: str = "") -> None:
        self.port, self.code, self.host = port, code, ""
        self.lecturer = Client(port)
        self.chosen: dict[int, int] = {}
        self.firsts: list[float] = []
        self.seconds: list[float] = []
        self.looks: list[float] = []
        self.seen: list[tuple[float, int]] = []
        self.refused = 0

    async def act(self, name: str, *arguments: object) -> Any:
        """What the lecturer's page does with the room."""
        status, result = await self.lecturer.ask("/act", {"act": name, "with": arguments})
        assert status == 200, result
        return result

    async def begin(self) -> None:
        """Open the room, with a question on."""
        room = await self.act("open")
        self.code, self.host = room["code"], room["host"]
        await self.act("ask", self.code, self.host, 1)

    def phones(self, start: float, fate: random.Random) -> list[Coroutine[Any, Any, None]]:
        """Every phone, from its first page to its last look."""
        return [self.attend(number, start, random.Random(fate.random())) for number in range(PHONES)]

    async def watch(self, end: float) -> None:
        """What the lecturer sees, until the end."""
        while time.perf_counter() < end:
            tally = await self.act("tally", self.code, self.host)
            self.seen.append((time.perf_counter(), tally["answers"]))
            await asyncio.sleep(LECTURER_LOOK)

    async def attend(self, number: int, start: float, fate: random.Random) -> None:
        """One phone, from the first page to the last look."""
        client, path, end = Client(self.port), f"/r/{self.code}", start + JOINING + VOTING
        votes = sorted(start + JOINING + fate.random() * (VOTING - 1) for _ in range(1 + (number % 4 == 0)))
        await _until(start + fate.random() * JOINING)
        status, _ = await client.ask(f"{path}/join", {})
        self.refused += status != 200
        while time.perf_counter() < end:
            before = time.perf_counter()
            _, view = await client.ask(f"{path}/now")
            self.looks.append(time.perf_counter() - before)
            ballot = view["ballot"] if view else 1
            next_look = time.perf_counter() + LOOK * (0.85 + 0.3 * fate.random())
            while votes and votes[0] < next_look:
                await _until(votes.pop(0))
                await self._vote(client, path, number, ballot, fate.randrange(OPTIONS))
            await _until(min(next_look, end))
        client.close()

    async def _vote(self, client: Client, path: str, number: int, ballot: int, answer: int) -> None:
        before = time.perf_counter()
        status, _ = await client.ask(f"{path}/vote", {"ballot": ballot, "answer": answer})
        self.refused += status != 200
        self.seconds.append(time.perf_counter() - before)
        if number not in self.chosen:
            self.firsts.append(before)
        self.chosen[number] = answer

    def delays(self) -> list[float]:
        """Seconds from each phone's first answer until the lecturer saw as many as had been sent by then."""
        return [next(at for at, count in self.seen if count >= i) - sent for i, sent in enumerate(sorted(self.firsts), 1)]


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


async def lesson(server: Server) -> None:
    """Everything, and its figures."""
    course, fate = Course(server.port), random.Random(5)
    await course.begin()
    memory, cpu, start = server.memory(), server.cpu(), time.perf_counter()
    await asyncio.gather(*course.phones(start, fate), course.watch(start + JOINING + VOTING + 1))
    busy = (server.cpu() - cpu) / 1000 / (time.perf_counter() - start)
    more = server.memory() - memory
    await course.act("reveal", course.code, course.host)
    (outcome,) = (await course.act("tally", course.code, course.host))["outcomes"]
    report(course, busy, more, outcome["counts"])


def report(course: Course, busy: float, more: float, counts: list[int]) -> None:
    """Print what came of it."""
    sent = Counter(course.chosen.values())
    wrong = sum(abs(sent[i] - count) for i, count in enumerate(counts))
    votes, looks = ([1000 * one for one in seconds] for seconds in (course.seconds, course.looks))
    note = f"p95 of {len(votes)} votes, median {statistics.median(votes):.1f} ms; a look {p95(looks):.0f} ms"
    line(f"{PHONES} phones, vote → counted", f"{p95(votes):.0f} ms", note)
    line(
        "vote → on the lecturer’s screen",
        f"{p95(course.delays()):.2f} s",
        f"p95, of a screen that looks every {LECTURER_LOOK} s",
    )
    line("voices lost or doubled", f"{wrong}", f"of {len(course.chosen)}; {course.refused} requests refused")
    line(
        "server CPU meanwhile", f"{100 * busy:.0f} % of a core", f"{len(course.looks) + len(course.seconds)} requests of phones"
    )
    line("server memory for the room", f"{more:.1f} MB", f"while {PHONES} phones were in it")


def p95(seconds: list[float]) -> float:
    """What 95 of 100 stay below."""
    return statistics.quantiles(seconds, n=20)[-1]


def main() -> None:
    """Print every figure."""
    with served(ROOT / "tests" / "server" / "room_app.py") as server:
        asyncio.run(lesson(server))


if __name__ == "__main__":
    main()
