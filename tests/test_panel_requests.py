"""Requests: the newest logs of the scope, a line each; what is missing is said, and what to do where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.insight.requestfields import FIELDS
from aigw_tui.model import HOUR, Cell, Gateway, LogRow, NewestLogs, Scope, Sheet, Unread, Views, Window, period_of
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.requests import MOST, Requests
from aigw_tui.tui.pressed import UNMOVED, Keys
from aigw_tui.tui.requestlines import SORTINGS, id_of
from aigw_tui.tui.scene import Scene
from aigw_tui.tui.sorting import Sort
from world import ACCOUNT, GPT, LLAMA, NOW, TODAY, area, check_any_size, empty, scene, shown


def row(id_: str, minutes: float, gateway: str = "prod", **more: object) -> LogRow:
    usual = {"provider": "openai", "model": GPT, "status": 200, "succeeded": True, "cached": False}
    counts = {"tokens_in": 0, "tokens_out": 0, "cost_usd": 0.0, "duration_ms": 28}
    return LogRow(id_, NOW - timedelta(minutes=minutes), ACCOUNT, gateway, **(usual | counts | more))  # type: ignore[arg-type]


OK = row("a1", 1, provider="workers-ai", model=LLAMA, tokens_in=120, tokens_out=34, cost_usd=0.0021, duration_ms=912)
HIT = row("a2", 2, cached=True)
BAD = row("b1", 3, "batch", status=429, succeeded=False, duration_ms=4)
DEAR = row("b2", 4, "batch", tokens_in=9000, tokens_out=1200, cost_usd=0.0143, duration_ms=4120)
BARE = LogRow("b3", NOW - timedelta(minutes=5), ACCOUNT, "batch")
ROWS = (OK, HIT, BAD, DEAR, BARE)
GATEWAYS = ((ACCOUNT, (Gateway("prod", collects_logs=True), Gateway("batch", collects_logs=True))),)
NINE = Window(TODAY + HOUR * 9, TODAY + HOUR * 10)


def logged(
    rows: Iterable[LogRow] = ROWS, scope: Scope | None = None, views: Views | None = None, **more: object
) -> Scene:
    found = scene(scope, views)
    changed = {"newest": (NewestLogs(ACCOUNT, tuple(rows), read_at=NOW),), "gateways": GATEWAYS, **more}
    return replace(found, snapshot=replace(found.snapshot, **changed))  # type: ignore[arg-type]


def listed(text: str) -> list[str]:
    """The requests' lines, without the frame."""
    return [line[2:-2].rstrip() for line in text.splitlines() if line[2:4].isdigit() and ":" in line[2:14]]


def test_wide() -> None:
    """Every column; × marks what failed, parentheses a list price that is not owed, – what is unknown."""
    lines = shown(Requests(), logged(), 112, 14).splitlines()
    assert [line[2:-2].rstrip() for line in lines[1:9]] == [
        "5 requests                                                                                        × 1 failed",
        "",
        "time     gateway model                             provider   status cache tokens in    out       $     took",
        "14:04:00 prod    llama-3.3-70b-instruct-fp8-fast   workers-ai    200  miss       120     34 (0.0021)  912 ms",
        "14:03:00 prod    gpt-5-mini                        openai        200   hit         0      0       0    28 ms",
        "14:02:00 batch   gpt-5-mini                        openai      × 429  miss         0      0       0     4 ms",
        "14:01:00 batch   gpt-5-mini                        openai        200  miss     9,000  1,200  0.0143    4.1 s",
        "14:00:00 batch   (none)                            –               –     –         –      –       –        –",
    ]


