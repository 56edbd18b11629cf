"""Quotas for people: a line each, aligned; columns give way where the screen is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.format import UNKNOWN, age, cells, clean, dollars, percent, whole
from aigw_tui.insight.verdict import Verdict, judge, rounded
from aigw_tui.model import Quota

GAP = "  "
HEAD = "verdict"
LONGEST_LABEL = 32
INKS = {"good": "\x1b[32m", "warn": "\x1b[33m", "bad": "\x1b[31m", "muted": "\x1b[2m", "head": "\x1b[2m"}
PLAIN = "\x1b[0m"
NAMES = {
    "neurons": "neurons", "cost_day": "cost", "cost_month": "cost, month", "requests": "requests",
    "spend": "spend limit", "rate_limit": "rate limit", "logs": "stored logs", "api": "our API calls",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """How a column is headed, what it says of a quota, and how soon it gives way."""

    head: str
    text: Callable[[Quota, datetime], str]
    worth: int
    """The least goes first."""
    is_right: bool = True


def title(quota: Quota) -> str:
    """`neurons`, `rate limit per 60 s, prod`."""
    window = f" per {age(quota.window)}" if quota.window else ""
    owner = f", {clean(quota.gateway, LONGEST_LABEL)}" if quota.gateway else ""
    return f"{NAMES.get(quota.name, clean(quota.name))}{window}{owner}"


def used(quota: Quota) -> str:
    return ("~" if quota.is_estimate and quota.used else "") + amount(quota, quota.used)


def amount(quota: Quota, value: float | None) -> str:
    """In the quota's unit: `$1.23`, `7,214`."""
    return dollars(value) if quota.unit == "USD" else whole(value)


def nowcast(quota: Quota) -> str:
    """What is used beyond what was measured; empty where nothing is estimated."""
    return f"~+{amount(quota, rounded(quota.nowcast))}" if quota.nowcast else ""


def projection(quota: Quota) -> str:
    """The range in which the day ends, or the month."""
    if quota.pace is None:
        return UNKNOWN
    ends = (rounded(quota.pace.low), rounded(quota.pace.high))
    return "–".join(dict.fromkeys(amount(quota, end) for end in ends))


def judged(quota: Quota) -> Verdict:
    """Whether it lasts; what has no limit is nothing to judge."""
    return judge(quota) if quota.limit is not None else Verdict("muted", ("no limit set", "no limit"))


COLUMNS = (
    Column("quota", lambda quota, _: title(quota), 100, is_right=False),
    Column("used", lambda quota, _: used(quota), 90),
    Column("not counted yet", lambda quota, _: nowcast(quota), 40),
    Column("limit", lambda quota, _: amount(quota, quota.limit), 70),
    Column("share", lambda quota, _: percent(quota.share), 60),
    Column("resets in", lambda quota, now: age(quota.resets_at - now) if quota.resets_at else UNKNOWN, 30),
    Column("by reset", lambda quota, _: projection(quota), 50),
)


def table(
    quotas: Sequence[Quota], labels: Mapping[str, str], now: datetime, width: int | None, has_color: bool
) -> Iterator[str]:
    """Lines without their ends. `labels`: account → name, shown where there are several. `width`: None for a pipe.

    Accounts stand in the order of their first quota.
    """
    owners = [_label(labels.get(quota.account, quota.account[:8])) for quota in quotas]
    has_owner = len({quota.account for quota in quotas if quota.account}) > 1
    columns = list(COLUMNS)
    if has_owner:
        by_id = {quota.account: owner for quota, owner in zip(quotas, owners, strict=True)}
        columns.insert(0, Column("account", lambda quota, _: by_id[quota.account], 95, is_right=False))
    texts = {column.head: [column.text(quota, now) for quota in quotas] for column in columns}
    columns = [column for column in columns if any(texts[column.head])]
    sizes = {head: max(map(cells, (head, *found))) for head, found in texts.items()}
    verdicts = [judged(quota) for quota in quotas]
    shown, place = _fitting(columns, sizes, verdicts, width)
    heads = [_padded(column.head, sizes[column.head], column.is_right) for column in shown]
    yield _ink(GAP.join([*heads, HEAD]), "head", has_color)
    before = ""
    for n, (quota, verdict) in enumerate(zip(quotas, verdicts, strict=True)):
        row = []
        for column in shown:
            is_again = column.head == "account" and quota.account == before
            row.append(_padded("" if is_again else texts[column.head][n], sizes[column.head], column.is_right))
        before = quota.account
        yield GAP.join([*row, _ink(_said(verdict, place), verdict.role, has_color)])


def _fitting(
    columns: Sequence[Column], sizes: Mapping[str, int], verdicts: Sequence[Verdict], width: int | None
) -> tuple[list[Column], int]:
    """The columns that have room, and how short verdicts must be; the two of the most worth always stay."""
    left = list(columns)
    longest = max((len(verdict.texts) for verdict in verdicts), default=1)
    while True:
        room = None if width is None else width - sum(sizes[column.head] + len(GAP) for column in left)
        for place in range(2 if len(left) > 2 else longest):
            if room is None or max(map(cells, (HEAD, *(_said(verdict, place) for verdict in verdicts)))) <= room:
                return left, place
        if len(left) <= 2:
            return left, longest
        left.remove(min(left, key=lambda column: column.worth))


def _said(verdict: Verdict, place: int) -> str:
    return verdict.texts[min(place, len(verdict.texts) - 1)]


def _label(text: str) -> str:
    return clean(text, LONGEST_LABEL)


def _padded(text: str, size: int, is_right: bool) -> str:
    room = " " * (size - cells(text))
    return room + text if is_right else text + room


def _ink(text: str, role: str, has_color: bool) -> str:
    return f"{INKS[role]}{text}{PLAIN}" if has_color and text else text
