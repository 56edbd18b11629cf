"""A real browser, driven over its own debugging socket, and the screen that its page was sent."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import signal
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse

FLAGS = (
    "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--enable-unsafe-swiftshader", "--hide-scrollbars",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-default-browser-check", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
KEYS = {"Enter": 13, "Escape": 27, "ArrowDown": 40}
"""Those that are no letters → their codes."""
PATIENCE_S = 40.0


class Page:
    """One tab. Every wait ends by itself."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self._session = ""
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.events: list[tuple[str, dict[str, Any]]] = []
        """What the browser told, except what belongs to the screen."""

    async def open(self, url: str) -> None:
        target = await self.call("Target.createTarget", url="about:blank")
        found = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = found["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=url)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    async def until(self, is_so: Callable[[str], bool]) -> str:
        """Listen until the screen's text is so; raises TimeoutError with the screen otherwise."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not is_so(self.text):
                    self._take(await self._socket.receive_json())
        except TimeoutError:
            raise TimeoutError(f"{self.text}\n{self.events}") from None
        return self.text

    async def press(self, key: str) -> None:
        code = KEYS.get(key, ord(key[0].upper()))
        text = {"Enter": "\r"}.get(key, "" if key in KEYS else key)
        common = {"key": key, "windowsVirtualKeyCode": code}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def resize(self, width: int, height: int) -> None:
        """The window, in pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **metrics)

    async def picture(self) -> bytes:
        """A PNG of what is seen."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def asked(self, expression: str) -> Any:
        """What a line of JavaScript in the page is worth."""
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        await self._socket.send_json(message | ({"sessionId": self._session} if self._session else {}))
        async with asyncio.timeout(PATIENCE_S):
            while (answer := await self._socket.receive_json()).get("id") != number:
                self._take(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method", ""), message.get("params", {})
        if method == "Network.webSocketCreated":
            size = parse_qs(urlsplit(params["url"]).query)
            self.screen.resize(int(size["height"][0]), int(size["width"][0]))
        elif method == "Network.webSocketFrameSent":
            with suppress(ValueError):
                match json.loads(params["response"]["payloadData"]):
                    case ["resize", {"width": width, "height": height}]:
                        self.screen.resize(height, width)
        elif method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            self._stream.feed(base64.b64decode(params["response"]["payloadData"]))
        else:
            self.events.append((method, params))


@asynccontextmanager
async def browsing(url: str, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """A page in a browser of its own, which is gone afterwards with all its processes."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        flags = (*FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}")
        process = await asyncio.create_subprocess_exec(
            "chromium", *flags, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, start_new_session=True
        )
        try:
            assert process.stderr
            address = None
            async with asyncio.timeout(PATIENCE_S):
                while not address:
                    line = await process.stderr.readline()
                    assert line, "chromium ended"
                    address = re.search(r"DevTools listening on (ws://\S+)", line.decode())
            reading = asyncio.create_task(process.stderr.read())
            session = await stack.enter_async_context(ClientSession())
            socket = await stack.enter_async_context(session.ws_connect(address[1], max_msg_size=0))
            page = Page(socket)
            await page.open(url)
            yield page
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        await reading
