"""What fired in a window: what was seen, what a replay finds, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.firings import Doubt, Firings, Told, fired_in, firings
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.trials import Trial, trial, trials
from aigw_tui.insight.watchlist import DEFAULT_RULES
from aigw_tui.model import DAY, HOUR, Episode, Place, Window
from world import ACCOUNT, NOW, SERVER, TODAY, request_row

MINUTE = timedelta(minutes=1)
YESTERDAY = Window(TODAY - DAY, TODAY)
LABELS = {ACCOUNT: "acme"}
ERRORS = Rule("errors", "error_rate", above=0.05)
SILENT = Rule("silent", "no_data", above=30.0, severity="critical")


def failing(first: datetime, last: datetime) -> SqliteHistory:
    """Eleven days of hours, read now; those from `first` up to `last` have 10 errors of 100, the others none."""
    history = open_history(None, SERVER, NOW).history
    since = TODAY - DAY * 10
    rows: list[StoredRow] = [
        request_row(0, requests=100, errors=10 if first <= hour < last else 0, day=hour)
        for hour in Window(since, NOW).hours
    ]
    history.record(ACCOUNT, dataset("requests"), Window(since, NOW), rows, {}, NOW)
    return history


def tried(history: SqliteHistory, *rules: Rule, window: Window = YESTERDAY, now: datetime = NOW) -> tuple[Trial, ...]:
    def ground(account: str, since: datetime) -> Ground:
        return Ground(history, account, Allowance(), now, since, history.read_at(account))

    return tuple(trials(rules, ground, LABELS, window))


def episode(fired: datetime, resolved: datetime | None, rule: str = "errors", severity: str = "warning") -> Episode:
    return Episode(rule, ACCOUNT, fired - MINUTE * 5, fired, resolved, severity, 0.5, "…")


def told(*episodes: Episode, seen: Mapping[str, datetime] | None = None) -> Told:
    return Told(episodes, {Place(rule, ACCOUNT): at for rule, at in (seen or {}).items()})


def times(found: list[Episode]) -> list[tuple[datetime, datetime | None]]:
    return [(one.fired, one.resolved) for one in found]


def test_what_began_before_the_window_is_in_it_with_its_true_beginning() -> None:
    """Errors for three days up to yesterday's noon: of an hour is told an hour and five minutes after it began."""
    begin = TODAY - DAY * 4 + HOUR * 9
    (one,) = tried(failing(begin, YESTERDAY.since + HOUR * 12), ERRORS)
    (found,) = one.episodes
    assert (found.began, found.resolved) == (begin + HOUR + MINUTE * 5, YESTERDAY.since + HOUR * 13 + MINUTE * 5)
    assert one.firing == HOUR * 13 + MINUTE * 5


def test_how_far_back_a_beginning_is_looked_for() -> None:
    """It has an end: what held for nine days began at least a week before the window."""
    (one,) = tried(failing(TODAY - DAY * 10, TODAY), ERRORS)
    assert one.episodes[0].began <= YESTERDAY.since - DAY * 7


def test_what_was_over_before_the_window_is_not_in_it() -> None:
    """Nor is what fired after it, whoever saw it."""
    history = failing(TODAY - DAY * 2 + HOUR * 9, TODAY - DAY * 2 + HOUR * 10)
    seen = told(episode(TODAY - DAY * 2, TODAY - DAY * 2 + HOUR), episode(TODAY + HOUR, TODAY + HOUR * 2))
    assert fired_in(seen, tried(history, ERRORS), LABELS, YESTERDAY) == []


def test_what_goes_on_at_the_end_has_no_end() -> None:
    """A replay stops there; who saw more knows when it was over."""
    history = failing(YESTERDAY.since + HOUR * 20, TODAY + HOUR * 2)
    fired = YESTERDAY.since + HOUR * 21 + MINUTE * 5
    assert times(fired_in(Told(), tried(history, ERRORS), LABELS, YESTERDAY)) == [(fired, None)]
    seen = told(episode(fired, TODAY + HOUR * 3), seen={"errors": NOW})
    assert times(fired_in(seen, tried(history, ERRORS), LABELS, YESTERDAY)) == [(fired, TODAY + HOUR * 3)]


@pytest.mark.parametrize(
    ("errors_until", "end"),
    [(HOUR * 16, HOUR * 17 + MINUTE * 5), (HOUR * 26, None), (HOUR * 10, HOUR * 12)],
)
def test_an_end_that_nobody_saw(errors_until: timedelta, end: timedelta | None) -> None:
    """The monitor was closed at noon while it fired: it goes on as the figures say, or was over when last seen."""
    day = YESTERDAY.since
    history = failing(day + HOUR * 8, day + errors_until)
    seen = told(episode(day + HOUR * 9, None), seen={"errors": day + HOUR * 12})
    (found,) = fired_in(seen, tried(history, ERRORS), LABELS, YESTERDAY)
    assert (found.began, found.resolved) == (day + HOUR * 9 - MINUTE * 5, None if end is None else day + end)
    assert found.peak == 0.5


