"""The words of a report: short, honest about what is unknown, the same in every format."""

from __future__ import annotations

from datetime import datetime

import pytest

from aigw_tui.insight.daily import Failed
from aigw_tui.insight.measured import Figure
from aigw_tui.insight.quality import Quality
from aigw_tui.model import HOUR, Window
from aigw_tui.outlets.report import phrases
from world import TODAY


def at(hour: int) -> datetime:
    return TODAY + HOUR * hour


@pytest.mark.parametrize(
    ("value", "usual", "said", "news"),
    [
        (112.0, 100.0, "▲ 12 %", "bad"),
        (97.0, 100.0, "▼ 3.0 %", ""),
        (50.0, 100.0, "▼ 50 %", "good"),
        (100.0, 100.0, "= 0 %", ""),
        (3.0, 0.0, "▲ new", ""),
        (0.0, 0.0, "= 0 %", ""),
        (None, 100.0, "–", ""),
        (100.0, None, "–", ""),
    ],
)
def test_changes(value: float | None, usual: float | None, said: str, news: str) -> None:
    """An arrow and per cent; more errors are bad news from a tenth on, fewer are good news."""
    figure = Figure("errors", "requests", value, usual)
    assert (phrases.change(figure), phrases.news(figure)) == (said, news)


@pytest.mark.parametrize(("name", "news"), [("cache_hit_rate", "good"), ("cost_usd", "bad"), ("neurons", "")])
def test_what_is_good_news(name: str, news: str) -> None:
    """More hits are; more neurons are neither."""
    assert phrases.news(Figure(name, "share", 2.0, 1.0)) == news


def test_estimates_are_marked() -> None:
    """Also what they are set against; unknown and nothing carry no mark."""
    assert phrases.value(Figure("saved_usd", "USD", 1.16, mark="~")) == "~$1.16"
    assert phrases.usual(Figure("saved_usd", "USD", 1.0, 1.18, mark="~")) == "~$1.18"
    assert phrases.value(Figure("saved_usd", "USD", 0.0, mark="~")) == "$0.00"
    assert phrases.value(Figure("requests", "requests", None)) == "–"


@pytest.mark.parametrize(
    ("holes", "has_days", "said"),
    [
        ((), False, ""),
        ((Window(at(3), at(6)),), False, "missing 03:00–06:00"),
        ((Window(at(22), at(24)),), False, "missing 22:00–24:00"),
        ((Window(at(3), at(30)),), True, "missing 23 Nov 03:00–24 Nov 06:00"),
        (tuple(Window(at(n), at(n + 1)) for n in range(0, 12, 2)), False,
         "missing 00:00–01:00, 02:00–03:00, 04:00–05:00, 06:00–07:00 and 2 more"),
    ],
)  # fmt: skip
def test_holes_are_named(holes: tuple[Window, ...], has_days: bool, said: str) -> None:
    """The first few; with their days where there are several."""
    assert phrases.holes(Quality("requests", 24, 20, holes=holes), has_days) == said


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        (Failed("429", True, 1), "429 Too Many Requests, by a rate limit"),
        (Failed("500", False, 1), "500 Internal Server Error"),
        (Failed("999", False, 1), "999"),
        (Failed("", False, 1), "status unknown"),
    ],
)
def test_statuses(failed: Failed, said: str) -> None:
    """With HTTP's own words where it has any."""
    assert phrases.status(failed) == said
