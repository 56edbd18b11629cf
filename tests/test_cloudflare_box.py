"""The client against the built-in account: figures equal the truth, and every limit of the account is met well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aigw_tui.cloudflare.client import Client
from aigw_tui.cloudflare.rest import Token
from aigw_tui.datasets import all_datasets
from aigw_tui.demo.box import ACCOUNT_ID, ACCOUNT_NAME, ACCOUNT_TOKEN, TOKEN, Box, Limits
from aigw_tui.demo.limits import PLAIN_TOKENS, REQUESTS
from aigw_tui.demo.server import Server
from aigw_tui.demo.truth import totals
from aigw_tui.errors import (
    AuthError,
    BudgetError,
    ForbiddenError,
    LimitError,
    SchemaError,
    TransientError,
)
from aigw_tui.model import DAY, HOUR, Window, day_of
from aigw_tui.secret import Secret
from aigw_tui.source import Question, Reading
from aigw_tui.transport import InProcess, Transport
from wire import BentClock

NOON = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
PAST = Window(day_of(NOON) - DAY, day_of(NOON) - DAY + HOUR * 6)
"""Six hours that no longer change."""
INFERENCE = "aiInferenceAdaptiveGroups"
ROOMY = Limits(page=10_000)


def in_process(limits: Limits = ROOMY, token: str = TOKEN) -> tuple[Client, Box]:
    """A client whose server is a function of this process."""
    clock = BentClock(NOON)
    box = Box(clock, limits=limits)
    transport = Transport("https://demo.invalid/client/v4", Secret(token), inner=InProcess(box.answer))
    return Client(transport, clock), box


async def asked(client: Client, window: Window = PAST) -> dict[str, Reading]:
    """The readings of all datasets by name."""
    answer = await client.fetch(ACCOUNT_ID, [Question(each, window) for each in all_datasets()])
    return {reading.question.dataset.name: reading for reading in answer.readings}


def summed(reading: Reading, measure: str) -> float:
    """A measure over all rows; unknown values are left out."""
    names = ("bucket", *reading.question.dataset.key_names, *reading.question.dataset.measure_names)
    place = names.index(measure)
    return sum(float(row[place] or 0) for row in reading.rows)


async def check_truth(client: Client, box: Box) -> None:
    truth = totals(box.account, PAST)
    found = await asked(client)
    assert [reading.error for reading in found.values()] == [None] * 5
    assert sum(reading.refused for reading in found.values()) == 0
    for name in ("requests", "pulse"):
        assert summed(found[name], "requests") == truth.requests
        assert summed(found[name], "errors") == truth.errors
        assert summed(found[name], "cache_hits") == truth.cached
        assert summed(found[name], "tokens_in") == truth.tokens_in
        assert summed(found[name], "tokens_out") == truth.tokens_out
    assert summed(found["pulse"], "cost_usd") == pytest.approx(truth.cost)
    assert summed(found["neurons"], "inferences") == truth.inferences
    assert summed(found["refusals"], "inferences") == truth.inferences
    assert summed(found["neurons"], "neurons") == pytest.approx(truth.neurons)
    assert summed(found["failures"], "errors") == truth.errors
    ran = truth.inferences
    for name, checked in (
        ("requests", truth.requests),
        ("failures", truth.errors),
        ("neurons", ran),
        ("refusals", ran),
    ):
        assert sum(total[0] or 0 for total in found[name].totals.values()) == checked


async def test_the_figures_are_the_truth() -> None:
    """Rows of every dataset add up to what happened, and so do the hourly totals."""
    client, box = in_process()
    await check_truth(client, box)
    assert client.budget.used == 2
    await client.close()


@asynccontextmanager
async def over_http() -> AsyncIterator[tuple[Client, Box, Server]]:
    clock = BentClock(NOON)
    box = Box(clock, limits=ROOMY)
    with Server(box) as server:
        client = Client(Transport(server.url, Secret(TOKEN)), clock)
        yield client, box, server
        await client.close()


async def test_the_same_over_http() -> None:
    """Real HTTP on loopback, compressed; the server's clock comes with it."""
    async with over_http() as (client, box, _):
        await check_truth(client, box)
        answer = await client.fetch(ACCOUNT_ID, [Question(all_datasets()[0], PAST)])
        assert answer.server_time == NOON


async def test_a_server_that_stops_and_starts_again() -> None:
    """Refused connections are transient; the same client goes on when the server is back."""
    async with over_http() as (client, _, server):
        await asked(client)
        server.stop()
        with pytest.raises(TransientError, match="refused the connection"):
            await asked(client)
        server.start()
        assert (await asked(client))["requests"].error is None


async def test_an_account_with_the_older_tokens() -> None:
    """Without `tokensIn` and `tokensOut` the figures are the same, made of two parts."""
    client, box = in_process(replace(ROOMY, missing=PLAIN_TOKENS))
    await check_truth(client, box)
    await client.close()


