"""The account's story: what its day must show at 14:05 UTC, whatever the date and the seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise

import pytest

from aigw_tui.demo.account import Account
from aigw_tui.demo.catalogue import GATEWAYS, routes
from aigw_tui.demo.event import GATEWAY_DELAY_S, INFERENCE_DELAY_S
from aigw_tui.demo.truth import totals
from aigw_tui.demo.weather import story_start
from aigw_tui.model import DAY, HOUR, Window

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 21)


def hour(day: date, number: int) -> Window:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + HOUR * number
    return Window(start, start + HOUR)


def whole(day: date) -> Window:
    return Window(hour(day, 0).since, hour(day, 23).until)


@pytest.mark.parametrize("day", [MONDAY, SATURDAY, date(2028, 2, 29)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_story(seed: int, day: date) -> None:
    """Three quarters of the neurons are gone at 14:05, and the rest will not last until midnight."""
    account, start = Account(seed, day), story_start(day)
    so_far = Window(whole(day).since, start)
    seen, true, end = totals(account, so_far, start), totals(account, so_far), totals(account, whole(day))
    assert start.hour == 14
    assert 6_500 < seen.neurons < true.neurons < 8_300
    assert 10_800 < end.neurons < 12_700
    assert totals(account, Window(so_far.since, hour(day, 15).since)).neurons < 10_000
    paid = seen.cost - totals(account, so_far, start, provider="workers-ai").cost
    assert 0.85 < paid < 2
    assert 1_000 < seen.requests < 1_400


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_outage(seed: int) -> None:
    """At 09:00 Workers AI fails, traffic dips, and calls take longer; before and after nearly nothing fails."""
    account = Account(seed, MONDAY)
    nine, eight, ten = (totals(account, hour(MONDAY, number)) for number in (9, 8, 10))
    assert nine.errors >= 5 > max(eight.errors, ten.errors)
    assert nine.requests < eight.requests < ten.requests
    window = hour(MONDAY, 9)
    failed = [event for event in account.events(window.since.timestamp(), window.until.timestamp()) if event.fault]
    assert {event.status for event in failed} <= {429, 408, 500}
    assert {event.model.provider for event in failed} == {"workers-ai"}


def test_the_cache_warms_up() -> None:
    """Few hits after midnight, nearly half at noon."""
    account = Account(1, MONDAY)
    early, noon = (
        totals(account, Window(hour(MONDAY, first).since, hour(MONDAY, last).until))
        for first, last in ((0, 3), (11, 14))
    )
    assert early.cached / early.requests < 0.25
    assert 0.35 < noon.cached / noon.requests < 0.55


def test_ordinary_days() -> None:
    """Two thousand requests and more on a weekday, fewer at weekends; neurons mostly last."""
    account = Account(1, MONDAY)
    days = [MONDAY - timedelta(days=back) for back in range(1, 29)]
    found = {day: totals(account, whole(day)) for day in days}
    weekdays = [found[day] for day in days if day.weekday() < 5]
    weekends = [found[day] for day in days if day.weekday() >= 5]
    assert all(1_900 <= day.requests <= 3_300 for day in weekdays)
    assert all(700 <= day.requests <= 1_700 for day in weekends)
    assert sorted(day.neurons for day in weekdays)[len(weekdays) // 2] < 8_500
    assert any(day.rate_limited for day in weekdays)


def test_the_story_is_told_once() -> None:
    """The same date, when it is not the story's, is an ordinary day; the days around it do not change."""
    told, later = Account(1, MONDAY), Account(1, MONDAY + timedelta(days=7))
    assert totals(told, hour(MONDAY, 9)).errors > totals(later, hour(MONDAY, 9)).errors
    before = Window(whole(MONDAY).since - 3 * DAY, whole(MONDAY).since)
    assert totals(told, before) == totals(later, before)


def test_what_an_event_may_be() -> None:
    """Cached, failed and refused calls used no tokens; delays keep to what was measured; order is by time."""
    account, window = Account(1, MONDAY), whole(MONDAY)
    events = list(account.events(window.since.timestamp(), window.until.timestamp()))
    for event in events:
        assert GATEWAY_DELAY_S[0] <= event.shown_at - event.at <= GATEWAY_DELAY_S[1]
        assert INFERENCE_DELAY_S[0] <= event.counted_at - event.at <= INFERENCE_DELAY_S[1]
        if event.is_cached or event.is_error or event.is_limited:
            assert event.tokens_in == event.tokens_out == event.cost == event.neurons == 0
        assert event.is_inference or event.neurons == 0
    assert all(first.at <= second.at for first, second in pairwise(events))
    assert any(event.tokens_in and event.cost == 0 for event in events), "one model has no price"


def test_the_account_is_as_wide_as_it_should_be() -> None:
    """Three gateways, at least four providers, ten to fourteen models."""
    models = {route.model.name: route.model.provider for route in routes()}
    assert len(GATEWAYS) == 3
    assert len(set(models.values())) >= 4
    assert 10 <= len(models) <= 14


def test_parts_of_the_truth_add_up() -> None:
    """Narrowed to each gateway, requests and cost make the whole."""
    account, window = Account(1, MONDAY), whole(MONDAY)
    parts = [totals(account, window, gateway=gateway.name) for gateway in GATEWAYS]
    all_of_it = totals(account, window)
    assert sum(part.requests for part in parts) == all_of_it.requests
    assert sum(part.cost for part in parts) == pytest.approx(all_of_it.cost)
    assert sum(part.neurons for part in parts) < all_of_it.neurons


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_allowance_runs_out(seed: int) -> None:
    """After 10,000 neurons, calls that bypass the gateways fail with 3036; before, and on other days, none does."""
    account, window = Account(seed, MONDAY), whole(MONDAY)
    events = list(account.events(window.since.timestamp(), window.until.timestamp()))
    used = list(accumulate((event.neurons for event in events), initial=0.0))
    refused = [event for event in events if event.fault == 3036]
    assert len(refused) >= 3
    assert all(used[place] > 10_000 for place, event in enumerate(events) if event.fault == 3036)
    assert all(event.status == 429 and event.is_inference and not event.gateway for event in refused)
    earlier = Window(window.since - 28 * DAY, window.since)
    faults = {event.fault for event in account.events(earlier.since.timestamp(), earlier.until.timestamp())}
    assert 3036 not in faults
    assert 3040 in faults