def test_at_80_columns() -> None:
    """The provider gives way first, and is named; names and figures become short."""
    text = shown(Requests(), logged(), 80, 9)
    assert text == (
        "╭─ Requests  UTC, from the gateways' logs ─────────────────────────────────────╮\n"
        "│ 5 requests                                                        × 1 failed │\n"
        "│ time     gateway model          status cache tokens in  out       $     took │\n"
        "│ 14:04:00 prod    llama-3.3-70b     200  miss       120   34 (0.0021)  912 ms │\n"
        "│ 14:03:00 prod    gpt-5-mini        200   hit         0    0       0    28 ms │\n"
        "│ 14:02:00 batch   gpt-5-mini      × 429  miss         0    0       0     4 ms │\n"
        "│ 14:01:00 batch   gpt-5-mini        200  miss     9,000 1.2k  0.0143    4.1 s │\n"
        "│ 14:00:00 batch   (none)              –     –         –    –       –        – │\n"
        "╰─────────────────────────────────────────────────────────── hidden: provider ─╯"
    )


def test_tiny() -> None:
    """What stays is when, which model, how it ended and how long it took."""
    assert shown(Requests(), logged(), 40, 8) == (
        "╭─ Requests ───────────────────────────╮\n"
        "│ 5 requests                × 1 failed │\n"
        "│ time  model           status    took │\n"
        "│ 14:04 llama-3.3-70b      200  912 ms │\n"
        "│ 14:03 gpt-5-mini         200   28 ms │\n"
        "│ 14:02 gpt-5-mini       × 429    4 ms │\n"
        "│ 14:01 gpt-5-mini         200   4.1 s │\n"
        "╰──────── 5 columns hidden · 1–4 of 5 ─╯"
    )


def test_one_gateway_has_no_column() -> None:
    """Neither where the scope names one, nor where all rows are of one."""
    assert " gateway " not in shown(Requests(), logged((OK, HIT)), 120, 10)
    assert " gateway " not in shown(Requests(), logged(scope=Scope().narrow(gateway="prod")), 120, 10)
    assert " provider " in shown(Requests(), logged(), 120, 10)
    assert " provider " not in shown(Requests(), logged(scope=Scope().narrow(provider="openai")), 120, 10)


def test_several_accounts_are_told_apart() -> None:
    """By their labels; the rows of all of them in the order of time."""
    other = NewestLogs("f" * 32, (replace(HIT, account="f" * 32, at=NOW - timedelta(seconds=90)),))
    labels = ((ACCOUNT, "acme"), ("f" * 32, "beta"))
    newest = (NewestLogs(ACCOUNT, (OK, BAD)), other)
    text = shown(Requests(), logged(newest=newest, labels=labels), 120, 10)
    assert "time     account gateway model" in text
    assert [line.split()[:2] for line in listed(text)] == [
        ["14:04:00", "acme"],
        ["14:03:30", "beta"],
        ["14:02:00", "acme"],
    ]
    one = logged(newest=newest[:1], labels=labels, scope=Scope().narrow(account=ACCOUNT))
    assert "account" not in shown(Requests(), one, 120, 10)


def test_other_days_have_their_date() -> None:
    """All rows then, so that the column is even; of days before the window none is shown."""
    old = replace(HIT, id="old", at=TODAY - timedelta(hours=3))
    text = shown(Requests(), logged((*ROWS, old), Scope(period_of(Window(TODAY - HOUR * 5, NOW)))), 120, 14)
    assert [line[:15] for line in listed(text)][-2:] == ["23 Nov 14:00:00", "22 Nov 21:00:00"]
    assert len(listed(shown(Requests(), logged((*ROWS, old)), 120, 14))) == len(ROWS)


@pytest.mark.parametrize("sorting", SORTINGS, ids=lambda one: one.name)
def test_sorted(sorting: object) -> None:
    """By every column; unknown comes last, and no row is lost."""
    name = sorting.name  # type: ignore[attr-defined]
    newest_first = [line.split() for line in listed(shown(Requests(), logged(), 120, 14))]
    found = [line.split() for line in listed(shown(Requests(), logged(), 120, 14, sort=Sort(name)))]
    assert sorted(found) == sorted(newest_first)
    if name in ("tokens in", "out", "$", "took", "status", "cache"):
        assert found[-1] == newest_first[-1]


