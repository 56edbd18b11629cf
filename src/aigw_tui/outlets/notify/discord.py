"""Discord: a channel's webhook."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from aigw_tui.format import iso
from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import Channel
from aigw_tui.outlets.notify.posting import examine_url, post_json
from aigw_tui.outlets.notify.target import Target
from aigw_tui.outlets.notify.wording import cut, headline

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME, LONGEST_VALUE, MOST_FIELDS = 256, 3_000, 100, 100, 10
"""Within the limits of an embed (discord.com/developers, message resource): 6,000 characters in all, 25 fields."""
COLOURS = {"critical": 0xD32F2F, "warning": 0xF9A825, "info": 0x1976D2}
RESOLVED = 0x2E7D32
MARKUP = re.compile(r"([\\*_~`|>#\[\]()<])")
EVERYBODY = re.compile(r"@(?=everyone|here)", re.I)


class Discord(Channel):
    """One embed that mentions nobody, whatever stands in it."""

    KIND: ClassVar = "discord"
    NEEDS: ClassVar = ("url",)

    async def send(self, target: Target, message: Message) -> None:
        await post_json(target, payload(message))

    async def examine(self, target: Target) -> None:
        await examine_url(target)


def payload(message: Message) -> dict[str, Any]:
    return {
        "allowed_mentions": {"parse": []},
        "embeds": [
            {
                "title": _escaped(headline(message), LONGEST_TITLE),
                "description": _escaped("\n".join(message.lines), LONGEST_TEXT),
                "color": RESOLVED if message.kind == "resolved" else COLOURS[message.severity],
                "timestamp": iso(message.at),
                "fields": [
                    # an empty name or value would make Discord refuse the whole message
                    {
                        "name": _escaped(name or "–", LONGEST_NAME),
                        "value": _escaped(value or "–", LONGEST_VALUE),
                        "inline": True,
                    }
                    for name, value in message.facts[:MOST_FIELDS]
                ],
            }
        ],
    }


def _escaped(text: str, longest: int) -> str:
    """Its markup shown as text, and `@everyone` with a wide @."""

    def escape(raw: str) -> str:
        return EVERYBODY.sub("＠", MARKUP.sub(r"\\\1", raw))

    return escape(cut(text, longest, lambda part: len(escape(part))))
