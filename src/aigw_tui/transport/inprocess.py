"""A server that is a function of this process, in the place of the network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import httpx


class Reply(Protocol):
    """What a function behind `InProcess` returns."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...
    @property
    def body(self) -> bytes: ...


class InProcess:
    """A server that is a function, called in a worker thread: `answer(method, path with query, headers, body)`.

    It has the shape of httpx's asynchronous transports; header names reach the function in lower case.
    """

    def __init__(self, answer: Callable[[str, str, Mapping[str, str], bytes], Reply]) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        import httpx

        body, path = await request.aread(), request.url.raw_path.decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = await asyncio.to_thread(self._answer, request.method, path, headers, body)
        return httpx.Response(reply.status, headers=reply.headers, stream=httpx.ByteStream(reply.body))

    async def aclose(self) -> None:
        """Nothing is held open."""
