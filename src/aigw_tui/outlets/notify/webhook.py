"""Any server of your own: one POST of JSON a message."""

from __future__ import annotations

from typing import ClassVar

from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import Channel
from aigw_tui.outlets.notify.document import document
from aigw_tui.outlets.notify.posting import examine_url, post_json
from aigw_tui.outlets.notify.target import Target

ID_HEADER = "Idempotency-Key"
"""Holds the id that the body holds too; the same one may come twice when an answer was lost."""


class Webhook(Channel):
    """The documented JSON; any answer of 2xx is a receipt."""

    KIND: ClassVar = "webhook"
    NEEDS: ClassVar = ("url",)

    async def send(self, target: Target, message: Message) -> None:
        await post_json(target, document(message), headers={ID_HEADER: message.key})

    async def examine(self, target: Target) -> None:
        await examine_url(target)
