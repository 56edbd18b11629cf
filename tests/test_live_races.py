"""What changes while a question is under way: its answer is that of the scope it was asked for, and of no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from account import MadeUpAccount
from aigw_tui.errors import AigwError, AuthError, BudgetError, TransientError
from aigw_tui.model import DAY, MONTH, WEEK, Gateway, Logged, Scope, Window, day_of
from aigw_tui.source import Answer, Question
from test_live import NOW, Desk

ROWS = ((5, 840.0, 2100.0, 4000.0),)


class Slow(MadeUpAccount):
    """Something happens while it answers what somebody looks at."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)
    log_error: AigwError | None = None

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        answer = await super().fetch(account, questions)
        if any(question.by is not None for question in questions):
            meanwhile, self.meanwhile = self.meanwhile, lambda: None
            meanwhile()
        return answer

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        if self.log_error:
            raise self.log_error
        return await super().logged(account, gateway, window)


def desk_of(*accounts: str) -> tuple[Desk, Slow]:
    desk = Desk(*accounts)
    desk.account.__class__ = Slow
    slow = desk.account
    assert isinstance(slow, Slow)
    slow.live["latency"] = ROWS
    return desk, slow


@pytest.mark.parametrize(
    "other", [Scope(WEEK), Scope(MONTH), Scope().narrow(account="b"), Scope().narrow(gateway="prod")]
)
async def test_the_scope_changes_while_the_answer_is_under_way(other: Scope) -> None:
    """The new scope has no answer before it was asked itself; who goes back has the one that came."""
    desk, slow = desk_of("a", "b")
    await desk.pass_(900)
    slow.live_asked.clear()
    slow.meanwhile = lambda: desk.feed.need(other, ["latency"])
    mine = Scope().narrow(account="a")
    desk.feed.need(mine, ["latency"])
    await anext(desk.steps)
    while not slow.live_asked:
        await anext(desk.steps)
    assert [one for one in desk.feed.look(other).live if one.account == "a"] == []
    desk.feed.need(mine, ["latency"])
    assert [one.rows for one in desk.feed.look(mine).answers("latency", "provider", "model")] == [ROWS]
    await desk.feed.close()


async def test_midnight() -> None:
    """An answer about yesterday is none about today, also while nobody answers."""
    desk, slow = desk_of()
    desk.feed.need(Scope(), ["latency"])
    await desk.pass_(900)
    assert desk.feed.look(Scope()).answers("latency", "hour")
    slow.down["a"] = TransientError("no network")
    desk.clock.pass_((day_of(NOW) + DAY - desk.clock.now()).total_seconds() - 1)
    assert desk.feed.look(Scope()).answers("latency", "hour")
    desk.clock.pass_(2)
    assert desk.feed.look(Scope()).live == ()
    await desk.feed.close()


@pytest.mark.parametrize(
    "error", [TransientError("no network"), AuthError("not this one"), BudgetError("used up", NOW)]
)
async def test_logs_that_cannot_be_counted_end_nothing(error: AigwError) -> None:
    """They are unknown with their reason, and the round that asked for them was good."""
    desk, slow = desk_of()
    await desk.pass_(900)
    slow.gateways_said = (Gateway("prod"),)
    slow.log_error = error
    await desk.look(Scope(), "gateways", "logged")
    await desk.pass_(120)
    ((_, _, (logged,)),) = desk.feed.look(Scope()).logged
    assert (logged.rows, logged.why) == (None, error.why)
    slow.log_error = None
    await desk.pass_(700)
    ((_, _, (logged,)),) = desk.feed.look(Scope()).logged
    assert logged.rows == 7
    await desk.feed.close()
