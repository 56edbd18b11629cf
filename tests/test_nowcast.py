"""The nowcast of alert rules: the gauge's own, at every moment as it was known then."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.assembly import demo_feed
from aigw_tui.config import load
from aigw_tui.datasets import dataset
from aigw_tui.demo.box import ACCOUNT_ID, Box
from aigw_tui.feed.alarms import Alarms
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight import prices
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.alertstate import read, written
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.judging import episodes, judge
from aigw_tui.insight.nowcast import GATEWAY_DELAY, NEURON_DELAY, burned
from aigw_tui.insight.pace import FEWEST_DAYS
from aigw_tui.insight.quotas import Allowance, neuron_quota
from aigw_tui.insight.readings import condition, figure, reader
from aigw_tui.model import DAY, HOUR, AlertState, Estimate, Phase, Place, Scope, Window, day_of, hour_of
from clocks import HandClock
from test_readings import burned as neuron_rows
from test_readings import ground, kept
from world import ACCOUNT, GPT, NOW, OSS, SERVER, TODAY, request_row

MINUTE = timedelta(minutes=1)
USED = Rule("used", "quota_used", above=0.9)
PROJECTED = Rule("projected", "quota_projected", above=1.0)
COST = Rule("cost", "cost_per_day", above=5.0)
FREE = Allowance(10_000)


def value(rule: Rule, of: Ground, at: datetime | None = None) -> float:
    found = reader(rule, of)(at or of.now).value
    assert found is not None
    return found


def test_measured_and_nowcast() -> None:
    """8,400 are measured; what the tokens from 13:00 on cost beyond what is measured there comes on top, with a ~."""
    history = kept("neurons", neuron_rows([600.0] * 14))
    rows = [request_row(n, OSS, "workers-ai", tokens_in=20_000, tokens_out=0) for n in (12, 13, 14)]
    kept("requests", [*rows, request_row(14, GPT, tokens_in=10**9)], into=history)
    each = prices.neurons(OSS, 20_000, 0)
    assert each is not None
    found = value(USED, ground(history))
    assert found == pytest.approx((8400 + (each - 600) + each) / 10_000)
    assert figure(USED, found) == "~91 %"
    assert found == pytest.approx(neuron_quota(history, ACCOUNT, FREE, NOW).share)


def test_what_has_no_price_is_not_estimated() -> None:
    """Tokens of a model that nobody knows add nothing, and the figure is a measured one."""
    history = kept("neurons", neuron_rows([600.0] * 14))
    kept("requests", [request_row(14, "@cf/nobody/knows", "workers-ai", tokens_in=10**9)], into=history)
    found = value(USED, ground(history))
    assert (found, figure(USED, found)) == (0.84, "84 %")


def test_the_neurons_of_a_paid_plan_cost_before_they_are_measured() -> None:
    """Above the allowance alone; below it nothing is owed, and nothing is an estimate."""
    history = kept("neurons", neuron_rows([700.0] * 14))
    kept("requests", [request_row(14, OSS, "workers-ai", tokens_in=40_000, tokens_out=0)], into=history)
    extra = prices.neurons(OSS, 40_000, 0)
    assert extra is not None
    found = value(COST, ground(history, is_paid=True))
    assert isinstance(found, Estimate)
    assert found == pytest.approx((9800 + extra - 10_000) * 0.011 / 1000)
    below = replace(ground(history), allowance=Allowance(20_000, is_paid=True))
    assert (value(COST, below), isinstance(value(COST, below), Estimate)) == (0.0, False)


def test_an_estimate_stays_one_in_the_store() -> None:
    """The last value and the worst each with its own mark."""
    state = AlertState(Phase.FIRING, NOW, NOW, NOW, NOW, value=0.91, peak=Estimate(0.92))
    again = read(written(state))
    assert again == state
    assert [isinstance(each, Estimate) for each in (again.value, again.peak)] == [False, True]


hours = st.dictionaries(st.integers(0, 14).map(lambda n: TODAY + HOUR * n), st.floats(0, 1e6))


@given(hours, hours, st.integers(0, 15 * 60 - 1))
def test_the_parts_are_the_total(measured: dict[datetime, float], estimated: dict[datetime, float], at: int) -> None:
    """Hour by hour nothing is less than measured, settled hours are what was measured, and sums agree."""
    now = TODAY + MINUTE * at
    found = burned(measured, estimated, now)
    assert sum(found.hours.values()) == pytest.approx(sum(measured.values()) + (found.nowcast or 0.0))
    for hour, total in found.hours.items():
        assert total >= measured.get(hour, 0.0)
        assert total == measured.get(hour) or now - NEURON_DELAY < hour + HOUR


@pytest.mark.parametrize("at", [time(0, 20), time(0, 50), time(9, 41), time(14, 5), time(17, 30), time(23, 58)])
async def test_the_reading_is_the_gauge(at: time) -> None:
    """Of the built-in account, whatever the time of its day: used and projected."""
    now = datetime.combine(NOW.date(), at, NOW.tzinfo)
    clock = HandClock(now)
    feed = demo_feed(load({}, {}, demo=True), clock, Box(clock), datasets=[dataset("requests"), dataset("neurons")])
    async for _ in feed.fill(day_of(now) - DAY * 5):
        pass
    gauge = next(one for one in feed.look(Scope()).quotas if one.name == "neurons")
    of = feed.ground(ACCOUNT_ID, now)
    assert gauge.limit
    assert gauge.pace
    assert gauge.nowcast
    assert gauge.pace.days >= FEWEST_DAYS
    share = ((gauge.used or 0.0) + gauge.nowcast) / gauge.limit
    assert gauge.share in (None, share)
    assert value(USED, of) == pytest.approx(share, rel=1e-12)
    assert value(PROJECTED, of) == pytest.approx(gauge.pace.likely / gauge.limit, rel=1e-12)
    await feed.close()


class Counting:
    """An account that burns evenly within each hour, as its history is at any moment: tokens are counted 5 minutes
    late, neurons 40."""

    def __init__(self, neurons: Sequence[float], tokens: Sequence[int]) -> None:
        self.neurons, self.tokens = neurons, tokens
        """By hour; a minute's tokens are a whole number."""

    def history(self, now: datetime, into: SqliteHistory | None = None) -> SqliteHistory:
        history = into or open_history(None, SERVER, now).history
        window, starts = Window(TODAY, hour_of(now) + HOUR), [TODAY + HOUR * n for n in range(len(self.tokens))]
        parts = [min(max((now - GATEWAY_DELAY - start) / HOUR, 0.0), 1.0) for start in starts]
        asked = [
            request_row(n, OSS, "workers-ai", tokens_in=round(own * part), tokens_out=0)
            for n, (own, part) in enumerate(zip(self.tokens, parts, strict=True))
            if part
        ]
        parts = [min(max((now - NEURON_DELAY - start) / HOUR, 0.0), 1.0) for start in starts]
        counted = neuron_rows(own * part for own, part in zip(self.neurons, parts, strict=True) if part)
        for name, rows in (("requests", asked), ("neurons", counted)):
            history.record(ACCOUNT, dataset(name), window, rows, {}, now)
        return history

    def ground(self, now: datetime, since: datetime | None = None) -> Ground:
        return Ground(self.history(now), ACCOUNT, FREE, now, since or now, now)