def test_the_arrow_says_by_what() -> None:
    """▼ the largest first, ▲ the first of the alphabet; time of its own accord has the newest first, and no arrow."""
    heads = [
        shown(Requests(), logged(), 120, 14, sort=sort).splitlines()[3]
        for sort in (None, Sort("time"), Sort("time", True), Sort("gateway"), Sort("took"), Sort("model"))
    ]
    assert [[word for word in head.split() if set(word) & set("▲▼")] for head in heads] == [
        [], ["▼"], ["▲"], ["▲"], ["▼took"], ["▲"],
    ]  # fmt: skip


def test_more_than_are_shown() -> None:
    """At most two hundred, and that there may be older ones is said."""
    rows = [row(f"r{n}", n / 60) for n in range(300)]
    text = shown(Requests(), logged(rows), 80, 12)
    assert f"the newest {MOST} requests" in text
    assert "1–8 of 200" in text
    cut = NewestLogs(ACCOUNT, (OK,), is_cut=True)
    assert "the newest 1 request " in shown(Requests(), logged(newest=(cut,)), 80, 12)


def test_scrolled() -> None:
    """From the row that the person scrolled to; no further than to the last."""
    rows = [row(f"r{n}", n) for n in range(30)]
    text = shown(Requests(), logged(rows), 80, 12, top=25)
    assert "23–30 of 30" in text


FAILED = NewestLogs(ACCOUNT, why="no answer in time", remedy="retried by itself")


def test_a_failure_stands_above_what_was_read() -> None:
    """When these rows were read, why there are no newer ones, and what is done about it."""
    stale = replace(FAILED, rows=ROWS, read_at=NOW)
    text = shown(Requests(), logged(newest=(stale,)), 80, 12)
    assert "▲ as of 14:05: no answer in time → retried by itself" in text
    both = (NewestLogs("b" * 32, ROWS, read_at=NOW), FAILED)
    labels = ((ACCOUNT, "acme"), ("b" * 32, "beta"))
    assert "▲ without acme: no answer in time" in shown(Requests(), logged(newest=both, labels=labels), 80, 12)


def test_what_the_rows_lack_is_said() -> None:
    """Gateways that refused, those with logging off, and those that were not asked."""
    answer = NewestLogs(ACCOUNT, ROWS, unread=(Unread("gone", "there is no such log"),))
    assert "without gone: there is no such log" in shown(Requests(), logged(newest=(answer,)), 120, 12)
    off = ((ACCOUNT, (Gateway("prod", collects_logs=True), Gateway("batch", collects_logs=False))),)
    assert "logging is off for batch" in shown(Requests(), logged(gateways=off), 120, 12)
    many = replace(answer, unread=(), left_out=4)
    assert "4 more gateways not asked" in shown(Requests(), logged(newest=(many,)), 120, 12)


OFF = tuple(Gateway(name, collects_logs=False) for name in ("prod", "batch", "x", "y", "z"))
NO_VIEWS = empty("requests")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (logged(newest=()), "being read"),
        (logged(newest=(FAILED,)), "no answer in time; retried by itself"),
        (logged((), gateways=((ACCOUNT, OFF[:1]),)), "logging is off for prod; turn on Collect logs in the dashboard"),
        (logged((), gateways=((ACCOUNT, OFF),)), "logging is off for prod, batch, x and 2 more"),
        (logged((), gateways=()), "setup --create-gateway NAME"),
        (logged((), Scope(pattern="zzz")), "matches /zzz; esc clears the filter"),
        (logged(()), "though 1,204 requests were counted; the panel Log coverage says why"),
        (logged((), Scope().narrow(period_of(NINE), status="429")), "though 9 requests were counted"),
        (
            logged((), views=NO_VIEWS),
            "no request log through these gateways in this time (today); w looks",
        ),
        (logged((), Scope().narrow(model="x"), NO_VIEWS), "no request log in this selection"),
        (
            logged((), logs_with=(("team", "search"),)),
            "no request log with team: search among those of today; esc goes back",
        ),
        (
            logged(newest=(NewestLogs(ACCOUNT, is_cut=True),), logs_with=(("team", "search"),)),
            "no request log with team: search among the newest that are read at once; esc goes back",
        ),
        (logged((), labels=tuple((str(n), str(n)) for n in range(6))), "more than 5 accounts are not read at once"),
    ],
)
def test_why_there_is_nothing(seen: Scene, said: str) -> None:
    """The reason, and what to do about it."""
    text = shown(Requests(), seen, 120, 10)
    assert said in " ".join(text.replace("│", " ").split())


