"""What a kind of target is: the keys of its table, and how a message gets there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from aigw_tui.model import Message
from aigw_tui.outlets.notify.target import Target, revealed

DEADLINE_S = 10.0
"""For one message to one target, all told."""


class Channel(ABC):
    """One kind of target."""

    KIND: ClassVar[str]
    """As config.toml spells it."""
    NEEDS: ClassVar[tuple[str, ...]]
    """Keys that its table must have; `url` may also be given as `url_command`."""
    TAKES: ClassVar[tuple[str, ...]] = ()
    """Further keys that it may have."""

    IS_WEB: ClassVar[bool] = True
    """A url that it needs is https, or http on loopback."""

    @abstractmethod
    async def send(self, target: Target, message: Message) -> None:
        """Deliver it within `DEADLINE_S`; `message` is bounded and clean.

        Raises TransientError where the target is down, any other AigwError where it refuses; none quotes a secret.
        """

    async def examine(self, target: Target) -> None:
        """Whether it could be sent to, as far as that shows without sending: its secrets can be read.

        Raises AigwError, which quotes no secret.
        """
        for secret in (target.url, target.password):
            await revealed(secret)