PRICE = prices.neurons(OSS, 1_000_000, 0) or 0.0


def burning(a_day: float, share_routed: float = 1.0, hours: int = 24) -> Counting:
    """So many neurons a day, of which the gateways saw a part."""
    an_hour = a_day / 24
    a_minute = round(an_hour * share_routed / PRICE * 1e6 / 60)
    return Counting([an_hour] * hours, [a_minute * 60] * hours)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 2_000), st.integers(0, 10**6)), min_size=15, max_size=15),
    st.integers(1, 15 * 60 - 1),
    st.integers(0, 15 * 60 - 1),
    st.sampled_from([USED, PROJECTED]),
)
def test_a_replay_reads_what_the_monitor_read(made: list[tuple[float, int]], end: int, back: int, rule: Rule) -> None:
    """At any moment, from whatever later moment one looks back."""
    account = Counting([neurons for neurons, _ in made], [tokens * 60 for _, tokens in made])
    now = TODAY + MINUTE * end
    then = TODAY + MINUTE * min(back, end)
    assert value(rule, account.ground(now, TODAY), then) == pytest.approx(value(rule, account.ground(then)))


def test_an_exhaustion_fires_half_an_hour_earlier() -> None:
    """At 15,000 neurons a day 90 % are burned at 14:24: told five minutes later, where measured ones came at 15:04."""
    end = TODAY + HOUR * 16
    fired = [
        judge(USED, account.ground(end, TODAY), end).state.fired
        for account in (burning(15_000), burning(15_000, share_routed=0.0))
    ]
    assert fired == [TODAY + timedelta(hours=14, minutes=30), TODAY + timedelta(hours=15, minutes=5)]


def test_the_projection_sees_it_earlier_too() -> None:
    """Quiet until noon, then 1,500 an hour: the projection that counts tokens passes the limit before the other."""
    calm, busy = [100.0] * 12, [1_500.0] * 12
    tokens = [round(each / PRICE * 1e6 / 60) * 60 for each in (*calm, *busy)]
    end = TODAY + HOUR * 20
    first, second = (
        judge(PROJECTED, Counting([*calm, *busy], own).ground(end, TODAY), end).state.fired
        for own in (tokens, [0] * 24)
    )
    assert first is not None
    assert second is not None
    assert first <= second - timedelta(minutes=20)


def test_the_monitor_and_a_replay_tell_the_same_episodes() -> None:
    """Minute by minute over rows as they come, with the store's states; and afterwards from what is stored."""
    rules = (USED, replace(USED, name="half", above=0.5, wait=MINUTE * 10), replace(USED, name="calm", above=1.2))
    account, start, end = burning(15_000), TODAY + HOUR * 7, TODAY + HOUR * 15
    history = open_history(None, SERVER, start).history

    def ground_of(_: str, now: datetime) -> Ground:
        return Ground(account.history(now, history), ACCOUNT, FREE, now, now, now)

    alarms = Alarms(rules, ground_of, history.alerts)
    for now in itertools.takewhile(lambda now: now <= end, (start + MINUTE * n for n in itertools.count())):
        alarms.judge({ACCOUNT: "acme"}, now, MINUTE)
    assert [one.figure for one in alarms.current if one.rule == "used"] == ["~93 %"]
    told = {one.rule: one for one in history.alerts.episodes(TODAY)}
    of = account.ground(end, start)
    replayed = [
        one
        for rule in rules
        for one in episodes(rule, Place(rule.name, ACCOUNT), judge(rule, of, end).transitions, condition(rule))
    ]
    assert {*told} == {"used", "half"}
    for one in replayed:
        same = told[one.rule]
        assert (one.began, one.fired, one.resolved) == (same.began, same.fired, same.resolved)
        assert isinstance(same.peak, Estimate)
    assert len(replayed) == len(told)
