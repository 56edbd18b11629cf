"""Accounts: all of them on one screen, the worst first, at any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import account_id, burned, histories, watching
from aigw_tui.model import Account, Scope, State
from aigw_tui.tui.frame import Form
from aigw_tui.tui.panels.accounts import Accounts
from aigw_tui.tui.scene import Scene
from stage import Stage
from test_hostile import NAMES
from world import NEURON_QUOTA, NOW, area, check_any_size, neuron_row, request_row, scene, shown

ACME, BETA, SLOW, FAR, NEW = (account_id(n) for n in range(1, 6))
SOME = (
    Account(ACME, "acme"),
    Account(BETA, "beta", State.STALE, NOW - timedelta(minutes=9)),
    Account(SLOW, "slow", until=NOW + timedelta(minutes=5)),
    Account(FAR, "far", State.OFFLINE, NOW - timedelta(days=1)),
    Account(NEW, "new", State.STARTING),
)


def some(scope: Scope | None = None) -> Scene:
    """One that runs out, one stale, one without budget, one offline, one that has just begun."""
    views = histories(
        requests=[(ACME, request_row(9, requests=1204, errors=14, hits=409)), (BETA, request_row(8, requests=40))],
        neurons=[(ACME, neuron_row(9, neurons=7_000.0)), (NEW, neuron_row(9, neurons=12.0))],
    )
    quotas = (
        replace(NEURON_QUOTA, account=ACME),
        burned(BETA, 1_234.0, nowcast=66.0),
        burned(SLOW, 10_400.0),
        burned(FAR, 3_000.0),
    )
    return watching(SOME, quotas, views, scope)


def test_the_panel() -> None:
    """A line each with verdict and state in words, and all of them together."""
    assert shown(Accounts(), some(), 104, 11) == (
        "╭─ Accounts  today, UTC ───────────────────────────────────────────────────────────────────────────────╮\n"
        "│ account       neurons   used  verdict            requests  errors  hits     $  state                 │\n"
        "│ slow           10,400  104 %  ▲ used up                 –       –     –     –  ▲ budget until 14:10  │\n"
        "│ acme            7,214   72 %  ▲ out 19:10–21:40     1,204   1.2 %  34 %  0.10  ● live                │\n"
        "│ far             3,000   30 %  ✓ lasts                   –       –     –     –  ▲ offline             │\n"
        "│ beta            1,234  ~13 %  ✓ lasts                  40     0 %   0 %  0.10  ▲ stale 13:56         │\n"
        "│ new                12      –  –                         –       –     –     –  ○ starting            │\n"
        "│ ──────────────────────────────────────────────────────────────────────────────────────────────────── │\n"
        "│ all accounts   21,860         ▲ 2 run out           1,244   1.1 %  33 %  0.20  ▲ 3 not live          │\n"
        "│                                                                                                      │\n"
        "╰────────────────────────────────────────────────────────────────────────────────────── hidden: limit ─╯"
    )


@pytest.mark.parametrize("width", [120, 80, 60, 44])
def test_what_stays_at_every_width(width: int) -> None:
    """Name, share, and the verdict or the state with its time; what is hidden is said."""
    text = shown(Accounts(), some(), width, 12)
    for words in ("slow", "104 %", "until 14:10", "acme", "72 %", "19:10–21:40", "beta", "~13 %", "13:56", "offline"):
        assert words in text, words
    assert "hidden" in text
    assert ("1,204" in text) == (width >= 60)
    assert ("┃" in text) == (width >= 120)
    if width < 80:
        assert "▲ 4" in text


def test_without_borders() -> None:
    """40×10: as much as at 44, over the whole width."""
    rows = shown(Accounts(), some(), 40, 9, "bare").splitlines()
    assert rows[1].split() == ["slow", "104", "%", "▲", "until", "14:10"]
    assert rows[2].split() == ["acme", "72", "%", "▲", "19:10–21:40"]


def test_the_scope_changes_no_line() -> None:
    """Narrowed to one account or model the panel still shows every account and the whole of each."""
    whole = shown(Accounts(), some(), 140, 12)
    for scope in (Scope().narrow(account=ACME), Scope().narrow(model="gpt-5-mini"), Scope(pattern="!.")):
        assert shown(Accounts(), some(scope), 140, 12) == whole


def test_labels_that_are_alike() -> None:
    """Each shows the beginning of its id, also where the name must be short; others do not."""
    twins = (Account(ACME, "production"), Account(BETA, "production"), Account(FAR, "staging"), Account(NEW, ""))
    for width in (140, 60, 40):
        text = shown(Accounts(), watching(twins), width, 12)
        assert ACME[:8] in text
        assert BETA[:8] in text
        assert FAR[:8] not in text
        assert NEW[:8] in text
    assert f"production {ACME[:8]}" in shown(Accounts(), watching(twins), 140, 12)


def test_three_hundred_scroll() -> None:
    """The total stays, the border says which are shown, the last one can be reached."""
    accounts = tuple(Account(account_id(n), f"customer {n:03}") for n in range(300))
    quotas = [burned(one.id, 9_000.0 - n) for n, one in enumerate(accounts)]
    first = shown(Accounts(), watching(accounts, quotas), 120, 30)
    assert "customer 000" in first.splitlines()[2]
    assert "1–25 of 300" in first.splitlines()[-1]
    assert "2,655,150" in first.splitlines()[-2]
    last = shown(Accounts(), watching(accounts, quotas), 120, 30, top=10_000)
    assert "customer 299" in last.splitlines()[-4]
    assert "276–300 of 300" in last.splitlines()[-1]
    panel = Accounts()
    seen = panel.look(watching(accounts, quotas), area(120, 30))
    assert (seen.count, len(panel.targets(seen))) == (300, 25)


def test_enter_narrows_to_the_account() -> None:
    """By its id, whatever it is called."""
    panel = Accounts()
    targets = panel.targets(panel.look(some(), area(120, 12)))
    assert [target.narrow for target in targets] == [(("account", id_),) for id_ in (SLOW, ACME, FAR, BETA, NEW)]


def test_nothing_yet() -> None:
    """Before the first answer there is nobody to show."""
    assert "no account is known yet" in shown(Accounts(), scene(), 80, 12)


async def test_the_palette_leads_to_it_and_enter_to_the_account() -> None:
    """It has no place on the dashboard: shown alone, Enter narrows and brings the others back."""
    stage = Stage()
    look = stage.monitor._feed.look
    stage.monitor._feed.look = lambda scope: replace(look(scope), accounts=SOME)  # type: ignore[method-assign]
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        stage.monitor.show_panel(stage.monitor.panel("accounts"))
        await stage.until(lambda: "slow" in stage.text())
        await stage.pilot.press("down", "enter")
        assert stage.monitor.scope.values("account") == (FAR,)
        assert stage.monitor.zoomed is None


@settings(max_examples=80)
@given(
    st.integers(0, 160),
    st.integers(0, 40),
    st.sampled_from(["box", "rule", "bare"]),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*State]), st.booleans()), max_size=40),
    st.none() | st.sampled_from([0.0, 0.4, 9_999.6, 10.0**14]),
    st.sampled_from([1.0, 10_000.0, 10.0**12]),
)
def test_any_size(
    width: int,
    height: int,
    form: Form,
    is_zoomed: bool,
    labels: list[tuple[str, State, bool]],
    used: float | None,
    limit: float,
) -> None:
    """No figure is cut, nothing foreign gets through and nothing raises, from 0×0 on."""
    accounts = [
        Account(account_id(n), label, state, NOW - timedelta(days=n), NOW if is_out else None)
        for n, (label, state, is_out) in enumerate(labels)
    ]
    quotas = [burned(one.id, used, limit) for one in accounts[::2]]
    views = histories(requests=[(one.id, request_row(9, requests=10**13, cost=10.0**9)) for one in accounts[:3]])
    check_any_size(Accounts(), watching(accounts, quotas, views), width, height, form, is_zoomed)
