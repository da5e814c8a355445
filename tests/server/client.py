"""A browser tab without a browser: what a visitor's websocket sends and is sent."""

from __future__ import annotations

import asyncio
from typing import Self

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
