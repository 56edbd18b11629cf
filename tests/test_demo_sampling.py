"""Adaptive sampling in the box: scaled counts, an interval that means what it says, and samples that may differ."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aigw_tui.demo.box import Box
from aigw_tui.demo.limits import REQUESTS, Limits
from aigw_tui.demo.truth import totals
from aigw_tui.format import from_iso
from aigw_tui.model import DAY, HOUR, Window
from test_demo_graphql import NEURONS, TODAY, StandingClock, groups, post, within

ROOMY = 100_000
"""Queries and rows: these tests are not about either."""
FORTNIGHT = Window(TODAY.since - 14 * DAY, TODAY.since)
INTERVAL = "count confidence(level: 0.95) { level count { estimate lower upper sampleSize } }"


def sampled(interval: int, *, wobble: bool = False) -> Box:
    return Box(StandingClock(), limits=Limits(page=ROOMY, queries=ROOMY, sampling=interval, wobble=wobble))


def by_hour(rows: list[Any], *path: str) -> dict[str, float]:
    """A number of each row, added up by hour."""
    found: dict[str, float] = {}
    for row in rows:
        value = row
        for step in path:
            value = value[step]
        hour = row["dimensions"]["datetimeHour"]
        found[hour] = found.get(hour, 0) + value
    return found


def hourly(box: Box, fields: str, window: Window = FORTNIGHT, node: str = REQUESTS) -> list[Any]:
    return groups(box, node, f"{fields} dimensions {{ datetimeHour }}", window, "limit: 1000")


def detailed(box: Box, fields: str, window: Window = FORTNIGHT) -> list[Any]:
    dimensions = "datetimeHour gateway provider model"
    return groups(box, REQUESTS, f"{fields} dimensions {{ {dimensions} }}", window, "limit: 100000")


def test_rows_and_totals_look_at_the_same_events() -> None:
    """Whatever is grouped by, a window's counts and sums are the same, in whole multiples of the interval."""
    box, fields = sampled(10), "count sum { tokensIn cachedRequests }"
    rows, whole = detailed(box, fields), hourly(box, fields)
    for path in (("count",), ("sum", "tokensIn"), ("sum", "cachedRequests")):
        assert by_hour(rows, *path) == by_hour(whole, *path)
    assert all(isinstance(row["count"], int) and row["count"] % 10 == 0 for row in rows)
    assert all(isinstance(row["sum"]["tokensIn"], int) and row["sum"]["tokensIn"] % 10 == 0 for row in rows)


def test_the_scaled_figures_are_near_the_truth() -> None:
    """Over a fortnight, counts, errors, tokens, cost and neurons are right to a few per cent, and not exact."""
    box, true = sampled(5), totals(Box(StandingClock()).account, FORTNIGHT)
    (row,) = groups(box, REQUESTS, "count sum { tokensIn cost }", FORTNIGHT)
    (burnt,) = groups(box, NEURONS, "count sum { totalNeurons }", FORTNIGHT)
    for found, right in (
        (row["count"], true.requests),
        (row["sum"]["tokensIn"], true.tokens_in),
        (row["sum"]["cost"], true.cost),
        (burnt["count"], true.inferences),
        (burnt["sum"]["totalNeurons"], true.neurons),
    ):
        assert found == pytest.approx(right, rel=0.08)
        assert found != pytest.approx(right, rel=1e-4)


@pytest.mark.parametrize("interval", [2, 4])
def test_the_interval_holds_the_truth_as_often_as_it_says(interval: int) -> None:
    """Of a fortnight's busy hours, about 95 in 100; and the estimate is the count."""
    box, account = sampled(interval), Box(StandingClock()).account
    told = []
    for row in hourly(box, INTERVAL):
        count = row["confidence"]["count"]
        assert row["confidence"]["level"] == 0.95
        assert count["estimate"] == row["count"] == interval * count["sampleSize"]
        assert count["sampleSize"] <= count["lower"] < row["count"] < count["upper"]
        start = from_iso(row["dimensions"]["datetimeHour"])
        if count["sampleSize"] >= 15:
            told.append(count["lower"] <= totals(account, Window(start, start + HOUR)).requests <= count["upper"])
    assert len(told) > 80
    assert 0.9 < sum(told) / len(told) < 1


