"""The box over real HTTP, on loopback only."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from aigw_tui.demo.box import PREFIX, Box
from aigw_tui.errors import LocalError

HOST = "127.0.0.1"
LONGEST_BODY = 1_000_000
"""Bytes."""


class Server:
    """A context manager; `start` and `stop` can follow each other, and the port stays the same."""

    def __init__(self, box: Box, port: int = 0) -> None:
        self._box = box
        self._port = port
        self._http: _Http | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        """The API's base, such as `http://127.0.0.1:4000/client/v4`; the port is known once it was started."""
        return f"http://{HOST}:{self._port}{PREFIX}"

    def start(self) -> None:
        """Raises LocalError when the port is taken or not allowed."""
        try:
            self._http = _Http(self._box, self._port)
        except (OSError, OverflowError) as error:
            raise LocalError(f"cannot serve on port {self._port}: {error}", "choose another port") from error
        self._port = self._http.server_port
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), name="demo-server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes the port with all connections; does nothing when it does not run."""
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._http.hang_up()
            self._http.server_close()
            self._thread.join()
            self._http = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, box: Box, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.box = box
        self._open: set[socket.socket] = set()
        self._lock = Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Ends the connections that clients keep alive; otherwise a stopped server would go on answering."""
        with self._lock:
            connections = tuple(self._open)
        for connection in connections:
            with suppress(OSError):  # the client was faster
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    server_version = "aigw-tui-demo"
    timeout = 600
    disable_nagle_algorithm = True  # headers and body are two writes: 40 ms on a kept connection otherwise

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if (
            not (length.isascii() and length.isdigit() and int(length) <= LONGEST_BODY)
            or "Transfer-Encoding" in self.headers
        ):
            self.close_connection = True
            self.send_error(413)
            return
        body = self.rfile.read(int(length))
        answered = self.server.box.answer(self.command, self.path, dict(self.headers.items()), body)
        self.send_response_only(answered.status)
        for name, value in answered.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answered.body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """`do_GET`, `do_POST` and so on: the box knows which methods it takes."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the class above
        """Nothing: a log of requests is not asked for, and must never hold a token."""
