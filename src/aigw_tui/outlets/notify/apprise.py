"""Whatever Apprise can reach: the extra `[notify]`, imported when the first message goes there."""

from __future__ import annotations

import asyncio
import logging
from importlib.util import find_spec
from typing import ClassVar

from aigw_tui.errors import ConfigError, TransientError
from aigw_tui.model import Message
from aigw_tui.outlets.notify.channel import DEADLINE_S, Channel
from aigw_tui.outlets.notify.target import Target, revealed
from aigw_tui.outlets.notify.wording import body, headline

TALKATIVE = ("apprise", "urllib3", "requests", "requests_oauthlib")
"""Loggers that write URLs."""


class Apprise(Channel):
    """Apprise speaks to the service itself: what our transport promises of redirects does not hold there."""

    KIND: ClassVar = "apprise"
    NEEDS: ClassVar = ("url",)
    IS_WEB: ClassVar = False

    async def send(self, target: Target, message: Message) -> None:
        url = await revealed(target.url)
        try:
            async with asyncio.timeout(DEADLINE_S):
                has_arrived = await asyncio.to_thread(_notify, target.name, url, message)
        except TimeoutError:
            raise TransientError("Apprise took longer than 10 s") from None
        if not has_arrived:
            raise TransientError("Apprise could not deliver it", f"check the url of [target.{target.name}]")

    async def examine(self, target: Target) -> None:
        await super().examine(target)
        if find_spec("apprise") is None:
            raise _not_installed()


def _notify(name: str, url: str, message: Message) -> bool:
    try:
        import apprise
    except ImportError:
        raise _not_installed() from None
    for logger in TALKATIVE:
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    sender = apprise.Apprise()
    try:
        if not sender.add(url):
            raise ConfigError("Apprise does not know such a url", f"check the url of [target.{name}]")
        types = {"critical": apprise.NotifyType.FAILURE, "warning": apprise.NotifyType.WARNING}
        kind = types.get(message.severity, apprise.NotifyType.INFO)
        return bool(
            sender.notify(
                title=headline(message),
                body=body(message),
                notify_type=apprise.NotifyType.SUCCESS if message.kind == "resolved" else kind,
                body_format=apprise.NotifyFormat.TEXT,
            )
        )
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise TransientError(f"Apprise failed ({type(error).__name__})") from None


def _not_installed() -> ConfigError:
    return ConfigError("Apprise is not installed", "install it: pip install 'aigw-tui[notify]'")
