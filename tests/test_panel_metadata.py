"""Metadata: who asks most, by the values of a key that a person names."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import DAY, MONTH, Live, LogRow, Scope, Window
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.metadata import Metadata
from aigw_tui.tui.scene import Scene
from stage import Stage
from world import ACCOUNT, NOW, TODAY, area, check_any_size, scene, shown

ROWS = (
    ("batch-jobs", 3, 0, 0, 100, 10, 0.0),
    ("search", 612, 12, 200, 112_000, 40_000, 1.2345),
    ("", 180, 1, 0, 9000, 1000, 0.01),
    ("support", 300, 0, 100, 50_000, 8000, 0.4),
)
ANSWER = Live("metadata", ACCOUNT, ("value",), Window(TODAY, NOW), "team", ROWS)


def answered(*live: Live, scope: Scope | None = None) -> Scene:
    found = scene(scope)
    return replace(found, snapshot=replace(found.snapshot, live=live))


def test_wide() -> None:
    """A bar of each value's share, and every measure."""
    lines = shown(Metadata(), answered(ANSWER), 120, 10).split("\n")
    assert lines[0].startswith("╭─ Metadata  who: requests by team ───")
    assert "1,095 requests, today │" in lines[1]
    assert [line[2:50].rstrip() for line in lines[2:-1]] == [
        "team",
        "search          ████████████████████▏",
        "support         █████████▉",
        "(without team)  █████▉",
        "batch-jobs      ▏",
        "",
        "",
    ]
    assert [line[50:-2].rstrip() for line in lines[2:-1]] == [
        "      requests   share  errors   hits  tokens in       out   list $",
        "           612    56 %      12    200    112,000    40,000    (1.23)",
        "           300    27 %       0    100     50,000     8,000    (0.40)",
        "           180    16 %       1      0      9,000     1,000    (0.01)",
        "             3   0.3 %       0      0        100        10        –",
        "",
        "",
    ]


def test_at_80_columns() -> None:
    """No bars; tokens become short."""
    assert shown(Metadata(), answered(ANSWER), 80, 11) == (
        "╭─ Metadata  who: requests by team ────────────────────────────────────────────╮\n"
        "│ 56 % search                                            1,095 requests, today │\n"
        "│                                                                              │\n"
        "│ team             requests   share  errors   hits  tokens in    out   list $  │\n"
        "│ search                612    56 %      12    200    112,000  40.0k    (1.23) │\n"
        "│ support               300    27 %       0    100     50,000   8.0k    (0.40) │\n"
        "│ (without team)        180    16 %       1      0      9,000   1.0k    (0.01) │\n"
        "│ batch-jobs              3   0.3 %       0      0        100     10        –  │\n"
        "│                                                                              │\n"
        "│                                                                              │\n"
        "╰───────────────────────────────────────────────── partly unknown: list price ─╯"
    )


def test_at_60_columns() -> None:
    """Tokens go, and are named."""
    assert shown(Metadata(), answered(ANSWER), 60, 11) == (
        "╭─ Metadata  who: requests by team ────────────────────────╮\n"
        "│ 56 % search                        1,095 requests, today │\n"
        "│                                                          │\n"
        "│ team            requests   share  errors  hits   list $  │\n"
        "│ search               612    56 %      12   200    (1.23) │\n"
        "│ support              300    27 %       0   100    (0.40) │\n"
        "│ (without team)       180    16 %       1     0    (0.01) │\n"
        "│ batch-jobs             3   0.3 %       0     0        –  │\n"
        "│                                                          │\n"
        "│                                                          │\n"
        "╰──────────── partly unknown: list price · hidden: tokens ─╯"
    )


def test_at_40_columns() -> None:
    """Requests and their share."""
    assert shown(Metadata(), answered(ANSWER), 40, 8) == (
        "╭─ Metadata  who: requests by team ────╮\n"
        "│ 56 % search    1,095 requests, today │\n"
        "│ team                requests   share │\n"
        "│ search                   612    56 % │\n"
        "│ support                  300    27 % │\n"
        "│ (without team)           180    16 % │\n"
        "│ batch-jobs                 3   0.3 % │\n"
        "╰─────────────────── 4 columns hidden ─╯"
    )


def test_several_keys_are_several_tables() -> None:
    """Each value with its key, each share of its own key: they count the same requests."""
    user = replace(ANSWER, argument="user", rows=(("ann", 1095, 0, 0, 0, 0, 0.0),))
    text = shown(Metadata(), answered(ANSWER, user), 80, 12)
    assert "who: requests by team, user" in text
    assert "1,095 requests, today" in text
    assert "team: search           612    56 %" in text
    assert "(without team)         180    16 %" in text
    assert "user: ann            1,095   100 %" in text


