"""ntfy: a topic of ntfy.sh or of a server of your own."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from aigw_tui.errors import ConfigError
from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import Channel
from aigw_tui.outlets.notify.posting import opened, post_json
from aigw_tui.outlets.notify.target import Target, revealed
from aigw_tui.outlets.notify.wording import body, cut, headline, utf8

LONGEST_BYTES = 4_000
"""Beyond 4,096 the server makes an attachment of it (docs.ntfy.sh/publish)."""
PRIORITIES = {"critical": 5, "warning": 4, "info": 3}
TAGS = {"critical": "rotating_light", "warning": "warning", "info": "information_source"}


class Ntfy(Channel):
    """Published as JSON, so that a title may hold any letter; a query such as `?auth=…` is kept."""

    KIND: ClassVar = "ntfy"
    NEEDS: ClassVar = ("url",)

    async def send(self, target: Target, message: Message) -> None:
        server, topic = await _reached(target)
        await post_json(target, payload(message, unquote(topic)), url=server)

    async def examine(self, target: Target) -> None:
        transport, _ = opened(target, (await _reached(target))[0])
        await transport.close()


async def _reached(target: Target) -> tuple[str, str]:
    """The server's URL, and the topic. Raises ConfigError."""
    url = await revealed(target.url)
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    above, _, topic = parts.path.rstrip("/").rpartition("/")
    if not topic:
        raise ConfigError("its url names no topic", f"[target.{target.name}]: use https://ntfy.sh/TOPIC")
    return parts._replace(path=f"{above}/").geturl(), topic


def payload(message: Message, topic: str) -> dict[str, Any]:
    is_over = message.kind == "resolved"
    return {
        "topic": topic,
        "title": cut(headline(message), 250, utf8),
        "message": cut(body(message), LONGEST_BYTES, utf8),
        "priority": 3 if is_over else PRIORITIES[message.severity],
        "tags": ["white_check_mark" if is_over else TAGS[message.severity]],
        "markdown": False,
    }
