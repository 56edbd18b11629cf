"""A target: where messages go, as config.toml names it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from aigw_tui.secret import Secret

SecretPlace = Secret | Callable[[], Secret] | None
"""A secret, or a function that reads it now (10 s at the most; raises ConfigError); None: there is none."""


@dataclass(frozen=True, slots=True)
class Target:
    """One `[target.NAME]`; which fields count depends on its kind."""

    name: str
    kind: str
    url: SecretPlace = field(default=None, repr=False)
    host: str = ""
    port: int = 587
    tls: str = "starttls"
    """`starttls`, `implicit`, or `none` on loopback."""
    user: str = ""
    password: SecretPlace = field(default=None, repr=False)
    sender: str = ""
    """An address."""
    recipients: tuple[str, ...] = ()
    """Addresses."""
    command: tuple[str, ...] = field(default=(), repr=False)
    """A program and its words."""


async def revealed(place: SecretPlace) -> str:
    """The secret itself, as it is now; empty when there is none. Raises ConfigError."""
    secret = await asyncio.to_thread(place) if callable(place) else place
    return secret.reveal() if secret else ""
