"""Two counts of the same day: what is compared with what, the verdict, and causes that add up to the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.insight.alignment import standing
from aigw_tui.insight.comparing import Comparison, compare
from aigw_tui.insight.gap import price_of
from aigw_tui.model import DAY, HOUR, Count, Counter, Query, Views, Window
from world import ACCOUNT, BGE, GPT, LLAMA, NOW, TODAY, empty, failure_row, neuron_row, recorded_all, request_row

MINUTE = timedelta(minutes=1)
END = TODAY + HOUR * 13
"""The newest hour that neurons have reached at 14:05."""


def poll(at: datetime, used: float, inferences: int | None = None, limit: float | None = None) -> Count:
    return Count(at, TODAY.date(), used, limit, inferences)


def every(minutes: int, each_hour: float, calls: int | None = None) -> tuple[Count, ...]:
    """Asked again and again since midnight, of a counter that grows evenly."""
    steps = int((NOW - TODAY) / (MINUTE * minutes))
    return tuple(
        poll(
            TODAY + MINUTE * minutes * n,
            each_hour * minutes * n / 60,
            None if calls is None else round(calls * minutes * n / 60),
        )
        for n in range(1, steps + 1)
    )


def day(**more: Sequence[tuple[object, ...]]) -> Views:
    """100 neurons an hour in 10 inferences, all of them through a gateway."""
    rows = {
        "requests": [request_row(hour, LLAMA, "workers-ai", requests=10) for hour in range(14)],
        "failures": [],
        "neurons": [neuron_row(hour, LLAMA, 10, 100.0) for hour in range(13)],
        "pulse": [pulse_row(TODAY + HOUR * hour) for hour in range(14)],
    }
    return recorded_all(**{**rows, **more})  # type: ignore[arg-type]


def pulse_row(at: datetime, requests: int = 10) -> tuple[object, ...]:
    return (int(at.timestamp()), "prod", requests, 0, 0, 0, 0, 0.0)


def compared(*polls: Count, views: Views | None = None, now: datetime = NOW, **more: object) -> Comparison:
    return compare(views or day(), replace(Counter(ACCOUNT, polls), **more), 10_000, now)  # type: ignore[arg-type]


class TestAligned:
    """The same hours of the same UTC day."""

    def test_up_to_the_newest_whole_hour(self) -> None:
        """Both counts end at 13:00: neurons of 13:00–14:00 are 40 minutes late at 14:05."""
        found = compared(*every(10, 100.0))
        assert found.point is not None
        assert (found.point.at, found.point.measured) == (END, 1300.0)
        assert found.point.worker == pytest.approx(1300.0)
        assert (found.verdict, found.point.is_estimate) == ("agrees", False)

    @pytest.mark.parametrize(("minutes", "hour"), [(0, 14), (65, 13), (66, 12)])
    def test_the_delay_is_configured(self, minutes: int, hour: int) -> None:
        """So much of the present is left out."""
        views = day(neurons=[neuron_row(hour, LLAMA, 10, 100.0) for hour in range(14)])
        found = compared(*every(10, 100.0), views=views, delay_s=60.0 * minutes)
        assert found.point is not None
        assert found.point.at == TODAY + HOUR * hour

    def test_between_two_answers(self) -> None:
        """Answers at 12:55 and 13:05 make the count of 13:00, by a straight line."""
        polls = (poll(END - MINUTE * 5, 1000.0), poll(END + MINUTE * 5, 1100.0), poll(NOW, 1500.0))
        found = compared(*polls)
        assert found.point is not None
        assert (found.point.worker, found.point.is_estimate) == (1050.0, False)

    def test_asked_once(self) -> None:
        """At midnight it was 0, and since then it went as the gateways' requests did: an estimate."""
        found = compared(poll(NOW, 1400.0))
        assert found.point is not None
        assert (found.point.worker, found.point.is_estimate) == (1300.0, True)
        assert found.curve == ()
        assert "~1.00 times" in found.why

    def test_nothing_tells(self) -> None:
        """Without traffic between two far answers nobody knows."""
        found = compared(poll(NOW, 1400.0), views=day(pulse=[]))
        assert found.verdict == "cannot tell"
        assert "nobody asked the Worker around 13:00 UTC" in found.why

    def test_old_answers(self) -> None:
        """Where nobody asked since, the comparison ends with the last answer."""
        found = compared(*(one for one in every(10, 100.0) if one.at <= TODAY + HOUR * 9))
        assert found.point is not None
        assert found.point.at == TODAY + HOUR * 9

    def test_a_hole(self) -> None:
        """It ends before an hour that was not read; when that is the first one nothing can be said."""
        assert compared(*every(10, 100.0), views=empty("requests")).verdict == "cannot tell"
        assert "00:00 UTC were not read yet" in compared(*every(10, 100.0), views=empty("requests")).why

    @given(st.lists(st.tuples(st.integers(1, 844), st.floats(0, 1e6)), max_size=12), st.integers(0, 13))
    def test_it_lies_between_its_neighbours(self, raw: list[tuple[int, float]], hour: int) -> None:
        """What the counter had reached is never outside what it said before and after."""
        polls = [poll(TODAY + MINUTE * at, used) for at, used in sorted(dict(raw).items())]
        moment = TODAY + HOUR * hour
        found = standing(empty(), ACCOUNT, polls, moment)
        before = [0.0, *(one.used for one in polls if one.at < moment)][-1]
        after = next((one.used for one in polls if one.at >= moment), None)
        if found is not None and after is not None and hour:
            assert min(before, after) - 1e-6 <= found.used <= max(before, after) + 1e-6


