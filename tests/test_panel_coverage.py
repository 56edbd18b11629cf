"""Log coverage: counted requests beside kept logs, and one reason a gateway."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.model import HOUR, Gateway, Live, Logged, Scope, Views, Window
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.coverage import LogCoverage
from aigw_tui.tui.scene import Scene
from world import ACCOUNT, NOW, TODAY, area, check_any_size, empty, recorded, request_row, scene, shown, world

CLOSED = Window(TODAY, TODAY + HOUR * 12)
GATEWAYS = (
    Gateway("prod", collects_logs=True, log_limit=10_000_000, log_strategy="DELETE_OLDEST"),
    Gateway("batch", collects_logs=True, log_limit=1000, log_strategy="STOP_INSERTING"),
    Gateway("old", collects_logs=False),
)
LOGGED = (Logged("prod", 700), Logged("batch", 90), Logged("old", 0), Logged("far", None, "logs cannot be read: 403"))
STORED = Live("storage", ACCOUNT, ("gateway",), Window(TODAY, NOW), rows=(("batch", 1000),))


def compared(
    logged: tuple[Logged, ...] = LOGGED, views: Views | None = None, scope: Scope | None = None, **more: object
) -> Scene:
    found = scene(scope, views)
    changed = {"logged": ((ACCOUNT, CLOSED, logged),), "gateways": ((ACCOUNT, GATEWAYS),), "live": (STORED,), **more}
    return replace(found, snapshot=replace(found.snapshot, **changed))  # type: ignore[arg-type]


def test_wide() -> None:
    """The reason stands beside the figures; the worst comes first."""
    lines = shown(LogCoverage(), compared(), 120, 10).split("\n")
    assert [line[2:100].rstrip() for line in lines[1:-1]] == [
        "94 % of 843 requests have a log",
        "gateway     requests      logs  missing  covered",
        "batch            140        90       50     64 %  log storage is full",
        "far                0         –        –        –  logs cannot be read: 403",
        "old                0         0        0        –  logging is off",
        "prod             703       700        3     99 %  complete",
        "",
        "",
    ]


def test_at_80_columns() -> None:
    """The reason has a line of its own."""
    assert shown(LogCoverage(), compared(), 80, 15) == (
        "╭─ Log coverage  23 Nov 00:00–12:00 UTC ───────────────────────────────────────╮\n"
        "│ 94 % of 843 requests have a log                                              │\n"
        "│                                                                              │\n"
        "│ gateway                                 requests      logs  missing  covered │\n"
        "│ batch                                        140        90       50     64 % │\n"
        "│   log storage is full                                                        │\n"
        "│ far                                            0         –        –        – │\n"
        "│   logs cannot be read: 403                                                   │\n"
        "│ old                                            0         0        0        – │\n"
        "│   logging is off                                                             │\n"
        "│ prod                                         703       700        3     99 % │\n"
        "│   complete                                                                   │\n"
        "│                                                                              │\n"
        "│                                                                              │\n"
        "╰──────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_60_columns() -> None:
    """What does not fit is counted."""
    assert shown(LogCoverage(), compared(), 60, 10) == (
        "╭─ Log coverage  23 Nov 00:00–12:00 UTC ───────────────────╮\n"
        "│ 94 % of 843 requests have a log                          │\n"
        "│ gateway             requests      logs  missing  covered │\n"
        "│ batch                    140        90       50     64 % │\n"
        "│   log storage is full                                    │\n"
        "│ far                        0         –        –        – │\n"
        "│   logs cannot be read: 403                               │\n"
        "│ old                        0         0        0        – │\n"
        "│   logging is off                                         │\n"
        "╰─────────────────────────────────────────────── 1–3 of 4 ─╯"
    )


def test_at_40_columns() -> None:
    """Columns go, and are named."""
    assert shown(LogCoverage(), compared(), 40, 8) == (
        "╭─ Log coverage ───────────────────────╮\n"
        "│ 94 % of 843 requests have a log      │\n"
        "│ gateway      requests  logs  covered │\n"
        "│ batch             140    90     64 % │\n"
        "│   log storage is full                │\n"
        "│ far                 0     –        – │\n"
        "│   logs cannot be read: 403           │\n"
        "╰───────── hidden: missing · 1–2 of 4 ─╯"
    )


def test_more_logs_than_requests_make_up_for_nothing() -> None:
    """What one gateway has too many is not missing elsewhere: all together is no sum of differences."""
    views = recorded([request_row(9, requests=50), request_row(9, requests=50, gateway="batch")])
    text = shown(LogCoverage(), compared((Logged("prod", 80), Logged("batch", 20)), views, live=()), 80, 15)
    assert "70 % of 100 requests have a log" in text
    assert "prod                                          50        80      +30    160 %" in text
    assert "retries: one request, several attempts" in text


def test_requests_that_were_not_read_are_unknown() -> None:
    """Not 0: then every log would look like one too many."""
    text = shown(LogCoverage(), compared(views=empty()), 80, 15)
    assert "– no requests to compare" in text
    assert "prod                                           –       700        –        – " in text
    assert "history has not read all of these hours" in text


def test_sampled_counts_say_so() -> None:
    """`±` beside every count, and as the reason where there is no better one."""

    class Sampled:
        def __getattr__(self, name: str) -> object:
            return (lambda *_: {TODAY: (1, 2)}) if name == "sampled" else getattr(world(), name)

    text = shown(LogCoverage(), compared(views=Sampled()), 80, 15)  # type: ignore[arg-type]
    assert "±94 % of 843 requests have a log" in text
    assert "prod                                        ±703       700       ±3    ±99 % " in text
    assert "counts are sampled, ±" in text
    assert "log storage is full" in text


def test_a_gateway_that_is_gone() -> None:
    """It has requests in the window and no settings now."""
    views = recorded([request_row(9, requests=50, gateway="gone")])
    text = shown(LogCoverage(), compared((), views), 80, 15)
    assert "gone                                          50         –        –        – " in text
    assert "the gateway no longer exists" in text


def test_enter_narrows_to_the_gateway() -> None:
    """And the scope's gateway stands alone."""
    panel, room = LogCoverage(), area(80, 15)
    assert panel.targets(panel.look(compared(), room))[0].narrow == (("gateway", "batch"),)
    text = shown(panel, compared(scope=Scope().narrow(gateway="prod", model="no such")), 80, 15)
    assert "99 % of 703 requests have a log" in text
    assert "batch" not in text
    assert "not answered yet" in shown(panel, compared(scope=Scope().narrow(account="other")), 80, 15)


def test_words_where_there_is_nothing() -> None:
    """Not asked yet, and no gateways."""
    assert "not answered yet" in shown(LogCoverage(), scene(), 80, 12)
    nothing = compared((), views=empty("requests"), gateways=((ACCOUNT, ()),))
    assert "no gateways here" in shown(LogCoverage(), nothing, 80, 12)


@settings(max_examples=80)
@given(
    st.integers(0, 120),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(["", "[/]\x1b[31m", "漢字" * 60, "e\u0301" * 90]),
    st.sampled_from([None, 0, 7, 10**15]),
)
def test_any_size_and_any_name(
    width: int, height: int, form: Form, is_zoomed: bool, name: str, rows: int | None
) -> None:
    """No figure is cut, foreign names and reasons stay in their cells, and nothing raises, from 0×0 on."""
    logged = tuple(Logged(f"{name}{n}", rows, name if rows is None else "") for n in range(9))
    check_any_size(LogCoverage(), compared(logged), width, height, form, is_zoomed)
