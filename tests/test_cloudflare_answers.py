"""Answers: foreign JSON becomes rows, is refused row by row, or is BadDataError; nothing else can happen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.cloudflare.answers import Decoded, aliases, decode
from aigw_tui.cloudflare.selection import Node, Selection
from aigw_tui.datasets import Adds, Dataset, Key, Measure, dataset
from aigw_tui.errors import BadDataError, ForbiddenError
from aigw_tui.model import HOUR, Window, hour_of
from wire import NOW

HOUR_START = hour_of(NOW)
WINDOW = Window(HOUR_START - HOUR, NOW)
EPOCH = int(HOUR_START.timestamp())
SAMPLE = Dataset(
    name="sample",
    node="sampleAdaptiveGroups",
    bucket=timedelta(hours=1),
    bucket_dimension="datetimeHour",
    keys=(Key("model", "model"), Key("status", "statusCode", optional=True)),
    measures=(
        Measure("requests", "requests", (("count",),)),
        Measure("tokens", "tokens", (("sum.tokens",), ("sum.warm", "sum.cold"))),
        Measure("cost", "USD", (("sum.cost",),), is_integer=False),
        Measure("p50", "ms", (("quantiles.p50",),), is_integer=False, adds=Adds.NOT),
    ),
    checked=("requests",),
    settle=timedelta(hours=2),
)
SELECTION = Node().select(SAMPLE)


def group(model: Any = "m", count: Any = 2, hour: Any = "2026-11-23T14:00:00Z", **sums: Any) -> dict[str, Any]:
    """One group as the wire has it."""
    return {
        "count": count,
        "dimensions": {"datetimeHour": hour, "model": model, "statusCode": 200},
        "sum": {"tokens": 30, "cost": 0.5} | sums,
        "quantiles": {"p50": 12.5},
    }


def read(groups: Any, selection: Selection = SELECTION) -> Decoded:
    raw = groups if isinstance(groups, bytes) else json.dumps(groups).encode()
    return decode((msgspec.Raw(raw),), selection, WINDOW)


def test_a_group_becomes_a_row() -> None:
    """Bucket in epoch seconds, keys as text, measures in the declared order."""
    assert read([group()]) == Decoded(((EPOCH, "m", "200", 2, 30, 0.5, 12.5),), 1, 0)


def test_numbers_may_be_text() -> None:
    """Seen in the wild; a float of an integer's value is that integer."""
    assert read([group(count="2", tokens=30.0, cost="0.5")]).rows == read([group()]).rows


@pytest.mark.parametrize("name", ["007", "", "null", "true", "1e3"])
def test_a_name_stays_as_it_is(name: str) -> None:
    """Names that look like numbers are names."""
    assert read([group(model=name)]).rows[0][1] == name


@pytest.mark.parametrize(("value", "name"), [(None, ""), (7, "7"), (True, "true"), (1.5, "1.5")])
def test_a_name_may_come_as_another_scalar(value: Any, name: str) -> None:
    """Null is the empty name; numbers and booleans are spelled as in JSON."""
    assert read([group(model=value)]).rows[0][1] == name


def test_names_are_cleaned() -> None:
    """Controls never reach the store, and a name has an end."""
    rows = read([group(model="a\x1b[31m\u202e"), group(model="x" * 10_000)]).rows
    assert all(str(row[1]).isprintable() and len(str(row[1])) <= 200 for row in rows)


def test_names_that_become_the_same_are_added_up() -> None:
    """Two names with different control characters are one row: sums add up, quantiles are unknown."""
    (row,) = read([group(model="a\x01"), group(model="a\x02")]).rows
    assert row == (EPOCH, "a\ufffd", "200", 4, 60, 1.0, None)


def test_null_is_unknown() -> None:
    """A measure without a value is None, never 0; a part that is unknown makes its sum unknown."""
    selection = replace(Node().without("tokens"), page=10).select(SAMPLE)
    (row,) = read([group(warm=1, cold=None, cost=None) | {"quantiles": None}], selection).rows
    assert row == (EPOCH, "m", "200", 2, None, None, None)
    (row,) = read([group(warm=1, cold=4)], selection).rows
    assert row[4] == 5


def test_what_was_not_asked_is_unknown() -> None:
    """Keys and measures that the account lacks are empty and None."""
    (row,) = read([group()], Node().without("statusCode").without("cost").select(SAMPLE)).rows
    assert row == (EPOCH, "m", "", 2, 30, None, 12.5)


