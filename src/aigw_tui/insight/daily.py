"""The report: what a day, a week or a month was like, and how well that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.insight.bypass import LIMITED, Routed, bypass
from aigw_tui.insight.firings import HISTORY, Firings
from aigw_tui.insight.joined import Usage, usage
from aigw_tui.insight.measured import Figure, figures, is_account_wide, owed
from aigw_tui.insight.pace import pace
from aigw_tui.insight.quality import Quality, quality
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.savings import Saved, Saving, saved, savings
from aigw_tui.insight.scoped import where
from aigw_tui.insight.tabulate import Line, lines
from aigw_tui.model import DAY, HOUR, Query, Scope, Snapshot, Trust, Views, Window

DAYS_BEFORE = 7
TOP = 5
DATASETS = ("requests", "neurons", "failures")
"""What a report is made of."""
HOURS = 24


@dataclass(frozen=True, slots=True)
class NeuronDay:
    """One account's UTC day. None is unknown."""

    account: str
    label: str
    used: float | None
    limit: float
    hours: tuple[float | None, ...]
    """Neurons by hour, from 00:00; 0 where it is settled that none were burned."""
    ran_out: datetime | None = None

    @property
    def share(self) -> float | None:
        return None if self.used is None or not self.limit else self.used / self.limit


@dataclass(frozen=True, slots=True)
class Failed:
    """How often a status came. Empty: it is not known."""

    status: str
    is_limited: bool
    """A rate limit turned it away."""
    requests: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a longer report."""

    since: datetime
    line: Line
    """All None: nothing is known of it."""
    cost_usd: float | None
    """Owed."""
    is_open: bool = False
    """It still runs."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says, whatever it is written as. None is unknown."""

    period: str
    """`day`, `week` or `month`."""
    window: Window
    generated_at: datetime
    scope: tuple[tuple[str, tuple[str, ...]], ...]
    labels: tuple[tuple[str, str], ...]
    """(account, label) pairs."""
    figures: tuple[Figure, ...] = ()
    basis: str = ""
    """What the figures are set against, in words; empty: nothing."""
    neurons: tuple[NeuronDay, ...] = ()
    """Of a day; the account that used most of its limit first."""
    days: tuple[Day, ...] = ()
    """Of a longer report, oldest first."""
    by_cost: tuple[Usage, ...] = ()
    """The dearest of those that are paid in dollars."""
    by_neurons: tuple[Usage, ...] = ()
    by_tokens: tuple[Usage, ...] = ()
    models: int = 0
    """How many were used."""
    unpriced: int = 0
    """Models without a price: missing in every sum of dollars."""
    errors: tuple[Failed, ...] = ()
    """The most first."""
    saved: Saved = Saved()  # noqa: RUF009 - frozen
    savings: tuple[Saving, ...] = ()
    """The models with most hits."""
    routed: Routed | None = None
    """Inferences, and how many passed no gateway; None: the scope is narrower than they are counted."""
    quality: tuple[Quality, ...] = ()
    alerts: Firings | None = None
    """None: whether any fired is not known."""

    @property
    def is_running(self) -> bool:
        return self.window.until > self.generated_at

    @property
    def is_empty(self) -> bool:
        """Nothing of it was ever read."""
        return not any(one.known for one in self.quality)

    @property
    def knows_alerts(self) -> bool:
        """Whether it can be told what fired."""
        return self.alerts is not None and (bool(self.alerts.fired) or not self.is_empty)

    def figure(self, name: str) -> Figure:
        """Raises StopIteration for one that a report does not have."""
        return next(one for one in self.figures if one.name == name)


