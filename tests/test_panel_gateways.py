"""Gateways: a row each with what it is set to, and all of them together, in any room."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import account_id, histories
from aigw_tui.insight.crumbs import crumbs
from aigw_tui.model import MONTH, Gateway, Scope, SpendLimit, Views
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.gateways import Gateways
from aigw_tui.tui.scene import Scene
from stage import Stage
from test_hostile import NAMES
from world import ACCOUNT, area, check_any_size, empty, recorded, recorded_sampled, request_row, scene, shown

PANEL = Gateways()
RULE = SpendLimit(5.0, 86_400)
SET = (
    Gateway("prod", 900, collects_logs=True, rate_limit=60, rate_interval_s=60, spend_limits=(RULE,)),
    Gateway("batch", 0, collects_logs=False, rate_limit=0),
    Gateway("quiet", collects_logs=True),
)
OTHER = account_id(2)


def told(
    scope: Scope | None = None, views: Views | None = None, gateways: tuple[Gateway, ...] = SET, **others: object
) -> Scene:
    """What the panel looks at once the settings are known; `others` change the snapshot."""
    found = scene(scope, views)
    changed = {"gateways": ((ACCOUNT, gateways),) if gateways else (), **others}
    return replace(found, snapshot=replace(found.snapshot, **changed))  # type: ignore[arg-type]


def test_wide() -> None:
    """Settings in full below each gateway; one without requests has its row, and the sum is that of all."""
    assert shown(PANEL, told(), 104, 13) == (
        "╭─ Gateways  today, UTC ───────────────────────────────────────────────────────────────────────────────╮\n"
        "│ gateway trend, today             requests errors  hits tokens in      out       $   share            │\n"
        "│ prod    ▂▁▁▁▁▁▂▃▄▃▇▇▆▇▁▁▁▁▁▁▁▁▁▁    1,002  1.4 %  35 %   974,940  249,810    1.04    83 %  ███████▌  │\n"
        "│   logs on · cached for 15 min · at most 60 requests in 1 min · may spend $5.00 in 1 d                │\n"
        "│ batch   ▁▁▁▁▁▁▂▃▄▃▇▇▆▇▁▁▁▁▁▁▁▁▁▁      202    0 %  30 %   211,440   45,900    0.20    17 %  █▌        │\n"
        "│   logs off · cache off · no rate limit · no spend limit                                              │\n"
        "│ quiet   ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁        0      –     –         0        0       0     0 %            │\n"
        "│   logs on · no spend limit                                                                           │\n"
        "│ ──────────────────────────────────────────────────────────────────────────────────────────────────── │\n"
        "│ all                                 1,204  1.2 %  34 % 1,186,380  295,710    1.23                    │\n"
        "│                                                                                                      │\n"
        "│                                                                                                      │\n"
        "╰──────────────────────────────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_80_columns() -> None:
    """Settings in brief."""
    assert shown(PANEL, told(), 80, 11) == (
        "╭─ Gateways  today, UTC ───────────────────────────────────────────────────────╮\n"
        "│ gateway trend, today   requests errors  hits tokens in   out       $   share │\n"
        "│ prod    ▁▁▁▃▄▇▇▁▁▁▁▁      1,002  1.4 %  35 %   974,940  250k    1.04    83 % │\n"
        "│   logs on · cache 15 min · 60 in 1 min · $5.00 in 1 d                        │\n"
        "│ batch   ▁▁▁▃▄▇▇▁▁▁▁▁        202    0 %  30 %   211,440 45.9k    0.20    17 % │\n"
        "│   logs off · cache off · no rate limit · no spend limit                      │\n"
        "│ quiet   ▁▁▁▁▁▁▁▁▁▁▁▁          0      –     –         0     0       0     0 % │\n"
        "│   logs on · no spend limit                                                   │\n"
        "│ ──────────────────────────────────────────────────────────────────────────── │\n"
        "│ all                       1,204  1.2 %  34 % 1,186,380  296k    1.23         │\n"
        "╰──────────────────────────────────────────────────────────────────────────────╯"
    )


def test_at_60_columns() -> None:
    """Tokens go, and are named."""
    assert shown(PANEL, told(), 60, 11) == (
        "╭─ Gateways  today, UTC ───────────────────────────────────╮\n"
        "│ gateway trend, today  requests errors  hits    $   share │\n"
        "│ prod    ▁▁▁▃▄▇▇▁▁▁▁▁     1,002  1.4 %  35 % 1.04    83 % │\n"
        "│   logs on · cache 15 min · 60 in 1 min · $5.00 in 1 d    │\n"
        "│ batch   ▁▁▁▃▄▇▇▁▁▁▁▁       202    0 %  30 % 0.20    17 % │\n"
        "│   logs off · cache off · no rate limit · no spend limit  │\n"
        "│ quiet   ▁▁▁▁▁▁▁▁▁▁▁▁         0      –     –    0     0 % │\n"
        "│   logs on · no spend limit                               │\n"
        "│ ──────────────────────────────────────────────────────── │\n"
        "│ all                      1,204  1.2 %  34 % 1.23         │\n"
        "╰───────────────────────────────────────── hidden: tokens ─╯"
    )


def test_at_40_columns() -> None:
    """Without room for every settings line there is none, and that is said."""
    assert shown(PANEL, told(), 40, 8) == (
        "╭─ Gateways  today, UTC ───────────────╮\n"
        "│ gateway requests errors    $   share │\n"
        "│ prod       1,002  1.4 % 1.04    83 % │\n"
        "│ batch        202    0 % 0.20    17 % │\n"
        "│ quiet          0      –    0     0 % │\n"
        "│ ──────────────────────────────────── │\n"
        "│ all        1,204  1.2 % 1.23         │\n"
        "╰─────────────────── 4 columns hidden ─╯"
    )


def test_settings_that_are_cut_are_whole() -> None:
    """Where even the brief ones are too long the last ones go, and no figure is cut; one brief row makes all brief."""
    long = (replace(SET[0], spend_limits=(RULE,) * 4), replace(SET[1], cache_ttl_s=60))
    text = shown(PANEL, told(gateways=long), 104, 20)
    assert "logs on · cache 15 min · 60 in 1 min · 4 spend limits" in text
    assert "logs off · cache 1 min · no rate limit" in text
    text = shown(PANEL, told(), 40, 20)
    assert "│   logs on · cache 15 min …           │" in text
    assert "hidden: settings" in shown(PANEL, told(), 104, 7)


def test_settings_that_are_not_known() -> None:
    """Not told at all, a gateway that was deleted, and requests without a gateway's name: each is said."""
    assert "settings not known ─╯" in shown(PANEL, told(gateways=()), 80, 12)
    views = recorded([request_row(3), request_row(3, gateway="old"), request_row(3, gateway="", requests=90)])
    lines = [line.strip("│ ") for line in shown(PANEL, told(views=views, gateways=SET[:1]), 80, 14).split("\n")[2:8]]
    assert lines[0].split()[:2][0] == "(none)"
    assert lines[1::2] == [
        "requests of which Cloudflare names no gateway",
        "the gateway no longer exists",
        "logs on · cache 15 min · 60 in 1 min · $5.00 in 1 d",
    ]


