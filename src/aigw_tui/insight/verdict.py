"""Whether a quota lasts, in a glyph and words."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from aigw_tui.format import UNKNOWN, clock
from aigw_tui.model import DAY, Quota, day_of

BAD_FROM = 0.9
"""Share of the limit from which running out is bad news, not a warning."""
COARSE = timedelta(minutes=10)
"""A run-out time is a range; to the minute it would only pretend."""
DIGITS = 3
"""Of a projection."""
BY_THE_DAY = ("cost_month",)
"""Quotas of more than a day."""


class Verdict(NamedTuple):
    """The first thing to read: `good`, `warn`, `bad` or `muted`, and its words, fullest first."""

    role: str
    texts: tuple[str, ...]


def judge(quota: Quota | None) -> Verdict:
    """Whether a quota lasts, in words."""
    pace, share = (quota.pace, quota.share) if quota else (None, None)
    if quota is not None and quota.note:
        return _noted(quota)
    if quota is None or share is None or quota.limit is None:
        return Verdict("muted", ("no verdict yet",))
    if quota.name in BY_THE_DAY:
        return _by_the_day(quota, share)
    end = clock(quota.resets_at or (day_of(pace.expected[0][0]) + DAY if pace and pace.expected else None))
    if share >= 1.0:
        if pace is None or pace.ran_out is None:
            return Verdict("bad", ("▲ used up", "▲"))
        at = clock(pace.ran_out)
        return Verdict("bad", (f"▲ ran out {at} UTC", f"▲ ran out {at}", f"▲ out {at}", "▲"))
    if pace is None:
        return Verdict("muted", ("no verdict yet",))
    if pace.runs_out is None:
        return Verdict("good", (f"✓ lasts to {end} UTC", f"✓ lasts to {end}", "✓ lasts", "✓"))
    at = _range(*pace.runs_out)
    role = "bad" if share >= BAD_FROM else "warn"
    if pace.runs_out[1] is None:
        return Verdict(role, (f"▲ may run out from {at} UTC", f"▲ may run out {at}", f"▲ from {at}", "▲"))
    return Verdict(role, (f"▲ runs out {at} UTC", f"▲ runs out {at}", f"▲ out {at}", f"▲ {at}", "▲"))


def _by_the_day(quota: Quota, share: float) -> Verdict:
    """The same of a quota whose days, not hours, are told."""
    pace = quota.pace
    if share >= 1.0:
        at = f" {_date(pace.ran_out)}" if pace and pace.ran_out else ""
        return Verdict("bad", (f"▲ used up{at}", "▲ used up", "▲"))
    if pace is None:
        return Verdict("muted", ("no verdict yet",))
    if pace.runs_out is None:
        end = _date(quota.resets_at) if quota.resets_at else "the end"
        return Verdict("good", (f"✓ lasts to {end}", "✓ lasts", "✓"))
    first, last = pace.runs_out
    role = "bad" if share >= BAD_FROM else "warn"
    if last is None:
        return Verdict(role, (f"▲ may run out from {_date(first)}", f"▲ from {_date(first)}", "▲"))
    at = "–".join(dict.fromkeys((_date(first), _date(last))))
    return Verdict(role, (f"▲ runs out {at}", f"▲ out {at}", "▲"))


def _noted(quota: Quota) -> Verdict:
    """Of a limit that has no pace: how full it is, and what that means."""
    share = quota.share or 0.0
    if quota.refused:
        return Verdict("warn", (f"▲ {quota.note}", "▲"))
    if share >= BAD_FROM:
        text = "used up" if share >= 1.0 else "nearly used up"
        return Verdict("bad" if share >= 1.0 else "warn", (f"▲ {text}: {quota.note}", f"▲ {text}", "▲"))
    if quota.share is None and quota.refused is None:
        return Verdict("muted", (quota.note, UNKNOWN))
    return Verdict("good", (f"✓ {quota.note}", "✓"))


def in_words(verdict: Verdict, place: int = 0) -> str:
    """One of its texts without the glyph: `runs out 19:10–21:40 UTC`; `–` where there is no verdict."""
    if verdict.role == "muted":
        return UNKNOWN
    return verdict.texts[min(place, len(verdict.texts) - 1)].lstrip("▲✓ ")


def eta(quota: Quota | None) -> str:
    """When it runs out, as short as can be: `19:10–21:40`, `from 19:10` (it may last), `lasts`, `used up`, `–`."""
    pace, share = (quota.pace, quota.share) if quota else (None, None)
    if share is not None and share >= 1.0:
        return "used up"
    if pace is None or share is None:
        return UNKNOWN
    if pace.runs_out is None:
        return "lasts"
    return _range(*pace.runs_out) if pace.runs_out[1] else f"from {_range(*pace.runs_out)}"


def rounded(value: float) -> float:
    """To the digits that a projection can carry."""
    return round(value, DIGITS - 1 - math.floor(math.log10(value))) if value > 0 else 0.0


def _date(moment: datetime) -> str:
    """`24 Nov`."""
    return f"{moment.day} {moment:%b}"


def _range(first: datetime, last: datetime | None) -> str:
    """`19:10–21:40`; one time where both are the same, or there is no last one."""
    return "–".join(dict.fromkeys(clock(_coarse(moment)) for moment in (first, last) if moment))


def _coarse(moment: datetime) -> datetime:
    """To the nearest ten minutes, but never past midnight into another day."""
    down = moment - (moment - day_of(moment)) % COARSE
    up = down + COARSE
    return up if moment - down >= COARSE / 2 and day_of(up) == day_of(moment) else down
