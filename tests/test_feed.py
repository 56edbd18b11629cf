"""The feed asks for what history lacks and for nothing else, and shows what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from account import MadeUpAccount, StillClock
from aigw_tui.errors import AuthError, BudgetError, ForbiddenError, TransientError
from aigw_tui.feed import Feed, FeedSettings
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import DAY, HOUR, Freshness, Query, Scope, State, Trust, Window, day_of

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
INTERVAL = timedelta(seconds=60)


class Watched:
    """A feed on a made-up account, stepped by hand."""

    def __init__(self, history: SqliteHistory | None = None) -> None:
        self.clock = StillClock(NOW)
        self.account = MadeUpAccount(self.clock)
        self.history = history or open_history(None, "https://x", NOW).history
        self.feed = Feed(self.account, self.history, self.clock, FeedSettings(("a",), INTERVAL))
        self.steps: AsyncIterator[Freshness] = self.feed.watch()

    async def step(self, count: int = 1) -> Freshness:
        for _ in range(count):
            freshness = await anext(self.steps)
        return freshness

    async def until(self, seconds: float) -> Freshness:
        """Go on until so much of the clock's time has passed."""
        end = self.clock.slept + seconds
        freshness = await self.step()
        while self.clock.slept < end:
            freshness = await self.step()
        return freshness

    def requests(self, window: Window) -> int | None:
        value: int | None = self.history.view(Query("requests", window, (), ("requests",))).total.values[0]
        return value


def request_row(hour: datetime, count: int = 1, model: str = "m") -> StoredRow:
    return (int(hour.timestamp()), "g", "openai", model, count, 0, 0, 10, 5, 10, 5, 0.5, None, None)


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    found = Watched()
    yield found
    await found.feed.close()


async def test_today_comes_first_in_one_request(watched: Watched) -> None:
    """The first round asks all datasets for today in one request; the past follows."""
    hours = [day_of(NOW) + HOUR * n for n in range(14)]
    watched.account.rows["requests"] = [request_row(hour) for hour in hours]
    freshness = await watched.step(2)
    assert freshness.state is State.LIVE
    assert len(watched.account.asked) == 1
    assert {name for name, _ in watched.account.asked[0]} == {"requests", "neurons", "pulse", "failures", "refusals"}
    assert watched.requests(Window(day_of(NOW), NOW)) == 14


async def test_the_past_is_read_newest_first_and_once(watched: Watched) -> None:
    """Back to where Cloudflare ends; then each round asks for the open hours alone."""
    hours = [NOW.replace(minute=0) - HOUR * n for n in range(24 * 5)]
    watched.account.rows["requests"] = [request_row(hour) for hour in hours]
    freshness = await watched.until(3600)
    assert freshness.progress is None
    past = [w for asked in watched.account.asked for name, w in asked if name == "requests" and w.until <= day_of(NOW)]
    assert past == sorted(past, reverse=True)
    assert watched.requests(Window(NOW - 4 * DAY, NOW)) == pytest.approx(24 * 3, abs=2)
    before = len(watched.account.asked)
    await watched.until(70)
    last = watched.account.asked[before:]
    assert 1 <= len(last) <= 2  # a minute, with jitter
    assert all(window.since >= NOW - timedelta(hours=5) for _, window in last[0])


async def test_a_full_page_is_asked_again_in_parts(watched: Watched) -> None:
    """Nothing is cut: with pages of 10 rows, 60 rows an hour arrive all the same."""
    watched.account.page = 10
    hours = [day_of(NOW) + HOUR * n for n in range(14)]
    watched.account.rows["requests"] = [request_row(hour, 1, f"m{n}") for hour in hours for n in range(6)]
    await watched.step(2)
    assert watched.requests(Window(day_of(NOW), NOW)) == 84


