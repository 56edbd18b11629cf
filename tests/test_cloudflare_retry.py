"""Trying again: three times, with jitter, only for what passes by itself, within one deadline."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.cloudflare.retry import Deadline, insist
from aigw_tui.errors import AigwError, AuthError, BadDataError, BudgetError, LimitError, TransientError
from aigw_tui.transport import retry_after_s
from wire import NOW, BentClock


class Act:
    """Fails with each of these in turn, then answers."""

    def __init__(self, *failures: AigwError) -> None:
        self.failures = list(failures)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "answer"


async def test_it_answers_after_two_failures() -> None:
    """Two waits, of at most 0.5 and 1 s."""
    clock, act = BentClock(), Act(TransientError("a"), TransientError("b"))
    assert await insist(act, clock, Deadline(clock)) == "answer"
    first, second = (wait for wait in clock.waits if wait)
    assert act.calls == 3
    assert 0 <= first <= 0.5
    assert 0 <= second <= 1.0


async def test_it_gives_up_after_three() -> None:
    """The last failure is raised; nothing is written over the screen."""
    clock, act = BentClock(), Act(*(TransientError(str(n)) for n in range(5)))
    with pytest.raises(TransientError, match="2"):
        await insist(act, clock, Deadline(clock))
    assert act.calls == 3
    assert not logging.getLogger("stamina").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("failure", [AuthError("x"), BadDataError("x"), BudgetError("x", NOW), LimitError("x")])
async def test_only_what_passes_is_tried_again(failure: AigwError) -> None:
    """A refusal is not made better by asking again."""
    clock, act = BentClock(), Act(failure)
    with pytest.raises(type(failure)):
        await insist(act, clock, Deadline(clock))
    assert act.calls == 1


async def test_retry_after_is_obeyed() -> None:
    """The server's wait, to the second, when the deadline leaves room for it."""
    clock, act = BentClock(), Act(TransientError("busy", retry_after_s=12))
    await insist(act, clock, Deadline(clock))
    assert [wait for wait in clock.waits if wait] == [12]


async def test_a_wait_past_the_deadline_is_left_to_the_caller() -> None:
    """The error is raised at once and still says how long to wait."""
    clock, act = BentClock(), Act(TransientError("busy", retry_after_s=31))
    with pytest.raises(TransientError) as caught:
        await insist(act, clock, Deadline(clock, 30))
    assert caught.value.retry_after_s == 31
    assert act.calls == 1


async def test_a_deadline_is_shared() -> None:
    """What one exchange has used is gone for the next."""
    clock = BentClock()
    deadline = Deadline(clock, 30)
    clock.advance(29)
    assert deadline.left_s == 1
    clock.advance(29)
    assert deadline.left_s == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("5", 5),
        ("0", 0),
        ("-7", 0),
        ("1.5", 1.5),
        ("1000000000", 900),
        ("1e999", 900),
        ("nan", None),
        ("soon", None),
        ("", None),
        (format_datetime(NOW + timedelta(seconds=40), usegmt=True), 40),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 900),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    """Seconds or a date, 0 to 15 minutes; garbage is as if it were absent."""
    assert retry_after_s(text, NOW) == seconds


@given(st.text())
def test_retry_after_of_any_text(text: str) -> None:
    """Whatever a server sends, the wait is unknown or between 0 and 15 minutes."""
    found = retry_after_s(text, NOW)
    assert found is None or 0 <= found <= 900
