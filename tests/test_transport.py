"""The transport: every way in which HTTP fails has words of its own, and the token stays where it belongs."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import ssl
import subprocess
import sys
import threading
import traceback
import tracemalloc
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aigw_tui import __version__
from aigw_tui.errors import AigwError, AuthError, BadDataError, ConfigError, TransientError
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport, parse_date
from debian import needs
from wire import CANARY, NOW, Reply, http, serve

MIB = 2**20


async def failure(reply: Reply, **options: float) -> AigwError:
    """What one exchange with a misbehaving server ends in."""
    async with serve(reply) as wire:
        return await failure_at(wire.url, **options)


async def failure_at(url: str, **options: float) -> AigwError:
    transport = Transport(url, Secret(CANARY), **options)  # type: ignore[arg-type]
    try:
        with pytest.raises(AigwError) as caught:
            await transport.send("POST", "/graphql", json=b"{}")
    finally:
        await transport.close()
    seen = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(vars(caught.value))
    assert CANARY not in seen
    assert caught.value.__context__ is None or CANARY not in repr(vars(caught.value.__context__))
    return caught.value


async def test_an_answer_comes_whole() -> None:
    """Status, headers in lower case, body and the server's clock; the request carries our name and asks for gzip."""
    async with serve(http(b'{"a":1}', 201, X_Word="hi")) as wire:
        transport = Transport(wire.url + "/", Secret(CANARY))
        response = await transport.send("GET", "/accounts", params={"page": "1"})
        await transport.close()
    assert (response.status, response.body, response.headers["x-word"]) == (201, b'{"a":1}', "hi")
    assert response.date == NOW
    (asked,) = wire.asked
    assert (asked.method, asked.path) == ("GET", "/client/v4/accounts?page=1")
    assert asked.headers["user-agent"] == f"aigw-tui/{__version__}"
    assert asked.headers["accept-encoding"] == "gzip"
    assert asked.headers["authorization"] == f"Bearer {CANARY}"


async def test_gzip_is_inflated() -> None:
    """A compressed body is handed over decoded."""
    async with serve(http(gzip.compress(b"x" * 100_000), Content_Encoding="gzip")) as wire:
        transport = Transport(wire.url)
        response = await transport.send("POST", "/graphql", json=b"{}")
        await transport.close()
    assert response.body == b"x" * 100_000
    assert "authorization" not in wire.asked[0].headers


async def test_a_bomb_is_refused_in_little_memory() -> None:
    """256 MiB that fit in 256 kB are refused at 16 MiB decoded, which costs less than 64 MB."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(MIB)
    bomb = b"".join([*(packer.compress(zeros) for _ in range(256)), packer.flush()])
    tracemalloc.start()
    try:
        error = await failure(http(bomb, Content_Encoding="gzip"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, BadDataError)
    assert "16 MiB" in error.why
    assert peak < 64 * MIB


async def test_a_body_over_the_cap_is_refused() -> None:
    """The cap counts bytes as they come, whatever the length that was promised."""
    error = await failure(http(b"x" * 3 * MIB), most_bytes=MIB)
    assert isinstance(error, BadDataError)
    assert "more than 1 MiB" in error.why


async def test_one_byte_at_a_time_ends_at_the_deadline() -> None:
    """Bytes that keep dripping do not keep the exchange alive."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"", length=10_000))
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    error = await failure(drip, deadline_s=0.1)
    assert isinstance(error, TransientError)
    assert "in time" in error.why


async def test_a_redirect_is_not_followed() -> None:
    """It is an error that names the host it points at; the other host is never asked."""
    async with serve(http(b"{}")) as other:
        error = await failure(http(b"", 302, Location=f"{other.url}/login"))
    assert isinstance(error, BadDataError)
    assert "redirect to 127.0.0.1" in error.why
    assert other.asked == []


@pytest.mark.parametrize("location", ["http://[", "\x1b]0;x", "//evil.example/"])
async def test_a_redirect_to_nonsense_is_one_clean_line(location: str) -> None:
    """The target is foreign text."""
    error = await failure(http(b"", 301, Location=location.replace("\x1b", "%1b")))
    assert isinstance(error, BadDataError)
    assert str(error).isprintable()


async def test_the_token_never_leaves_its_origin() -> None:
    """An absolute URL on another port is another origin: the request goes without the token."""
    async with serve(http(b"{}")) as home, serve(http(b"{}")) as away:
        transport = Transport(home.url, Secret(CANARY))
        await transport.send("GET", f"{away.url}/x")
        await transport.close()
    assert CANARY not in str(away.asked)


