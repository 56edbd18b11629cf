"""Rules that are judged for each gateway, provider or model: each as a rule of its own would be, with few questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.alerting import RESTING, Rule
from aigw_tui.insight.course import Course, advance
from aigw_tui.insight.ground import Ground, Reading
from aigw_tui.insight.judging import Judged, judge, judge_all, lookback
from aigw_tui.insight.parts import MOST_NAMES, Parts
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.readings import parts_of, reader
from aigw_tui.insight.trials import trial
from aigw_tui.model import DAY, HOUR, Interval, Phase, Query, Trust, View, Views, Window, day_of, hour_of
from world import ACCOUNT, GEMINI, GPT, HAIKU, LLAMA, NOW, SERVER, TODAY, request_row

MINUTE = timedelta(minutes=1)
SPREAD = ((GPT, "openai", "prod"), (HAIKU, "anthropic", "prod"), (GEMINI, "", "batch"), (LLAMA, "workers-ai", "batch"))
ERRORS = Rule("errors", "error_rate", above=0.05, min_requests=20)
RULES = (
    ERRORS,
    Rule("spike", "token_spike", above=6.0),
    Rule("cost", "cost_per_day", above=5.0),
    Rule("cold", "cache_hit_rate", below=0.2),
    Rule("slow", "latency_p90", above=500.0),
)


def kept(rows: Iterable[StoredRow], days: int = 0, pulse: Iterable[StoredRow] | None = None) -> SqliteHistory:
    """So many days before today, and today up to now, read; minutes only where there are any."""
    history = open_history(None, SERVER, NOW).history
    history.record(ACCOUNT, dataset("requests"), Window(TODAY - DAY * days, NOW), list(rows), {}, NOW)
    if pulse is not None:
        history.record(ACCOUNT, dataset("pulse"), Window(TODAY, NOW), list(pulse), {}, NOW)
    return history


def ground(history: Views, now: datetime = NOW, since: datetime | None = None) -> Ground:
    return Ground(history, ACCOUNT, Allowance(), now, since or now, now)


def narrow(rule: Rule, field: str, name: str) -> Rule:
    """The rule as somebody would write it for that name alone."""
    return replace(rule, each="", scope=((field, (name,)),))


def pulse(at: datetime, gateway: str, requests: int, errors: int = 0, hits: int = 0) -> StoredRow:
    return (int(at.timestamp()), gateway, requests, errors, hits, 0, 0, 0.0)


counts = st.tuples(st.integers(0, 90), st.integers(0, 9), st.integers(0, 9), st.integers(0, 60_000), st.floats(0, 0.9))
days = st.lists(st.lists(counts | st.none(), min_size=4, max_size=4), min_size=12, max_size=24)


@settings(max_examples=25)
@given(days, st.sampled_from(RULES), st.sampled_from(["gateway", "provider", "model"]), st.integers(0, 240), st.data())
def test_each_is_what_a_rule_of_its_own_would_be(
    made: list[list[tuple[int, int, int, int, float] | None]], rule: Rule, field: str, ago: int, data: st.DataObject
) -> None:
    """Whatever is read, and at any moment of a replay: the same figure as of a rule that names it."""
    rows = []
    for n, hour in enumerate(made):
        start = TODAY - DAY * (n // 3) + HOUR * (13 - n % 3)
        for (model, provider, gateway), own in zip(SPREAD, hour, strict=True):
            if own is not None:
                requests, errors, hits, tokens, cost = own
                row = request_row(start.hour, model, provider, requests, errors, hits, cost or None, tokens, 0, gateway)
                rows.append((int(start.timestamp()), *row[1:-1], 400.0))
    minutes = [
        pulse(NOW - MINUTE * (3 * n), SPREAD[n % 4][2], 40 + n, n % 5, n % 7)
        for n in range(data.draw(st.integers(0, 40)))
        if any(row[1] == SPREAD[n % 4][2] for row in rows)
    ]
    history = kept(rows, 8, minutes or None)
    of, moment = ground(history, since=NOW - HOUR * 4), NOW - MINUTE * ago
    parts = parts_of(replace(rule, each=field), of)
    for name in parts.names:
        found = parts.read(name, moment)
        alone = reader(narrow(rule, field, "" if name == "(none)" else name), of)(moment)
        if found is None:
            continue
        if "days of history" in alone.why:  # a name in its first days is no worry: quiet, or too little to be a spike
            assert (found.value, found.is_quiet) in ((None, True), (0.0, False)) or "days of history" in found.why
            continue
        assert found.value == pytest.approx(alone.value)
        assert found.is_quiet == alone.is_quiet


@settings(max_examples=25)
@given(days, st.sampled_from(RULES), st.sampled_from(["gateway", "provider", "model"]), st.integers(0, 200))
def test_one_moment_reads_as_a_stretch_does(
    made: list[list[tuple[int, int, int, int, float] | None]], rule: Rule, field: str, later: int
) -> None:
    """What the monitor reads now, name by name, is what a replay that ends now reads at its last moment."""
    rows = []
    for n, hour in enumerate(made):
        start = TODAY - DAY * (n // 6) + HOUR * (13 - n % 6)
        for (model, provider, gateway), own in zip(SPREAD, hour, strict=True):
            if own is not None:
                requests, errors, hits, tokens, cost = own
                row = request_row(start.hour, model, provider, requests, errors, hits, cost or None, tokens, 0, gateway)
                rows.append((int(start.timestamp()), *row[1:]))
    history, now = kept(rows, 8), NOW + MINUTE * later
    live, replayed = (
        parts_of(replace(rule, each=field), ground(history, now, since)) for since in (now, now - rule.reach)
    )
    assert {*live.names} <= {*replayed.names}
    for name in replayed.names:
        one, other = live.read(name, now), replayed.read(name, now)
        assert (one is None) is (other is None)
        if one is not None and other is not None:
            assert one.value == pytest.approx(other.value)
            assert (one.why, one.is_quiet) == (other.why, other.is_quiet)


def failing(errors: Mapping[str, int], hours: Iterable[int] = (13,), requests: int = 100) -> list[StoredRow]:
    return [request_row(hour, name, "p", requests, many) for hour in hours for name, many in errors.items()]


EACH = replace(ERRORS, each="model")


def judged(history: Views, rule: Rule = EACH, now: datetime = NOW) -> dict[str, Judged]:
    return {one.name: one for one in judge_all(rule, ground(history, now, now - lookback([rule])), now)}


def test_each_has_its_own_state() -> None:
    """One of three models fails: it fires, the others do not; the sum of them would not."""
    history = kept(failing({"a": 0, "b": 9, "c": 0}, requests=100))
    found = judged(history)
    assert {name: one.state.phase.is_on for name, one in found.items()} == {"a": False, "b": True, "c": False}
    assert found["b"].title == "errors [b]"
    assert found["b"].reading.value == 0.09
    whole = judge(ERRORS, ground(history, since=NOW - DAY), NOW)
    assert whole.reading.value == pytest.approx(0.03)
    assert not whole.state.phase.is_on


def test_a_scope_says_which_are_judged() -> None:
    """By names and globs, of the same dimension or another."""
    rows = [
        request_row(13, "a", "p", gateway="prod-1"),
        request_row(13, "b", "p", gateway="prod-2"),
        request_row(13, "c", "q", gateway="test"),
    ]
    history = kept(rows)
    assert {*judged(history, replace(EACH, scope=(("gateway", ("prod-*",)),)))} == {"a", "b"}
    assert {*judged(history, replace(EACH, scope=(("model", ("[bc]",)),)))} == {"b", "c"}
    assert {*judged(history, replace(EACH, each="gateway", scope=(("gateway", ("prod-*",)),)))} == {"prod-1", "prod-2"}
    (nobody,) = judged(history, replace(EACH, scope=(("model", ("x*",)),))).values()
    assert (nobody.name, nobody.reading.value, nobody.is_known) == ("", None, True)


def test_nothing_read_is_not_nothing_wrong() -> None:
    """Without names because nothing was read: cannot tell. Without names because nothing ran: all is quiet."""
    unread = open_history(None, SERVER, NOW).history
    (one,) = judged(unread).values()
    assert (one.is_known, one.reading.why) == (False, "the hour from 13:00 UTC was not read")
    (other,) = judged(kept([])).values()
    assert other.is_known


def test_what_has_no_name() -> None:
    """An empty provider is one of them, and is called so."""
    history = kept([request_row(13, GPT, "", 100, 50), request_row(13, GPT, "openai", 100, 0)])
    found = judged(history, replace(EACH, each="provider"))
    assert {name: one.state.phase.is_on for name, one in found.items()} == {"(none)": True, "openai": False}


def test_no_more_than_can_be_judged() -> None:
    """The busiest 500; how many more there are is known."""
    rows = [request_row(13, f"m{n:03}", "p", 30 + n, 0) for n in range(MOST_NAMES + 12)]
    parts = parts_of(EACH, ground(kept(rows)))
    assert (len(parts.names), parts.rest) == (MOST_NAMES, 12)
    assert parts.names[0] == "m511"
    assert "m011" not in parts.names
    assert {one.rest for one in judged(kept(rows)).values()} == {12}


GONE = TODAY - DAY + HOUR * 9
"""A model failed in that hour, and was never called again."""


@pytest.mark.parametrize(
    ("on_no_data", "quiet"), [("keep", Phase.FIRING), ("clear", Phase.INACTIVE), ("alert", Phase.FIRING)]
)
def test_a_name_that_disappears(on_no_data: Literal["keep", "alert", "clear"], quiet: Phase) -> None:
    """In the hours after its last one nothing is known of it, and the rule says what that means; after a day it is
    not there any more, and what fired is over."""
    row = request_row(GONE.hour, "old", "p", 100, 50, day=day_of(GONE))
    history = kept([row, *failing({"new": 0}, range(14))], days=3)
    rule = replace(EACH, on_no_data=on_no_data)
    of = ground(history, since=GONE - HOUR)
    course = Course.of(rule, parts_of(rule, of), of.since, NOW, MINUTE)
    phases = {one.at: one.state.phase for one in course.replayed("old").transitions}
    closed = GONE + HOUR + timedelta(minutes=5)
    assert min(phases) == closed
    later = [phase for at, phase in phases.items() if at <= closed + HOUR * 5]
    assert later[-1] is quiet
    assert [*phases.values()][-1] is Phase.INACTIVE
    if quiet is Phase.FIRING:
        assert max(phases) == closed + DAY
    assert "old" not in judged(history, rule)


def test_a_name_is_not_gone_while_hours_are_missing() -> None:
    """Nobody read the hours in which it may have been called: it is unknown, and keeps what it has."""
    row = request_row(GONE.hour, "old", "p", 100, 50, day=day_of(GONE))
    history = open_history(None, SERVER, NOW).history
    history.record(ACCOUNT, dataset("requests"), Window(GONE - DAY, GONE + HOUR), [row], {}, NOW)
    history.record(ACCOUNT, dataset("requests"), Window(TODAY + HOUR * 12, NOW), [], {}, NOW)
    parts = parts_of(EACH, ground(history))
    assert parts.read("old", NOW) == Reading(None, "not all hours of the last day were read")
    known = kept([row], days=3)
    assert parts_of(EACH, ground(known)).read("old", NOW) is None


def test_a_gateway_is_judged_from_its_first_minutes_on() -> None:
    """Not only when its first hour is closed; and before it was there it was not."""
    now = TODAY + HOUR * 13 + MINUTE * 58
    rows = [pulse(now - MINUTE * n, "new", 50, 25) for n in range(8, 20)]
    history = kept([request_row(13, gateway="new", requests=600, errors=300)], 1, rows)
    rule = replace(EACH, each="gateway", on_no_data="alert")
    for of in (ground(history, now), ground(history, now, now - HOUR * 3)):
        parts = parts_of(rule, of)
        assert parts.names == ("new",)
        found = parts.read("new", now)
        assert found is not None
        assert found.value == 0.5
    assert parts.read("new", now - MINUTE * 15) is None


def test_a_new_model_has_no_usual() -> None:
    """Its first days are no spike, and no worry; the same tokens of an old one are."""
    rows = [
        request_row(13, name, "p", 50, tokens_in=tokens, tokens_out=0, day=TODAY - DAY * n)
        for n in range(10)
        for name, since, tokens in (("old", 9, 90_000 if n == 0 else 10_000), ("new", 2, 90_000))
        if n <= since
    ]
    rule = Rule("spike", "token_spike", above=6.0, each="model")
    for of in (ground(kept(rows, 10)), ground(kept(rows, 10), since=NOW - HOUR * 5)):
        parts = parts_of(rule, of)
        old, new = parts.read("old", NOW), parts.read("new", NOW)
        assert old is not None
        assert new is not None
        assert old.value is not None
        assert old.value > 6
        assert (new.value, new.is_quiet) == (None, True)


def test_a_model_at_an_unusual_hour_is_not_new() -> None:
    """Used for days, and never before at this hour: a spike, as it is for a rule of its own."""
    rows = [request_row(9, GPT, tokens_in=90_000, day=TODAY - DAY * n) for n in range(1, 10)]
    history = kept([*rows, request_row(13, GPT, tokens_in=90_000)], 10)
    rule = Rule("spike", "token_spike", above=6.0)
    alone = reader(narrow(rule, "model", GPT), ground(history))(NOW)
    for since in (NOW, NOW - HOUR * 5):
        found = parts_of(replace(rule, each="model"), ground(history, since=since)).read(GPT, NOW)
        assert found is not None
        assert found.value == pytest.approx(alone.value)
        assert (found.value or 0) > 6


def test_since_when_a_name_is_used_is_kept_and_read_anew_where_history_grows() -> None:
    """From hour to hour only the last day is read again; days that are filled in later count."""
    day = TODAY - DAY * 9
    rows = [request_row(13, GPT, tokens_in=90_000, day=TODAY - DAY * n) for n in range(9)]
    views, rule = kept(rows, 8), Rule("spike", "token_spike", above=6.0, each="model")
    memo: dict[object, object] = {}

    def read(now: datetime) -> Reading | None:
        return parts_of(rule, replace(ground(views, now), memo=memo)).read(GPT, now)

    first = read(NOW)
    assert first is not None
    assert first.value is not None
    views.record(ACCOUNT, dataset("requests"), Window(day, day + DAY), [request_row(13, GPT, day=day)], {}, NOW)
    assert read(NOW) == parts_of(rule, ground(views)).read(GPT, NOW)
    later = NOW + DAY
    views.record(
        ACCOUNT,
        dataset("requests"),
        Window(NOW.replace(minute=0), later),
        [request_row(13, "new", tokens_in=90_000, day=TODAY + DAY)],
        {},
        later,
    )
    new = parts_of(rule, replace(ground(views, later), memo=memo)).read("new", later)
    assert new is not None
    assert (new.value, new.is_quiet) == (None, True)


def test_what_was_usual_is_read_once_an_hour() -> None:
    """The minutes after it ask for the new tokens, and a little ahead; so the next hour has nothing left to ask."""
    rows = [
        request_row(hour, GPT, "p", 50, tokens_in=30_000 + n, day=TODAY - DAY * n)
        for n in range(10)
        for hour in (12, 13)
    ]
    views, rule = Counted(kept(rows, 10)), Rule("spike", "token_spike", above=6.0, each="model")
    memo: dict[object, object] = {}

    def asked(now: datetime) -> int:
        before = len(views.asked)
        parts_of(rule, replace(ground(views, now), memo=memo)).read(GPT, now)
        return len(views.asked) - before

    first, *later = (asked(NOW - HOUR + MINUTE * n) for n in range(10))
    assert first >= 9
    assert max(later) == later[0] <= 4
    assert min(later) == later[-1] <= 2
    assert asked(NOW) <= 4
    found = parts_of(rule, replace(ground(views), memo=memo)).read(GPT, NOW)
    assert (
        found
        == parts_of(rule, ground(views)).read(GPT, NOW)
        == parts_of(rule, ground(views, NOW, TODAY)).read(GPT, NOW)
    )


def test_a_rule_about_nothing_costs_nothing() -> None:
    """A scope that matches no name has no cost, least of all the account's."""
    history = kept([request_row(9, GPT, cost=9.0)])
    rule = Rule("cost", "cost_per_day", above=5.0, scope=(("gateway", ("x*",)),))
    found = reader(rule, ground(history))(NOW)
    assert (found.value, found.is_quiet) == (None, True)


