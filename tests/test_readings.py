"""What alert rules read of stored buckets: each expression against figures made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground, Reading
from aigw_tui.insight.judging import judge, lookback
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.readings import reader
from aigw_tui.insight.readquotas import Meter
from aigw_tui.model import DAY, HOUR, Phase, Window
from world import ACCOUNT, GPT, LLAMA, NOW, SERVER, TODAY, request_row, world

MINUTE = timedelta(minutes=1)


def kept(
    name: str, rows: Iterable[StoredRow], window: Window | None = None, into: SqliteHistory | None = None
) -> SqliteHistory:
    """A history of these rows, the window (today up to now unless given) read."""
    history = into or open_history(None, SERVER, NOW).history
    history.record(ACCOUNT, dataset(name), window or Window(TODAY, NOW), list(rows), {}, NOW)
    return history


def ground(history: SqliteHistory, now: datetime = NOW, since: datetime | None = None, **more: object) -> Ground:
    allowance = Allowance(10_000, **more)  # type: ignore[arg-type]
    return Ground(history, ACCOUNT, allowance, now, since or now, history.read_at(ACCOUNT))


def value(rule: Rule, of: Ground, at: datetime | None = None) -> Reading:
    return reader(rule, of)(at or of.now)


def pulse(minutes_ago: int, requests: int, errors: int = 0, hits: int = 0, gateway: str = "prod") -> StoredRow:
    second = int((NOW - MINUTE * minutes_ago).timestamp())
    return (second, gateway, requests, errors, hits, 0, 0, 0.0)


ERRORS = Rule("errors", "error_rate", above=0.05, min_requests=20)


def test_error_rate_by_the_minute() -> None:
    """15 minutes, of which the last few are left out because they may still grow: 7 to 21 minutes ago."""
    rows = [pulse(6, 1000), pulse(8, 30, 3), pulse(22, 10, 3), pulse(23, 1000, 1000)]
    assert value(ERRORS, ground(kept("pulse", rows))).value == pytest.approx(6 / 40)


def test_too_few_requests_are_quiet() -> None:
    """19 where 20 are needed: no value, and no worry. None at all is no rate either."""
    found = value(ERRORS, ground(kept("pulse", [pulse(8, 19, 19)])))
    assert (found.value, found.is_quiet) == (None, True)
    assert value(Rule("e", "error_rate", above=0.1), ground(kept("pulse", []))).is_quiet


def test_error_rate_by_closed_hours_where_there_is_no_pulse() -> None:
    """At 14:05 the hour from 13:00 is counted; at 14:04 it is the one from 12:00."""
    history = kept("requests", [request_row(13, requests=100, errors=9), request_row(12, requests=50, errors=1)])
    found = value(ERRORS, ground(history))
    assert (found.value, found.is_coarse) == (0.09, True)
    assert value(ERRORS, ground(history, since=NOW - HOUR), NOW - MINUTE).value == 0.02


def test_nothing_read_is_unknown_with_its_reason() -> None:
    found = value(ERRORS, ground(open_history(None, SERVER, NOW).history))
    assert found == Reading(None, "the hour from 13:00 UTC was not read", is_coarse=True)


def test_a_rule_about_some_gateways() -> None:
    """A glob takes those that match together; one that matches nothing has nothing to say."""
    requests = [request_row(13, gateway=name) for name in ("prod-a", "prod-b", "test")]
    history = kept("requests", requests)
    rows = [pulse(8, 20, 2, gateway="prod-a"), pulse(8, 20, 4, gateway="prod-b"), pulse(8, 20, 20, gateway="test")]
    kept("pulse", rows, into=history)
    rule = Rule("e", "error_rate", above=0.1, scope=(("gateway", ("prod-*",)),))
    assert value(rule, ground(history)).value == pytest.approx(6 / 40)
    none = Rule("e", "error_rate", above=0.1, scope=(("gateway", ("x*",)),))
    assert value(none, ground(history)).is_quiet


def test_a_rule_about_a_model_reads_hours() -> None:
    """Minutes do not know models."""
    history = kept("requests", [request_row(13, requests=100, errors=9), request_row(13, LLAMA, "workers-ai", 100)])
    kept("pulse", [pulse(8, 100, 50)], into=history)
    rule = Rule("e", "error_rate", above=0.1, scope=(("model", (GPT,)),))
    assert value(rule, ground(history)).value == 0.09


def test_cache_hit_rate_of_an_hour_of_minutes() -> None:
    rule = Rule("cold", "cache_hit_rate", below=0.2)
    rows = [pulse(8, 10, 0, 5), pulse(50, 30, 0, 3), pulse(68, 1000)]
    assert value(rule, ground(kept("pulse", rows))).value == pytest.approx(8 / 40)


def burned(hours: Iterable[float]) -> list[StoredRow]:
    return [(int((TODAY + HOUR * n).timestamp()), LLAMA, 10, each, 1, 1) for n, each in enumerate(hours)]


USED = Rule("used", "quota_used", above=0.9)


def test_quota_used_is_all_that_was_measured() -> None:
    """Now: every hour as it stands. At an earlier moment: as much as had been counted, 40 minutes late."""
    of = ground(kept("neurons", burned([600.0] * 14)), since=TODAY)
    assert value(USED, of).value == pytest.approx(0.84)
    assert value(USED, of, TODAY + HOUR * 10 + MINUTE * 40).value == pytest.approx(0.60)
    assert value(USED, of, TODAY + HOUR * 10 + MINUTE * 10).value == pytest.approx(0.57)
    assert value(USED, of, TODAY + MINUTE * 30).value == 0.0


def test_hours_that_were_not_read() -> None:
    """A sum with holes says nothing, unless it is already beyond the limit."""
    half = Window(TODAY + HOUR * 3, NOW)
    low = kept("neurons", burned([0.0] * 3 + [100.0] * 11)[3:], half)
    assert value(USED, ground(low)) == Reading(None, "3 of the day's hours were not read")
    high = kept("neurons", burned([0.0] * 3 + [900.0] * 11)[3:], half)
    assert value(USED, ground(high)).value == pytest.approx(0.99)


def test_quota_projected_of_the_world() -> None:
    """The world's day runs out in the evening."""
    history = world()
    assert isinstance(history, SqliteHistory)
    found = value(Rule("p", "quota_projected", above=1.0), ground(history))
    assert found.value is not None
    assert 1.0 < found.value < 1.4


