"""The tables of days: whatever is recorded, a view answers from them what it would answer from the hours."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.datasets import dataset
from aigw_tui.history import days, open_history
from aigw_tui.history.protocol import StoredRow
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.model import HOUR, Query, Row, Window

SERVER = "https://api.example/client/v4"
REQUESTS = dataset("requests")
START = datetime(2026, 11, 20, tzinfo=UTC)
MEASURES = ("requests", "errors", "tokens_in", "uncached_tokens_in", "cost_usd")
COUNTS = st.none() | st.integers(0, 1000)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Window, tuple[StoredRow, ...], dict[int, tuple[int, ...]], datetime]:
    """One answer about a few hours within five days: its rows, the totals (right or wrong), and when it was read."""
    since = START + HOUR * draw(st.integers(0, 110))
    window = Window(since, since + HOUR * draw(st.integers(1, 30)))
    found: dict[tuple[datetime, str, str], StoredRow] = {}
    for _ in range(draw(st.integers(0, 8))):
        hour = draw(st.sampled_from(window.hours))
        gateway, model = draw(st.sampled_from(("g", "h"))), draw(st.sampled_from(("m", "n")))
        cost = draw(st.none() | st.floats(0, 5))
        counts = [draw(COUNTS) for _ in range(7)]
        found[hour, gateway, model] = (int(hour.timestamp()), gateway, "p", model, *counts, cost, 1.0, 2.0)
    totals: dict[int, tuple[int, ...]] = {int(hour.timestamp()): (0,) for hour in window.hours}
    for (
        hour,
        *_,
    ) in found:
        of_hour = [row[4] for key, row in found.items() if key[0] == hour]
        totals[int(hour.timestamp())] = (sum(one for one in of_hour if isinstance(one, int)) + draw(st.integers(0, 1)),)
    return window, tuple(found.values()), totals, START + timedelta(hours=draw(st.integers(0, 200)))


QUERIES = st.builds(
    lambda since, hours, by, measures, model, limit: Query(
        "requests",
        Window(START + timedelta(minutes=since), START + timedelta(minutes=since) + HOUR * hours),
        by,
        measures,
        (("model", (model,)),) if model else (),
        limit=limit,
    ),
    st.integers(-600, 6000),
    st.integers(0, 130),
    st.sampled_from([(), ("day",), ("model",), ("gateway", "model"), ("day", "model"), ("account",), ("hour",)]),
    st.lists(st.sampled_from(MEASURES), min_size=1, unique=True).map(tuple),
    st.sampled_from(["", "m", "unheard-of"]),
    st.sampled_from([None, 2]),
)


def same(one: Row, other: Row) -> bool:
    """Equal but for the last digits, where numbers were added up in another order."""
    return (
        (one.key, one.unknown, one.trust) == (other.key, other.unknown, other.trust)
        and [value is None for value in one.values] == [value is None for value in other.values]
        and all(math.isclose(a or 0, b or 0) for a, b in zip(one.values, other.values, strict=True))
    )


@settings(max_examples=150)
@given(st.lists(readings(), min_size=1, max_size=5), st.lists(QUERIES, min_size=1, max_size=8))
def test_days_answer_as_hours_do(
    answers: list[tuple[Window, tuple[StoredRow, ...], dict[int, tuple[int, ...]], datetime]], queries: list[Query]
) -> None:
    """Groups, totals, counts, unknown rows and trust, after corrections, empty reads and hours that do not settle."""
    history = open_history(None, SERVER, START).history
    for window, rows, totals, now in answers:
        history.record("a", REQUESTS, window, rows, totals, now)
    for query in queries:
        by_days = history.view(query)
        with patch.object(days, "has_days", lambda _: False):
            by_hours = SqliteHistory(history._db, SERVER).view(query)
        assert (by_days.count, len(by_days.rows)) == (by_hours.count, len(by_hours.rows))
        assert all(map(same, (*by_days.rows, by_days.total), (*by_hours.rows, by_hours.total)))


def test_a_file_without_days_gets_them(tmp_path: Path) -> None:
    """What an earlier version recorded is added up when the file is opened."""
    path = tmp_path / "history.sqlite"
    history = open_history(path, SERVER, START).history
    row = (int(START.timestamp()), "g", "p", "m", 3, 0, 0, 1, 1, 1, 1, 0.5, 1.0, 2.0)
    history.record("a", REQUESTS, Window(START, START + HOUR), [row], {row[0]: (3,)}, START + HOUR)
    history._db.execute(f"DROP TABLE {days.table(REQUESTS)}")
    history.close()
    opened = open_history(path, SERVER, START).history
    view = opened.view(Query("requests", Window(START, START + HOUR * 24), ("day",), ("requests",)))
    assert [found.values for found in view.rows] == [(3,)]


def test_a_long_window_reads_days(tmp_path: Path) -> None:
    """Whole days come from the table of days, the hours around them from the hours."""
    history = open_history(tmp_path / "history.sqlite", SERVER, START).history
    said: list[str] = []
    history._db.set_trace_callback(said.append)
    query = Query("requests", Window(START + HOUR, START + HOUR * 80), ("model",), ("requests",))
    history.view(query)
    table = days.table(REQUESTS)
    assert any(table in text for text in said)
    said.clear()
    history.view(Query("requests", query.window, ("hour",), ("requests",)))
    assert not any(table in text for text in said)
