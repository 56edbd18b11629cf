"""The narrowest account there may be: few fields, few rows and short windows in an answer, and still nothing is cut."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aigw_tui.demo.box import Limits
from aigw_tui.demo.truth import totals
from aigw_tui.model import DAY, HOUR, Query, Scope, Window, day_of
from test_sampled_account import NOW, Watch

PAST = Window(day_of(NOW) - 2 * DAY, day_of(NOW) + 4 * HOUR)


@pytest.mark.parametrize(("window", "fields"), [(timedelta(hours=6), 8), (32 * DAY, 8), (32 * DAY, 30)])
async def test_windows_and_fields_are_split(window: timedelta, fields: int) -> None:
    """Pages of 40 rows, which an hour by the minute does not fit on; all sums are the truth, at three requests a
    refresh, because such an hour is asked in quarters."""
    watch = Watch(Limits(page=40, fields=fields, window=window, oldest=3 * DAY))
    await watch.hours(0.5)
    truth = totals(watch.box.account, PAST)

    def sums(name: str, *measures: str) -> tuple[float | None, ...]:
        return watch.history.view(Query(name, PAST, (), measures)).total.values

    assert sums("requests", "requests", "errors", "cache_hits", "tokens_in", "tokens_out") == (
        truth.requests,
        truth.errors,
        truth.cached,
        truth.tokens_in,
        truth.tokens_out,
    )
    assert [*sums("requests", "cost_usd"), *sums("pulse", "cost_usd")] == pytest.approx([truth.cost] * 2)
    assert sums("pulse", "requests", "errors") == (truth.requests, truth.errors)
    assert sums("failures", "errors") == (truth.errors,)
    assert sums("neurons", "inferences", "neurons") == pytest.approx((truth.inferences, truth.neurons))
    assert watch.feed.look(Scope()).faults == ()
    assert await watch.hours(0.25) <= 17 * 3
    await watch.feed.close()