def report(
    snapshot: Snapshot,
    allowances: Mapping[str, Allowance],
    period: str,
    window: Window,
    alerts: Firings | None = None,
) -> Report:
    """Of whole UTC days. `allowances`: every account of the scope → its limits; `alerts`: of the window."""
    views, scope, now = snapshot.views, snapshot.scope, snapshot.now
    asked = Window(window.since, min(window.until, now)) if window.since < now else window
    before, basis = _before(period, window)
    used = usage(views, scope, asked)
    hit = savings(views, scope, asked)
    past = bypass(views, scope, asked, now)
    has_neurons = period == "day" and is_account_wide(scope)
    names = dict(snapshot.labels)
    return Report(
        period,
        window,
        now,
        scope.where,
        tuple((account, names.get(account, account[:8])) for account in allowances),
        figures(views, scope, asked, () if asked.until < window.until else before, allowances, now),
        "" if asked.until < window.until else basis,
        _neuron_days(views, names, allowances, window, now) if has_neurons else (),
        () if period == "day" else _days(views, scope, allowances, asked, window),
        _top(used, lambda use: use.owed_usd),
        _top(used, lambda use: use.neurons),
        _top(used, lambda use: use.tokens),
        len(used),
        sum(use.unpriced for use in used if not use.burns),
        _failed(views, scope, asked),
        saved(hit),
        tuple(one for one in hit[:TOP] if one.hits),
        past.all if past and past.until else None,
        tuple(quality(views, name, window, tuple(allowances), now) for name in DATASETS),
        alerts,
    )


def first_day(period: str, window: Window) -> datetime:
    """The first day that a report and its alerts need. What a month is compared with, Cloudflare keeps no more."""
    first = window.since if period == "month" else _before(period, window)[0][0].since
    return min(first, window.since - HISTORY)


def _before(period: str, window: Window) -> tuple[list[Window], str]:
    if period == "day":
        days = [window.since - DAY * n for n in range(DAYS_BEFORE, 0, -1)]
        return [Window(day, day + DAY) for day in days], f"the median of the {DAYS_BEFORE} days before"
    length = window.until - window.since
    return [Window(window.since - length, window.since)], f"the {length.days} days before"


def _neuron_days(
    views: Views, names: Mapping[str, str], allowances: Mapping[str, Allowance], window: Window, now: datetime
) -> tuple[NeuronDay, ...]:
    found = []
    for account, allowance in allowances.items():
        query = Query("neurons", window, ("hour",), ("neurons",), (("account", (account,)),))
        burned = {row.key[0]: row.values[0] for row in views.view(query).rows}
        known = views.known("neurons", window, (account,))
        nothing = {hour: 0.0 for hour, trust in known.items() if trust is Trust.SETTLED}
        read = {hour: float(value) for hour, value in (nothing | burned).items() if value is not None}
        last = min(now, window.until - HOUR / 60)
        found.append(
            NeuronDay(
                account,
                names.get(account, account[:8]),
                sum(read.values()) if read else None,
                allowance.neurons,
                tuple(read.get(window.since + HOUR * n) for n in range(HOURS)),
                pace(read, last, allowance.neurons).ran_out if read else None,
            )
        )
    return tuple(sorted(found, key=lambda one: -(one.share or 0.0)))


def _days(
    views: Views, scope: Scope, allowances: Mapping[str, Allowance], asked: Window, window: Window
) -> tuple[Day, ...]:
    found = {line.key[0]: line for line in lines(views, scope, asked, ("day",))}
    costs = owed(views, scope, asked, allowances)
    count = (window.until - window.since) // DAY
    return tuple(
        Day(day, found.get(day, Line((day,))), costs.get(day), day + DAY > asked.until)
        for day in (window.since + DAY * n for n in range(count))
    )


def _top(used: tuple[Usage, ...], worth: Callable[[Usage], float | None]) -> tuple[Usage, ...]:
    """Those that have some of it, the most first."""
    found = [use for use in used if worth(use)]
    return tuple(sorted(found, key=lambda use: (-(worth(use) or 0.0), use.model, use.provider))[:TOP])


def _failed(views: Views, scope: Scope, window: Window) -> tuple[Failed, ...]:
    query = Query("failures", window, ("status", "rate_limited"), ("requests",), where(views, scope, "failures"))
    sums: dict[tuple[str, bool], int] = {}
    for (status, limited), (count,), _, _ in views.view(query).rows:
        key = (status, limited in LIMITED)
        sums[key] = sums.get(key, 0) + (count or 0)
    found = [Failed(status, is_limited, count) for (status, is_limited), count in sums.items() if count]
    return tuple(sorted(found, key=lambda one: (-one.requests, one.status)))
