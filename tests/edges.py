"""Accounts at the edges: where nothing ever passed, where little did, and where far too much does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from account import MadeUpAccount
from aigw_tui.cloudflare.client import Client
from aigw_tui.datasets import all_datasets
from aigw_tui.demo.box import ACCOUNT_ID, Limits
from aigw_tui.feed import FeedSettings
from aigw_tui.history.protocol import StoredRow
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import DAY, HOUR, Gateway, Interval, Price, SpendLimit
from aigw_tui.source import Answer, Question, Reading, Value
from stage import AFTERNOON, Stage

NOTHING = Limits(silent=frozenset(one.node for one in all_datasets()), oldest=2 * DAY)
TODAY = AFTERNOON.replace(hour=0, minute=0)
LONG_NAME = "Bundesanstalt für Datenverarbeitung und künstliche Intelligenz 東京支社"

GATEWAYS = (
    "production-eu-west-1-customer-support-assistant", "staging", "東京-リアルタイム翻訳ゲートウェイ", "batch",
    *(f"tenant-{number:03}-isolated-gateway" for number in range(40)),
)  # fmt: skip
PROVIDERS = (
    "openai",
    "anthropic",
    "google-vertex-ai",
    "amazon-bedrock-us-gov-west-1",
    "通义千问-alibaba-cloud",
    "groq",
)
BURNING = (
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/openai/gpt-oss-120b", "@cf/qwen/qwen3-30b-a3b-fp8",
    "@cf/deepseek-ai/deepseek-r1-distill-qwen-32b", "@cf/baai/bge-base-en-v1.5", "@hf/我们的/自定义模型-70b-chat-awq",
)  # fmt: skip
FOREIGN = (
    "anthropic.claude-3-5-sonnet-20241022-v2:0-with-long-context-and-thinking", "gpt-5-mini",
    "文心一言-ernie-4.5-turbo-128k-preview-2026-11", "gemini-2.5-flash", "🦙🦙🦙-fine-tuned-for-everything",
    *(f"ft:gpt-4.1-2025-04-14:acme-corporation:department-{number:03}:B7x9Q2" for number in range(220)),
)  # fmt: skip
MODELS = (*FOREIGN[:2], *BURNING, *FOREIGN[2:])
CURVE = (3, 2, 2, 2, 3, 4, 6, 9, 14, 18, 20, 20, 19, 20, 2, 18, 17, 15, 12, 9, 7, 6, 5, 4)
"""How busy an hour of the day is."""


class Held(Client):
    """A client whose answers from before `since` never come."""

    since = TODAY

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        if questions[0].window.until <= self.since:
            await self._clock.sleep(DAY.total_seconds())
        return await super().fetch(account, questions)


class FirstMinute(Stage):
    """The very first start: today has come, and the past is on its way."""

    def source(self) -> Client:
        found = super().source()
        assert isinstance(found, Client)
        found.__class__ = Held
        return found


class Empty(Stage):
    """An account that answers, and where nothing ever passed."""

    def __init__(self) -> None:
        super().__init__(limits=NOTHING)


class Quiet(Stage):
    """An account in whose last week something passed, and nothing today."""

    def source(self) -> MadeUpAccount:
        at = TODAY - DAY * 2
        rows: list[StoredRow] = [
            (second(at, hour), "prod", "openai", "gpt-5-mini", 40, 1, 9, 8000, 2000, 8000, 2000, 0.4, 900.0, 2100.0)
            for hour in range(8, 18)
        ]
        burned: list[StoredRow] = [(second(at, hour), BURNING[0], 30, 55.5, 4000, 900) for hour in range(8, 18)]
        known: dict[str, list[StoredRow]] = {"requests": rows, "neurons": burned}
        return MadeUpAccount(self.clock, known, names={ACCOUNT_ID: "acme"})


class Sampled(MadeUpAccount):
    """Its counts are samples, and it answers what history does not keep."""

    async def prices(self, account: str) -> dict[str, Price]:
        return {}

    def _read(self, question: Question) -> Reading:
        if question.by is None:
            return super()._read(question)
        rows = self._rows_of(question)
        return Reading(question, rows, interval=None if question.by else Interval(3.9e8, 4.4e8))

    def _rows_of(self, question: Question) -> tuple[tuple[Value, ...], ...]:
        name, by = question.dataset.name, question.by or ()
        slow = (1840.0, 12_400.0, 128_000.0)
        if name == "whole":
            return ((412_345_678, *slow[:2]),)
        if name == "latency":
            hours = (TODAY + HOUR * hour for hour in range(15))
            own: dict[tuple[str, ...], Iterator[tuple[Value, ...]]] = {
                (): iter([()]),
                ("hour",): ((int(hour.timestamp()),) for hour in hours),
                ("provider", "model"): ((provider_of(number), model) for number, model in enumerate(FOREIGN[:40])),
            }
            return tuple((*key, 12_345_678, *slow) for key in own[by])
        if name == "storage":
            return tuple((gateway, 9_999_999) for gateway in GATEWAYS)
        names = ("team-" + "x" * 60, "日本語のチーム名", *(f"team-{number}" for number in range(300)))
        return tuple((name, 9_876_543, 123_456, 3_456_789, 10**12, 10**11, 45_678.9) for name in names)


class Busy(Stage):
    """Hundreds of models in tens of gateways, counted from samples; the free neurons and a budget are used up."""

    def __init__(self) -> None:
        super().__init__(rules=RULES)

    def source(self) -> MadeUpAccount:
        known = {name: list(rows) for name, rows in busy_rows().items()}
        hours = {second(TODAY - DAY, hour): Interval(1e6, 1e8) for hour in range(39)}
        found = Sampled(self.clock, known, page=10**6, intervals=hours, reach=DAY * 2, names={ACCOUNT_ID: LONG_NAME})
        spend = (SpendLimit(500.0, 86_400), SpendLimit(2_000_000.0, 86_400 * 30))
        found.gateways_said = tuple(
            Gateway(name, 3600, True, 600, 60, "sliding", 10_000_000, "STOP_INSERTING", True, spend if n < 3 else ())
            for n, name in enumerate(GATEWAYS)
        )
        return found

    def settings(self) -> FeedSettings:
        allowance = Allowance(is_paid=True, cost_day=5_000.0, cost_month=40_000.0)
        return FeedSettings((ACCOUNT_ID,), labels={ACCOUNT_ID: LONG_NAME}, allowance=allowance, rules=self.rules)


RULES = (
    Rule("neurons used", "quota_used", above=0.9, severity="critical"),
    Rule("a name of a rule that is longer than any column would like", "cost_per_day", above=1000.0),
    Rule("dear", "cost_per_day", above=1000.0, each="model"),
    Rule("dear for long", "cost_per_day", above=2000.0, wait=timedelta(minutes=30), each="provider"),
    Rule("errors", "error_rate", above=0.05, min_requests=20, each="model"),
    Rule("slow", "latency_p90", above=100.0, each="provider"),
    Rule("cache", "cache_hit_rate", above=0.99),
)


@cache
def busy_rows() -> dict[str, tuple[StoredRow, ...]]:
    """By dataset; yesterday and today, today louder and with an outage at 09:00 and 10:00."""
    hours = [(TODAY - DAY, hour) for hour in range(24)] + [(TODAY, hour) for hour in range(15)]
    return {
        "requests": tuple(row for day, hour in hours for row in _requests(day, hour)),
        "neurons": tuple(row for day, hour in hours for row in _neurons(day, hour)),
        "refusals": tuple(row for day, hour in hours for row in _refusals(day, hour)),
        "failures": tuple(row for day, hour in hours for row in _failures(day, hour)),
        "pulse": tuple(_pulse(minute) for minute in range(14 * 60 + 5)),
    }


def second(day: datetime, hour: int) -> int:
    return int((day + HOUR * hour).timestamp())


def provider_of(number: int) -> str:
    return PROVIDERS[number % len(PROVIDERS)]


def _count(number: int, day: datetime, hour: int) -> int:
    """Requests of the model of that number."""
    return CURVE[hour] * (130_000 if day == TODAY else 90_000) // (number + 1)


def _errors(number: int, day: datetime, hour: int) -> int:
    is_out = day == TODAY and hour in (9, 10) and number % 3 == 0
    return _count(number, day, hour) // (4 if is_out else 300)


def _requests(day: datetime, hour: int) -> Iterator[StoredRow]:
    for number, model in enumerate(MODELS):
        burns = model in BURNING
        count = _count(number, day, hour)
        provider = "workers-ai" if burns else provider_of(number)
        into, out = count * 1_900, count * 420
        key = (second(day, hour), GATEWAYS[number % len(GATEWAYS)], provider, model)
        cost = None if number % 17 == 5 else count * (0.00001 if burns else 0.00031)
        slow = (900.0 + number, 9_000.0 + 50 * number)
        yield (*key, count, _errors(number, day, hour), count // 7, into, out, into, out, cost, *slow)


def _failures(day: datetime, hour: int) -> Iterator[StoredRow]:
    statuses = ("500", "429", "408", "529", "")
    for number, model in enumerate(MODELS):
        provider = "workers-ai" if model in BURNING else provider_of(number)
        key = (second(day, hour), GATEWAYS[number % len(GATEWAYS)], provider, model)
        if errors := _errors(number, day, hour):
            status = statuses[number % len(statuses)]
            yield (*key, status, "1" if status == "429" else "0", errors, errors)


def _neurons(day: datetime, hour: int) -> Iterator[StoredRow]:
    for number, model in enumerate(BURNING):
        count = _count(number, day, hour)
        yield (second(day, hour), model, count, count * 3.25, count * 1_900, count * 420)


def _refusals(day: datetime, hour: int) -> Iterator[StoredRow]:
    for number, model in enumerate(BURNING):
        count = _count(number, day, hour)
        yield (second(day, hour), model, "0", count - count // 20)
        yield (second(day, hour), model, "3036", count // 20)


def _pulse(minute: int) -> StoredRow:
    count = CURVE[minute // 60] * 13_000
    start = second(TODAY, 0) + minute * 60
    return (start, GATEWAYS[0], count, count // 250, count // 7, count * 1_900, count * 420, count * 0.00029)