async def test_a_correction_down_replaces(watched: Watched) -> None:
    """What Cloudflare takes back in an open hour is taken back here."""
    hour = NOW.replace(minute=0) - HOUR
    watched.account.rows["requests"] = [request_row(hour, 9)]
    await watched.step(2)
    watched.account.rows["requests"] = [request_row(hour, 7)]
    await watched.until(70)
    assert watched.requests(Window(hour, NOW)) == 7


async def test_a_refused_dataset_takes_nothing_else_down(watched: Watched) -> None:
    """The others are stored; the fault names the dataset and its remedy; when it works again, the fault is gone."""
    watched.account.rows["requests"] = [request_row(NOW.replace(minute=0))]
    watched.account.refused["neurons"] = ForbiddenError("neurons: no access")
    await watched.step(2)
    (fault,) = watched.feed.look(Scope()).faults
    assert (fault.dataset, fault.kind) == ("neurons", "ForbiddenError")
    assert "Account Analytics" in fault.remedy
    assert watched.requests(Window(day_of(NOW), NOW)) == 1
    watched.account.refused.clear()
    await watched.until(70)
    assert watched.feed.look(Scope()).faults == ()


async def test_while_offline_the_last_state_stays(watched: Watched) -> None:
    """Figures stay, the age grows, the fault has a remedy; the first good round ends it."""
    watched.account.rows["requests"] = [request_row(NOW.replace(minute=0))]
    await watched.step(2)
    watched.account.failures = [TransientError("no network")] * 9
    freshness = await watched.until(400)
    assert freshness.state is State.OFFLINE
    assert freshness.is_stale
    assert watched.requests(Window(day_of(NOW), NOW)) == 1
    assert watched.feed.look(Scope()).faults[0].remedy
    watched.account.failures = []
    freshness = await watched.until(200)
    assert freshness.state is State.LIVE
    assert watched.feed.look(Scope()).faults == ()


async def test_a_used_up_budget_means_silence(watched: Watched) -> None:
    """No request before its end, not even when somebody presses refresh and the source would answer."""
    watched.account.failures = [BudgetError("used up", until=NOW + timedelta(seconds=300))]
    await watched.step(2)
    fault = watched.feed.look(Scope()).faults[0]
    assert fault.until == NOW + timedelta(seconds=300)
    await watched.until(290)
    assert len(watched.account.asked) == 1
    await watched.until(30)
    assert len(watched.account.asked) > 1


async def test_a_refused_token_is_tried_once_a_minute(watched: Watched) -> None:
    """At most two requests a minute, whatever the interval."""
    watched.account.failures = [AuthError("401")] * 100
    await watched.until(600)
    assert 9 <= len(watched.account.asked) <= 12


async def test_bad_rounds_make_it_ask_less(watched: Watched) -> None:
    """After five in a row the interval doubles, up to a quarter of an hour."""
    watched.account.failures = [TransientError("no network")] * 1000
    await watched.until(5 * 3600)
    assert len(watched.account.asked) < 40


@pytest.mark.parametrize("years", [7000, -1900])
async def test_a_year_that_cannot_be_is_not_believed(watched: Watched, years: int) -> None:
    """Nothing is forgotten, and the windows asked for are those of our own clock."""
    watched.account.skew = timedelta(days=365 * years)
    freshness = await watched.step(3)
    assert freshness.state is State.LIVE
    assert watched.feed.now().year == NOW.year


async def test_a_wrong_clock_is_corrected_and_said(watched: Watched) -> None:
    """The windows asked for follow the server's clock."""
    watched.account.skew = timedelta(minutes=30)
    await watched.step(2)
    await watched.until(70)
    asked = [window.until for _, window in watched.account.asked[-1]]
    assert max(asked) >= NOW + timedelta(minutes=30)
    assert "clock" in watched.feed.look(Scope()).faults[0].why


