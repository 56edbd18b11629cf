"""The nouns that every other part speaks in: frozen values, standard library only."""

from aigw_tui.model.account import Account
from aigw_tui.model.alert import Alert, AlertState, Episode, Phase, Place, Silences, heard, titled
from aigw_tui.model.counter import Count, Counter
from aigw_tui.model.estimate import Estimate
from aigw_tui.model.freshness import NO_CALLS, Budget, Freshness, Progress, State
from aigw_tui.model.gateway import Gateway, Logged, SpendLimit
from aigw_tui.model.journal import Entry, Journal
from aigw_tui.model.live import Interval, Live
from aigw_tui.model.logrow import LogFilter, LogRow
from aigw_tui.model.message import Message
from aigw_tui.model.missing import Missing
from aigw_tui.model.newest import MOST_ACCOUNTS, NewestLogs, Unread
from aigw_tui.model.price import USD_PER_NEURON, Price
from aigw_tui.model.quota import Pace, Quota
from aigw_tui.model.scope import FIELDS, Scope, Step
from aigw_tui.model.sheet import Cell, Export, Sheet
from aigw_tui.model.snapshot import DISK, Fault, Snapshot
from aigw_tui.model.time import (
    DAY,
    HOUR,
    LAUNCH,
    MONTH,
    PERIODS,
    TODAY,
    WEEK,
    Clock,
    Period,
    Window,
    day_of,
    hour_of,
    minute_of,
    period_of,
)
from aigw_tui.model.undelivered import Undelivered
from aigw_tui.model.views import Query, Row, Trust, View, Views

__all__ = [
    "DAY",
    "DISK",
    "FIELDS",
    "HOUR",
    "LAUNCH",
    "MONTH",
    "MOST_ACCOUNTS",
    "NO_CALLS",
    "PERIODS",
    "TODAY",
    "USD_PER_NEURON",
    "WEEK",
    "Account",
    "Alert",
    "AlertState",
    "Budget",
    "Cell",
    "Clock",
    "Count",
    "Counter",
    "Entry",
    "Episode",
    "Estimate",
    "Export",
    "Fault",
    "Freshness",
    "Gateway",
    "Interval",
    "Journal",
    "Live",
    "LogFilter",
    "LogRow",
    "Logged",
    "Message",
    "Missing",
    "NewestLogs",
    "Pace",
    "Period",
    "Phase",
    "Place",
    "Price",
    "Progress",
    "Query",
    "Quota",
    "Row",
    "Scope",
    "Sheet",
    "Silences",
    "Snapshot",
    "SpendLimit",
    "State",
    "Step",
    "Trust",
    "Undelivered",
    "Unread",
    "View",
    "Views",
    "Window",
    "day_of",
    "heard",
    "hour_of",
    "minute_of",
    "period_of",
    "titled",
]