def test_several_accounts() -> None:
    """Added up; one that refuses is said to be missing."""
    other = replace(ANSWER, account="other", rows=(("search", 8, None, 0, 0, 0, 0.0),))
    refused = replace(ANSWER, account="third", rows=(), why="may not")
    text = shown(Metadata(), answered(ANSWER, other, refused), 80, 11)
    assert "search                620    56 %" in text
    assert "without 1 of 3 accounts" in text
    assert "partly unknown:" in text
    assert "errors" in text


def test_a_shorter_answer_says_so() -> None:
    """Where Cloudflare does not reach back as far as the window."""
    found = replace(ANSWER, window=Window(TODAY - DAY * 9, NOW))
    assert "1,095 requests, newest 10 days" in shown(Metadata(), answered(found, scope=Scope(MONTH)), 80, 11)


def test_the_table_scrolls_and_the_scope_stays() -> None:
    """A scope knows no metadata: Enter narrows the requests alone; the headline stays with the busiest."""
    panel = Metadata()
    text = shown(panel, answered(ANSWER), 80, 6, top=2)
    assert "56 % search" in text
    assert "3–4 of 4" in text
    targets = panel.targets(panel.look(answered(ANSWER), area(80, 11)))
    assert [(target.id, target.narrow, target.period) for target in targets][:1] == [(("team", "search"), (), None)]


def test_words_where_there_is_nothing() -> None:
    """How to name a key, why it is refused, and that nobody asked anything."""
    assert 'metadata_keys = ["team"] in config.toml' in shown(Metadata(), answered(), 80, 11)
    assert "AIGW_METADATA_KEYS=team" in shown(Metadata(), answered(), 40, 8)
    refused = replace(ANSWER, rows=(), why="no such \x1b[31margument", remedy="name another key")
    assert "no such �[31margument; name another key" in shown(Metadata(), answered(refused), 80, 11)
    assert "no requests through these gateways" in shown(Metadata(), answered(replace(ANSWER, rows=())), 80, 11)


@settings(max_examples=80)
@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(["", "[/]\x1b[31m", "漢字" * 60, "e\u0301" * 90]),
    st.sampled_from([None, 0, 7, 10**15]),
    st.booleans(),
)
def test_any_size_and_any_name(
    width: int, height: int, form: Form, is_zoomed: bool, name: str, value: int | None, is_several: bool
) -> None:
    """No figure is cut, foreign keys and values stay in their cells, and nothing raises, from 0×0 on."""
    rows = tuple((f"{name}{n}" if n else "", *(value,) * 6) for n in range(9))
    live = (replace(ANSWER, argument=name, rows=rows), replace(ANSWER, argument="user", rows=rows))
    check_any_size(Metadata(), answered(*live[: 1 + is_several]), width, height, form, is_zoomed)


async def test_enter_shows_the_requests_of_a_value() -> None:
    """Those that carry it and no others, and says so; Esc leads back to the row; `l` shows all again."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        monitor = stage.monitor
        monitor.show_metadata("team")
        panel = monitor.panel("metadata")
        await stage.until(lambda: panel.can_narrow)
        assert "enter requests" in stage.panel_line("keys")
        value = panel._seen.shares[0].value
        assert panel._cursor == ("team", value)
        await stage.pilot.press("enter")
        await stage.until(lambda: f"Requests  team: {value} · UTC" in stage.text() and "took" in stage.text())
        rows = requests(stage)
        assert rows
        assert {dict(row.metadata)["team"] for row in rows} == {value}
        await stage.pilot.press("w")
        await stage.until(lambda: f"Requests  team: {value} · UTC" in stage.text())
        monitor.scope = Scope()
        await stage.pilot.press("escape")
        await stage.until(lambda: "who: requests by team" in stage.text())
        assert panel._cursor == ("team", value)
        await stage.pilot.press("l")
        await stage.until(lambda: "being read" in stage.panel("requests"))
        await stage.pass_time(30)  # three seconds lie between two readings
        await stage.until(lambda: len({dict(row.metadata).get("team") for row in requests(stage)}) > 1)


async def test_requests_without_the_key_cannot_be_asked_for() -> None:
    """It is said, and nothing else happens."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        monitor = stage.monitor
        monitor.show_metadata("no such key")
        panel = monitor.panel("metadata")
        await stage.until(lambda: panel._cursor == ("no such key", ""))
        await stage.pilot.press("enter")
        await stage.until(lambda: "requests without no such key cannot be asked for" in stage.panel_line("keys"))
        assert monitor.zoomed is panel


def requests(stage: Stage) -> list[LogRow]:
    scene = stage.monitor.scene
    return [row for one in scene.snapshot.newest for row in one.rows] if scene else []
