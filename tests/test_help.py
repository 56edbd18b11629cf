"""`?`: keys, how figures are read, panels, and why some of their figures are unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.binding import Binding

from accounts import account_id
from aigw_tui.model import Account, Missing
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.panels.accounts import Accounts
from aigw_tui.tui.panels.failures import Failures
from aigw_tui.tui.panels.log import Log
from aigw_tui.tui.screens.help import help_lines
from aigw_tui.tui.screens.reasons import Reasons
from stage import Stage
from test_hostile import NAMES
from world import scene

KEYS = (Binding("q", "quit", "quit"),)
WATCHED = tuple(Account(account_id(n), f"a{n}") for n in range(6))
NO_TOKENS = "this account has no tokensIn"


def reasons(*missing: Missing, accounts: Sequence[Account] = WATCHED[:1]) -> Reasons:
    return Reasons.of(replace(scene().snapshot, missing=missing, accounts=tuple(accounts)))


def lacks(account: Account, measure: str = "tokens_in", dataset: str = "requests", why: str = NO_TOKENS) -> Missing:
    return Missing(account.id, dataset, measure, why)


def page(found: Reasons, width: int = 100) -> str:
    return plain(help_lines(KEYS, [kind for _, kind in all_panels()], found, width))


def test_a_reason_below_every_panel_that_needs_it() -> None:
    """Below its help, by the measure's name in words; not below panels that look elsewhere."""
    found = reasons(lacks(WATCHED[0]))
    text = page(found)
    needing = [kind for _, kind in all_panels() if "requests" in kind.NEEDS]
    assert text.count(f"– tokens in: {NO_TOKENS}") == len(needing) > 0
    assert found.lines(Log.NEEDS) == ()
    assert page(reasons()) == page(Reasons())


def test_a_dataset_as_a_whole() -> None:
    """It is called by its name; cost is called cost."""
    missing = lacks(WATCHED[0], "", "failures", "not permitted"), lacks(WATCHED[0], "cost_usd", why="no sum.cost")
    assert reasons(*missing).lines(("failures", "requests")) == (
        "– all of failures: not permitted",
        "– cost: no sum.cost",
    )


def test_one_reason_once() -> None:
    """Also where two datasets lack the same, and where several accounts do: they are named together."""
    both = reasons(lacks(WATCHED[0]), lacks(WATCHED[0], dataset="failures"), accounts=WATCHED)
    assert both.lines(Failures.NEEDS) == (f"– tokens in (a0): {NO_TOKENS}",)
    two = reasons(lacks(WATCHED[0]), lacks(WATCHED[1]), lacks(WATCHED[2], why="another"), accounts=WATCHED)
    assert two.lines(Accounts.NEEDS) == (f"– tokens in (a0 and a1): {NO_TOKENS}", "– tokens in (a2): another")
    five = reasons(*map(lacks, WATCHED[:5]), accounts=WATCHED)
    assert five.lines(Accounts.NEEDS) == (f"– tokens in (a0, a1, a2 and 2 more): {NO_TOKENS}",)
    every = reasons(*map(lacks, WATCHED), accounts=WATCHED)
    assert every.lines(Accounts.NEEDS) == (f"– tokens in: {NO_TOKENS}",)


@pytest.mark.parametrize("width", [114, 74, 54, 34])
def test_any_width(width: int) -> None:
    """No line is wider than the page, whatever accounts are called and whatever a server gave as its reason."""
    accounts = [Account(account_id(n), name) for n, name in enumerate(NAMES)]
    missing = [lacks(account, why=account.label, measure=account.label) for account in accounts]
    lines = help_lines(KEYS, [kind for _, kind in all_panels()], reasons(*missing, accounts=accounts), width)
    assert max(map(width_of, lines)) <= width
    assert all(span.text.isprintable() for line in lines for span in line)


def test_how_figures_are_read() -> None:
    """Sampled counts, and the two costs that are never added up."""
    text = " ".join(page(Reasons()).split())
    assert "± a count that Cloudflare took from a sample: the true one lies within, 95 times of 100" in text
    assert "not owed: the gateway's list price of Workers AI before the free allowance; never added" in text


async def test_the_page_has_the_reasons_of_now() -> None:
    """Those of the snapshot on the screen."""
    stage = Stage()
    look = stage.monitor._feed.look
    missing = (lacks(WATCHED[0]),)
    stage.monitor._feed.look = lambda scope: replace(look(scope), missing=missing)  # type: ignore[method-assign]
    async with stage.running():
        await stage.until(lambda: stage.clock.has_sleepers)
        await stage.pilot.press("question_mark")
        await stage.pilot.pause()
        surface = stage.monitor.screen.query_one("#page")
        assert f"– tokens in: {NO_TOKENS}" in "\n".join(strip.text for strip in surface._strips)  # type: ignore[attr-defined]


def test_no_key_is_cut() -> None:
    """Where the column is narrow, names go on in the next line."""
    keys = (Binding("pagedown,ctrl+d", "page", "page down"), Binding("shift+tab", "back", "previous panel"))
    words = plain(help_lines(keys, [], Reasons(), 34)).split()
    assert {"pgdn,", "ctrl-d", "shift-tab"} <= {*words}