def test_a_higher_level_is_a_wider_interval() -> None:
    """0.99 reaches further than 0.95, which reaches 1.96 standard deviations; what is no level is refused."""
    box, interval = sampled(4), "{ count { lower upper sampleSize } }"
    levels = f"a: confidence(level: 0.95) {interval} b: confidence(level: 0.99) {interval}"
    (row,) = groups(box, REQUESTS, levels, TODAY)
    (size, lower, upper), (_, least, most) = (
        (row[name]["count"]["sampleSize"], row[name]["count"]["lower"], row[name]["count"]["upper"]) for name in "ab"
    )
    assert upper - lower == pytest.approx(2 * 1.96 * 4 * (size * 0.75) ** 0.5, rel=1e-4)
    assert least < lower < upper < most
    asked = f'{REQUESTS}(limit: 1, filter: {{date: "2026-11-23"}}) {{ confidence(level: 1) {{ level }} }}'
    assert post(box, within(asked))["errors"][0]["message"].startswith("error parsing args")


def test_nothing_sampled_is_a_point() -> None:
    """One in one: lower, upper, estimate and sample size are the count."""
    for row in hourly(sampled(1), INTERVAL, TODAY):
        interval = row["confidence"]["count"]
        assert set(interval.values()) == {row["count"]}


def test_datasets_of_the_same_calls_agree() -> None:
    """Errors are sampled like the requests that they are; stored log rows are no sample."""
    box, window = sampled(3), Window(TODAY.since - 3 * DAY, TODAY.since)
    (row,) = groups(box, REQUESTS, "sum { erroredRequests }", window)
    bounds = 'limit: 9, filter: {datetimeMinute_geq: "2026-11-20T00:00:00Z", datetimeMinute_lt: "2026-11-23T00:00:00Z"}'
    answer = post(box, within(f"aiGatewayErrorsAdaptiveGroups({bounds}) {{ count }}"))
    (failed,) = answer["data"]["viewer"]["accounts"][0]["aiGatewayErrorsAdaptiveGroups"]
    assert failed["count"] == row["sum"]["erroredRequests"] > 0
    stored = f"aiGatewaySizeAdaptiveGroups({bounds}) {{ max {{ rows }} dimensions {{ gateway }} }}"
    assert post(box, within(stored)) == post(sampled(1), within(stored))


def test_quantiles_are_those_of_the_sample() -> None:
    """Durations are not scaled: the sample's median lies amid the durations of all."""
    fields = "quantiles { durationMsP25 durationMsP50 durationMsP75 }"
    whole, part = (groups(sampled(interval), REQUESTS, fields, FORTNIGHT)[0]["quantiles"] for interval in (1, 8))
    assert whole["durationMsP25"] < part["durationMsP50"] < whole["durationMsP75"]
    assert part != whole


def test_wobbling_rows_and_totals_differ_within_their_interval() -> None:
    """Some events are drawn anew for each set of dimensions: sums of rows stray from totals, within their interval."""
    box = sampled(4, wobble=True)
    rows = by_hour(detailed(box, "count"), "count")
    totals_of = {row["dimensions"]["datetimeHour"]: row["confidence"]["count"] for row in hourly(box, INTERVAL)}
    strays = [rows.get(hour, 0) != total["estimate"] for hour, total in totals_of.items()]
    within_it = [total["lower"] <= rows.get(hour, 0) <= total["upper"] for hour, total in totals_of.items()]
    assert sum(strays) > 0.5 * len(strays)
    assert sum(within_it) > 0.98 * len(within_it)
    assert sum(rows.values()) == pytest.approx(sum(total["estimate"] for total in totals_of.values()), rel=0.03)


def test_wobble_is_the_same_each_time() -> None:
    """The same question gets the same answer, and the order of its dimensions does not matter."""
    first, second = (
        groups(sampled(4, wobble=True), REQUESTS, f"count dimensions {{ {names} }}", TODAY, "limit: 99")
        for names in ("gateway model", "model gateway")
    )
    assert sorted(row["count"] for row in first) == sorted(row["count"] for row in second)


SCRIPT = """
from test_demo_sampling import TODAY, groups, sampled
print(groups(sampled(7), "aiGatewayRequestsAdaptiveGroups", "count", TODAY)[0]["count"])
"""


def test_every_process_draws_the_same_sample() -> None:
    """Python's own hashes of text differ between processes; the sample does not."""
    (row,) = groups(sampled(7), REQUESTS, "count", TODAY)
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(Path(__file__).parent)}
    told = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    assert int(told.stdout) == row["count"]