async def test_a_second_token_is_locked_in_like_the_first() -> None:
    """It goes into its own header, to its own origin alone; where there is none there is no header."""
    async with serve(http(b"{}")) as home, serve(http(b"{}")) as away:
        transport = Transport(home.url, also={"cf-aig-authorization": lambda: Secret(CANARY), "x-none": None})
        await transport.send("GET", "/x")
        await transport.send("GET", f"{away.url}/x")
        await transport.close()
    assert home.asked[0].headers["cf-aig-authorization"] == f"Bearer {CANARY}"
    assert not {"authorization", "x-none"} & home.asked[0].headers.keys()
    assert CANARY not in str(away.asked)


async def test_the_token_is_read_at_every_request() -> None:
    """A rotated token is used without a restart; no token is no header."""
    tokens = iter([Secret("first-token"), Secret("second-token"), None])
    async with serve(http(b"{}")) as wire:
        transport = Transport(wire.url, lambda: next(tokens))
        for _ in range(3):
            await transport.send("GET", "/x")
        await transport.close()
    sent = [asked.headers.get("authorization") for asked in wire.asked]
    assert sent == ["Bearer first-token", "Bearer second-token", None]


@pytest.mark.parametrize("token", ["two lines\nInjected: x", "with space", "tökèn", "tab\t"])
async def test_a_token_that_cannot_be_one_is_refused_before_it_is_sent(token: str) -> None:
    """A line break would end up in the header, and h11 would quote it in its error."""
    async with serve(http(b"{}")) as wire:
        transport = Transport(wire.url, Secret(token))
        with pytest.raises(AuthError) as caught:
            await transport.send("GET", "/x")
        await transport.close()
    assert token not in str(caught.value)
    assert wire.asked == []


async def test_netrc_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials of a .netrc never replace or join the token."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    async with serve(http(b"{}")) as wire:
        transport = Transport(wire.url)
        await transport.send("GET", "/x")
        await transport.close()
    assert "authorization" not in wire.asked[0].headers


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Resets the connection without a word."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (_hang_up, TransientError, "broke before"),
        (b"", TransientError, "broke before"),
        (http(b"half", length=4000), TransientError, "broke before"),
        (b"\x16\x03\x01 not http\r\n\r\n", TransientError, "broke before"),
        (http(b"", 407), ConfigError, "sign-in (407)"),
        (http(gzip.compress(b"x" * 4000)[:-9], Content_Encoding="gzip"), TransientError, "cut off"),
        (http(b"not gzip at all", Content_Encoding="gzip"), BadDataError, "damaged"),
        (http(b"x", Content_Encoding="br"), BadDataError, "not asked for"),
    ],
)
async def test_each_fault_has_its_words(reply: Reply, kind: type[AigwError], words: str) -> None:
    """Distinct words and the right class for each way an exchange breaks."""
    error = await failure(reply)
    assert type(error) is kind
    assert words in error.why


async def test_a_refused_connection() -> None:
    """Nobody listens on the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = await failure_at(f"http://127.0.0.1:{port}")
    assert isinstance(error, TransientError)
    assert "refused the connection" in error.why


async def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS failure is told from a refused connection."""

    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = await failure_at("https://api.invalid/client/v4")
    assert isinstance(error, TransientError)
    assert "api.invalid cannot be resolved" in error.why


