"""Not routed: what Workers AI ran without a gateway, and never a number where the two cannot be compared."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.insight.bypass import Bypass, Routed, bypass
from aigw_tui.model import HOUR, PERIODS, Scope, Views, Window
from stage import AFTERNOON, Stage
from world import BGE, GPT, LLAMA, NOW, TODAY, failure_row, neuron_row, recorded_all, request_row, world

DAY_SO_FAR = Window(TODAY, NOW)


def found(views: Views, scope: Scope | None = None) -> Bypass | None:
    return bypass(views, scope or Scope(), DAY_SO_FAR, NOW)


def test_inferences_beyond_the_requests_that_ran() -> None:
    """Cache hits ran nothing, nor did what a rate limit turned away; other providers are no part of it."""
    views = recorded_all(
        requests=[
            request_row(9, LLAMA, "workers-ai", requests=20, hits=5),
            request_row(9, LLAMA, "", requests=1, gateway="batch"),
            request_row(9, GPT, requests=50),
        ],
        failures=[failure_row(9, "429", "1", 3, errors=0), failure_row(9, "500", "0", 1)],
        neurons=[neuron_row(9, LLAMA, 30), neuron_row(10, BGE, 4)],
    )
    together = found(views)
    assert together
    assert together.models == (Routed(LLAMA, 30, 17), Routed(BGE, 4, 4))
    assert together.all.share == 21 / 34


def test_an_hour_does_not_pay_for_another() -> None:
    """More requests than inferences in one hour take nothing from the next; by model, too."""
    views = recorded_all(
        requests=[request_row(8, LLAMA, "workers-ai", requests=50), request_row(9, BGE, "workers-ai", requests=50)],
        neurons=[neuron_row(8, LLAMA, 10), neuron_row(9, LLAMA, 10)],
        failures=[],
    )
    together = found(views)
    assert together
    assert together.all == Routed("", 20, 10)


def test_hours_that_the_neurons_have_not_reached_are_left_out() -> None:
    """At 14:05 the hour from 13:00 is not over for neurons: neither count of it is whole."""
    rows = [neuron_row(12, LLAMA, 8), neuron_row(13, LLAMA, 100), neuron_row(14, LLAMA, 100)]
    together = found(recorded_all(requests=[], neurons=rows, failures=[]))
    assert together
    assert (together.all.inferences, together.until) == (8, TODAY + HOUR * 13)


def test_what_was_not_read_in_both_cannot_be_compared() -> None:
    """No hour, no share; and no inferences is no share either."""
    assert found(recorded_all(neurons=[neuron_row(9)])) == Bypass()
    empty = found(recorded_all(neurons=[], requests=[]))
    assert empty
    assert empty.all.share is None


def test_a_gateway_has_none() -> None:
    """Workers AI's count is the account's: in a scope of a gateway, a provider or a status it is unknown."""
    narrow = (Scope().narrow(gateway="prod"), Scope().narrow(provider="workers-ai"), Scope().narrow(status="429"))
    assert [found(world(), scope) for scope in narrow] == [None] * 3
    one = found(world(), Scope().narrow(provider="workers-ai", model=LLAMA))
    assert one
    assert [model.model for model in one.models] == [LLAMA]
    assert found(world(), replace(Scope(), pattern="bge"))


def test_long_windows_count_whole_days() -> None:
    """Today is not over, so 30 days end with yesterday."""
    month = bypass(world(), Scope(PERIODS[3]), PERIODS[3].at(NOW), NOW)
    assert month
    assert month.until == TODAY
    assert month.all.inferences > 0


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), max_size=12))
def test_never_negative_and_never_more_than_all(rows: list[tuple[int, int, int, int]]) -> None:
    """Whatever the datasets say beside each other."""
    unique = {row[0]: row for row in rows}.values()
    together = found(
        recorded_all(
            requests=[request_row(hour, LLAMA, "workers-ai", requests=n, hits=hits) for hour, n, hits, _ in unique],
            neurons=[neuron_row(hour, LLAMA, count) for hour, _, _, count in unique],
            failures=[],
        )
    )
    assert together
    assert all(0 <= one.past <= one.inferences for one in (together.all, *together.models))


async def test_the_demo_tells_the_truth() -> None:
    """What the figure says of the built-in account is what ran there without a gateway, to the inference."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        scene = stage.monitor.scene
        assert scene
        together = bypass(scene.snapshot.views, Scope(), scene.snapshot.window, scene.snapshot.now)
        assert together
        assert together.until
        events = stage.box.account.events(TODAY.timestamp(), together.until.timestamp())
        ran = [event for event in events if event.is_inference and event.counted_at <= AFTERNOON.timestamp()]
        assert together.all == Routed("", len(ran), sum(not event.gateway for event in ran))
        assert together.all.past