def test_costs_that_are_not_known_stay_so() -> None:
    """A model without prices in some of its hours cannot be told, now as in a replay; the others can."""
    rows = [request_row(9, GPT, cost=1.0), request_row(10, GPT, cost=None), request_row(9, HAIKU, cost=2.0)]
    rule = Rule("cost", "cost_per_day", above=5.0, each="model")
    for of in (ground(kept(rows)), ground(kept(rows), since=TODAY)):
        parts = parts_of(rule, of)
        found = {name: parts.read(name, NOW) for name in parts.names}
        assert found == {GPT: Reading(None, "in 1 of the day's hours nothing has a price"), HAIKU: Reading(2.0)}


class Counted:
    """Views that note what they are asked."""

    def __init__(self, views: Views) -> None:
        self.views, self.asked = views, list[Query]()

    def view(self, query: Query) -> View:
        self.asked.append(query)
        return self.views.view(query)

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        return self.views.known(dataset, window, account)

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        return self.views.sampled(dataset, window, account)

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        return self.views.names(dataset, key)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.when)
def test_questions_do_not_grow_with_names(rule: Rule) -> None:
    """Two names or two hundred: the same questions, and no more rows of each than there are names."""
    asked = []
    for count in (2, 200):
        rows = [request_row(hour, f"m{n:03}", "p") for n in range(count) for hour in range(14)]
        views = Counted(kept(rows, 8))
        parts = parts_of(replace(rule, each="model"), ground(views))
        for name in parts.names:
            parts.read(name, NOW)
        asked.append(len(views.asked))
        assert len(parts.names) == count
        assert max(len(views.views.view(one).rows) for one in views.asked) <= count
    assert asked[0] == asked[1] <= 3