class TestVerdict:
    """Agrees, drifts or cannot tell; each with its reason."""

    @pytest.mark.parametrize(("factor", "verdict"), [(1.0, "agrees"), (1.09, "agrees"), (0.91, "agrees"),
                                                     (1.11, "drifts"), (0.89, "drifts"), (3.0, "drifts")])  # fmt: skip
    def test_a_tenth(self, factor: float, verdict: str) -> None:
        """The ratio of both decides."""
        found = compared(*every(10, 100.0 * factor))
        assert found.verdict == verdict
        assert f"{factor:.2f} times" in found.why

    def test_the_tolerance_is_configured(self) -> None:
        """What was too far apart may be near enough."""
        assert compared(*every(10, 130.0), tolerance=0.35).verdict == "agrees"

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"why": "HTTP 503", "remedy": "check"}, "HTTP 503"),
            ({"polls": ()}, "the Worker was not asked yet"),
            ({"polls": (Count(NOW, (NOW - DAY).date(), 9000.0),)}, "counts 22 Nov, and today is 23 Nov (UTC)"),
            ({"polls": (*every(10, 100.0)[:40], poll(NOW - HOUR, 20.0), poll(NOW, 60.0))}, "went back at 13:05 UTC"),
            ({"polls": (poll(NOW, 0.0),)}, ""),
        ],
    )
    def test_cannot_tell(self, changed: dict[str, object], reason: str) -> None:
        """Each with the reason, whatever was known before."""
        found = compared(*every(10, 100.0), **changed)  # type: ignore[arg-type]
        assert reason in found.why
        assert (found.verdict == "cannot tell") is bool(reason)

    def test_the_first_hours(self) -> None:
        """Before 01:40 UTC no hour can be compared."""
        found = compared(poll(TODAY + MINUTE * 50, 9.0), now=TODAY + MINUTE * 59)
        assert (found.verdict, found.point) == ("cannot tell", None)
        assert "from 01:40 UTC on" in found.why

    def test_nothing_ran(self) -> None:
        """Two zeros are no agreement; a count of what did not run is a drift."""
        views = empty("neurons", "requests", "failures", "pulse")
        idle = tuple(replace(one, used=0.0) for one in every(10, 0.0))
        assert "neither has counted" in compared(*idle, views=views).why
        assert compared(*every(10, 5.0), views=views).verdict == "drifts"

    def test_an_estimate_near_the_tolerance(self) -> None:
        """Decides nothing: 1.11 may be 1.09."""
        found = compared(poll(NOW, 1400.0 * 1.11))
        assert found.verdict == "cannot tell"
        assert "too near to the tolerance" in found.why
        assert compared(poll(NOW, 1400.0 * 1.3)).verdict == "drifts"