@pytest.mark.parametrize(
    "limits",
    [
        Limits(missing=frozenset({f"{REQUESTS}.sum_cost"})),
        Limits(denied=frozenset({f"{REQUESTS}.sum_cost"})),
    ],
)
async def test_a_field_that_cannot_be_read(limits: Limits) -> None:
    """Missing from the schema, or listed and then refused: unknown; everything else is there, at once and later."""
    client, _ = in_process(replace(limits, page=10_000))
    first = await asked(client)
    used = client.budget.used
    second = await asked(client)
    for found in (first, second):
        assert [reading.error for reading in found.values()] == [None] * 5
        assert {row[11] for row in found["requests"].rows} == {None}
        assert summed(found["requests"], "requests") > 0
    assert client.budget.used == used + 1
    assert [name for name, _ in (await client.bounds(ACCOUNT_ID))["requests"].unavailable] == ["cost_usd"]
    await client.close()


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (Limits(missing=frozenset({INFERENCE})), SchemaError),
        (Limits(denied=frozenset({INFERENCE})), ForbiddenError),
        (Limits(disabled=frozenset({INFERENCE})), SchemaError),
    ],
)
async def test_a_dataset_that_cannot_be_read(limits: Limits, kind: type[Exception]) -> None:
    """Its reading says why; the others live; it is not asked again at the next tick."""
    client, _ = in_process(replace(limits, page=10_000))
    first = await asked(client)
    used = client.budget.used
    second = await asked(client)
    for found in (first, second):
        assert isinstance(found["neurons"].error, kind)
        assert all(found[name].rows for name in ("requests", "pulse"))
    assert client.budget.used == used + 1
    assert not (await client.bounds(ACCOUNT_ID))["neurons"].enabled
    await client.close()


async def test_few_fields() -> None:
    """A selection of more fields than may be asked at once is asked in parts; joined by keys they are the same."""
    whole, _ = in_process(ROOMY)
    client, _ = in_process(replace(ROOMY, fields=8))
    assert (await client.bounds(ACCOUNT_ID))["requests"].unavailable == ()
    found, expected = await asked(client), await asked(whole)
    assert found == {name: replace(reading, question=found[name].question) for name, reading in expected.items()}
    assert client.budget.used == 2
    await client.close()
    await whole.close()


async def test_a_small_page() -> None:
    """Too many rows for one answer: nothing is kept; the datasets that fit are."""
    client, _ = in_process(Limits(page=40))
    found = await asked(client)
    assert found["pulse"].truncated
    assert found["pulse"].rows == ()
    assert not found["neurons"].truncated
    await client.close()


@pytest.mark.parametrize(
    ("window", "kind"),
    [(Window(NOON - DAY * 40, NOON), "window"), (Window(NOON - DAY * 70, NOON - DAY * 69), "age")],
)
async def test_beyond_the_bounds(window: Window, kind: str) -> None:
    """Too wide and too old are said in each reading; the bounds were known before."""
    client, _ = in_process()
    bounds = (await client.bounds(ACCOUNT_ID))["requests"]
    assert (bounds.max_window, bounds.oldest) == (timedelta(days=32), timedelta(days=62))
    errors = [reading.error for reading in (await asked(client, window)).values()]
    assert {error.kind for error in errors if isinstance(error, LimitError)} == {kind}
    await client.close()


async def test_a_wrong_token() -> None:
    """Well-formed and unknown, or no token at all: refused, without trying again."""
    for token in ("cfut_0123456789012345678901234567890123456789", "short"):
        client, _ = in_process(token=token)
        with pytest.raises(AuthError):
            await asked(client)
        assert client.budget.used == 1
        await client.close()


async def test_an_unknown_account() -> None:
    """The error says what to check."""
    client, _ = in_process()
    with pytest.raises(ForbiddenError):
        await client.fetch("f" * 32, [Question(all_datasets()[0], PAST)])
    await client.close()


async def test_the_budget_of_the_account() -> None:
    """When it is used up, no question is sent until its end; then figures come again."""
    clock = BentClock(NOON)
    box = Box(clock, limits=replace(ROOMY, queries=2))
    transport = Transport("https://demo.invalid/client/v4", Secret(TOKEN), inner=InProcess(box.answer))
    client = Client(transport, clock)
    await asked(client)
    for _ in range(3):
        with pytest.raises(BudgetError):
            await asked(client)
    assert client.budget.used == 3
    clock.advance(331)
    assert (await asked(client))["requests"].rows
    await client.close()


@pytest.mark.parametrize(("token", "owner"), [(TOKEN, "user"), (ACCOUNT_TOKEN, "account")])
async def test_rest(token: str, owner: str) -> None:
    """Accounts, whose token it is, and gateways."""
    client, _ = in_process(token=token)
    assert await client.accounts() == ((ACCOUNT_ID, ACCOUNT_NAME),)
    assert await client.rest.token(ACCOUNT_ID) == Token(owner, "active", id=f"demo-{owner}-token")
    gateways = await client.rest.gateways(ACCOUNT_ID)
    assert [gateway.collects_logs for gateway in gateways] == [True] * len(gateways)
    assert client.budget.used == 0
    await client.close()


async def test_totals_may_be_asked_alone() -> None:
    """They are those that stand beside the rows, and there are no rows."""
    client, _ = in_process()
    whole = await asked(client)
    questions = [Question(each, PAST, only_totals=True) for each in all_datasets()]
    answer = await client.fetch(ACCOUNT_ID, questions)
    for reading in answer.readings:
        assert reading.error is None
        assert reading.rows == ()
        assert reading.totals == whole[reading.question.dataset.name].totals
        assert len(reading.totals) == 6