def test_what_nobody_watches_any_more_is_not_told_for_ever() -> None:
    """A monitor that was closed a week ago while an alert fired says nothing of yesterday."""
    seen = told(episode(TODAY - DAY * 8, None, "silent"), seen={"silent": TODAY - DAY * 8 + HOUR})
    assert fired_in(seen, tried(failing(NOW, NOW), ERRORS, SILENT), LABELS, YESTERDAY) == []


def test_names_of_one_rule_are_apart() -> None:
    """Of a rule that is judged for each model: what was seen of one says nothing of another, nor of its end."""
    history = open_history(None, SERVER, NOW).history
    day = YESTERDAY.since
    rows: list[StoredRow] = [
        request_row(0, name, requests=100, errors=50 if first <= hour < first + HOUR * 3 else 0, day=hour)
        for hour in Window(TODAY - DAY * 3, NOW).hours
        for name, first in (("a", day + HOUR * 9), ("b", day + HOUR * 9), ("c", day - HOUR * 2))
    ]
    history.record(ACCOUNT, dataset("requests"), Window(TODAY - DAY * 3, NOW), rows, {}, NOW)
    rule, fired = replace(ERRORS, each="model"), day + HOUR * 10 + MINUTE * 5
    seen = Told((replace(episode(fired, None), name="a"),), {Place("errors", ACCOUNT, "a"): fired})
    found = fired_in(seen, tried(history, rule), LABELS, YESTERDAY)
    end = fired + HOUR * 3
    assert [(one.title, one.fired, one.resolved) for one in found] == [
        ("errors [a]", fired, end),
        ("errors [b]", fired, end),
        ("errors [c]", day - HOUR + MINUTE * 5, day + HOUR * 2 + MINUTE * 5),
    ]


def test_another_account_is_not_told() -> None:
    other = Episode("errors", "f" * 32, TODAY - HOUR, TODAY - HOUR, None, "warning", 1.0, "…")
    assert fired_in(Told((other,)), tried(failing(NOW, NOW), ERRORS), LABELS, YESTERDAY) == []


def test_in_words_the_critical_first() -> None:
    """With the account's label and the peak in the rule's unit; a rule that is gone has a bare number."""
    old, new = YESTERDAY.since + HOUR, YESTERDAY.since + HOUR * 9
    seen = told(
        episode(new, new + HOUR),
        episode(new, new + HOUR, "gone"),
        episode(old, old + HOUR, "silent", "critical"),
        seen={"silent": NOW},
    )
    found = firings(seen, tried(failing(NOW, NOW), ERRORS, SILENT), LABELS, YESTERDAY)
    assert [(one.episode.rule, one.label, one.peak) for one in found.fired] == [
        ("silent", "acme", "30 s"),
        ("errors", "acme", "50 %"),
        ("gone", "acme", "0.5"),
    ]
    assert found.rules == 2


def test_hours_are_too_coarse_for_a_rule_about_minutes() -> None:
    """The error rate of 15 minutes cannot be told from hours; tokens of an hour can."""
    spike = Rule("spike", "token_spike", above=6.0)
    found = firings(Told(), tried(failing(NOW, NOW), ERRORS, spike), LABELS, YESTERDAY)
    assert found.doubts == (Doubt("errors", ACCOUNT, "acme", 0.0, 1.0, ""),)


def test_hours_that_were_not_read_are_said() -> None:
    """Of each rule the share of the window and the last reason; rules that take silence for a value have one."""
    history = open_history(None, SERVER, NOW).history
    used, sure = Rule("used", "quota_used", above=0.9), Rule("sure", "quota_used", above=0.9, on_no_data="clear")
    found = firings(Told(), tried(history, used, sure), LABELS, YESTERDAY)
    (doubt,) = found.doubts
    assert (doubt.rule, doubt.why) == ("used", "24 of the day's hours were not read")
    assert doubt.unknown == pytest.approx(1 - 41 / (24 * 60), abs=0.002)


def test_whether_an_answer_was_missing_is_known_by_who_was_there() -> None:
    """Only the time of the newest answer is kept."""
    own = tried(failing(NOW, NOW), SILENT)
    unseen = Doubt("silent", ACCOUNT, "acme", 1.0, 0.0, "only the newest answer's time is kept")
    assert firings(Told(), own, LABELS, YESTERDAY).doubts == (unseen,)
    assert firings(told(seen={"silent": TODAY - DAY * 3}), own, LABELS, YESTERDAY).doubts == (unseen,)
    assert firings(told(seen={"silent": NOW}), own, LABELS, YESTERDAY) == Firings(1)


def test_one_rule_at_a_time() -> None:
    """Only over accounts that it is about."""
    history = failing(NOW, NOW)
    elsewhere = Rule("elsewhere", "error_rate", above=0.1, scope=(("account", ("beta",)),))
    assert [one.rule.name for one in tried(history, *DEFAULT_RULES, elsewhere)] == [one.name for one in DEFAULT_RULES]
    assert not trial(elsewhere, lambda *_: pytest.fail("it is not looked at"), ACCOUNT, "acme", YESTERDAY).episodes