def test_cost_is_what_is_owed() -> None:
    """Without Workers AI's list price; on a paid plan with the neurons above the allowance."""
    rows = [request_row(9, cost=2.0), request_row(9, LLAMA, "workers-ai", cost=50.0)]
    history = kept("requests", rows)
    kept("neurons", burned([1000.0] * 14), into=history)
    rule = Rule("cost", "cost_per_day", above=5.0)
    assert value(rule, ground(history)).value == pytest.approx(2.0)
    assert value(rule, ground(history, is_paid=True)).value == pytest.approx(2.0 + 4000 * 0.011 / 1000)


SPIKE = Rule("spike", "token_spike", above=6.0)


def spiking(days: int, tokens: int, usual: int = 100_000) -> SqliteHistory:
    """The hour from 13:00: so many tokens today, about as many as usual on each of the days before."""
    history = open_history(None, SERVER, NOW).history
    for n in range(days, -1, -1):
        day = TODAY - DAY * n
        used = tokens if n == 0 else usual + (n % 3 - 1) * usual // 20
        rows = [request_row(13, tokens_in=used, tokens_out=0, day=day)]
        kept("requests", rows, Window(day, min(day + DAY, NOW)), history)
    return history


def test_a_spike_is_measured_in_deviations() -> None:
    """Of logarithms, as hours scatter by factors; six make at least twice the usual."""
    doubled = value(SPIKE, ground(spiking(10, 200_000))).value
    assert doubled == pytest.approx(6 * log(205_000 / 105_000) / log(2))
    assert value(SPIKE, ground(spiking(10, 106_000))).value == pytest.approx(6 * log(111_000 / 105_000) / log(2))
    assert value(SPIKE, ground(spiking(10, 300_000))).value == pytest.approx(6 * log(305_000 / 105_000) / log(2))


def test_no_spike_in_the_first_days_and_none_of_few_tokens() -> None:
    """Six days are too few, and it is said; an hour of 19,999 tokens is none however quiet it was before."""
    found = value(SPIKE, ground(spiking(6, 10**9)))
    assert found == Reading(None, "7 days of history are needed, there are 6")
    assert value(SPIKE, ground(spiking(10, 19_999, usual=10))).value == 0.0
    assert value(SPIKE, ground(spiking(10, 1_000_000, usual=10))).value == pytest.approx(6 * log(1_005_000 / 5_010, 2))