def test_no_name_can_be_narrowed_to() -> None:
    """The crumbs say so too, and do not say all gateways."""
    found = scene(views=recorded([request_row(3, gateway="")]))
    (target,) = PANEL.targets(PANEL.look(found, area(80, 12)))
    assert target.narrow == (("gateway", ""),)
    scope = Scope().narrow(gateway="")
    assert crumbs(replace(found.snapshot, scope=scope))[1].text == "(none)"
    of_provider = crumbs(replace(found.snapshot, scope=Scope().narrow(provider="")))
    assert [crumb.text for crumb in of_provider[1:3]] == ["all gateways", "(none)"]


def test_several_accounts() -> None:
    """The account stands before the gateway, Enter keeps it, and each has its own settings and its own mark."""
    views = histories(requests=[(ACCOUNT, request_row(3, requests=7)), (OTHER, request_row(3, requests=5))])
    pairs = ((ACCOUNT, SET[:1]), (OTHER, (Gateway("prod", 0), Gateway("new"))))

    def watched(scope: Scope | None = None) -> Scene:
        found = told(scope, views)
        labels = ((ACCOUNT, "acme"), (OTHER, "acme-eu"))
        return replace(found, snapshot=replace(found.snapshot, labels=labels, gateways=pairs))

    found = watched()
    lines = shown(PANEL, found, 104, 12).split("\n")
    assert lines[2].startswith("│ acme › prod ")
    assert "cached for 15 min" in lines[3]
    assert lines[4].startswith("│ acme-eu › prod ")
    assert "cache off" in lines[5]
    targets = PANEL.targets(PANEL.look(found, area(104, 12)))
    assert targets[1].narrow == (("account", OTHER), ("gateway", "prod"))
    assert "acme" not in shown(PANEL, watched(Scope().narrow(account=OTHER)), 104, 12)


