"""Who may come in: a page of another site must not, and nobody is asked for a password.

A browser tells in `Host` what it believes to speak to, and in `Origin` whose page asks. Without a look at the first, a
site whose name is made to lead to this machine could read everything (DNS rebinding); without one at the second, any
site could open the socket.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOCAL = "localhost"
AUTHORITY = re.compile(r"[A-Za-z0-9._:\[\]-]{1,260}")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == LOCAL


@dataclass(frozen=True, slots=True)
class Doors:
    """By which names this server may be called."""

    is_open: bool = False
    """It is reached from elsewhere, so that any address may be its own."""
    names: frozenset[str] = frozenset()
    """Besides addresses and localhost; lower case."""
    public: str = ""
    """What a proxy in front is called: `https://monitor.example`; empty: there is none."""

    def refusal(self, host: str | None, origin: str | None) -> str:
        """Why a request with these headers is turned away, for a person; empty: it is not."""
        called = (host or "").lower()
        if not AUTHORITY.fullmatch(called) or not self._is_ours(called):
            return "called by a name that is not its own: open it by an address, or name it with --public-url"
        own = {f"http://{called}", f"https://{called}", *filter(None, [self.public])}
        if origin is not None and origin.lower() not in own:
            return "asked by a page of another site"
        return ""

    def _is_ours(self, called: str) -> bool:
        if self.public and called == urlsplit(self.public).netloc:
            return True
        try:
            name = urlsplit(f"//{called}").hostname or ""
        except ValueError:  # brackets without an address in them
            return False
        if name in self.names or is_loopback(name):
            return True
        with suppress(ValueError):
            return self.is_open and bool(ip_address(name))
        return False