def test_days_before_the_first_tokens_are_no_history() -> None:
    """A month that was read and is empty is none, once there are tokens; an account without any has no spike."""
    history = spiking(3, 10**9)
    kept("requests", [], Window(TODAY - DAY * 33, TODAY - DAY * 3), history)
    assert value(SPIKE, ground(history)) == Reading(None, "7 days of history are needed, there are 3")
    assert value(SPIKE, ground(kept("requests", [], Window(TODAY - DAY * 33, NOW)))).value == 0.0


def test_tokens_that_were_not_told_are_unknown() -> None:
    """Requests without tokens are no hour of 0 tokens."""
    history = spiking(10, 100_000)
    row = request_row(13)
    kept("requests", [(*row[:7], None, None, None, None, *row[11:])], into=history)
    assert value(SPIKE, ground(history)) == Reading(None, "the tokens of the hour from 13:00 UTC are unknown")


def test_from_the_fourth_week_on_the_weekday_counts() -> None:
    """What happens every Monday at this hour is no spike on a Monday."""
    history = open_history(None, SERVER, NOW).history
    for n in range(21, -1, -1):
        day = TODAY - DAY * n
        used = 900_000 if day.weekday() == TODAY.weekday() else 100_000
        kept(
            "requests",
            [request_row(13, tokens_in=used, tokens_out=0, day=day)],
            Window(day, min(day + DAY, NOW)),
            history,
        )
    assert value(SPIKE, ground(history)).value == pytest.approx(0.0)


def test_the_running_hour_is_no_reading() -> None:
    """What one poll says of an hour that still fills fires nothing."""
    history = spiking(10, 100_000)
    rows = [
        request_row(13, tokens_in=100_000, tokens_out=0),
        request_row(14, tokens_in=10**9, requests=999, errors=999),
    ]
    kept("requests", rows, into=history)
    found = value(SPIKE, ground(history)).value
    assert found is not None
    assert found < 1
    assert value(ERRORS, ground(history)).is_quiet


def test_no_data_is_about_answers_not_traffic() -> None:
    """Minutes since the newest good answer, however empty it was."""
    history = kept("requests", [])
    rule = Rule("silent", "no_data", above=30.0)
    assert value(rule, ground(history, NOW + MINUTE * 31)).value == 31.0
    assert value(rule, ground(history)).value == 0.0
    assert value(rule, ground(open_history(None, SERVER, NOW).history)).why == "nothing was ever read"


def test_latency_only_where_one_row_is_all() -> None:
    """Quantiles do not add up: two models of one hour are unknown, one is known."""
    one, other = request_row(13), request_row(13, LLAMA, "workers-ai")
    rows = [(*one[:-2], 400.0, 900.0), (*other[:-2], 100.0, 200.0)]
    history = kept("requests", rows)
    assert "do not add up" in value(Rule("slow", "latency_p90", above=500.0), ground(history)).why
    narrow = Rule("slow", "latency_p90", above=500.0, scope=(("model", (GPT,)),))
    assert value(narrow, ground(history)).value == 900.0


def test_a_replay_needs_no_earlier_run() -> None:
    """Errors for 15 minutes began at 13:00 in the minutes; a rule with `for` knows since when, from history alone."""
    rows = [pulse(n, 10, 5 if n <= 65 else 0) for n in range(8, 400)]
    history = kept("pulse", rows)
    rule = Rule("e", "error_rate", above=0.25, wait=MINUTE * 15, min_requests=20)
    of = ground(history, since=NOW - lookback([rule]))
    found = judge(rule, of, NOW)
    assert found.state.phase is Phase.FIRING
    assert found.state.began == NOW - MINUTE * (65 - 7 - 8)
    assert found.state.fired == found.state.began + MINUTE * 15
    assert judge(rule, of, found.state.fired - MINUTE).state.phase is Phase.PENDING


@given(
    st.dictionaries(st.integers(0, 47), st.floats(0, 900)),
    st.integers(0, 48 * 60),
    st.integers(24 * 60, 48 * 60),
    st.sampled_from((5, 40)),
)
def test_a_running_total_is_the_sum_of_its_hours(
    hours: dict[int, float], minute: int, read_at: int, delay: int
) -> None:
    """At any moment, whatever is known: what is kept between two moments changes nothing."""
    begin = TODAY - DAY
    known = {begin + HOUR * n: value for n, value in hours.items()}
    meter = Meter(known, MINUTE * delay, begin + MINUTE * read_at)
    moment = begin + MINUTE * minute
    assert meter.used(moment) == pytest.approx(sum(meter.counted(moment).values()))
    day = moment.replace(hour=0, minute=0)
    counted = Window(day, max(moment - MINUTE * delay, day)).hours
    assert meter.missing(moment) == sum(hour not in known for hour in counted)
