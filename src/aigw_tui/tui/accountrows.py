"""What is said of an account: its name, whether its neurons last, and whether it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aigw_tui.format import UNKNOWN, clock, whole
from aigw_tui.insight.standing import Standing, Together
from aigw_tui.insight.verdict import Verdict, judge
from aigw_tui.model import State
from aigw_tui.tui.owners import Name
from aigw_tui.tui.status import LOOKS

LEVELS = 5
"""Texts of a verdict and of a state, fullest first; the last is a glyph."""
NOTHING = Verdict("faint", ("",))
NOT_KEPT = Verdict("faint", ("not kept",) * 4 + (UNKNOWN,))
"""Whether an account answered at a moment that has passed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One account as it is shown."""

    name: Name
    standing: Standing
    state: Verdict

    @property
    def id(self) -> str:
        return self.standing.account.id

    @property
    def verdict(self) -> Verdict:
        """Whether its neurons last; `–` outside the scope, where no limit is known."""
        if self.standing.quota is None:
            return Verdict("faint", (UNKNOWN,))
        role, texts = judge(self.standing.quota)
        *longer, last = texts if len(texts) > 1 else (*texts, UNKNOWN)
        return Verdict(role, (*longer, *longer[-1:] * (LEVELS - 1 - len(longer)), last))

    @property
    def news(self) -> Verdict:
        """The one of both that matters, where there is room for one."""
        is_judged = self.standing.is_answered and self.verdict.role not in ("faint", "muted")
        return self.verdict if is_judged else self.state


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible accounts, and the sum of all."""

    rows: tuple[Row, ...]
    all: Together
    count: int
    """Accounts before scrolling."""
    top: int


def state_of(one: Standing, now: datetime) -> Verdict:
    """Whether the account answers, and since when or until when it does not."""
    account = one.account
    if account.until is not None:
        at = _moment(account.until, now)
        until = f"▲ until {at}"
        return Verdict("bad", (f"▲ budget used up until {at}", f"▲ budget until {at}", until, until, "▲"))
    glyph, word, role = LOOKS[account.state]
    plain, at = f"{glyph} {word}", _moment(account.as_of, now) if account.as_of else ""
    if one.is_answered or not at:
        return Verdict(role, (plain,) * 4 + (glyph,))
    brief = plain if account.state is State.OFFLINE else f"{plain} {at}"
    return Verdict(role, (f"{plain} as of {at}", brief, brief, brief, glyph))


def total_of(number: int, what: str) -> Verdict:
    """`▲ 3 run out`; nothing where all is well."""
    return Verdict("warn", (f"▲ {whole(number)} {what}",) * 3 + (f"▲ {whole(number)}", "▲")) if number else NOTHING


def _moment(at: datetime, now: datetime) -> str:
    """`14:05`, with its date where that is another day."""
    return clock(at) if at.date() == now.date() else f"{at.day} {at:%b} {clock(at)}"