class TestCauses:
    """What makes up the gap."""

    @staticmethod
    def of(found: Comparison) -> dict[str, tuple[float | None, str]]:
        return {reason.kind: (reason.neurons, reason.words) for reason in found.reasons}

    def test_all_at_once(self) -> None:
        """A flat price, cache hits that it charges, inferences that pass no gateway, and a limit of its own."""
        views = day(
            requests=[request_row(9, LLAMA, "workers-ai", requests=100, hits=20), request_row(9, GPT, requests=50)],
            failures=[failure_row(9, "429", "1", requests=5, errors=0)],
            neurons=[neuron_row(9, LLAMA, 75, 600.0), neuron_row(9, BGE, 10, 50.0)],
        )
        polls = [replace(one, used=9.0 * 95, inferences=95, limit=9500.0) for one in every(10, 1.0)]
        polls = [one if one.at > TODAY + HOUR * 9 else replace(one, used=0.0, inferences=0) for one in polls]
        causes = self.of(compared(*polls, views=views))
        assert causes["price"][0] == pytest.approx(9.0 * 75 - 600.0)
        assert "9.00 neurons a call" in causes["price"][1]
        assert "7.65 an inference" in causes["price"][1]
        assert causes["cache"][0] == 180.0
        assert causes["cache"][1].startswith("20 of 100 requests")
        assert causes["not routed"] == (-50.0, "~10 of 85 inferences passed no gateway; it may not know of them")
        assert "calls" not in causes
        assert causes["limit"][1] == "its limit is 9,500 against 10,000: it stops 500 early"

    def test_hits_that_it_does_not_charge(self) -> None:
        """Its number of calls tells."""
        views = day(requests=[request_row(9, LLAMA, "workers-ai", requests=150, hits=20)])
        polls = [replace(one, used=10.0 * 130, inferences=130) for one in every(10, 1.0)]
        assert self.of(compared(*polls, views=views))["cache"][0] == 0.0

    def test_calls_of_others(self) -> None:
        """A Worker that is one of several users of the account counts its own part."""
        causes = self.of(compared(*every(10, 50.0, calls=5)))
        assert causes["calls"][0] == pytest.approx(-10.0 * 65, rel=0.01)
        assert "65 calls of the 130" in causes["calls"][1]

    def test_without_calls(self) -> None:
        """What may be, without figures that nobody knows."""
        views = day(requests=[request_row(9, LLAMA, "workers-ai", requests=10, hits=4)])
        causes = self.of(compared(*every(10, 100.0), views=views))
        assert "price" not in causes
        assert causes["cache"][0] is None

    def test_the_drift(self) -> None:
        """From the first to the last hour near which it was asked."""
        polls = [replace(one, used=one.used * (1 + (one.at - TODAY) / HOUR / 10)) for one in every(10, 100.0)]
        words = self.of(compared(*polls))["drift"][1]
        assert "1.10 at 01:00 to 2.30 at 13:00 UTC" in words
        assert "+140 neurons an hour" in words
        assert "stood still" in self.of(compared(*every(10, 150.0)))["drift"][1]

    def test_exceeded(self) -> None:
        """It turns calls away while the account has most of its neurons left."""
        last = replace(every(10, 100.0)[-1], is_exceeded=True)
        causes = self.of(compared(*every(10, 100.0)[:-1], last))
        assert causes["exceeded"][1].endswith("used to 13 %")

    @given(
        st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.floats(0, 5000), st.floats(0.1, 100),
        st.integers(0, 900),
    )  # fmt: skip
    def test_they_add_up(
        self, requests: int, hits: int, inferences: int, neurons: float, each: float, calls: int
    ) -> None:
        """Whatever both count, the causes' neurons are the gap."""
        hits = min(hits, requests)
        views = recorded_all(
            requests=[request_row(9, LLAMA, "workers-ai", requests=requests, hits=hits)],
            failures=[],
            neurons=[neuron_row(9, LLAMA, inferences, neurons)],
            pulse=[],
        )
        polls = [replace(one, used=each * calls, inferences=calls) for one in every(10, 1.0)]
        found = compared(*polls, views=views)
        assert found.point is not None
        if calls:
            assert sum(one.neurons or 0 for one in found.reasons) == pytest.approx(found.point.gap, abs=1e-6)

    def test_the_price(self) -> None:
        """Fitted through 0; flat only when several answers lie on the line."""
        assert price_of(()) is None
        assert price_of((poll(NOW, 30.0),)) is None
        flat = price_of(every(10, 100.0, calls=20))
        assert flat is not None
        assert flat.is_flat
        assert flat.neurons == pytest.approx(5.0, rel=0.02)
        mixed = price_of((poll(NOW - HOUR, 100.0, 10), poll(NOW, 600.0, 30)))
        assert mixed is not None
        assert not mixed.is_flat


def test_the_whole_day_from_the_store() -> None:
    """What is measured is the sum of the store's hours, no more and no less."""
    views, found = day(), compared(*every(10, 100.0))
    query = Query("neurons", Window(TODAY, END), (), ("neurons",))
    assert found.point is not None
    assert found.point.measured == views.view(query).total.values[0]
    assert [point.at for point in found.curve] == [TODAY + HOUR * n for n in range(1, 14)]
