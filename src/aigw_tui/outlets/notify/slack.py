"""Slack: an incoming webhook."""

from __future__ import annotations

from typing import Any, ClassVar

from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import Channel
from aigw_tui.outlets.notify.posting import examine_url, post_json
from aigw_tui.outlets.notify.target import Target
from aigw_tui.outlets.notify.wording import body, cut, headline

LONGEST_HEAD, LONGEST_TEXT = 150, 3_000
"""Characters of a header and of a section, as escaped (docs.slack.dev, reference/block-kit)."""


class Slack(Channel):
    """A header and a section, both plain text: nothing in them is markup, a mention or a link."""

    KIND: ClassVar = "slack"
    NEEDS: ClassVar = ("url",)

    async def send(self, target: Target, message: Message) -> None:
        await post_json(target, payload(message))

    async def examine(self, target: Target) -> None:
        await examine_url(target)


def payload(message: Message) -> dict[str, Any]:
    head, text = _escaped(headline(message), LONGEST_HEAD), _escaped(body(message), LONGEST_TEXT)
    return {
        "text": head,
        "mrkdwn": False,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [{"type": "header", "text": _plain(head)}, {"type": "section", "text": _plain(text)}],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _escaped(text: str, longest: int) -> str:
    """`<!channel>` and `<@U1>` begin with `<`: Slack asks for these three characters to be escaped everywhere."""

    def escape(raw: str) -> str:
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    return escape(cut(text, longest, lambda part: len(escape(part))))