async def test_a_second_start_asks_for_the_open_hours_alone() -> None:
    """What is settled is never fetched again, and what is stored is shown before any answer."""
    first = Watched()
    first.account.rows["requests"] = [request_row(NOW.replace(minute=0) - HOUR * n) for n in range(72)]
    await first.until(3600)
    second = Watched(first.history)
    second.clock.time = first.clock.time + 2 * INTERVAL
    freshness = await second.step()
    assert freshness.good_at is not None
    assert second.requests(Window(day_of(NOW), NOW)) == 15
    await second.step()
    assert all(window.since >= NOW - timedelta(hours=5) for _, window in second.account.asked[0])
    assert len(second.account.asked) == 1
    await second.feed.close()
    await first.account.close()


async def test_equal_states_are_equal_snapshots(watched: Watched) -> None:
    """A round that brings nothing new gives a snapshot equal to the last, so nothing is painted."""
    watched.account.rows["requests"] = [request_row(NOW.replace(minute=0) - HOUR * n) for n in range(72)]
    await watched.until(3600)
    before = watched.feed.look(Scope())
    asked = len(watched.account.asked)
    while len(watched.account.asked) == asked:
        await watched.step()
    assert watched.feed.look(Scope()) == before


async def test_settings_turn_into_quotas(watched: Watched) -> None:
    """The neurons of today against the allowance, with the day's end as the reset."""
    hour = NOW.replace(minute=0) - 2 * HOUR
    watched.account.rows["neurons"] = [(int(hour.timestamp()), "@cf/m", 5, 2500.5, 10, 10)]
    await watched.step(2)
    quota = watched.feed.look(Scope()).quota("neurons")
    assert quota
    assert (quota.used, quota.limit, quota.resets_at) == (2500.5, 10_000, day_of(NOW) + DAY)
    assert quota.pace
    assert quota.pace.likely >= 2500.5


async def test_one_refused_account_hides_no_other() -> None:
    """Each account is asked, whatever the one before it answered; the fault names its own."""
    both = Watched()
    both.feed = Feed(both.account, both.history, both.clock, FeedSettings(("a", "b"), INTERVAL))
    both.steps = both.feed.watch()
    both.account.failures = [AuthError("401")]
    both.account.rows["requests"] = [request_row(NOW.replace(minute=0))]
    await both.step(2)
    assert [fault.account for fault in both.feed.look(Scope()).faults] == ["a"]
    assert both.requests(Window(day_of(NOW), NOW)) == 1
    await both.feed.close()


