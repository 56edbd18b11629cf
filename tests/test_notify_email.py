"""E-mail, through a real SMTP server on loopback: TLS always, the password seen by the server alone."""

from __future__ import annotations

import asyncio
import base64
import logging
import socket
import ssl
import subprocess
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from aigw_tui.errors import AigwError, AuthError, ConfigError, TransientError
from aigw_tui.outlets.notify import Target, email
from aigw_tui.outlets.notify.channels import channel_of
from aigw_tui.secret import Secret
from messages import FIRED, PASSWORD

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")


@dataclass(slots=True)
class Mailbox:
    """A mail server's end: what came, who signed in, and what it answers to a mail."""

    answer: str = "250 OK"
    refuses_to: str = ""
    """What it answers to an address; empty: that it knows it."""
    refused: str = ""
    """The one address that it answers so; empty: all."""
    mails: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    signed_in: list[tuple[bytes, bytes]] = field(default_factory=list)
    was_secret: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refuses_to and self.refused in ("", address):
            return self.refuses_to
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        self.senders.append(envelope.mail_from)
        self.recipients += envelope.rcpt_tos
        self.was_secret.append(session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None)
        return self.answer

    def sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    path, key = folder / "certificate.pem", folder / "key.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=mx -keyout {key} -out {path}"
    made = subprocess.run(
        [*command.split(), "-addext", "subjectAltName=IP:127.0.0.1"], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no openssl to make a certificate with")
    return path


@asynccontextmanager
async def serving(box: Mailbox, certificate: Path | None, implicit: bool = False) -> AsyncIterator[int]:
    """The port of a server with STARTTLS, or with TLS from the first byte."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    extra = {"tls_context": context, "require_starttls": True} if context and not implicit else {}
    auth = {"authenticator": box.sign_in, "auth_required": not implicit, "auth_require_tls": not implicit}
    made: list[SMTP] = []

    def make() -> SMTP:
        made.append(SMTP(box, hostname="mx", **extra, **(auth if context else {})))  # type: ignore[arg-type]
        return made[-1]

    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0, ssl=context if implicit else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await hung_up(part for one in made for part in (one.transport, one._original_transport))


async def hung_up(transports: Iterable[asyncio.BaseTransport | None]) -> None:
    """Nothing of these connections is left."""
    for transport in transports:
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
    for _ in range(3):
        await asyncio.sleep(0)


def target(port: int, **changes: Any) -> Target:
    usual = Target(
        "team", "email", host="127.0.0.1", port=port, user="me", password=Secret(PASSWORD), sender="me@example.com",
        recipients=("you@example.com", "team@example.com"),
    )  # fmt: skip
    return replace(usual, **changes)


async def failure(to: Target) -> AigwError:
    with pytest.raises(AigwError) as caught:
        await channel_of("email").send(to, FIRED)
    error = caught.value
    seen = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error.__context__) + repr(to)
    assert PASSWORD not in seen
    return error


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_mail_arrives(tls: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over TLS of either way, signed in, to every address, as text and as the page beside it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box = Mailbox()
    async with serving(box, certificate, tls == "implicit") as port:
        message = replace(FIRED, html="<p>7.2&nbsp;%</p>")
        await channel_of("email").send(target(port, tls=tls), message)
    assert box.was_secret == [True]
    assert box.signed_in == [(b"me", PASSWORD.encode())]
    assert (box.senders, box.recipients) == (["me@example.com"], ["you@example.com", "team@example.com"])
    mail: Any = message_from_bytes(box.mails[0], policy=default)
    assert mail["Subject"] == "[aigw-tui] warning: errors on prod at 7.2 %"
    assert mail["Message-ID"] == "<errors.prod.20261123T140500.team@aigw-tui>"
    assert mail["Date"] == "Mon, 23 Nov 2026 14:05:00 +0000"
    assert "7.2 % of 1,204 requests failed" in mail.get_body(("plain",)).get_content()
    assert "<p>7.2&nbsp;%</p>" in mail.get_body(("html",)).get_content()


async def test_a_server_without_tls_gets_nothing() -> None:
    """STARTTLS that is not offered ends it, before anybody signs in."""
    box = Mailbox()
    async with serving(box, None) as port:
        error = await failure(target(port))
    assert isinstance(error, ConfigError)
    assert "offers neither TLS" in error.why
    assert (box.signed_in, box.mails) == ([], [])


async def test_loopback_may_go_without() -> None:
    """A mail server of this machine, where the configuration says so."""
    box = Mailbox()
    async with serving(box, None) as port:
        await channel_of("email").send(target(port, tls="none", user="", password=None), FIRED)
    assert len(box.mails) == 1


async def test_a_certificate_of_nobody(certificate: Path) -> None:
    """It is not trusted, nothing switches that off, and no password is sent."""
    box = Mailbox()
    async with serving(box, certificate) as port:
        error = await failure(target(port))
    assert isinstance(error, TransientError)
    assert "not trusted" in error.why
    assert box.signed_in == []


@pytest.mark.parametrize(
    ("changes", "server", "kind", "words"),
    [
        ({"password": Secret("wrong password")}, {}, AuthError, "refuses user and password (535)"),
        ({}, {"answer": "554 spam"}, ConfigError, "refuses the mail (554)"),
        ({}, {"answer": "451 later"}, TransientError, "refuses the mail (451)"),
        ({}, {"refuses_to": "550 nobody"}, ConfigError, "refuses every address (550)"),
        ({}, {"refuses_to": "450 greylisted"}, TransientError, "refuses every address (450)"),
        ({"user": "mé"}, {}, ConfigError, "characters that no mail server takes"),
    ],
)
async def test_each_refusal_has_its_words(
    changes: dict[str, Any],
    server: dict[str, Any],
    kind: type[AigwError],
    words: str,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What passes by itself is told from what does not; the server's own words are not repeated."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    caplog.set_level(logging.DEBUG)
    async with serving(Mailbox(**server), certificate) as port:
        error = await failure(target(port, **changes))
    assert type(error) is kind
    assert words in error.why
    assert "greylisted" not in error.why
    ours = "".join(
        record.getMessage() for record in caplog.records if record.name != "mail.log"
    )  # that is the server's
    for form in (
        PASSWORD.encode(),
        base64.b64encode(PASSWORD.encode()),
        base64.b64encode(f"\0me\0{PASSWORD}".encode()),
    ):
        assert form.decode() not in ours


async def test_one_address_is_refused(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The others got it, so it is delivered; how many did not is in the log, and not who."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    box = Mailbox(refuses_to="550 nobody", refused="you@example.com")
    async with serving(box, certificate) as port:
        await channel_of("email").send(target(port), FIRED)
    assert box.recipients == ["team@example.com"]
    (said,) = [record.getMessage() for record in caplog.records if record.name.startswith("aigw_tui")]
    assert said == "team: 1 of 2 addresses are refused"


async def silent(_: asyncio.StreamWriter) -> None:
    """Never greets."""
    await asyncio.Event().wait()


async def dripping(writer: asyncio.StreamWriter) -> None:
    """A greeting that never ends, a byte at a time."""
    with suppress(ConnectionError):
        while True:
            writer.write(b"2")
            await writer.drain()
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("act", [silent, dripping])
async def test_a_server_that_hangs(
    act: Callable[[asyncio.StreamWriter], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends at the deadline, and so does the thread that talked to it."""
    monkeypatch.setattr(email, "DEADLINE_S", 0.2)
    ended = threading.Event()
    submit = email._submit

    def watched(*args: Any) -> None:
        try:
            submit(*args)
        finally:
            ended.set()

    monkeypatch.setattr(email, "_submit", watched)
    writers = []

    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await act(writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        error = await failure(target(server.sockets[0].getsockname()[1]))
        assert await asyncio.to_thread(ended.wait, 5)
    finally:
        server.close()
        await hung_up(writer.transport for writer in writers)
    assert isinstance(error, TransientError)
    assert "in time" in error.why or "broke" in error.why


async def test_nobody_listens() -> None:
    """A refused connection is told from a server that hangs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = await failure(target(port))
    assert isinstance(error, TransientError)
    assert "refused the connection" in error.why
