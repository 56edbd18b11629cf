"""Log storage: the worst first, each with its limit and what happens there."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import Gateway, Live, Scope, Window
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.storage import LogStorage
from aigw_tui.tui.scene import Scene
from world import ACCOUNT, NOW, TODAY, area, check_any_size, scene, shown

GATEWAYS = (
    Gateway("prod", collects_logs=True, log_limit=10_000_000, log_strategy="DELETE_OLDEST"),
    Gateway("batch", collects_logs=True, log_limit=100_000, log_strategy="STOP_INSERTING"),
    Gateway("old", collects_logs=False, log_limit=100_000, log_strategy="STOP_INSERTING"),
    Gateway("quiet", collects_logs=True, log_limit=1_000_000, log_strategy="DELETE_OLDEST"),
)
ROWS = (("prod", 1_234_567), ("batch", 100_000), ("old", 40), ("elsewhere", 7))
ANSWER = Live("storage", ACCOUNT, ("gateway",), Window(TODAY, NOW), rows=ROWS)


def stored(*live: Live, gateways: tuple[Gateway, ...] = GATEWAYS, scope: Scope | None = None, **more: object) -> Scene:
    found = scene(scope)
    pairs = ((ACCOUNT, gateways),) if gateways else ()
    changed = {"live": live, "gateways": pairs, **more}
    return replace(found, snapshot=replace(found.snapshot, **changed))  # type: ignore[arg-type]


def test_wide() -> None:
    """Gauge and words beside the figures, all gauges on one scale of full."""
    lines = shown(LogStorage(), stored(ANSWER), 120, 12).split("\n")
    assert [line[2:100].rstrip() for line in lines[1:-1]] == [
        "▲ 1 of 5 gateways is full                                                                      1,3",
        "",
        "gateway          logs       limit    full",
        "batch         100,000     100,000   100 %  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃       full: nothing new is ke",
        "prod        1,234,567  10,000,000    12 %  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃       when full: oldest are d",
        "old                40     100,000  <0.1 %  ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃       logging is off",
        "elsewhere           7           –       –                                  limit unknown",
        "quiet               –   1,000,000       –                                  no count in the last ho",
        "",
        "",
    ]


def test_at_80_columns() -> None:
    """The words have a line of their own."""
    assert shown(LogStorage(), stored(ANSWER), 80, 16) == (
        "╭─ Log storage ────────────────────────────────────────────────────────────────╮\n"
        "│ ▲ 1 of 5 gateways is full                              1,334,614 logs in all │\n"
        "│                                                                              │\n"
        "│ gateway                                             logs       limit    full │\n"
        "│ batch                                            100,000     100,000   100 % │\n"
        "│   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃       full: nothing new is kept                  │\n"
        "│ prod                                           1,234,567  10,000,000    12 % │\n"
        "│   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃       when full: oldest are deleted              │\n"
        "│ old                                                   40     100,000  <0.1 % │\n"
        "│   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃       logging is off                             │\n"
        "│ elsewhere                                              7           –       – │\n"
        "│                                   limit unknown                              │\n"
        "│ quiet                                                  –   1,000,000       – │\n"
        "│                                   no count in the last hour                  │\n"
        "│                                                                              │\n"
        "╰──────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_60_columns() -> None:
    """What does not fit is counted."""
    assert shown(LogStorage(), stored(ANSWER), 60, 12) == (
        "╭─ Log storage ────────────────────────────────────────────╮\n"
        "│ ▲ 1 of 5 gateways is full          1,334,614 logs in all │\n"
        "│                                                          │\n"
        "│ gateway                         logs       limit    full │\n"
        "│ batch                        100,000     100,000   100 % │\n"
        "│   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃      full: nothing new is kept     │\n"
        "│ prod                       1,234,567  10,000,000    12 % │\n"
        "│   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃      when full: oldest are deleted │\n"
        "│ old                               40     100,000  <0.1 % │\n"
        "│   ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄┃      logging is off                │\n"
        "│                                                          │\n"
        "╰─────────────────────────────────────────────── 1–3 of 5 ─╯"
    )


def test_at_40_columns() -> None:
    """No gauges."""
    assert shown(LogStorage(), stored(ANSWER), 40, 8) == (
        "╭─ Log storage ────────────────────────╮\n"
        "│ ▲ 1 of 5 gateways is full            │\n"
        "│ gateway          logs  limit    full │\n"
        "│ batch         100,000   100k   100 % │\n"
        "│   full: nothing new is kept          │\n"
        "│ prod        1,234,567  10.0M    12 % │\n"
        "│   when full: oldest are deleted      │\n"
        "╰─────────────────────────── 1–2 of 5 ─╯"
    )


def test_none_is_full() -> None:
    """Said in words, as is what is not known."""
    assert "✓ no gateway is full" in shown(LogStorage(), stored(ANSWER, gateways=GATEWAYS[:1]), 80, 12)
    text = shown(LogStorage(), stored(), 80, 12)
    assert "how full is not known" in text
    assert "logs not counted yet" in text
    assert "prod                                                   –  10,000,000       – " in text


def test_the_scope() -> None:
    """One gateway of it alone; models are no question."""
    text = shown(LogStorage(), stored(ANSWER, scope=Scope().narrow(gateway="batch", model="gpt")), 80, 12)
    assert "▲ the gateway is full" in text
    assert "prod" not in text


def test_enter_narrows_to_the_gateway() -> None:
    """Of its account, where several may have one of that name."""
    panel, room = LogStorage(), area(80, 16)
    assert panel.targets(panel.look(stored(ANSWER), room))[0].narrow == (("gateway", "batch"),)
    labels = ((ACCOUNT, "acme"), ("other", "acme-eu"))
    several = stored(ANSWER, replace(ANSWER, account="other", rows=(("batch", 9),)), labels=labels)
    first = panel.targets(panel.look(several, room))[0]
    assert first.narrow == (("account", ACCOUNT), ("gateway", "batch"))
    text = shown(panel, several, 80, 22)
    assert "acme › batch" in text
    assert "acme-eu › batch" in text


def test_words_where_there_is_nothing() -> None:
    """Not answered, refused, and no gateways; a refusal does not hide the settings."""
    refused = replace(ANSWER, rows=(), why="may not see \x1b]52;c;x\x07", remedy="grant Account Analytics: Read")
    assert "not answered yet" in shown(LogStorage(), stored(gateways=()), 80, 12)
    assert "may not see �]52;c;x�; grant Account" in shown(LogStorage(), stored(refused, gateways=()), 80, 12)
    text = shown(LogStorage(), stored(refused), 80, 14)
    assert "100,000" in text
    assert "grant Account Analytics" in text
    none = stored(ANSWER, scope=Scope().narrow(gateway="no such"))
    assert "no gateways here" in shown(LogStorage(), none, 80, 12)


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
    width: int, height: int, form: Form, is_zoomed: bool, name: str, rows: int | None, is_several: bool
) -> None:
    """No figure is cut, foreign names stay in their cells, and nothing raises, from 0×0 on."""
    answer = replace(ANSWER, rows=tuple((f"{name}{n}", rows) for n in range(9)))
    gateways = tuple(Gateway(f"{name}{n}", log_limit=10**n, log_strategy="STOP_INSERTING") for n in range(5))
    labels = ((ACCOUNT, name), ("b", "b")) if is_several else ((ACCOUNT, "acme"),)
    check_any_size(LogStorage(), stored(answer, gateways=gateways, labels=labels), width, height, form, is_zoomed)