async def test_a_token_that_sees_no_account_is_told(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a configured account and without one in sight there is nothing to ask: one line says what to set."""

    async def none() -> tuple[tuple[str, str], ...]:
        return ()

    monkeypatch.setattr(watched.account, "accounts", none)
    watched.feed = Feed(watched.account, watched.history, watched.clock, FeedSettings((), INTERVAL))
    watched.steps = watched.feed.watch()
    freshness = await watched.step(2)
    assert freshness.state is not State.LIVE
    assert "CLOUDFLARE_ACCOUNT_ID" in watched.feed.look(Scope()).faults[0].remedy


async def test_an_hour_that_moved_after_it_settled_is_found_the_next_day(watched: Watched) -> None:
    """One request of totals alone, once a day; what moved by more than a hundredth is read again, the rest is not."""
    moved, still = NOW.replace(minute=0) - 8 * HOUR, NOW.replace(minute=0) - 9 * HOUR
    watched.account.rows["requests"] = [request_row(moved, 120), request_row(still, 1000)]
    await watched.until(3600)
    watched.account.rows["requests"] = [request_row(moved, 100), request_row(still, 1005)]
    await watched.until(8 * 3600)
    assert watched.requests(Window(moved, moved + HOUR)) == 120
    watched.account.totals_asked.clear()
    await watched.until(4 * 3600)
    assert watched.requests(Window(moved, moved + HOUR)) == 100
    assert watched.requests(Window(still, still + HOUR)) == 1000
    assert len(watched.account.totals_asked) == 1
    assert {name for name, _ in watched.account.totals_asked[0]} == {
        "requests",
        "neurons",
        "pulse",
        "failures",
        "refusals",
    }


async def test_a_restart_repeats_no_audit(watched: Watched) -> None:
    """It is remembered with history; the first day needs none, nor does a day on which all was just read."""
    watched.account.rows["requests"] = [request_row(NOW.replace(minute=0) - 8 * HOUR, 120)]
    await watched.until(3600)
    assert watched.account.totals_asked == []
    await watched.until(12 * 3600)
    again = Watched(watched.history)
    again.clock.pass_(13 * 3600)
    again.account.rows = watched.account.rows
    await again.until(3600)
    assert (len(watched.account.totals_asked), again.account.totals_asked) == (1, [])


async def test_an_audit_that_fails_is_made_later(watched: Watched) -> None:
    """The day counts as audited only when totals came."""
    watched.account.rows["requests"] = [request_row(NOW.replace(minute=0) - 8 * HOUR, 120)]
    await watched.until(3600)
    watched.account.is_totals_down = True
    await watched.until(11 * 3600)
    assert "away" in watched.feed.look(Scope()).faults[0].why
    watched.account.is_totals_down = False
    watched.account.totals_asked.clear()
    await watched.until(2 * 3600)
    assert len(watched.account.totals_asked) == 1
    assert watched.feed.look(Scope()).faults == ()


async def test_a_reading_too_high_leaves_no_trace(watched: Watched) -> None:
    """Rows and total 20 % high in the very poll that settles the hour: the audit sees it, and the hour is right."""
    hour = NOW.replace(minute=0) - 8 * HOUR
    watched.account.rows["requests"] = [request_row(hour, 120)]
    await watched.step(2)
    watched.account.rows["requests"] = [request_row(hour, 100)]
    await watched.until(13 * 3600)
    assert watched.requests(Window(hour, hour + HOUR)) == 100
    assert watched.history.known("requests", Window(hour, hour + HOUR), ("a",)) == {hour: Trust.SETTLED}


async def test_sums_that_are_not_the_totals_are_said_until_they_agree(watched: Watched) -> None:
    """In how many hours and by how much, of the old hours alone; the next read that agrees ends the fault."""
    hours = [NOW.replace(minute=0) - HOUR * n for n in (0, 8, 9)]
    watched.account.rows["requests"] = [request_row(hour, 600) for hour in hours]
    watched.account.missing = 20
    await watched.step(2)
    (fault,) = watched.feed.look(Scope()).faults
    assert fault.why == "requests: 2 hours differ from Cloudflare's totals by 40 of 1,200 requests"
    watched.account.missing = 0
    await watched.until(95 * 60)
    assert watched.feed.look(Scope()).faults == ()


async def test_prices_come_after_the_figures(watched: Watched) -> None:
    """Once the first round has been shown; while no answer comes nobody asks for them."""
    await watched.step(2)
    assert watched.account.priced == 0
    await watched.step()
    assert watched.account.priced == 1
    other = Watched()
    other.account.failures = [TransientError("no network")]
    await other.step(3)
    assert other.account.priced == 0
    await other.feed.close()


async def test_a_single_fill_reads_less_of_what_is_needed_less(watched: Watched) -> None:
    """Two days of hours, all of them, of minutes none before today; then nothing is left to ask."""
    since = day_of(NOW) - DAY * 2
    async for _ in watched.feed.fill(since, {"pulse": NOW}):
        pass
    asked = [question for fetch in watched.account.asked for question in fetch]
    assert min(window.since for name, window in asked if name == "requests") == since
    assert min(window.since for name, window in asked if name == "pulse") == day_of(NOW)
    count = len(watched.account.asked)
    async for _ in watched.feed.fill(since, {"pulse": NOW}):
        pass
    assert len(watched.account.asked) == count
