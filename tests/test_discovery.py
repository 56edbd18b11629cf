"""What may be asked is found out once a day; where that fails, what was known holds, and the figures cost no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from aigw_tui.cloudflare.client import Client
from aigw_tui.datasets import dataset
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Reply
from aigw_tui.errors import AigwError
from aigw_tui.model import HOUR, Window
from aigw_tui.secret import Secret
from aigw_tui.source import Question
from aigw_tui.transport import InProcess, Transport
from wire import BentClock

NOON = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


class Forgetful(Box):
    """Answers about usage, and with `said` to what may be asked."""

    said: str = ""
    posts: int = 0
    asked_for_settings: int = 0

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.posts += method == "POST"
        is_about_settings = b"availableFields" in body or b"__type" in body
        self.asked_for_settings += is_about_settings
        if is_about_settings and self.said:
            return Reply(200, (("Content-Type", "application/json"),), self.said.encode())
        return super().answer(method, path, headers, body)


def refused(message: str) -> str:
    return json.dumps({"data": None, "errors": [{"message": message, "path": None, "extensions": {}}]})


@pytest.mark.parametrize(
    "said", [refused("unable to execute query"), refused("Internal server error"), "<html>no</html>", '{"data": 7}']
)
async def test_settings_that_cannot_be_read_any_more(said: str) -> None:
    """They are tried again every quarter of an hour; each round is still one question."""
    clock = BentClock(NOON)
    box = Forgetful(clock)
    client = Client(Transport("https://x/client/v4", Secret(TOKEN), inner=InProcess(box.answer)), clock)
    before = await client.bounds(ACCOUNT_ID)
    clock.advance(25 * 3600)
    box.said, box.posts, box.asked_for_settings = said, 0, 0
    for _ in range(45):
        assert await client.bounds(ACCOUNT_ID) == before
        now = clock.now()
        answer = await client.fetch(ACCOUNT_ID, [Question(dataset("requests"), Window(now - HOUR, now))])
        assert answer.readings[0].error is None
        clock.advance(60)
    assert box.asked_for_settings <= 4 * 3  # each tried three times
    assert box.posts <= 45 + box.asked_for_settings
    await client.close()


async def test_settings_that_can_never_be_read() -> None:
    """Nothing is known, so the round fails; it costs what a failed round costs."""
    clock = BentClock(NOON)
    box = Forgetful(clock)
    box.said = refused("unable to execute query")
    client = Client(Transport("https://x/client/v4", Secret(TOKEN), inner=InProcess(box.answer)), clock)
    with pytest.raises(AigwError, match="unable to execute"):
        await client.bounds(ACCOUNT_ID)
    assert box.posts == 3
    await client.close()
