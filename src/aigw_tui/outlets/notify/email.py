"""E-mail: by SMTP with TLS, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import ClassVar

from aigw_tui.errors import AigwError, AuthError, ConfigError, TransientError
from aigw_tui.format import clean
from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import DEADLINE_S, Channel
from aigw_tui.outlets.notify.target import Target, revealed
from aigw_tui.outlets.notify.wording import body, headline

OURSELVES = "[127.0.0.1]"
"""What we greet with: the name of this machine is nobody's business, and finding it out may take long."""
REMEDY = "check [target.{}]"
log = logging.getLogger(__name__)


class Email(Channel):
    """One mail a message, with the plain text, and the page beside it where there is one."""

    KIND: ClassVar = "email"
    NEEDS: ClassVar = ("host", "from", "to")
    TAKES: ClassVar = ("port", "tls", "user", "password_command")

    async def send(self, target: Target, message: Message) -> None:
        password = await revealed(target.password)
        opened: list[smtplib.SMTP] = []
        act = asyncio.to_thread(_submit, target, password, mail(target, message), opened.append)
        try:
            async with asyncio.timeout(DEADLINE_S):
                await act
        except TimeoutError:
            raise TransientError(f"no complete answer from {target.host} in time") from None
        finally:
            for connection in opened:
                _cut(connection)  # or the thread would go on for as long as the server likes


def mail(target: Target, message: Message) -> EmailMessage:
    """The mail; the same message has the same Message-ID."""
    made = EmailMessage()
    made["From"] = target.sender
    made["To"] = ", ".join(target.recipients)
    made["Subject"] = f"[aigw-tui] {clean(headline(message))}"
    made["Date"] = format_datetime(message.at)
    made["Message-ID"] = f"<{message.key}.{target.name}@aigw-tui>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    made.set_content(body(message) + "\n")
    if message.html:
        made.add_alternative(message.html.encode("utf-8", "replace").decode(), subtype="html")
    return made


def _submit(target: Target, password: str, made: EmailMessage, opened: Callable[[smtplib.SMTP], None]) -> None:
    failure: AigwError
    try:
        with _connected(target, opened) as connection:
            if target.user:
                connection.login(target.user, password)
            refused = connection.send_message(made, target.sender, target.recipients)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        failure = _explained(error, target)
    else:
        if refused:
            log.warning("%s: %d of %d addresses are refused", target.name, len(refused), len(target.recipients))
        return
    raise failure  # outside the handler: what was sent stays out of the exception's context


def _connected(target: Target, opened: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if target.tls == "implicit":
        return _Implicit(opened, target, context)
    connection = _Plain(opened, target)
    if target.tls == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


class _Plain(smtplib.SMTP):
    """Handed over before it connects, so that it can be cut."""

    def __init__(self, opened: Callable[[smtplib.SMTP], None], target: Target) -> None:
        opened(self)
        super().__init__(target.host, target.port, OURSELVES, DEADLINE_S)


class _Implicit(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def __init__(self, opened: Callable[[smtplib.SMTP], None], target: Target, context: ssl.SSLContext) -> None:
        opened(self)
        super().__init__(target.host, target.port, OURSELVES, timeout=DEADLINE_S, context=context)


def _cut(connection: smtplib.SMTP) -> None:
    found = getattr(connection, "sock", None)
    if found is not None:
        with suppress(OSError):
            socket.socket.shutdown(found, socket.SHUT_RDWR)  # TLS's own would disturb the thread that reads


def _explained(error: Exception, target: Target) -> AigwError:
    """Words for it; never the server's, which may quote what it was sent."""
    host, remedy = target.host, REMEDY.format(target.name)
    match error:
        case smtplib.SMTPAuthenticationError():
            return AuthError(f"{host} refuses user and password ({error.smtp_code})", remedy)
        case smtplib.SMTPNotSupportedError():
            return ConfigError(f"{host} offers neither TLS nor a sign-in that is understood here", remedy)
        case smtplib.SMTPRecipientsRefused():
            codes = sorted({code for code, _ in error.recipients.values()})
            return _answered(host, codes[0], "refuses every address", remedy)
        case smtplib.SMTPResponseException():
            return _answered(host, error.smtp_code, "refuses the mail", remedy)
    return _unconnected(error, host, remedy)


def _unconnected(error: Exception, host: str, remedy: str) -> AigwError:
    match error:
        case ssl.SSLCertVerificationError():
            why = f"the certificate of {host} is not trusted: {clean(error.verify_message, 80)}"
            return TransientError(why, "check host, the machine's date, and SSL_CERT_FILE")
        case ssl.SSLError():
            return TransientError(f"no TLS connection with {host}", "check port and tls (starttls, implicit)")
        case socket.gaierror():
            return TransientError(f"the name {host} cannot be resolved (DNS)")
        case ConnectionRefusedError():
            return TransientError(f"{host} refused the connection")
        case TimeoutError():
            return TransientError(f"no complete answer from {host} in time")
        case ValueError():
            return ConfigError("user, password or an address has characters that no mail server takes", remedy)
    return TransientError(f"the connection with {host} broke before the mail was delivered")


def _answered(host: str, code: int, words: str, remedy: str) -> AigwError:
    """A code below 500 means: later."""
    why = f"{host} {words} ({code})"
    return TransientError(why) if code < 500 else ConfigError(why, remedy)
