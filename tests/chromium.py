"""A real browser, driven over its own debugging socket, and the screens that its pages were sent."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from threading import Thread, Timer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse

FLAGS = (
    "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--enable-unsafe-swiftshader", "--hide-scrollbars",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-default-browser-check", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
KEYS = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "Tab": 9}
"""Those that are no letters → their codes."""
CTRL = 2
"""A modifier, as the protocol counts them."""
FAILURES = ("Runtime.exceptionThrown", "Network.loadingFailed", "Log.entryAdded")
PATIENCE_S = 40.0


class Page:
    """One tab. Every wait ends by itself."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self._session, self._context = "", dict[str, Any]()
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.events: list[tuple[str, dict[str, Any]]] = []
        """What the browser told, except what belongs to the screen."""

    async def open(self, url: str, before: str = "") -> None:
        """In a context of its own, which shares nothing with others; the script `before` runs before the page's."""
        self._context = await self.call("Target.createBrowserContext", disposeOnDetach=True)
        target = await self.call("Target.createTarget", url="about:blank", **self._context)
        found = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = found["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        await self.call("Page.navigate", url=url)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    @property
    def wrong(self) -> list[tuple[str, dict[str, Any]]]:
        """What failed in the page."""
        return [event for event in self.events if event[0] in FAILURES]

    async def until(self, is_so: Callable[[str], bool]) -> str:
        """Listen until the screen's text is so; raises TimeoutError with the screen otherwise."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not is_so(self.text):
                    self._take(await self._socket.receive_json())
        except TimeoutError:
            raise TimeoutError(f"{self.text}\n{self.wrong}") from None
        return self.text

    async def until_asked(self, expression: str) -> None:
        """Ask until a line of JavaScript in the page is true."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.asked(expression):
                pass

    async def press(self, *keys: str) -> None:
        for key in keys:
            code = KEYS.get(key, ord(key[0].upper()))
            text = {"Enter": "\r"}.get(key, "" if key in KEYS else key)
            common = {"key": key, "windowsVirtualKeyCode": code}
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def press_ctrl(self, letter: str, command: str = "") -> None:
        """With what a browser does by itself on that key, unless the page prevents it."""
        common = {"key": letter, "windowsVirtualKeyCode": ord(letter.upper()), "modifiers": CTRL}
        await self.call("Input.dispatchKeyEvent", type="rawKeyDown", commands=[command] if command else [], **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def point(self, kind: str, text: str, ahead: int = 0, **more: Any) -> None:
        """An event of the mouse on the first such text on the screen, or so many cells ahead."""
        found = ((y, line.index(text)) for y, line in enumerate(self.screen.display) if text in line)
        y, x = next(found)
        box = await self.asked(
            "(({left, top, width, height}) => [left, top, width, height])"
            "(document.querySelector('.xterm-screen').getBoundingClientRect())"
        )
        left, top, wide, high = box
        place = {
            "x": left + (x + ahead + 0.5) * wide / self.screen.columns,
            "y": top + (y + 0.5) * high / self.screen.lines,
        }
        await self.call("Input.dispatchMouseEvent", type=f"mouse{kind}", **place, **more)

    async def click(self, text: str) -> None:
        await self.point("Moved", text)
        for kind in ("Pressed", "Released"):
            await self.point(kind, text, button="left", clickCount=1)

    async def resize(self, width: int, height: int) -> None:
        """The window, in pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **metrics)

    async def save_in(self, folder: Path) -> None:
        """Downloads, without a question."""
        how = {"behavior": "allow", "downloadPath": str(folder), "eventsEnabled": True}
        await self.call("Browser.setDownloadBehavior", **how, **self._context)

    async def saved(self) -> Path:
        """The next file that has arrived as a whole."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for at, (method, params) in enumerate(self.events):
                    if method == "Browser.downloadProgress" and params["state"] == "completed":
                        del self.events[at]
                        return Path(params["filePath"])
                self._take(await self._socket.receive_json())

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


@contextmanager
def chromium(width: int = 1280, height: int = 800) -> Iterator[str]:
    """The address of a browser's debugging socket; it is gone afterwards with all its processes."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = ("chromium", *FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}")
        quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
        with subprocess.Popen(
            command, stdin=quiet, stdout=quiet, stderr=pipe, text=True, start_new_session=True
        ) as process:
            end = Timer(PATIENCE_S, process.kill)
            end.start()
            try:
                assert process.stderr
                address = None
                while not address:
                    line = process.stderr.readline()
                    assert line, "chromium ended"
                    address = re.search(r"DevTools listening on (ws://\S+)", line)
                end.cancel()
                Thread(target=process.stderr.read, daemon=True).start()
                yield address[1]
            finally:
                end.cancel()
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


@asynccontextmanager
async def browsing(browser: str, url: str, before: str = "") -> AsyncIterator[Page]:
    """A page in the browser at that address, closed at the end."""
    async with ClientSession() as session, session.ws_connect(browser, max_msg_size=0) as socket:
        page = Page(socket)
        await page.open(url, before)
        yield page