@pytest.mark.parametrize(
    "bad",
    [
        group(count=-1),
        group(count=2.5),
        group(count=2**63),
        group(count=None),
        group(count="many"),
        group(count=True),
        group(count="1" * 5000),
        group(cost=-0.01),
        group(cost="NaN"),
        group(cost="inf"),
        group(cost=1e300),
        group(tokens=[1]),
        group(model={"a": 1}),
        group(model=["x"]),
        group(hour=None),
        group(hour=14),
        group(hour="yesterday"),
        group(hour="2026-11-23T14:30:00Z"),
        group(hour="2026-11-23T12:00:00Z"),
        group(hour="2026-11-23T15:00:00Z"),
        group(hour="9999-12-31T23:00:00-23:00"),
        group(hour="0001-01-01T00:00:00+23:00"),
        group() | {"dimensions": None},
        group() | {"sum": 7},
        {key: value for key, value in group().items() if key != "dimensions"},
        {},
        [],
        None,
        "row",
        7,
    ],
)
def test_a_bad_row_is_refused_and_counted(bad: Any) -> None:
    """The rows around it stay."""
    assert read([group("a"), bad, group("b")]) == Decoded((*read([group("a")]).rows, *read([group("b")]).rows), 3, 1)


def test_numbers_that_json_cannot_hold() -> None:
    """Out of range is that row's fault; what is no JSON spoils the whole list."""
    one = json.dumps(group("good")).encode()
    huge = one.replace(b'"count": 2', b'"count": ' + b"9" * 5000)
    far = one.replace(b"0.5", b"1e999")
    assert read(b"[" + b",".join([one, huge, far]) + b"]").refused == 2
    for broken in (b"NaN", b"Infinity", b"-", b"01"):
        with pytest.raises(BadDataError):
            read(b"[" + one.replace(b"0.5", broken) + b"]")


def test_sums_that_no_column_holds() -> None:
    """Two parts that are each below 2⁶³ may not be together."""
    selection = Node().without("tokens").select(SAMPLE)
    assert read([group(warm=2**62, cold=2**62)], selection).refused == 1


@pytest.mark.parametrize("raw", [b"{}", b"7", b'"x"', b"[" * 100_000, b"[1,", b"", b'["\\ud800"', b"\x00"])
def test_no_list_is_bad_data(raw: bytes) -> None:
    """One clear error, whatever came instead."""
    with pytest.raises(BadDataError):
        read(raw)


def test_the_dataset_has_the_last_word() -> None:
    """`mend` sees names with values; a row that it leaves out is not refused."""
    picky = replace(SAMPLE, mend=lambda row: {**row, "cost": None} if row["model"] == "keep" else None)
    found = read([group("keep"), group("drop")], Node().select(picky))
    assert found == Decoded(((EPOCH, "keep", "200", 2, 30, None, 12.5),), 2, 0)


def test_a_minute_at_the_edge_of_the_window() -> None:
    """A bucket that the window cuts belongs to it."""
    pulse = Node().select(dataset("pulse"))
    minute = {"datetimeMinute": "2026-11-23T14:03:00Z", "gateway": "g"}
    window = Window(HOUR_START + timedelta(minutes=3, seconds=30), NOW)
    raw = msgspec.Raw(json.dumps([{"count": 1, "dimensions": minute, "sum": {}}]).encode())
    assert len(decode((raw,), pulse, window).rows) == 1


def test_no_account() -> None:
    """An empty list is an account that does not exist, or is out of reach."""
    with pytest.raises(ForbiddenError, match="CLOUDFLARE_ACCOUNT_ID"):
        aliases(msgspec.Raw(b'{"viewer":{"accounts":[]}}'))


@pytest.mark.parametrize("raw", [b"null", b"{}", b'{"viewer":null}', b'{"viewer":{"accounts":[[]]}}', b"[" * 100_000])
def test_no_viewer(raw: bytes) -> None:
    """Another shape is bad data."""
    with pytest.raises(BadDataError):
        aliases(msgspec.Raw(raw))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["count", "dimensions", "sum", "x"]), inner),
)


@settings(max_examples=300)
@given(JSON)
def test_any_json_at_all(value: Any) -> None:
    """Rows or BadDataError, and every row that came is either read or counted as refused."""
    try:
        found = read(value)
    except BadDataError:
        return
    assert len(found.rows) + found.refused <= found.came
    assert all(len(row) == 7 for row in found.rows)


@settings(max_examples=300)
@given(st.sampled_from(["count", "dimensions", "sum", "quantiles"]), JSON)
def test_any_json_in_a_place_of_a_row(place: str, value: Any) -> None:
    """A spoiled row never takes the one beside it down."""
    try:
        found = read([group("good"), group("bad") | {place: value}])
    except BadDataError:  # NaN and lone surrogates are no JSON
        return
    assert read([group("good")]).rows[0] in found.rows


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8))
def test_totals_are_kept(counts: list[int]) -> None:
    """However names repeat, the sum of a measure over all rows is the sum over all groups."""
    found = read([group(f"m{n % 3}", count) for n, count in enumerate(counts)])
    assert sum(row[3] for row in found.rows if isinstance(row[3], int)) == sum(counts)
