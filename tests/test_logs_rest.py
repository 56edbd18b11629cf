"""Request logs over REST: every row once, newest first, whatever the server makes of the question."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigw_tui.cloudflare.logfields import metadata_of, row_of
from aigw_tui.cloudflare.logs import ABSENT, MOST_PAGES, PAGE, Logs
from aigw_tui.errors import AuthError, BadDataError, ForbiddenError, LimitError
from aigw_tui.format import iso
from aigw_tui.model import LogFilter, LogRow, Window
from aigw_tui.transport import Response
from wire import NOW, BentClock, Script, answered, said

DAY = Window(NOW.replace(hour=0, minute=0), NOW)
ALL = LogFilter(DAY)


def entry(number: int, **more: Any) -> dict[str, Any]:
    """The `number`-th log before now, a minute each."""
    at = iso(NOW - timedelta(minutes=number))
    usual = {"id": f"log{number}", "created_at": at, "model": "gpt-5", "provider": "openai", "status_code": 200}
    return (
        usual | {"success": True, "cached": False, "duration": 100, "tokens_in": 1, "tokens_out": 2, "cost": 0.1} | more
    )


def page(*entries: Any, **info: int) -> Response:
    return said({"success": True, "errors": [], "result": list(entries), "result_info": info})


def refusal(status: int, code: int) -> Response:
    return said({"success": False, "errors": [{"code": code, "message": "no"}], "result": None}, status)


async def read(*replies: Response, wanted: LogFilter = ALL) -> tuple[list[LogRow], Script, Logs]:
    script = Script(*replies)
    logs = Logs(script, BentClock(), "a/b")
    return [row async for row in logs.rows("g", wanted)], script, logs


async def test_pages_of_fifty() -> None:
    """Asked newest first until a page is not full; the account is quoted, the window is part of the question."""
    first, second = page(*map(entry, range(1, 51))), page(*map(entry, range(51, 54)))
    rows, script, _ = await read(first, second)
    assert [row.id for row in rows] == [f"log{number}" for number in range(1, 54)]
    assert [path for path, _ in script.asked] == ["/accounts/a%2Fb/ai-gateway/gateways/g/logs"] * 2
    asked = script.asked[1][1]
    assert (asked["page"], asked["per_page"], asked["order_by_direction"]) == ("2", "50", "desc")
    assert (asked["start_date"], asked["end_date"]) == ("2026-11-23T00:00:00Z", "2026-11-23T14:05:00Z")
    assert "filters" not in asked


async def test_a_server_with_pages_of_its_own_size() -> None:
    """Fewer rows than asked for are not the end where it says that there are more pages."""
    rows, script, _ = await read(page(entry(1), total_pages=2), page(entry(2), total_pages=2))
    assert [row.id for row in rows] == ["log1", "log2"]
    assert len(script.asked) == 2


async def test_rows_that_move_to_the_next_page_come_once() -> None:
    """While pages are read new rows come in at the top, and push others down."""
    first = [entry(number) for number in range(1, 51)]
    rows, _, _ = await read(page(*first), page(first[-1], entry(51)))
    assert [row.id for row in rows] == [f"log{number}" for number in range(1, 52)]


async def test_a_server_that_ignores_pages() -> None:
    """The same page again is the end, not a loop."""
    rows, script, _ = await read(page(*map(entry, range(1, 51))))
    assert len(rows) == 50
    assert len(script.asked) == 2


async def test_a_server_that_ignores_order() -> None:
    """Oldest first, over two pages: the rows come newest first all the same."""
    numbers = list(range(60, 0, -1))
    rows, _, _ = await read(page(*map(entry, numbers[:50])), page(*map(entry, numbers[50:])))
    assert [row.id for row in rows] == [f"log{number}" for number in range(1, 61)]


async def test_a_server_that_ignores_the_window() -> None:
    """Rows of other times are left out, and the first page that is older than the window is the last one asked."""
    old = [entry(number) for number in range(24 * 60, 24 * 60 + PAGE)]
    rows, script, _ = await read(page(entry(-5), entry(1)), wanted=ALL)
    assert [row.id for row in rows] == ["log1"]
    rows, script, _ = await read(page(*old), page(*map(entry, range(5000, 5050))))
    assert rows == []
    assert len(script.asked) == 1


async def test_pages_have_an_end() -> None:
    """A log without end is read to the limit, and that is known."""

    class Endless(Script):
        async def send(self, *args: Any, **more: Any) -> Response:
            number = len(self.asked)
            self.asked.append(number)
            return page(*(entry(1, id=f"{number}/{each}") for each in range(PAGE)))

    endless = Endless(page())
    logs = Logs(endless, BentClock(), "a")
    assert len([row async for row in logs.rows("g", ALL)]) == MOST_PAGES * PAGE
    assert (len(endless.asked), logs.is_cut) == (MOST_PAGES, True)


FILTERS: list[tuple[dict[str, Any], list[str], Any]] = [
    ({"models": ("gpt-5",)}, ["a", "b"], [{"key": "model", "operator": "eq", "value": ["gpt-5"]}]),
    ({"models": ("@cf/*",)}, ["c"], None),
    ({"models": ("gpt-5", "@cf/*")}, ["a", "b", "c"], None),
    ({"providers": ("openai",)}, ["a", "b"], [{"key": "provider", "operator": "eq", "value": ["openai"]}]),
    ({"only_errors": True}, ["b"], [{"key": "success", "operator": "eq", "value": [False]}]),
    ({"least_ms": 2000}, ["c"], [{"key": "duration", "operator": "gt", "value": [1999]}]),
    ({"statuses": (range(500, 600), range(404, 405))}, ["b"], None),
    ({"metadata": (("team", "search"), ("n", "1"))}, ["c"], None),
]


@pytest.mark.parametrize(("wanted", "found", "asked"), FILTERS)
async def test_filters(wanted: dict[str, Any], found: list[str], asked: Any) -> None:
    """What has a documented key is asked for; a server that ignores it changes nothing. The unknown never passes."""
    rows = [
        entry(1, id="a", metadata='{"team": "search"}'),
        entry(2, id="b", status_code=503, success=False, duration=2),
        entry(3, id="c", model="@cf/a/b", provider="workers-ai", duration=2000, metadata={"team": "search", "n": 1}),
        {"id": "nothing", "created_at": iso(NOW - timedelta(minutes=4))},
    ]
    got, script, _ = await read(page(*rows), wanted=LogFilter(DAY, **wanted))
    assert [row.id for row in got] == found
    said_of_it = script.asked[0][1].get("filters")
    assert (json.loads(said_of_it) if said_of_it else None) == asked


async def test_a_server_that_refuses_filters() -> None:
    """It is asked without them, from then on, and the rows are filtered here."""
    wanted = LogFilter(DAY, only_errors=True)
    full = page(*(entry(number, success=number % 2 > 0) for number in range(1, 51)))
    rows, script, _ = await read(refusal(400, 7001), full, page(), wanted=wanted)
    assert len(rows) == 25
    assert ["filters" in asked for _, asked in script.asked] == [True, False, False]


@pytest.mark.parametrize(
    ("reply", "kind", "remedy"),
    [
        (refusal(404, 7002), LimitError, "elsewhere"),
        (refusal(404, 7000), LimitError, "elsewhere"),
        (answered(b"", 404), LimitError, "elsewhere"),
        (refusal(403, 10_000), ForbiddenError, "AI Gateway: Read"),
        (answered(b"{}", 403), ForbiddenError, "AI Gateway: Read"),
        (refusal(401, 1000), AuthError, "CLOUDFLARE_API_TOKEN"),
        (said({"success": True, "result": {}}), BadDataError, "proxy"),
        (answered(b"<html>", content_type="text/html"), BadDataError, "proxy"),
    ],
)
async def test_refusals(reply: Response, kind: type[LimitError], remedy: str) -> None:
    """Each has a remedy of its own."""
    with pytest.raises(kind) as caught:
        await read(reply)
    assert remedy in caught.value.remedy
    assert getattr(caught.value, "kind", ABSENT) == ABSENT


async def test_it_is_tried_again() -> None:
    """A 503 passes."""
    rows, script, _ = await read(answered(b"", 503), page(entry(1)))
    assert [row.id for row in rows] == ["log1"]
    assert len(script.asked) == 2


async def test_what_cannot_be_read_is_counted() -> None:
    """A row without id or time is left out; the others stay."""
    wrong = [None, 7, {}, {"id": "x"}, entry(1, id=""), entry(1, created_at="soon"), entry(1, created_at=5)]
    rows, _, logs = await read(page(*wrong, entry(2)))
    assert [row.id for row in rows] == ["log2"]
    assert logs.unread == len(wrong)


def test_a_row() -> None:
    """Every field, metadata as pairs of text in either shape."""
    found = row_of(
        entry(1, metadata='{"team":"a","n":1,"ok":true}', created_at="2026-11-23T15:04:00.250+01:00"), "a", "g"
    )
    assert found == LogRow(
        "log1",
        datetime(2026, 11, 23, 14, 4, 0, 250_000, tzinfo=UTC),
        "a",
        "g",
        "openai",
        "gpt-5",
        200,
        True,
        False,
        1,
        2,
        0.1,
        100,
        (("team", "a"), ("n", "1"), ("ok", "true")),
    )
    assert metadata_of({"a": [1]}) == (("a", "[1]"),)
    assert [metadata_of(each) for each in (None, "", "[1]", "{", 5, "7")] == [()] * 6


def test_no_price_is_not_free() -> None:
    """A cost of 0 beside tokens is unknown; of a cached answer, or without tokens, it is 0."""
    costs = [
        row_of(entry(1, **more), "a", "g")
        for more in ({"cost": 0}, {"cost": 0, "cached": True}, {"cost": 0, "tokens_in": 0, "tokens_out": 0})
    ]
    assert [row and row.cost_usd for row in costs] == [None, 0.0, 0.0]


def test_what_is_wrong_is_unknown() -> None:
    """Numbers that are none, negative ones, infinities and texts of another type."""
    odd = {"status_code": "200", "success": 1, "cached": "yes", "tokens_in": -1, "tokens_out": True, "cost": "1"}
    found = row_of(entry(1, **odd, duration=2**70, model=None, provider=[]), "a", "g")
    assert found == LogRow("log1", NOW - timedelta(minutes=1), "a", "g")
    assert [(row := row_of(entry(1, cost=cost), "a", "g")) and row.cost_usd for cost in (1e999, -1, 1e300)] == [
        None
    ] * 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*entry(1), "metadata"]), JSON))
def test_any_values_at_all(odd: dict[str, Any]) -> None:
    """No value of any field is more than unknown, and all text of a row is printable."""
    found = row_of(entry(1) | odd, "a", "g")
    if found:
        texts = [found.id, found.provider, found.model, *(text for pair in found.metadata for text in pair)]
        assert all(text.isprintable() for text in texts)