def test_sampled() -> None:
    """The mark in the row and in the sum."""
    views = recorded_sampled(requests=[request_row(3, requests=40), request_row(3, gateway="batch", requests=2)])
    text = shown(PANEL, told(views=views), 104, 12)
    assert " ±40 " in text
    assert " ±42 " in text


def test_the_scope() -> None:
    """Its gateway alone, also of those without requests; by status nothing is known, and that is said."""
    text = shown(PANEL, told(Scope().narrow(gateway="quiet")), 80, 12)
    assert "quiet" in text
    assert "prod" not in text
    assert "not known by status" in shown(PANEL, told(Scope().narrow(status="429")), 80, 12)
    gpt = shown(PANEL, told(Scope().narrow(provider="openai")), 80, 12)
    assert next(line for line in gpt.split("\n") if "batch" in line).split()[3] == "0"


def test_words_where_there_is_nothing() -> None:
    """Not read, and read but empty, are two things; a gateway of an hour never read has no zero."""
    assert "not read yet" in shown(PANEL, told(views=empty(), gateways=()), 80, 12)
    assert "no requests through" in shown(PANEL, told(views=empty("requests"), gateways=()), 80, 12)
    unread = shown(PANEL, told(views=empty()), 80, 12).split("\n")
    assert [line.split()[3:] for line in unread if "│ batch" in line] == [[*"–––––––", "│"]]
    read = shown(PANEL, told(views=empty("requests")), 80, 12)
    assert [line.split()[2:-1] for line in read.split("\n") if "│ all" in line] == [["0", "–", "–", "0", "0", "0"]]


def test_rows_scroll() -> None:
    """Two lines a gateway; the border says which are shown."""
    views = recorded([request_row(3, gateway=f"g{n:02}", requests=100 - n) for n in range(40)])
    seen = PANEL.look(told(views=views, gateways=SET[:1]), area(60, 14, top=99))
    assert [row.name for row in seen.rows] == ["g37", "g38", "g39", "prod"]
    assert "38–41 of 41" in shown(PANEL, told(views=views, gateways=SET[:1]), 60, 14, top=99)


async def test_in_the_monitor() -> None:
    """Settings are asked for while the panel can be seen; Enter narrows to the first gateway."""
    stage = Stage()
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        assert stage.monitor.scene is not None
        assert stage.monitor.scene.snapshot.gateways == ()
        stage.monitor.show_panel(stage.monitor.panel("gateways"))
        await stage.until(lambda: "cached for 1 h" in stage.panel("gateways"))
        await stage.pilot.press("enter")
        await stage.pilot.pause()
        assert stage.monitor.scope.where == (("gateway", ("prod-api",)),)


@settings(max_examples=80)
@given(
    st.integers(0, 160),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.sampled_from(["", *NAMES]),
    st.sampled_from([0, 7, 10**15]),
    st.booleans(),
)
def test_any_size_and_any_name(
    width: int, height: int, form: Form, is_zoomed: bool, name: str, value: int, has_settings: bool
) -> None:
    """No figure is cut, foreign names stay in their cells, and nothing raises, from 0×0 on."""
    name = name.encode(errors="replace").decode()
    rows = [
        request_row(3, "m", "p", value, value // 2, value // 3, 0.1, value, value, f"{name}{n or ''}") for n in range(5)
    ]
    rule = SpendLimit(float(value), value, model=name)
    gateways = (replace(SET[0], id=name, rate_limit=value, cache_ttl_s=value, spend_limits=(rule,)), *SET)
    labels = ((ACCOUNT, name), (OTHER, "b"))
    found = told(views=recorded(rows), gateways=gateways if has_settings else (), labels=labels)
    check_any_size(PANEL, found, width, height, form, is_zoomed)
    check_any_size(PANEL, told(Scope(MONTH)), width, height, form, is_zoomed)
