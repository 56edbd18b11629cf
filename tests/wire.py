"""A scripted other end: replies over real loopback HTTP, or straight into a client, and a clock that a test bends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aigw_tui.secret import Secret
from aigw_tui.transport import Response, Transport

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
CANARY = "cfut_canary-that-must-never-be-seen-0123456789"

Sender = Callable[[asyncio.StreamWriter], Awaitable[None]]
Reply = bytes | Sender
"""The bytes of a whole HTTP answer, or a function that misbehaves in its own way."""


class BentClock:
    """Stands still, but for `sleep`, which takes no time and moves it; remembers the waits."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._seconds = 1_000.0
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._seconds += seconds
        self._now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the wire carried it."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(slots=True)
class Wire:
    """What a scripted server was asked, and where it lives."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)


@asynccontextmanager
async def serve(*replies: Reply) -> AsyncIterator[Wire]:
    """A loopback server that gives each request the next reply, the last one for ever, and then hangs up."""
    wire, script, handlers = Wire(), list(replies), set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.current_task())
        try:
            wire.asked.append(await _request(reader))
            reply = script.pop(0) if len(script) > 1 else script[0]
            if isinstance(reply, bytes):
                writer.write(reply)
                await writer.drain()
            else:
                await reply(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client had enough, or the test is over
        finally:
            writer.close()
            handlers.discard(asyncio.current_task())

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/client/v4"
    try:
        yield wire
    finally:
        server.close()
        for task in tuple(handlers):
            if task is not None:
                task.cancel()
        await asyncio.sleep(0)


def http(
    body: bytes, status: int = 200, content_type: str = "application/json", length: int | None = None, **headers: str
) -> bytes:
    """An HTTP/1.1 answer; `length` is what it claims to be long, `headers` are named with `_` for `-`."""
    lines = {
        "Content-Type": content_type,
        "Content-Length": str(len(body) if length is None else length),
        "Date": format_datetime(NOW, usegmt=True),
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = f"HTTP/1.1 {status} Word\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


class Script(Transport):
    """A transport without a wire: every `send` gets the next reply, the last one for ever; exceptions are raised."""

    def __init__(self, *replies: Response | Exception) -> None:
        super().__init__("https://api.example/client/v4", Secret(CANARY))
        self.replies = list(replies)
        self.asked: list[Any] = []
        """The decoded body of each POST, the path of each GET with its parameters."""

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        within_s: float = 30.0,
    ) -> Response:
        self.asked.append(_loads(json) if json else (path, dict(params or {})))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply


def said(payload: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    return answered(json.dumps(payload).encode(), status, **headers)


def answered(body: bytes, status: int = 200, content_type: str = "application/json", **headers: str) -> Response:
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Response(status, {"content-type": content_type, **named}, body, NOW)


def data(**aliases: Any) -> dict[str, Any]:
    """A GraphQL answer about one account."""
    return {"data": {"viewer": {"accounts": [aliases]}}, "errors": None}


def refused(*messages: str | dict[str, Any], partial: Any = None) -> dict[str, Any]:
    """A GraphQL refusal: messages, or whole errors."""
    errors = [{"message": each} if isinstance(each, str) else each for each in messages]
    return {"data": partial, "errors": errors}


def error(message: str, place: str = "", code: str = "") -> dict[str, Any]:
    """One GraphQL error, about the dataset or alias at `place`."""
    extensions = {"timestamp": "2026-11-23T14:05:00Z"} | ({"code": code} if code else {})
    return {"message": message, "path": ["viewer", "accounts", "0", place] if place else None, "extensions": extensions}


def settings(nodes: Iterable[str], **values: Any) -> dict[str, Any]:
    """What `settings` say of these datasets; `availableFields` unless told otherwise are unknown."""
    usual = {"enabled": True, "availableFields": [], "maxDuration": 2_764_800, "notOlderThan": 5_356_800}
    usual |= {"maxPageSize": 1000, "maxNumberOfFields": 30}
    return data(settings=dict.fromkeys(nodes, usual | values))


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Asked(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


_loads = json.loads  # `send` has an argument of that name