values = st.sampled_from([None, 1.0, 4.0, 6.0, 9.0])
rules = st.builds(
    Rule,
    st.just("r"),
    st.just("error_rate"),
    above=st.just(5.0),
    clear_below=st.none() | st.just(3.0),
    wait=st.sampled_from([0, 10, 60, 90, 200]).map(lambda n: MINUTE * n),
    keep_firing_for=st.sampled_from([0, 10, 60, 90, 200]).map(lambda n: MINUTE * n),
    on_no_data=st.sampled_from(["keep", "alert", "clear"]),
    each=st.just("model"),
)


@given(rules, st.lists(values | st.just("gone"), min_size=1, max_size=14), st.integers(0, 59))
def test_a_replay_in_strides_is_one_minute_by_minute(rule: Rule, made: list[float | str | None], first: int) -> None:
    """What is read once an hour need not be stepped each minute; every change and the state at the end are the same."""
    since = TODAY + MINUTE * first
    until = TODAY + HOUR * len(made) - MINUTE

    def read(_: str, moment: datetime) -> Reading | None:
        value = made[(moment - TODAY) // HOUR]
        return None if isinstance(value, str) else Reading(value)

    course = Course.of(rule, Parts(("a",), read, hour_of), since, until, MINUTE)
    found = course.replayed("a")
    state, transitions = RESTING, []
    for n in range((until - since) // MINUTE + 1):
        now = since + MINUTE * n
        before, state = state, advance(rule, state, read("a", now), now)
        if state.phase is not before.phase:
            transitions.append((now, before.phase, state.phase, state.peak))
    assert [(one.at, one.before, one.state.phase, one.state.peak) for one in found.transitions] == transitions
    if transitions:
        assert found.state == state


def test_trying_it_on_the_past() -> None:
    """Every name's episodes, oldest first, and how much of the time nothing can be told of them."""
    rows = [*failing({"a": 9}, (3, 4)), *failing({"b": 9}, (8,)), *failing({"c": 0}, range(14))]
    history = kept(rows, days=3)
    found = trial(EACH, lambda _, since: ground(history, since=since), ACCOUNT, "acme", Window(TODAY, NOW))
    assert [(one.title, one.fired) for one in found.episodes] == [
        ("errors [a]", TODAY + HOUR * 4 + MINUTE * 5),
        ("errors [b]", TODAY + HOUR * 9 + MINUTE * 5),
    ]
    assert (found.names, found.rest, found.unknown) == (3, 0, 0.0)
