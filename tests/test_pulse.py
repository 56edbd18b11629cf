"""The last hour by the minute: sums are those of the store, and what is not counted yet is not 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import account_id
from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.insight.pulse import MINUTES, Minute, Pulse, pulse
from aigw_tui.model import HOUR, Account, Interval, Query, Scope, State, Views, Window
from world import ACCOUNT, NOW, SERVER, scene

MINUTE = timedelta(minutes=1)
SINCE = NOW - MINUTE * 59
OTHER = account_id(2)


def minute_row(ago: int, requests: int = 1, errors: int = 0, hits: int = 0, gateway: str = "prod") -> StoredRow:
    """One row of `pulse`, so many minutes before the running one."""
    return (int((NOW - MINUTE * ago).timestamp()), gateway, requests, errors, hits, 10 * requests, requests, 0.1)


def minutes(rows: Sequence[StoredRow], since: datetime = NOW - 3 * HOUR, account: str = ACCOUNT) -> Views:
    """A history of these rows, its hours read from `since` up to now."""
    history = open_history(None, SERVER, NOW).history
    history.record(account, dataset("pulse"), Window(since, NOW), rows, {}, NOW)
    return history


def looked(views: Views, scope: Scope | None = None, accounts: tuple[Account, ...] = ()) -> Pulse:
    return pulse(replace(scene(scope, views).snapshot, accounts=accounts))


def counts(found: Pulse) -> list[int | None]:
    """By minutes ago: the running one first."""
    return [one.requests for one in reversed(found.minutes)]


def test_sixty_minutes() -> None:
    """The running one last; rows that are older are left out."""
    found = looked(minutes([minute_row(n, n) for n in (4, 30, 59, 60)]))
    assert [one.start for one in found.minutes] == [SINCE + MINUTE * n for n in range(60)]
    assert [(n, count) for n, count in enumerate(counts(found)) if count] == [(4, 4), (30, 30), (59, 59)]
    assert (found.requests, found.newest) == (93, NOW - MINUTE * 4)


def test_what_is_not_counted_yet_is_not_zero() -> None:
    """A minute without a row: 0 once it is seven minutes old, unknown before; one with a row fills until then."""
    found = looked(minutes([minute_row(4), minute_row(9)]))
    assert counts(found)[:11] == [None, None, None, None, 1, None, None, None, 0, 1, 0]
    assert [n for n, one in enumerate(reversed(found.minutes)) if one.is_filling] == [4]


def test_a_quiet_account_is_not_believed_at_once() -> None:
    """Where nothing newer is known the newest answer may be five minutes old, and an account may be quiet or late."""
    found = looked(minutes([minute_row(40)]))
    assert counts(found)[:14] == [None] * 13 + [0]
    assert found.newest == NOW - MINUTE * 40


def test_an_answer_of_long_ago() -> None:
    """What was told until then stays; since then nothing is known, and what was young then still fills."""
    stale = (Account(ACCOUNT, "acme", State.STALE, NOW - MINUTE * 20),)
    found = looked(minutes([minute_row(22), minute_row(30)]), accounts=stale)
    assert counts(found)[:22] == [None] * 22
    assert [found.minutes[-1 - n].is_filling for n in (22, 30)] == [True, False]
    assert counts(found)[28] == 0
    away = (Account(OTHER, "away", State.STALE, NOW - HOUR * 9),)
    alone = looked(minutes([minute_row(4)]), Scope().narrow(account=ACCOUNT), away)
    assert counts(alone)[8] == 0
    together = looked(minutes([minute_row(4), minute_row(30)]), accounts=away)
    assert (counts(together)[8], together.minutes[-31].is_filling) == (None, True)


def test_hours_that_were_never_read() -> None:
    """Unknown, in the middle of an hour of others."""
    found = looked(minutes([minute_row(3)], since=NOW.replace(minute=0)))
    assert counts(found)[6:] == [None] * 54
    assert found.known == (Minute(NOW - MINUTE * 3, 1, 0, is_filling=True),)
    assert looked(open_history(None, SERVER, NOW).history).known == ()


def test_the_rate_is_of_five_final_minutes() -> None:
    """What fills is left out; without five of them that are known there is no rate."""
    rows = [minute_row(4, 90), *(minute_row(n, n) for n in range(8, 20))]
    assert looked(minutes(rows)).rate == ((8 + 9 + 10 + 11 + 12) / 5, NOW - MINUTE * 7)
    assert looked(minutes([minute_row(3)], since=NOW.replace(minute=0))).rate is None
    gap = tuple(Minute(SINCE + MINUTE * n, None if n == 57 else 3, 0) for n in range(60))
    assert Pulse(gap).rate is None


def test_the_busiest_minute_is_the_latest_of_several() -> None:
    found = looked(minutes([minute_row(n, count) for n, count in ((10, 4), (20, 7), (30, 7))]))
    assert found.peak == Minute(NOW - MINUTE * 20, 7, 0)
    assert looked(minutes([minute_row(20, 0)])).peak is None


def test_a_gateway() -> None:
    """Its own rows; how late the figures are is the account's affair."""
    views = minutes([minute_row(20, 5), minute_row(4, 3, gateway="batch")])
    found = looked(views, Scope().narrow(gateway="prod"))
    assert (found.requests, found.newest, counts(found)[8]) == (5, NOW - MINUTE * 4, 0)
    assert looked(views, Scope().narrow(gateway="prod", model="m", provider="p")).requests == 5


def test_errors_that_nobody_tells() -> None:
    """Unknown, where their minutes are known."""
    row = (*minute_row(10, 5)[:3], None, None, *minute_row(10, 5)[5:])
    found = looked(minutes([row]))
    assert (found.requests, found.errors, found.hits) == (5, 0, None)
    assert found.minutes[-11].errors is None


ROWS = st.lists(
    st.builds(
        minute_row,
        st.integers(0, 90),
        st.integers(0, 10**6),
        st.integers(0, 10**4),
        st.integers(0, 10**4),
        st.sampled_from(["", "prod", "batch"]),
    ),
    max_size=30,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=60)
@given(ROWS, st.sampled_from(["", "prod"]))
def test_sums_are_those_of_the_store(rows: list[StoredRow], gateway: str) -> None:
    """Whatever the minutes hold, of all gateways or of one; no minute is lost or counted twice."""
    views, scope = minutes(rows), Scope().narrow(gateway=gateway) if gateway else Scope()
    found = looked(views, scope)
    measures = ("requests", "errors", "cache_hits", "tokens_in", "tokens_out")
    stored = views.view(Query("pulse", Window(SINCE, NOW + MINUTE), (), measures, scope.where)).total.values
    told = (found.requests, found.errors, found.hits, found.tokens_in, found.tokens_out)
    assert [one or 0 for one in told] == [one or 0 for one in stored]
    assert len(found.minutes) == MINUTES


@pytest.mark.parametrize("is_sampled", [True, False])
def test_samples_are_marked(is_sampled: bool) -> None:
    """Where an hour of it was."""
    history = open_history(None, SERVER, NOW).history
    hour = int(NOW.replace(minute=0).timestamp())
    intervals = {hour: Interval(1, 9)} if is_sampled else {}
    history.record(ACCOUNT, dataset("pulse"), Window(NOW - HOUR, NOW), [minute_row(3)], {}, NOW, intervals)
    assert looked(history).is_sampled == is_sampled
