"""Why an exchange failed, in words with a remedy; never the exception's own, which may quote what was sent."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from aigw_tui.errors import AigwError, ConfigError, TransientError
from aigw_tui.format import clean

CONNECT_S = 10.0
"""How long a connection may take to come about."""
PROXY_SIGN_IN = ("the proxy wants a sign-in (407)", "put user and password into HTTPS_PROXY")


def explained(error: Exception, host: str) -> AigwError:
    """The words for a failed exchange; never the exception's own, which may quote what was sent."""
    import httpx

    for cause in _causes(error):
        if words := _of_cause(cause, host):
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


def _of_cause(cause: BaseException, host: str) -> AigwError | None:
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
