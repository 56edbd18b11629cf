"""Alerts: what fires first, then what may, what was, and what is watched; at any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aigw_tui.demo.box import ACCOUNT_ID
from aigw_tui.insight.alerting import Rule
from aigw_tui.model import DAY, HOUR, Account, Alert, Episode, Estimate, Phase, Scope, Undelivered, Window
from aigw_tui.tui.alertsheet import alert_sheet
from aigw_tui.tui.bell import Bell
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.alerts import Alerts
from aigw_tui.tui.scene import Scene
from stage import Stage
from test_hostile import NAMES
from world import ACCOUNT, NOW, TODAY, area, check_any_size, scene, shown

BETA = "beta" + "0" * 28
USED = Alert(
    "neurons used", ACCOUNT, "critical", Phase.FIRING, "neurons used above 90 %", 0.93, "93 %",
    NOW - timedelta(minutes=40), narrow=(("account", (ACCOUNT,)),),
)  # fmt: skip
ERRORS = Alert(
    "errors", ACCOUNT, "warning", Phase.PENDING, "error rate above 5.0 % for 15 min in prod", 0.072, "7.2 %",
    NOW - timedelta(minutes=5), narrow=(("account", (ACCOUNT,)), ("gateway", ("prod", "prod-2"))),
)  # fmt: skip
SPIKE = Alert(
    "token spike", ACCOUNT, "warning", Phase.INACTIVE, "tokens over usual above 6.0 × MAD",
    why="7 days of history are needed, there are 3",
)  # fmt: skip
QUIET = Alert(
    "no answer", ACCOUNT, "critical", Phase.INACTIVE, "time without an answer above 30 min",
    silenced_until=NOW + HOUR,
)  # fmt: skip
PAST = Episode(
    "errors", ACCOUNT, TODAY - DAY + HOUR * 9, TODAY - DAY + HOUR * 9, TODAY - DAY + HOUR * 10, "warning", 0.24,
    "error rate above 5.0 %",
)  # fmt: skip

WAITS = Undelivered("team", 2, "hooks.example answers 500 (Internal Server Error)", NOW + timedelta(minutes=15))
LOST = Undelivered("office", lost=1, lost_why="mx.example refuses the mail (550)", lost_at=NOW - HOUR, lost_after_h=24)


def watching(*alerts: Alert, episodes: tuple[Episode, ...] = (), **more: object) -> Scene:
    before = scene()
    return replace(before, snapshot=replace(before.snapshot, alerts=alerts, episodes=episodes, **more))  # type: ignore[arg-type]


ALL = watching(USED, ERRORS, QUIET, SPIKE, episodes=(PAST,))


@pytest.mark.parametrize("width", [120, 80, 60, 44])
def test_what_stays_at_every_width(width: int) -> None:
    """The rule, its figure and since when; the condition where there is room for words."""
    text = shown(Alerts(), ALL, width, 12)
    for words in ("neurons used", "93 %", "13:25", "errors", "7.2 %", "14:00", "22 Nov 09:00", "1 h 00 min", "silent"):
        assert words in text, words
    assert ("neurons used above 90 %" in text) == (width >= 80)
    assert ("1 pending" in text) == (width >= 60)


def test_the_order() -> None:
    """What fires, what is pending, what is over, what is watched; one that cannot tell has no tick and says why."""
    rows = shown(Alerts(), ALL, 120, 12).splitlines()[3:8]
    assert [row.split()[1] for row in rows] == ["▲", "◌", "·", "✓", "–"]
    assert "cannot tell, 7 days of history are needed, there are 3" in rows[4]
    assert "silent until 15:05" in rows[3]


def test_owners_where_there_are_several() -> None:
    """The account stands in the line only when more than one is watched."""
    assert "acme" not in shown(Alerts(), ALL, 120, 12)
    accounts = (Account(ACCOUNT, "acme"), Account(BETA, "beta"))
    text = shown(Alerts(), watching(USED, replace(ERRORS, account=BETA), accounts=accounts), 120, 12)
    assert [name in text for name in ("acme", "beta")] == [True, True]


def test_the_scope_changes_nothing() -> None:
    narrow = replace(ALL, snapshot=replace(ALL.snapshot, scope=Scope().narrow(model="gpt-5-mini")))
    assert shown(Alerts(), narrow, 120, 12) == shown(Alerts(), ALL, 120, 12)


def test_enter_leads_to_the_evidence() -> None:
    """What the rule is about, and the hours around its episode; a rule at rest has no hours."""
    panel = Alerts()
    used, errors, past, *_, spike = panel.targets(panel.look(ALL, area(120, 12)))
    assert errors.narrow == (("account", (ACCOUNT,)), ("gateway", ("prod", "prod-2")))
    assert used.period is not None
    assert used.period.at(NOW) == Window(TODAY + HOUR * 12, TODAY + HOUR * 16)
    assert past.period is not None
    assert past.period.at(NOW) == Window(TODAY - DAY + HOUR * 8, TODAY - DAY + HOUR * 12)
    assert spike.period is None


def test_nothing_fires_and_nothing_was_judged() -> None:
    """The first says what is watched; the second when it will."""
    text = shown(Alerts(), watching(QUIET), 120, 8)
    assert "nothing fires" in text
    assert "time without an answer above 30 min" in text
    assert "no rule was judged yet" in shown(Alerts(), watching(), 80, 8)


NAMED = replace(
    ERRORS, phase=Phase.FIRING, name="@cf/meta/llama-3.1-8b-instruct", each="model",
    narrow=(("account", (ACCOUNT,)), ("model", ("@cf/meta/llama-3.1-8b-instruct",))),
)  # fmt: skip
OTHERS = replace(
    ERRORS, phase=Phase.INACTIVE, words="error rate above 5.0 %, each of 48 models but 1", value=None, figure="",
    since=None, each="model",
)  # fmt: skip


def test_a_rule_for_each_model() -> None:
    """A line for each model that is not at rest, with its name, and one for the others; one rule is watched."""
    past = replace(PAST, name="(none)")
    seen = watching(NAMED, OTHERS, episodes=(past,))
    text = shown(Alerts(), seen, 120, 8)
    for words in ("▲ errors [llama-3.1-8b-instruct]", "1 is watched", "each of 48 models but 1", "errors [(none)]"):
        assert words in text, words
    panel = Alerts()
    fires, over, rest = panel.targets(panel.look(seen, area(120, 12)))
    assert dict(fires.narrow)["model"] == ("@cf/meta/llama-3.1-8b-instruct",)
    assert dict(over.narrow)["model"] == ("",)
    assert "model" not in dict(rest.narrow)


def test_the_table_names_what_fires_and_says_what_is_estimated() -> None:
    """A cell for the name; a value stands in one of two columns."""
    guess = replace(NAMED, value=Estimate(0.5))
    sheet = alert_sheet("alerts", (NAMED, guess, replace(PAST, name="m", peak=Estimate(2.0))))
    measured, estimated, over = (dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows)
    assert (measured["name"], measured["value"], measured["value_estimated"]) == (NAMED.name, NAMED.value, None)
    assert (estimated["value"], estimated["value_estimated"]) == (None, 0.5)
    assert (over["name"], over["peak"], over["peak_estimated"]) == ("m", None, 2.0)


async def test_one_model_is_narrowed_to_and_silenced() -> None:
    """In the monitor: s silences the model under the cursor alone, Enter shows it alone."""
    rule = Rule("busy", "cost_per_day", above=0.0, each="model")
    stage = Stage(rules=(rule,))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("alerts"))
        await stage.until(lambda: "▲ busy [" in stage.text())
        await stage.pilot.press("s")
        await stage.until(lambda: "silent until 16:05" in stage.text())
        assert stage.text().count("silent until") == 1
        silent = next(one for one in stage.monitor.scene.snapshot.alerts if one.silenced_until)  # type: ignore[union-attr]
        await stage.pilot.press("enter")
        assert stage.monitor.scope.values("model") == (silent.name,)


async def test_many_that_begin_at_once_ring_once() -> None:
    """A bell for each rule, whatever the number of its names."""
    rung: list[int] = []
    stage = Stage(rules=(Rule("busy", "cost_per_day", above=0.0, each="model"),))
    stage.monitor._bell = Bell(lambda alerts: rung.append(len(alerts)) or "")  # type: ignore[func-returns-value]
    async with stage.running():
        await stage.until(lambda: bool(rung))
        assert len(rung) == 1
        assert rung[0] > 1


def test_messages_that_did_not_arrive_stand_at_the_foot() -> None:
    """Below the rules, whether anything fires or not; the border warns."""
    found = watching(QUIET, undelivered=(LOST, WAITS))
    assert shown(Alerts(), found, 100, 12).splitlines()[-3:-1] == [
        "│ ◌ 2 messages wait for team: hooks.example answers 500 (Internal Server Error), next try 14:20    │",
        "│ ▲ gave up on 1 message for office after 24 h: mx.example refuses the mail (550), at 13:05        │",
    ]
    panel, room = Alerts(), area(100, 12)
    assert panel.draw(panel.look(found, room), room).tint == "warn"
    assert "2 messages wait for team" in shown(Alerts(), watching(undelivered=(WAITS,)), 100, 8)
    assert "no rule was judged yet" in shown(Alerts(), watching(undelivered=(WAITS,)), 100, 8)


@pytest.mark.parametrize(("height", "rules"), [(12, 5), (9, 4), (7, 2), (6, 2), (5, 1), (4, 0), (3, 0)])
def test_the_foot_leaves_room_for_rules(height: int, rules: int) -> None:
    """One line of it in a low panel, with how many more there are; what is not visible can be scrolled to."""
    found = replace(ALL, snapshot=replace(ALL.snapshot, undelivered=(LOST, WAITS)))
    panel, room = Alerts(), area(40, height)
    seen = panel.look(found, room)
    assert len(seen.rows) == rules
    text = shown(panel, found, 40, height)
    assert ("+1 more" in text) == (height in (4, 5, 6, 7, 9))
    if seen.has_more:
        assert panel.look(found, replace(room, top=9)).rows[-1:] == panel.look(found, area(40, 30)).rows[-1:][:rules]


def test_what_did_not_change_is_not_painted() -> None:
    """A value as another look finds it again is the same; a later try is not."""
    panel, room = Alerts(), area(100, 12)
    again, later = replace(WAITS), replace(WAITS, next_at=NOW + HOUR)
    seen = [panel.look(watching(QUIET, undelivered=(one,)), room) for one in (WAITS, again, later)]
    assert seen[0] == seen[1] != seen[2]


async def test_it_comes_and_goes_on_the_screen() -> None:
    """A message that failed is said in the panel until it has arrived."""
    stage = Stage(rules=(Rule("calm", "quota_used", above=9.0),))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("alerts"))
        await stage.until(lambda: "calm" in stage.text())
        outbox, now = stage.monitor._feed.outbox, stage.clock.now()
        outbox.add("a", ["team"], "text", now)
        row = outbox.take("team", now)
        assert row is not None
        outbox.retry(row, "hooks.example answers 503", now + timedelta(minutes=15), is_target_down=True)
        stage.clock.advance(6)
        said = "1 message waits for team: hooks.example answers 503, next try 14:20"
        await stage.until(lambda: said in stage.text())
        stage.clock.advance(900)
        row = outbox.take("team", stage.clock.now())
        assert row is not None
        outbox.delivered(row, stage.clock.now())
        stage.clock.advance(6)
        await stage.until(lambda: "for team" not in stage.text())


async def test_s_silences_and_enter_narrows() -> None:
    """In the monitor: s silences the rule under the cursor for two hours, s again ends that; Enter narrows."""
    stage = Stage(rules=(Rule("busy", "quota_used", above=0.0), Rule("calm", "quota_used", above=9.0)))
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("alerts"))
        await stage.until(lambda: "▲ busy" in stage.text())
        await stage.pilot.press("s")
        await stage.until(lambda: "silent until 16:05" in stage.text())
        await stage.pilot.press("s")
        await stage.until(lambda: "silent" not in stage.text())
        await stage.pilot.press("enter")
        assert stage.monitor.scope.values("account") == (ACCOUNT_ID,)
        assert stage.monitor.scope.current_period.fixed is not None
        assert stage.monitor.zoomed is None


@settings(max_examples=80)
@given(
    st.integers(0, 160),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*Phase]), st.booleans()), max_size=30),
    st.lists(st.sampled_from(NAMES), max_size=5),
)
def test_any_size(
    width: int, height: int, form: Form, is_zoomed: bool, made: list[tuple[str, Phase, bool]], targets: list[str]
) -> None:
    """Nothing is cut, nothing foreign gets through and nothing raises, from 0×0 on."""
    alerts = [
        replace(USED, rule=name, phase=phase, words=name, why=name if is_long else "", figure="9,999 × MAD")
        for name, phase, is_long in made
    ]
    episodes = tuple(replace(PAST, rule=name, words=name, account=BETA) for name, _, _ in made[:3])
    accounts = tuple(Account(id_, name) for id_, (name, _, _) in zip((ACCOUNT, BETA), made, strict=False))
    undelivered = tuple(replace(WAITS, target=name, why=name, lost=3, dropped=2_000) for name in targets)
    found = watching(*alerts, episodes=episodes, accounts=accounts, undelivered=undelivered)
    check_any_size(Alerts(), found, width, height, form, is_zoomed)
