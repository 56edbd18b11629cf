"""Texts that an earlier run, or a falling bit, left on the shelf: what makes no sense is as if it were not there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.cloudflare.client import Client
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.feed.pricing import Pricing
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.prices import neurons, prefer
from aigw_tui.secret import Secret
from aigw_tui.transport import InProcess, Transport
from world import LLAMA

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
SCHEMA = f"schema of {ACCOUNT_ID}"


class Shelved:
    """An account whose schema was found out, and a new client that finds it on the shelf."""

    def __init__(self) -> None:
        self.clock = StillClock(NOW)
        self.box = Box(self.clock)
        self.history: SqliteHistory = open_history(None, "https://x", NOW).history

    def client(self) -> Client:
        transport = Transport("https://x/client/v4", Secret(TOKEN), inner=InProcess(self.box.answer))
        return Client(transport, self.clock, shelf=self.history.shelf)

    async def again(self, text: str | None = None, **changed: Any) -> int:
        """Questions that the second client needs, when that is written there, or all nodes are changed so."""
        client = self.client()
        bounds = await client.bounds(ACCOUNT_ID)
        found = self.history.shelf.get(SCHEMA)
        assert found
        if text is None:
            said = json.loads(found[0])
            for node in said["nodes"].values():
                node.update(changed)
            text = json.dumps(said)
        self.history.shelf.put(SCHEMA, text, NOW)
        second = self.client()
        assert await second.bounds(ACCOUNT_ID) == bounds
        return second.budget.used


async def test_what_was_found_out_holds() -> None:
    """The second client asks nothing."""
    assert await Shelved().again() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"page": 0},
        {"page": -5},
        {"page": 10**30},
        {"max_fields": 0},
        {"max_window": "PT0S"},
        {"max_window": "-P1D"},
        {"oldest": "P999999999D"},
        {"fields": []},
        {"fields": 7},
        {"text": ""},
        {"text": "{"},
        {"text": "[" * 100_000},
        {"text": '{"is_doubted": false, "nodes": {}}'},
    ],
)
async def test_a_schema_without_sense(changed: dict[str, Any]) -> None:
    """It is found out anew, in one question, and is the same as before."""
    assert await Shelved().again(**changed) == 1


@pytest.mark.parametrize("at", [1e300, -1e300, float("inf")])
async def test_a_moment_that_no_clock_shows(at: float) -> None:
    """A text of that moment is none."""
    shelved = Shelved()
    shelved.history.shelf.put("x", "text", NOW)
    shelved.history._db.execute("UPDATE kept SET at = ?", (at,))
    assert shelved.history.shelf.get("x") is None


@pytest.mark.parametrize("text", ['["a", "b"]', "[NaN, 1]", "[1e999, 1]", "[-1, 1]", "[1]", "7", "[" * 100_000])
async def test_prices_without_sense(text: str) -> None:
    """They are asked for anew; until then the shipped ones hold."""
    clock = StillClock(NOW)
    shelf = open_history(None, "https://x", NOW).history.shelf
    shelf.put("prices", f'{{"{LLAMA}": {text}}}', NOW - timedelta(hours=1))
    prefer({})
    before, account = neurons(LLAMA, 1e6, 1e6), MadeUpAccount(clock)
    await Pricing(account, clock, shelf).refresh("a")
    assert account.priced == 1
    assert neurons(LLAMA, 1e6, 1e6) == before
