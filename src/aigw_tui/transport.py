"""The one place that speaks HTTP: a deadline, a size cap, no redirects, and a token that stays with its origin."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from aigw_tui import __version__
from aigw_tui.errors import AigwError, AuthError, BadDataError, ConfigError, TransientError
from aigw_tui.format import clean
from aigw_tui.secret import Secret

if TYPE_CHECKING:
    import httpx  # at run time it is imported at the first request: 75 ms, and 40 more for its TLS context

DEADLINE_S = 30.0
CONNECT_S = 10.0
MOST_BYTES = 16 * 1024 * 1024
PROXY_SIGN_IN = ("the proxy wants a sign-in (407)", "put user and password into HTTPS_PROXY")
HEADERS = {"User-Agent": f"aigw-tui/{__version__}", "Accept": "application/json", "Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)
    """Decoded from its content encoding."""
    date: datetime | None = None
    """The server's clock, UTC."""


class Transport:
    """An HTTP client for one base URL, opened at the first request.

    `token` is asked for at every request, so that a rotated one is used without a restart. `inner` replaces the
    network (see `InProcess`). Raises ConfigError when the base URL is neither https nor loopback.
    """

    def __init__(
        self,
        base_url: str,
        token: Secret | Callable[[], Secret | None] | None = None,
        *,
        inner: InProcess | None = None,
        deadline_s: float = DEADLINE_S,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.host, self._is_loopback = _origin(self.base_url)
        self._token = token
        self._inner = inner
        self._deadline_s = deadline_s
        self._most_bytes = most_bytes
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: bytes | None = None,
        params: Mapping[str, str] | None = None,
        within_s: float = DEADLINE_S,
    ) -> Response:
        """One exchange, complete within the shorter of `within_s` and the transport's own deadline.

        Any status comes back as a Response, except 3xx and 407.
        Raises TransientError, BadDataError, AuthError, ConfigError.
        """
        client = await self._opened()
        import httpx

        deadline_s = max(0.0, min(within_s, self._deadline_s))
        failure: AigwError
        try:
            async with asyncio.timeout(deadline_s):
                return await self._exchange(client, method, path, json, params)
        except TimeoutError:
            failure = TransientError(f"no complete answer from {self.host} in time")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = _explain(error, self.host)
        raise failure  # outside the handlers: an exception's context holds the request, which holds the token

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _opened(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._open)
            return self._client

    def _open(self) -> httpx.AsyncClient:
        import httpx

        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        is_near = self._inner is not None or self._is_loopback
        try:
            base = httpx.URL(self.base_url)
            return httpx.AsyncClient(
                base_url=base,
                auth=lambda request: self._signed(request, base),
                headers=HEADERS,
                timeout=httpx.Timeout(None, connect=CONNECT_S),
                follow_redirects=False,
                trust_env=not is_near,
                verify=self._trusted(),
                transport=self._inner,  # type: ignore[arg-type]  # it has the shape, without importing the class
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"proxy or certificate settings of the environment: {clean(error)}",
                "check HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR",
            ) from None

    def _trusted(self) -> ssl.SSLContext:
        """Always verifies; the certificates are loaded only where a TLS connection can come about."""
        import httpx

        if self._inner is not None or self.base_url.startswith("http:"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.create_ssl_context()

    def _signed(self, request: httpx.Request, base: httpx.URL) -> httpx.Request:
        """The host lock: only here is the token read, and only for the configured scheme, host and port."""
        url = request.url
        if (url.scheme, url.raw_host, url.port) != (base.scheme, base.raw_host, base.port):
            return request
        secret = self._token() if callable(self._token) else self._token
        if secret:
            value = secret.reveal()
            if not (value.isascii() and value.isprintable()) or " " in value:
                raise AuthError("the token holds characters that no token has", "copy it again, without line breaks")
            request.headers["Authorization"] = f"Bearer {value}"
        return request

    async def _exchange(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        json: bytes | None,
        params: Mapping[str, str] | None,
    ) -> Response:
        headers = {} if json is None else {"Content-Type": "application/json"}
        async with client.stream(method, path, content=json, params=params, headers=headers) as response:
            if response.status_code == 407:
                raise ConfigError(*PROXY_SIGN_IN)
            if 300 <= response.status_code < 400:
                raise BadDataError(
                    f"{self.host} answers with a redirect{_target(response)}, which is not followed",
                    "check CLOUDFLARE_API_BASE_URL; in a public network, sign in first",
                )
            body = await self._read(response)
            found = {name.lower(): value for name, value in response.headers.items()}
            return Response(response.status_code, found, body, parse_date(found.get("date")))

    async def _read(self, response: httpx.Response) -> bytes:
        """The decoded body, inflated here: httpx would inflate a whole chunk, up to a thousandfold, before we count."""
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", ""):
            raise BadDataError(f"{self.host} answers in an encoding that was not asked for: {clean(encoding, 40)}")
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
        body = bytearray()
        async for chunk in response.aiter_raw():
            try:
                body += inflate.decompress(chunk, self._most_bytes - len(body) + 1) if inflate else chunk
            except zlib.error:
                raise BadDataError(f"the compressed answer of {self.host} is damaged") from None
            if len(body) > self._most_bytes:
                raise BadDataError(f"{self.host} answers with more than {self._most_bytes // 2**20} MiB")
        if inflate and not inflate.eof and response.num_bytes_downloaded:
            raise TransientError(f"the answer of {self.host} was cut off")
        return bytes(body)


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


def parse_date(text: str | None) -> datetime | None:
    """An HTTP date in UTC; None when it is none."""
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _target(response: httpx.Response) -> str:
    """` to <host>`, where a redirect names one; the rest of its location may be long, and private."""
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return f" to {clean(host, 80)}" if host else ""


def _origin(base_url: str) -> tuple[str, bool]:
    """The host for messages, and whether it is this machine."""
    try:
        parts = urlsplit(base_url)
        host, is_plain = parts.hostname or "", not (parts.username or parts.password or parts.query or parts.fragment)
        is_valid = bool(host) and is_plain and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise ConfigError("the base URL is not of the form https://host/path", "check CLOUDFLARE_API_BASE_URL")
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback):
        raise ConfigError(
            f"the base URL of {clean(host, 80)} must begin with https://",
            "http:// is for loopback only; check CLOUDFLARE_API_BASE_URL",
        )
    return clean(host, 80), is_loopback


