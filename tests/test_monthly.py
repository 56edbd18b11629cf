"""What a month costs, and whether its limit lasts: told by the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aigw_tui.history import open_history
from aigw_tui.insight.monthly import cost_month, next_month
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.tabulate import month_of
from aigw_tui.insight.verdict import judge
from aigw_tui.model import DAY, Pace, Quota, Views, Window
from world import ACCOUNT, NOW, SERVER, TODAY, _record, request_row

SPENT = Quota("cost_day", "USD", 3.0, None, pace=Pace((), 4.0, 5.0, 6.0), account=ACCOUNT)


def month(cost: float = 5.0, first: datetime = month_of(NOW), missing: int = 0) -> Views:  # noqa: B008 - a constant
    """Every day from `first` to yesterday cost so much, at noon; one day was never read."""
    history = open_history(None, SERVER, NOW).history
    for n in range((TODAY - first) // DAY):
        day = first + DAY * n
        if day.day != missing:
            _record(history, Window(day, day + DAY), [request_row(12, cost=cost, day=day)], "requests")
    return history


@pytest.mark.parametrize(
    ("moment", "following"),
    [(datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
     (datetime(2028, 2, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC))],
)  # fmt: skip
def test_the_next_month(moment: datetime, following: datetime) -> None:
    """Of any length."""
    assert next_month(moment) == following


def test_what_was_spent_and_what_is_to_come() -> None:
    """22 days of $5 and $3 of today; today ends at $5, and the 7 days left are like the others."""
    found = cost_month(month(), ACCOUNT, Allowance(cost_month=200.0), SPENT, NOW)
    assert found.used == pytest.approx(22 * 5 + 3)
    assert found.pace is not None
    assert found.pace.likely == pytest.approx(22 * 5 + 5 + 7 * 5)
    assert found.pace.low < found.pace.likely < found.pace.high
    assert judge(found).texts[0] == "✓ lasts to 1 Dec"


@pytest.mark.parametrize(
    ("limit", "said"),
    [(135.0, "▲ runs out 27 Nov–28 Nov"), (150.0, "▲ may run out from 30 Nov"), (51.0, "▲ used up 11 Nov"),
     (112.0, "▲ used up 23 Nov")],
)  # fmt: skip
def test_when_it_ends(limit: float, said: str) -> None:
    """A day, not an hour."""
    found = cost_month(month(), ACCOUNT, Allowance(cost_month=limit), SPENT, NOW)
    assert judge(found).texts[0] == said


def test_a_day_that_was_never_read() -> None:
    """A sum without it would be too low: unknown."""
    found = cost_month(month(missing=9), ACCOUNT, Allowance(cost_month=200.0), SPENT, NOW)
    assert (found.used, found.pace, found.share) == (None, None, None)


def test_the_first_of_the_month() -> None:
    """Only today is known of it, and a straight line is wide."""
    first = datetime(2026, 11, 1, 12, tzinfo=UTC)
    found = cost_month(open_history(None, SERVER, first).history, ACCOUNT, Allowance(), SPENT, first)
    assert found.used == 3.0
    assert found.pace is not None
    assert found.pace.high > 2 * found.pace.low
    assert cost_month(month(), ACCOUNT, Allowance(), replace(SPENT, used=None), first).used is None