async def test_a_server_without_tls() -> None:
    """Plain HTTP where TLS was asked for ends before the token is sent."""

    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"{}"))
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        error = await failure_at(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert isinstance(error, TransientError)
    assert "no TLS connection" in error.why


@needs("openssl")
async def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    """A self-signed certificate is not trusted, and nothing switches that off."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout {key} -out {certificate}"
    made = await asyncio.to_thread(subprocess.run, command.split(), capture_output=True, check=False)
    assert made.returncode == 0
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        error = await failure_at(f"https://localhost:{server.sockets[0].getsockname()[1]}")
    assert isinstance(error, TransientError)
    assert "not trusted" in error.why
    assert "SSL_CERT_FILE" in error.remedy


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.example",
        "https://",
        "ftp://127.0.0.1",
        "http://api.example/client/v4",
        "http://127.0.0.1.evil.example",
        "https://me:pw@api.example",
        "https://api.example?x=1",
        "https://api.example:port",
        "https://[::1",
    ],
)
def test_a_base_url_is_https_or_loopback(url: str) -> None:
    """Anything else is a configuration error before anything is sent."""
    with pytest.raises(ConfigError):
        Transport(url)


@pytest.mark.parametrize("url", ["https://api.example", "http://localhost:1", "http://127.0.0.9/x", "http://[::1]:80"])
def test_loopback_may_be_plain(url: str) -> None:
    """All of 127.0.0.0/8, ::1 and localhost."""
    assert Transport(url).base_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [("HTTPS_PROXY", "nonsense://x"), ("ALL_PROXY", "socks5://127.0.0.1:1"), ("SSL_CERT_FILE", "/no")],
)
async def test_a_broken_environment_is_a_configuration_error(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment's proxy and CA are used; what is wrong with them is said."""
    monkeypatch.setenv(name, value)
    error = await failure_at("https://api.invalid")
    assert isinstance(error, ConfigError)
    assert "HTTPS_PROXY" in error.remedy


async def test_a_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """CONNECT goes to the proxy, without the token; a proxy that wants a sign-in has words of its own."""
    async with serve(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.removesuffix("/client/v4"))
        error = await failure_at("https://api.invalid/client/v4")
    assert isinstance(error, ConfigError)
    assert "407" in error.why
    assert [asked.method for asked in proxy.asked] == ["CONNECT"]
    assert CANARY not in str(proxy.asked)


async def test_loopback_is_not_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxy stays out of what this machine says to itself."""
    async with serve(http(b"{}")) as wire, serve(http(b"{}")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        transport = Transport(wire.url)
        await transport.send("GET", "/x")
        await transport.close()
    assert len(wire.asked) == 1
    assert proxy.asked == []


async def test_logs_are_silent(caplog: pytest.LogCaptureFixture) -> None:
    """httpx and httpcore log nothing below WARNING, even when the root logger asks for everything."""
    caplog.set_level(logging.DEBUG)
    async with serve(http(b"{}")) as wire:
        transport = Transport(wire.url, Secret(CANARY))
        await transport.send("GET", "/x")
        await transport.close()
    assert [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))] == []
    assert CANARY not in caplog.text


class _Reply:
    status = 200
    headers = (("Content-Type", "application/json"), ("Date", "Mon, 23 Nov 2026 14:05:00 GMT"))

    def __init__(self, body: bytes) -> None:
        self.body = body


async def test_a_function_can_be_the_server() -> None:
    """The same client, without a wire: the function sees method, path with query, headers in lower case, and body."""
    seen: list[tuple[object, ...]] = []

    def answer(method: str, path: str, headers: object, body: bytes) -> _Reply:
        seen.append((method, path, dict(headers)["authorization"], body))  # type: ignore[call-overload]
        return _Reply(b'{"ok":true}')

    transport = Transport("https://demo.invalid/client/v4", Secret(CANARY), inner=InProcess(answer))
    response = await transport.send("POST", "/graphql", json=b"{}", params={"a": "b c"})
    await transport.close()
    assert response.body == b'{"ok":true}'
    assert response.date == NOW
    assert seen == [("POST", "/client/v4/graphql?a=b+c", f"Bearer {CANARY}", b"{}")]


async def test_a_token_is_read_beside_the_screen() -> None:
    """Reading it may take as long as a command does: the loop goes on meanwhile."""
    loop, asked_in = threading.current_thread(), []

    def token() -> Secret:
        asked_in.append(threading.current_thread())
        return Secret(CANARY)

    async with serve(http(b"{}")) as wire:
        transport = Transport(wire.url, token)
        await transport.send("GET", "/accounts")
        await transport.close()
    assert wire.asked[0].headers["authorization"] == f"Bearer {CANARY}"
    assert asked_in
    assert loop not in asked_in


def test_dates() -> None:
    """HTTP dates are read in UTC; anything else is no date."""
    assert parse_date("Mon, 23 Nov 2026 14:05:00 GMT") == NOW
    assert parse_date("Mon, 23 Nov 2026 14:05:00 -0000") == NOW
    assert parse_date("Mon, 23 Nov 2026 15:05:00 +0100") == datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
    for nonsense in (None, "", "yesterday", "Mon, 99 Nov 2026 14:05:00 GMT", "12", "Fri, 31 Dec 9999 23:59:59 -2359"):
        assert parse_date(nonsense) is None


def test_importing_it_loads_no_httpx() -> None:
    """httpx costs 75 ms, so it is loaded at the first request."""
    code = "import sys, aigw_tui.cloudflare.client; sys.exit('httpx' in sys.modules or 'stamina' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
