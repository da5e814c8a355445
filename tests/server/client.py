"""A browser tab without a browser: what a visitor's websocket sends and is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Self

import requests
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PROTOCOL = websockets.Subprotocol("streamlit")


class Tab:
    """One connection, the session behind it, and the elements of its page."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.session = ""
        self.exceptions: list[str] = []
        self.texts: list[str] = []

    @classmethod
    async def open(cls, port: int, page: str = "", **options: object) -> Self:
        """Connect and read the page until it is complete."""
        address = f"ws://localhost:{port}/_stcore/stream"
        tab = cls(await websockets.connect(address, subprotocols=[PROTOCOL], max_size=None, open_timeout=120, **options))
        message = BackMsg()
        message.rerun_script.page_name = page
        await tab.send(message)
        await tab.until("script_finished")
        return tab

    async def send(self, message: BackMsg) -> None:
        await self.socket.send(message.SerializeToString())

    async def until(self, kind: str) -> ForwardMsg:
        """Read up to a message of a kind."""
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self.socket.recv(), 120))
            self._note(message)
            if message.WhichOneof("type") == kind:
                return message

    def _note(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session":
            self.session = message.new_session.initialize.session_id
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "exception":
                self.exceptions.append(f"{element.exception.type}: {element.exception.message}")
            case "alert":
                self.texts.append(element.alert.body)

    async def close(self) -> None:
        await self.socket.close()


async def put(tab: Tab, address: str, data: bytes | Iterator[bytes], name: str = "predictions.csv") -> int:
    """Send a file as the browser does, with the token that a page gets; the status that it is answered with."""
    request = BackMsg()
    request.file_urls_request.request_id = "1"
    request.file_urls_request.file_names.append(name)
    request.file_urls_request.session_id = tab.session
    await tab.send(request)
    response = await tab.until("file_urls_response")
    url = address + response.file_urls_response.file_urls[0].upload_url
    return await asyncio.to_thread(_put, address, url, data, name)


def _put(address: str, url: str, data: bytes | Iterator[bytes], name: str) -> int:
    with requests.Session() as browser:
        browser.get(f"{address}/_stcore/health", timeout=60)
        headers = {"X-Xsrftoken": browser.cookies["_streamlit_xsrf"]}
        sent: dict[str, object] = {"files": {"file": (name, data)}} if isinstance(data, bytes) else {"data": data}
        return browser.put(url, headers=headers, timeout=60, **sent).status_code
