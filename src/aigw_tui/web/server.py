"""textual-serve's server with a page of ours: nothing on it comes from elsewhere, and foreign pages are kept out."""

from __future__ import annotations

import asyncio
import html
import json
import socket as sockets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.typedefs import Handler
from textual_serve.app_service import AppService
from textual_serve.server import Server

from aigw_tui.errors import LocalError
from aigw_tui.web.doors import Doors
from aigw_tui.web.tab import SIZES, Tab

MOST_TABS = 16
"""Each is a process."""
FULL = f"There are {MOST_TABS} tabs open already: close one, then open this again."
HEARTBEAT_S = 15.0
"""A browser that has gone without a word is noticed after so long."""
FAREWELL_S = 1.0
"""What a browser may take to say goodbye."""
CLEANUP_S = 10.0
FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Styles may be inline because the terminal makes some; a socket is `'self'` to some browsers and not to others."""


async def serve(argv: Sequence[str], title: str, host: str, port: int, doors: Doors, say: Callable[[int], None]) -> int:
    """Serve a process of `argv` to each tab until it is cancelled; `say` is told the port. Raises LocalError."""
    runner = web.AppRunner(await Site(argv, title, doors).application(), access_log=None, shutdown_timeout=CLEANUP_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, OverflowError) as error:
            why = f"cannot serve on port {port} of {host}: {error}"
            raise LocalError(why, "choose another --port, or 0 for a free one") from error
        say(runner.addresses[0][1])
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
    return 0


class Site(Server):
    """The pages and the sockets."""

    def __init__(self, argv: Sequence[str], title: str, doors: Doors) -> None:
        super().__init__("", title=title, public_url="")
        self._argv, self._doors = tuple(argv), doors
        self._open: set[web.WebSocketResponse] = set()

    async def application(self) -> web.Application:
        app = await self._make_app()
        app.middlewares.append(self._keep_out)
        app.on_response_prepare.append(_protect)
        app.add_routes([web.get(path, self.handle_index) for path in FILES if path != "/"])
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Without a banner."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - aiohttp's signal
        """Every tab ends, and with it its process."""
        await asyncio.gather(*(one.close(code=WSCloseCode.GOING_AWAY) for one in self._open))

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page, its style and its script."""
        name, kind = FILES[request.path]
        text = Path(__file__).with_name(name).read_text("utf-8").replace("{{ title }}", html.escape(self.title))
        return web.Response(text=text, content_type=kind)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A tab, from its first byte to its last."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, timeout=FAREWELL_S)
        await socket.prepare(request)
        if len(self._open) >= MOST_TABS:
            await socket.send_bytes(FULL.encode())
            await socket.close()
            return socket
        self._open.add(socket)
        tab = Tab(self._argv, socket, self.download_manager)
        try:
            await tab.start(_size(request.query.get("width"), 80), _size(request.query.get("height"), 24))
            await self._process_messages(socket, tab)
        finally:
            try:
                await tab.stop()
            finally:
                self._open.discard(socket)
        return socket

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        async for message in websocket:
            if message.type is WSMsgType.TEXT and isinstance(app_service, Tab):
                await _heed(message.data, websocket, app_service)

    @web.middleware
    async def _keep_out(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if why := self._doors.refusal(request.headers.get("Host"), request.headers.get("Origin")):
            return web.Response(status=403, text=f"aigw-tui was {why}.\n")
        return await handler(request)


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "no-cache" if request.path.startswith("/static/") else "no-store"
    if response.status != 403:  # then the name was looked at, and may be written
        response.headers["Content-Security-Policy"] = POLICY.format(host=request.host)


async def _heed(data: str, socket: web.WebSocketResponse, tab: Tab) -> None:
    """A message of the terminal in the page; what it would never send is left alone."""
    match _message(data):
        case ["stdin", str(text)]:
            await tab.send_bytes(text.encode(errors="replace"))
        case ["resize", {"width": width, "height": height}]:
            await tab.resize(width, height)
        case ["ping", str(stamp)]:
            await socket.send_json(["pong", stamp])
        case ["focus"]:
            await tab.focus()
        case ["blur"]:
            await tab.blur()


def _message(data: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _size(text: str | None, otherwise: int) -> int:
    size = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
    return size if size in SIZES else otherwise


def own_names() -> frozenset[str]:
    """What this machine is called on its network."""
    name = sockets.gethostname().lower()
    return frozenset((name, f"{name}.local", name.partition(".")[0]))
