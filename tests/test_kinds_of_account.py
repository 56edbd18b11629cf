"""Whatever an account may see: each lack costs what it must and no more, and says why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from aigw_tui.cloudflare.answers import decode
from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.selection import Node
from aigw_tui.datasets import all_datasets, dataset, live_datasets
from aigw_tui.demo.box import ACCOUNT_ID, TOKEN, Box, Limits
from aigw_tui.demo.limits import PLAIN_TOKENS, REQUESTS, SPLIT_TOKENS
from aigw_tui.demo.truth import totals
from aigw_tui.history import open_history, settle
from aigw_tui.model import DAY, HOUR, Query, Window, day_of
from aigw_tui.secret import Secret
from aigw_tui.source import Question, Reading
from aigw_tui.transport import InProcess, Transport
from wire import BentClock

NOON = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
PAST = Window(day_of(NOON) - DAY + HOUR * 8, day_of(NOON) - DAY + HOUR * 20)
"""Twelve hours that no longer change."""
INFERENCE, ERRORS = "aiInferenceAdaptiveGroups", "aiGatewayErrorsAdaptiveGroups"
ROOMY = Limits(page=10_000)


def limited(how: str, what: str) -> Limits:
    """An account on which that is missing, denied or disabled."""
    return replace(ROOMY, **{how: frozenset({what})})  # type: ignore[arg-type]


class Asker:
    """A client of a box with these limits, and what its answers add up to."""

    def __init__(self, limits: Limits = ROOMY) -> None:
        self.clock = BentClock(NOON)
        self.box = Box(self.clock, limits=limits)
        transport = Transport("https://demo.invalid/client/v4", Secret(TOKEN), inner=InProcess(self.box.answer))
        self.client = Client(transport, self.clock)
        self.truth = totals(self.box.account, PAST)

    async def read(self, *questions: Question) -> list[Reading]:
        answer = await self.client.fetch(ACCOUNT_ID, questions or [Question(each, PAST) for each in all_datasets()])
        return list(answer.readings)

    async def sums(self) -> dict[str, float | None]:
        """`requests.cost_usd` → its sum; None where no row knows it."""
        history = open_history(None, "https://x", NOON).history
        for reading in await self.read():
            if reading.error is None:
                kind = reading.question.dataset
                history.record(ACCOUNT_ID, kind, PAST, reading.rows, reading.totals, NOON, reading.intervals)
        found: dict[str, float | None] = {}
        for kind in all_datasets():
            values = history.view(Query(kind.name, PAST, (), kind.measure_names)).total.values
            found |= {f"{kind.name}.{name}": value for name, value in zip(kind.measure_names, values, strict=True)}
        return found

    async def why(self, name: str, measure: str) -> str:
        return dict((await self.client.bounds(ACCOUNT_ID))[name].unavailable).get(measure, "")


@pytest.mark.parametrize(
    "limits",
    [
        ROOMY,
        replace(ROOMY, missing=PLAIN_TOKENS),
        replace(ROOMY, missing=SPLIT_TOKENS),
        replace(ROOMY, denied=PLAIN_TOKENS),
        replace(ROOMY, fields=8),
        replace(ROOMY, fields=6),
        replace(ROOMY, missing=frozenset({f"{REQUESTS}.dimensions_gateway"})),
        replace(ROOMY, denied=frozenset({f"{REQUESTS}.dimensions_gateway", f"{INFERENCE}.dimensions_modelId"})),
    ],
    ids=["all", "only split", "only plain", "plain refused", "8 fields", "6 fields", "no gateway", "keys refused"],
)
async def test_the_same_sums(limits: Limits) -> None:
    """However tokens are spelled, in however many parts, with or without keys: never doubled, never lost."""
    asker = Asker(limits)
    sums, truth = await asker.sums(), asker.truth
    expected = {
        "requests.requests": truth.requests,
        "requests.errors": truth.errors,
        "requests.cache_hits": truth.cached,
        "requests.tokens_in": truth.tokens_in,
        "requests.tokens_out": truth.tokens_out,
        "pulse.cost_usd": pytest.approx(truth.cost),
        "neurons.neurons": pytest.approx(truth.neurons),
        "failures.errors": truth.errors,
    }
    assert {name: sums[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("field", "measure", "lost"),
    [
        ("sum_cost", "cost_usd", ("requests.cost_usd", "pulse.cost_usd")),
        ("sum_cachedRequests", "cache_hits", ("requests.cache_hits", "pulse.cache_hits")),
        ("quantiles_durationMsP50", "duration_p50", ()),
    ],
)
@pytest.mark.parametrize("how", ["missing", "denied"])
async def test_one_measure_is_unknown(field: str, measure: str, lost: tuple[str, ...], how: str) -> None:
    """It alone is None and not 0, with its reason; all other sums are as they were."""
    whole = await Asker().sums()
    asker = Asker(limited(how, f"{REQUESTS}.{field}"))
    sums = await asker.sums()
    assert all(sums[name] is None for name in lost)
    assert {name: value for name, value in sums.items() if name not in lost} == {
        name: value for name, value in whole.items() if name not in lost
    }
    wire = field.replace("_", ".")
    why = f"{REQUESTS} has no {wire} for this account" if how == "missing" else "refuses"
    assert why in await asker.why("requests", measure)
    used = asker.client.budget.used
    await asker.read()
    assert asker.client.budget.used == used + 1  # found out once


@pytest.mark.parametrize("how", ["missing", "denied", "disabled"])
async def test_without_neurons(how: str) -> None:
    """The gateways' figures are all there, and every round is one request."""
    asker = Asker(limited(how, INFERENCE))
    sums = await asker.sums()
    assert (sums["neurons.neurons"], sums["requests.requests"]) == (None, asker.truth.requests)
    assert INFERENCE.lower() in (await asker.why("neurons", "")).lower()
    used = asker.client.budget.used
    await asker.read()
    assert asker.client.budget.used == used + 1


