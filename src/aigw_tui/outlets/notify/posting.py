"""One message by HTTP to a secret URL: within 10 s, redirects not followed, the URL never quoted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aigw_tui.errors import BadDataError, ConfigError, TransientError
from aigw_tui.outlets.notify.channel import DEADLINE_S
from aigw_tui.outlets.notify.document import encoded
from aigw_tui.outlets.notify.target import Target, revealed
from aigw_tui.transport import Transport, retry_after_s

LONGEST_ANSWER = 1024 * 1024
PASSING = (408, 425, 429)
"""What a healthy target may say for a while, as it may say any 5xx."""
NO_HEADERS: Mapping[str, str] = {}


async def post_json(
    target: Target, payload: dict[str, Any], *, headers: Mapping[str, str] = NO_HEADERS, url: str = ""
) -> None:
    """POST to the target's URL, or to `url` in its place. Raises AigwError unless the answer is 2xx."""
    transport, place = opened(target, url or await revealed(target.url))
    remedy = _remedy(target)
    try:
        response = await transport.send("POST", place, json=encoded(payload), headers=headers)
    except BadDataError as error:
        raise BadDataError(error.why, remedy) from None  # the transport's remedy is about Cloudflare's URL
    finally:
        await transport.close()
    if not 200 <= response.status < 300:
        said = f"{transport.host} answers {response.status}{_phrase(response.status)}"
        if response.status in PASSING or response.status >= 500:
            now = response.date or datetime.now(UTC)
            raise TransientError(said, retry_after_s=retry_after_s(response.headers.get("retry-after"), now))
        raise ConfigError(said, remedy)


def opened(target: Target, url: str) -> tuple[Transport, str]:
    """To that URL's origin, and the place there; nothing is sent yet. Raises ConfigError for what is no such URL."""
    try:
        parts = urlsplit(url)
        place = f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")
        origin = f"{parts.scheme}://{parts.netloc}"
        return Transport(origin, deadline_s=DEADLINE_S, most_bytes=LONGEST_ANSWER), place
    except (ValueError, ConfigError):
        raise ConfigError("its url is not of the form https://host/path", _remedy(target)) from None


async def examine_url(target: Target) -> None:
    """Whether a program prints it, and it is one that may be sent to. Raises ConfigError."""
    transport, _ = opened(target, await revealed(target.url))
    await transport.close()


def _remedy(target: Target) -> str:
    return f"check the url of [target.{target.name}]"


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase})"
    except ValueError:
        return ""
