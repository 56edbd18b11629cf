"""Where a base URL leads: its host, and whether what is sent there stays between the two."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Origin:
    """The part of a base URL that decides who hears what is sent."""

    scheme: str
    host: str

    @property
    def is_loopback(self) -> bool:
        """All of 127.0.0.0/8, ::1 and localhost."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def is_private(self) -> bool:
        """Nobody listens: https, or http that does not leave this machine."""
        return self.scheme == "https" or (self.scheme == "http" and self.is_loopback)


def origin_of(base_url: str) -> Origin:
    """Raises ValueError for anything but `scheme://host[:port][/path]`: no user, password, query or space."""
    parts = urlsplit(base_url)
    is_plain = parts.username is None and parts.password is None and not (parts.query or parts.fragment)
    if not (parts.hostname and is_plain) or parts.port == 0 or any(map(str.isspace, base_url)):
        raise ValueError("no base URL")
    return Origin(parts.scheme, parts.hostname)