async def test_errors_from_their_own_dataset() -> None:
    """Where the main one does not tell errors, failures come without status from the one that has nothing else."""
    asker = Asker(replace(ROOMY, missing=frozenset({f"{REQUESTS}.sum_erroredRequests"})))
    sums = await asker.sums()
    assert (sums["failures.errors"], sums["requests.errors"]) == (asker.truth.errors, None)
    (reading,) = await asker.read(Question(dataset("failures"), PAST))
    assert {row[4] for row in reading.rows} == {""}
    assert all(int(row[0] or 0) % 3600 == 0 for row in reading.rows)


async def test_sampled_counts_have_an_interval() -> None:
    """Of each hour; rows that do not add up to the total settle when they lie within it."""
    asker = Asker(replace(ROOMY, sampling=4, wobble=True))
    (reading,) = await asker.read(Question(dataset("requests"), PAST))
    assert {*reading.intervals} == {*reading.totals}
    sums = {hour: sum(float(row[4] or 0) for row in reading.rows if row[0] == hour) for hour in reading.totals}
    assert sums != {hour: total[0] for hour, total in reading.totals.items()}
    agree = [settle.agrees((sums[hour],), total, reading.intervals[hour]) for hour, total in reading.totals.items()]
    assert sum(agree) >= len(agree) - 1
    assert not all(settle.agrees((sums[hour],), total) for hour, total in reading.totals.items())


async def test_what_is_counted_has_none() -> None:
    """Lower and upper are the count itself."""
    (reading,) = await Asker().read(Question(dataset("requests"), PAST))
    assert reading.intervals == {}


@pytest.mark.parametrize("limits", [ROOMY, replace(ROOMY, missing=frozenset({f"{REQUESTS}.confidence"}))])
async def test_intervals_cost_no_request(limits: Limits) -> None:
    """Whether an account has them is known from its schema: what may be asked, then one question for all."""
    asker = Asker(limits)
    await asker.read()
    assert asker.client.budget.used == 2


async def test_what_is_not_kept_is_answered_beside_what_is() -> None:
    """Every grouping of every such dataset, with filters and arguments, in one request; sums are the truth's."""
    asker = Asker()
    window = PAST
    questions = [
        Question(each, window if each.span is None else Window(NOON - HOUR, NOON), by=by, argument="team")
        for each in live_datasets()
        for by in each.asks
    ]
    narrow = Question(dataset("metadata"), window, by=("value",), where=(("gateway", ("batch",)),), argument="team")
    readings = await asker.read(*[Question(each, PAST) for each in all_datasets()], *questions, narrow)
    assert asker.client.budget.used == 2
    assert [reading.error for reading in readings] == [None] * len(readings)
    live = {(one.question.dataset.name, one.question.by): one.rows for one in readings[len(all_datasets()) : -1]}
    assert [row[0] for row in live["whole", ()]] == [asker.truth.requests]
    for key in (("latency", ("hour",)), ("latency", ("provider", "model")), ("metadata", ("value",))):
        counts = [row[len(key[1])] for row in live[key]]
        assert sum(int(count or 0) for count in counts) == asker.truth.requests
    assert {row[0] for row in live["metadata", ("value",)]} == {"search", "support", "web", "data"}
    assert {row[0] for row in readings[-1].rows} == {"data"}
    assert {row[0] for row in live["storage", ("gateway",)]} == {"prod-api", "chat-widget", "batch"}


async def test_all_accounts_of_a_token() -> None:
    """On several pages."""
    asker = Asker(replace(ROOMY, accounts=120))
    assert len(await asker.client.accounts()) == 120


@pytest.mark.parametrize(
    ("lower", "upper", "is_believed"),
    [
        (8, 12, True),
        ("8", "12", True),
        (11, 12, False),
        (0, 1e15, False),
        (10, 10, False),
        (12, 8, False),
        (-1, 12, False),
    ],
)
def test_an_interval_without_sense(lower: object, upper: object, is_believed: bool) -> None:
    """One that does not hold its own count, or is as wide as the world, would make any sums agree."""
    hour = datetime(2026, 11, 23, 14, tzinfo=UTC)
    totals_of = replace(Node().select(dataset("requests")).totals, has_confidence=True)
    row = {
        "count": 10,
        "dimensions": {"datetimeHour": "2026-11-23T14:00:00Z"},
        "confidence": {"count": {"lower": lower, "upper": upper}},
    }
    found = decode((msgspec.Raw(json.dumps([row]).encode()),), totals_of, Window(hour, NOON))
    assert (found.rows, bool(found.intervals)) == (((int(hour.timestamp()), 10),), is_believed)
