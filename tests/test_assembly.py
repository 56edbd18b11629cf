"""What a configuration becomes: a feed of Cloudflare or of the built-in account, with its tokens and limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from account import StillClock
from aigw_tui.assembly import DEMO_COST_LIMIT, demo_feed, demo_start, real_feed
from aigw_tui.config import Config, load
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box
from aigw_tui.demo.server import Server
from aigw_tui.errors import ConfigError
from aigw_tui.feed import Feed
from aigw_tui.model import Scope, State
from aigw_tui.secret import Secret

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
WRONG = "cfut_a_token_that_opens_nothing_at_all_0003"


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture
def url(clock: StillClock) -> Iterator[str]:
    """Where the built-in account is served."""
    with Server(Box(clock)) as server:
        yield server.url


async def state_after_a_round(feed: Feed) -> tuple[State, list[str]]:
    """The state, and what is wrong, once the feed has asked for the present."""
    steps = feed.watch()
    for _ in range(2):
        await anext(steps)
    found = feed.freshness.state, [fault.what for fault in feed.look(Scope()).faults]
    await feed.close()
    return found


@pytest.mark.parametrize(("top", "own"), [(TOKEN, None), (None, TOKEN), (WRONG, TOKEN)])
async def test_an_account_is_asked_with_its_own_token(
    home: Path, clock: StillClock, url: str, top: str | None, own: str | None
) -> None:
    """The token in the account's table counts over the one at the top, which may be missing."""
    lines = [f'token_command = ["printf", "{top}"]'] if top else []
    lines.append(f'[account."{ACCOUNT_ID}"]')
    lines += [f'token_command = ["printf", "{own}"]'] if own else []
    file = home / "config.toml"
    file.write_text("\n".join(lines))
    config = load({"config": str(file), "base_url": url}, {})
    assert config.has_token
    assert await state_after_a_round(real_feed(config, clock)) == (State.LIVE, [])


async def test_a_wrong_token_is_said(clock: StillClock, url: str) -> None:
    """Not on stderr and not as a traceback: as a fault of the feed."""
    config = load({"base_url": url}, {"CLOUDFLARE_API_TOKEN": WRONG, "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID})
    state, faults = await state_after_a_round(real_feed(config, clock))
    assert (state, faults) == (State.STALE, ["token refused"])


def test_nothing_to_watch_with() -> None:
    """Without a token anywhere, which is when the welcome is shown."""
    assert not load({}, {}).has_token
    assert not load({}, {"CLOUDFLARE_API_TOKEN": TOKEN}, demo=True).has_token


def test_a_store_of_another_kind(clock: StillClock) -> None:
    """Cause and remedy, without the URL's password."""
    with pytest.raises(ConfigError, match="SQLite alone"):
        real_feed(Config(store=Secret("postgresql://me:password@host/db")), clock)


async def test_history_is_kept_private(home: Path, clock: StillClock, url: str) -> None:
    """The folder and its missing parents are for their owner only."""
    config = load({"base_url": url}, {"CLOUDFLARE_API_TOKEN": TOKEN, "AIGW_STORE": str(home / "a" / "b" / "h.sqlite")})
    await real_feed(config, clock).close()
    assert [oct((home / part).stat().st_mode & 0o777) for part in ("a", "a/b", "a/b/h.sqlite")] == [
        "0o700",
        "0o700",
        "0o600",
    ]


async def test_the_built_in_account(clock: StillClock) -> None:
    """It needs no token and no network, and has a limit for cost unless another is set."""
    for limit in (None, 2.5):
        feed = demo_feed(Config(is_demo=True, cost_limit_day=limit), clock, Box(clock))
        quota = feed.look(Scope().narrow(account=ACCOUNT_ID)).quota("cost_day")
        assert quota is not None
        assert quota.limit == (limit or DEMO_COST_LIMIT)
        assert await state_after_a_round(feed) == (State.LIVE, [])


def test_the_built_in_account_starts_in_its_afternoon() -> None:
    """On the day it is asked, whatever the hour."""
    assert demo_start(NOW.replace(hour=3)) == NOW
