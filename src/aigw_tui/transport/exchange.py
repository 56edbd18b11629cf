"""HTTP exchanges with one origin: a deadline, a size cap, no redirects, and a token that stays there."""

from __future__ import annotations

import asyncio
import logging
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aigw_tui import __version__
from aigw_tui.errors import AigwError, AuthError, BadDataError, ConfigError, TransientError
from aigw_tui.format import clean
from aigw_tui.origin import origin_of
from aigw_tui.secret import Secret
from aigw_tui.transport.failures import CONNECT_S, PROXY_SIGN_IN, explained
from aigw_tui.transport.inprocess import InProcess
from aigw_tui.transport.waiting import parse_date

if TYPE_CHECKING:
    import httpx  # at run time it is imported at the first request: 75 ms, and 40 more for its TLS context

DEADLINE_S = 30.0
MOST_BYTES = 16 * 1024 * 1024
TokenSource = Secret | Callable[[], Secret | None] | None
NO_TOKENS: Mapping[str, TokenSource] = {}
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

    `token` is asked for at every request, so that a rotated one is used without a restart; `also` holds further
    tokens by the header that carries each, kept to this origin as the first is. `inner` replaces the network (see
    `InProcess`). Raises ConfigError when the base URL is neither https nor loopback.
    """

    def __init__(
        self,
        base_url: str,
        token: TokenSource = None,
        *,
        also: Mapping[str, TokenSource] = NO_TOKENS,
        inner: InProcess | None = None,
        deadline_s: float = DEADLINE_S,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.host, self._is_loopback = _checked(self.base_url)
        self._tokens = {"Authorization": token, **also}
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
        headers: Mapping[str, str] | None = None,
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
                return await self._exchange(client, method, path, json, params, headers or {})
        except TimeoutError:
            failure = TransientError(f"no complete answer from {self.host} in time")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = explained(error, self.host)
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
            return httpx.AsyncClient(
                base_url=self.base_url,
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

    def _signed(self, request: httpx.Request, base: httpx.URL, secrets: Mapping[str, Secret | None]) -> httpx.Request:
        """The host lock: only here is a token revealed, and only for the configured scheme, host and port."""
        url = request.url
        if (url.scheme, url.raw_host, url.port) != (base.scheme, base.raw_host, base.port):
            return request
        for header, secret in secrets.items():
            if not secret:
                continue
            value = secret.reveal()
            if not (value.isascii() and value.isprintable()) or " " in value:
                raise AuthError("the token holds characters that no token has", "copy it again, without line breaks")
            request.headers[header] = f"Bearer {value}"
        return request

    async def _exchange(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        json: bytes | None,
        params: Mapping[str, str] | None,
        own: Mapping[str, str],
    ) -> Response:
        headers = {**own} if json is None else {"Content-Type": "application/json", **own}
        secrets = {header: await _read(token) for header, token in self._tokens.items()}

        def sign(request: httpx.Request) -> httpx.Request:
            return self._signed(request, client.base_url, secrets)

        async with client.stream(method, path, content=json, params=params, headers=headers, auth=sign) as response:
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


async def _read(token: TokenSource) -> Secret | None:
    """In a thread where it is a function: a token_command may take 10 s, and the screen would stand still."""
    return await asyncio.to_thread(token) if callable(token) else token


def _target(response: httpx.Response) -> str:
    """` to <host>`, where a redirect names one; the rest of its location may be long, and private."""
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return f" to {clean(host, 80)}" if host else ""


def _checked(base_url: str) -> tuple[str, bool]:
    """The host for messages, and whether it is this machine."""
    try:
        origin = origin_of(base_url)
    except ValueError:
        raise ConfigError(
            "the base URL is not of the form https://host/path", "check CLOUDFLARE_API_BASE_URL"
        ) from None
    host = clean(origin.host, 80)
    if not origin.is_private:
        raise ConfigError(
            f"the base URL of {host} must begin with https://",
            "http:// is for loopback only; check CLOUDFLARE_API_BASE_URL",
        )
    return host, origin.is_loopback