def test_whose_they_are_is_said() -> None:
    """Where they are those with one value of metadata, in front of all else."""
    seen = logged(logs_with=(("team", "se\x1barch"),))
    text = shown(Requests(), seen, 80, 9)
    assert text.startswith("╭─ Requests  team: se\ufffdarch · UTC, from the gateways' logs ──")
    nothing = logged(newest=(), logs_with=(("team", "search"),))
    for width in (120, 40, 30):
        assert "team: se" in shown(Requests(), seen, width, 9).splitlines()[0]
        assert "team: se" in shown(Requests(), nothing, width, 9).splitlines()[0]


@pytest.mark.parametrize("size", [(120, 10), (80, 9), (60, 6), (40, 6), (24, 4)])
def test_paused_nothing_is_promised(size: tuple[int, int]) -> None:
    """What was not read before will not be seen before the person goes on, by whatever key that is."""
    for keys, key in ((UNMOVED, "p"), (Keys.of({"view.pause": "f9"}), "f9")):
        text = " ".join(
            shown(Requests(), logged(newest=()), *size, is_paused=True, keys=keys).replace("│", " ").split()
        )
        assert "the screen is paused" in text
        assert "being read" not in text
        assert f"{key} goes on" in text or size[0] < 40


def test_an_export_has_all_of_them() -> None:
    """Whole figures in the order of the screen, also what is scrolled away or has no room; unknown is None."""
    rows = [replace(one, metadata=(("team", "search"),)) for one in ROWS] + [row(f"r{n}", 10 + n) for n in range(40)]
    sheet = Requests().sheet(logged(rows), area(40, 8, sort=Sort("took")))
    assert isinstance(sheet, Sheet)
    assert (sheet.columns, len(sheet.rows)) == (FIELDS, len(rows))
    first: dict[str, Cell] = dict(zip(sheet.columns, sheet.rows[0], strict=True))
    assert first["duration_ms"] == 4120
    assert json.loads(str(first["metadata"])) == {"team": "search"}
    assert dict(zip(sheet.columns, sheet.rows[-1], strict=True))["tokens_in"] is None


def test_the_cursor_can_stand_on_every_row() -> None:
    seen = Requests().look(logged(), area(80, 12))
    assert [target.id for target in Requests().targets(seen)] == [id_of(one) for one in ROWS]


TEXTS = st.text(max_size=30)
LOG_ROWS = st.builds(
    LogRow,
    id=st.uuids().map(str),
    at=st.integers(0, 800).map(lambda n: NOW - timedelta(minutes=n)),
    account=st.sampled_from([ACCOUNT, "b" * 32]),
    gateway=TEXTS,
    provider=TEXTS,
    model=TEXTS,
    status=st.none() | st.integers(0, 10**12),
    succeeded=st.none() | st.booleans(),
    cached=st.none() | st.booleans(),
    tokens_in=st.none() | st.integers(0, 2**63),
    tokens_out=st.none() | st.integers(0, 2**63),
    cost_usd=st.none() | st.floats(0, 1e9),
    duration_ms=st.none() | st.integers(0, 2**63),
)


@settings(max_examples=60)
@given(
    st.integers(0, 200), st.integers(0, 60), st.sampled_from(["box", "rule", "bare"]), st.booleans(),
    st.lists(LOG_ROWS, max_size=12), st.booleans(), TEXTS,
)  # fmt: skip
def test_any_size(
    width: int, height: int, form: Form, is_zoomed: bool, rows: list[LogRow], is_several: bool, why: str
) -> None:
    labels = ((ACCOUNT, "acme"), ("b" * 32, "β\x1b")) if is_several else ((ACCOUNT, "acme"),)
    answer = NewestLogs(ACCOUNT, tuple(rows), unread=(Unread(why, why),), read_at=NOW, why=why, remedy=why)
    check_any_size(Requests(), logged(newest=(answer,), labels=labels), width, height, form, is_zoomed)