def _explain(error: Exception, host: str) -> AigwError:
    """The words for a failed exchange; never the exception's own, which may quote what was sent."""
    import httpx

    for cause in _causes(error):
        if words := _explain_cause(cause, host):
            return words
    if isinstance(error, httpx.ProxyError):
        if "407" in str(error):
            return ConfigError(*PROXY_SIGN_IN)
        return TransientError("the proxy does not connect", "check HTTPS_PROXY and NO_PROXY")
    if isinstance(error, httpx.TimeoutException):
        return TransientError(f"no connection with {host} within {CONNECT_S:.0f} s")
    if isinstance(error, (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)):
        return TransientError(f"the connection with {host} broke before its answer was complete")
    return TransientError(f"no exchange with {host} ({type(error).__name__})")


def _explain_cause(cause: BaseException, host: str) -> AigwError | None:
    """What the machine's own network says, which httpx wraps: None when this is not the root."""
    match cause:
        case ssl.SSLCertVerificationError():
            return TransientError(
                f"the certificate of {host} is not trusted: {clean(cause.verify_message, 80)}",
                "check the machine's date; behind a company's proxy, set SSL_CERT_FILE to its CA file",
            )
        case ssl.SSLError():
            return TransientError(f"no TLS connection with {host}: {clean(cause.reason, 80)}")
        case socket.gaierror():
            return TransientError(f"the name {host} cannot be resolved (DNS)")
        case ConnectionRefusedError():
            return TransientError(f"{host} refused the connection")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, what it came from, and the members of groups on the way."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from _causes(member)
        error = error.__cause__ or error.__context__
