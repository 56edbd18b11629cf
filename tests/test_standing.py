"""All accounts: their order, their sums, and how little is asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import account_id, burned, histories
from aigw_tui.insight.standing import rate, standings, together
from aigw_tui.model import DAY, Account, Interval, Pace, Query, Quota, State, Trust, View, Views, Window
from world import COST_QUOTA, LLAMA, NOW, TODAY, neuron_row, request_row

ONE, TWO, THREE = (account_id(n) for n in (1, 2, 3))
OUT = Pace((), 1.0, 1.0, 1.0, runs_out=(NOW, None))


def some() -> Views:
    return histories(
        requests=[
            (ONE, request_row(9, requests=100, errors=10, hits=20, cost=0.5)),
            (ONE, request_row(9, LLAMA, "workers-ai", requests=50, cost=0.25)),
            (ONE, request_row(9, day=TODAY - DAY, requests=7_000, cost=70.0)),
            (TWO, request_row(8, requests=10, cost=None)),
        ],
        neurons=[(ONE, neuron_row(9, neurons=100.0)), (ONE, neuron_row(10, neurons=23.0))],
    )


class Counting:
    """Views that count what is asked of them."""

    def __init__(self, views: Views) -> None:
        self.views, self.asked = views, 0

    def view(self, query: Query) -> View:
        self.asked += 1
        return self.views.view(query)

    def known(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Trust]:
        raise AssertionError("asks for hours, which history goes through one by one")

    def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
        assert account == (), "asks account by account"
        return {}

    def names(self, dataset: str, key: str) -> tuple[str, ...]:
        return self.views.names(dataset, key)


def test_sums_of_today() -> None:
    """By account, of the UTC day alone; list prices of Workers AI are not owed; what nobody counted is unknown."""
    one, two, three = (Account(id_, id_) for id_ in (ONE, TWO, THREE))
    found = {standing.account: standing for standing in standings(some(), (one, two, three), (), NOW)}
    assert (found[one].neurons, found[one].requests, found[one].errors, found[one].cache_hits) == (123.0, 150, 10, 20)
    assert (found[one].cost_usd, found[one].is_unpriced) == (0.5, False)
    assert (found[two].neurons, found[two].requests) == (None, 10)
    assert (found[two].cost_usd, found[two].is_unpriced) == (None, True)
    assert (found[three].neurons, found[three].requests, found[three].cost_usd) == (None, None, None)
    all_ = together(tuple(found.values()))
    assert (all_.neurons, all_.requests, all_.cost_usd, all_.unpriced) == (123.0, 160, 0.5, 1)
    assert all_.error_rate == pytest.approx(10 / 160)


def test_a_quota_knows_better() -> None:
    """Its use counts before the rows', its cost holds what a paid plan adds, and its 0 is one that is sure."""
    quotas = (
        burned(ONE, 500.0),
        Quota("cost_day", "USD", 1.75, None, account=ONE),
        Quota("requests", "requests", 0.0, None, account=THREE),
    )
    one, three = standings(some(), (Account(ONE, ""), Account(THREE, "")), quotas, NOW)
    assert (one.neurons, one.cost_usd, one.share) == (500.0, 1.75, 0.05)
    assert (three.requests, three.errors, three.error_rate) == (0, 0, None)


def test_the_worst_is_first() -> None:
    """No answer, nearly used up, running out or out; then by share, then by error rate; the label decides at last."""
    labels = {
        "offline": (Account(account_id(1), "offline", State.OFFLINE), 0.0),
        "stale": (Account(account_id(2), "stale", State.STALE), 100.0),
        "waits": (Account(account_id(3), "waits", until=NOW + timedelta(minutes=5)), 200.0),
        "nearly": (Account(account_id(4), "nearly"), 9_000.0),
        "out": (Account(account_id(5), "out"), 10_000.0),
        "half": (Account(account_id(7), "half"), 5_000.0),
        "failing": (Account(account_id(8), "failing"), 4_000.0),
        "b": (Account(account_id(9), "b"), 4_000.0),
        "a": (Account(account_id(10), "a"), 4_000.0),
    }
    quotas = [burned(account.id, used) for account, used in labels.values()]
    soon = Account(account_id(6), "soon")
    quotas.append(burned(soon.id, 300.0, pace=OUT))
    unknown, new = Account(account_id(11), "unknown"), Account(account_id(12), "new", State.STARTING)
    accounts = (new, unknown, *(account for account, _ in reversed(labels.values())), soon)
    views = histories(requests=[(labels["failing"][0].id, request_row(9, errors=1))])
    found = [one.account.label for one in standings(views, accounts, quotas, NOW)]
    assert found == [
        "out", "nearly", "soon", "waits", "stale", "offline", "half", "failing", "a", "b", "new", "unknown",
    ]  # fmt: skip
    all_ = together(standings(views, accounts, quotas, NOW))
    assert (all_.accounts, all_.urgent, all_.running_out, all_.unanswered) == (12, 6, 2, 3)


def test_a_few_questions_for_many_accounts() -> None:
    """Three, whatever their number."""
    for count in (1, 300):
        accounts = tuple(Account(account_id(n), f"a{n}") for n in range(count))
        views = Counting(histories(requests=[(one.id, request_row(9)) for one in accounts]))
        standings(views, accounts, (COST_QUOTA,), NOW)
        assert views.asked == 3


@given(st.lists(st.tuples(st.none() | st.integers(0, 50), st.none() | st.integers(50, 100))))
def test_a_rate_is_of_what_is_known(pairs: list[tuple[int | None, int | None]]) -> None:
    """A part without its whole, or the other way round, changes nothing; a rate lies between 0 and 1."""
    known = [pair for pair in pairs if None not in pair]
    assert rate(*pairs) == rate(*known)
    found = rate(*pairs)
    assert found is None or 0 <= found <= 1
    assert (found is None) == (not known)


def test_an_account_that_was_sampled_says_so() -> None:
    """It alone, and all together: their counts are of a sample."""

    class Sampled(Counting):
        def sampled(self, dataset: str, window: Window, account: tuple[str, ...] = ()) -> Mapping[datetime, Interval]:
            return {} if account == ("b",) else {TODAY: Interval(1, 3)}

    accounts = (Account("a", "A"), Account("b", "B"))
    found = standings(Sampled(some()), accounts, (), NOW)
    assert {one.account.id: one.is_sampled for one in found} == {"a": True, "b": False}
    assert together(found).is_sampled
