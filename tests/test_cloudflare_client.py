"""The client: one POST for all, a second one only for what was refused, and one dataset never spoils another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from aigw_tui.cloudflare.client import Client
from aigw_tui.datasets import dataset
from aigw_tui.errors import (
    AigwError,
    AuthError,
    BadDataError,
    BudgetError,
    ForbiddenError,
    LimitError,
    SchemaError,
    TransientError,
)
from aigw_tui.model import HOUR, Budget, Window, hour_of
from aigw_tui.source import Answer, Question
from aigw_tui.transport import Response
from wire import CANARY, NOW, BentClock, Script, answered, data, error, refused, said, settings

ACCOUNT = "0123456789abcdef0123456789abcdef"
WINDOW = Window(hour_of(NOW) - HOUR, NOW)
REQUESTS, NEURONS = dataset("requests"), dataset("neurons")
GATEWAY, INFERENCE = REQUESTS.node, NEURONS.node
BOTH = (Question(REQUESTS, WINDOW), Question(NEURONS, WINDOW))
HOUR_TEXT = "2026-11-23T14:00:00Z"
EPOCH = int(hour_of(NOW).timestamp())


def gateway_row(count: int = 3) -> dict[str, Any]:
    sums = dict.fromkeys(("tokensIn", "tokensOut", "uncachedTokensIn", "uncachedTokensOut"), 5)
    return {
        "count": count,
        "dimensions": {"datetimeHour": HOUR_TEXT, "gateway": "prod", "provider": "openai", "model": "gpt"},
        "sum": {"erroredRequests": 1, "cachedRequests": 1, "cost": 0.25} | sums,
        "quantiles": {"durationMsP50": 10, "durationMsP90": 20},
    }


def inference_row(count: int = 4) -> dict[str, Any]:
    dimensions = {"datetimeHour": HOUR_TEXT, "modelId": "@cf/m"}
    return {"count": count, "dimensions": dimensions, "sum": {"totalNeurons": 1.5, "totalInputTokens": 7}}


REQUESTS_ROW = (EPOCH, "prod", "openai", "gpt", 3, 1, 1, 5, 5, 5, 5, 0.25, 10.0, 20.0)
NEURONS_ROW = (EPOCH, "@cf/m", 4, 1.5, 7, None)


def filled(kind: Callable[[], dict[str, Any]], n: int) -> dict[str, Any]:
    return {f"rows{n}": [kind()], f"totals{n}": [kind()]}


GOOD = data(**filled(gateway_row, 0), **filled(inference_row, 1))
SETTINGS = said(settings([GATEWAY, INFERENCE]))
NO_TYPES = said({"data": {"type0": None, "type1": None}})
KNOWN = (SETTINGS, NO_TYPES)


def client(*replies: Response | Exception, clock: BentClock | None = None) -> tuple[Client, Script, BentClock]:
    """A client of two datasets, with a script that begins after `settings` and introspection."""
    script, clock = Script(*KNOWN, *replies), clock or BentClock()
    return Client(script, clock, datasets=(REQUESTS, NEURONS)), script, clock


async def fetched(*replies: Response | Exception, questions: Sequence[Question] = BOTH) -> tuple[Answer, Script]:
    one, script, _ = client(*replies)
    return await one.fetch(ACCOUNT, questions), script


async def failed(*replies: Response | Exception) -> AigwError:
    one, _, _ = client(*replies)
    with pytest.raises(AigwError) as caught:
        await one.fetch(ACCOUNT, BOTH)
    return caught.value


def posts(script: Script) -> list[str]:
    """The documents that were sent after discovery."""
    return [asked["query"] for asked in script.asked[len(KNOWN) :]]


async def test_one_post_answers_all() -> None:
    """Rows and hourly totals of both datasets, and the server's clock."""
    answer, script = await fetched(said(GOOD))
    requests, neurons = answer.readings
    assert requests.rows == (REQUESTS_ROW,)
    assert requests.totals == {EPOCH: (3,)}
    assert neurons.rows == (NEURONS_ROW,)
    assert neurons.totals == {EPOCH: (4, 1.5)}
    assert len(posts(script)) == 1


async def test_no_questions_no_request() -> None:
    """Nothing to ask is nothing asked, beyond what may be asked."""
    answer, script = await fetched(said(GOOD), questions=())
    assert answer == Answer((), None)
    assert posts(script) == []


async def test_discovery_is_kept_for_a_day() -> None:
    """`settings` are read once, then again after 24 hours; so little is known here that it is 15 minutes."""
    full = {
        GATEWAY: ["count", "dimensions_datetimeHour", "dimensions_gateway", "dimensions_provider", "dimensions_model"],
        INFERENCE: ["count", "dimensions_datetimeHour", "dimensions_modelId", "sum_totalNeurons"],
    }
    found = {node: {"availableFields": fields, "maxPageSize": "500"} for node, fields in full.items()}
    script, clock = Script(said(data(settings=found))), BentClock()
    one = Client(script, clock, datasets=(REQUESTS, NEURONS))
    bounds = await one.bounds(ACCOUNT)
    assert bounds["neurons"].page == 500
    assert [name for name, _ in bounds["neurons"].unavailable] == ["tokens_in", "tokens_out"]
    clock.advance(86_399)
    await one.bounds(ACCOUNT)
    assert len(script.asked) == 1
    clock.advance(1)
    await one.bounds(ACCOUNT)
    assert len(script.asked) == 2


async def test_introspection_fills_in() -> None:
    """Where `availableFields` are empty, the type's own fields are read, through their wrappers."""
    leaves = [{"name": "datetimeHour"}, {"name": "modelId"}]
    wrapped = {"name": None, "fields": None, "ofType": {"name": "D", "fields": leaves, "ofType": None}}
    sums = {"name": "S", "fields": [{"name": "totalNeurons"}], "ofType": None}
    scalar = {"name": "uint64", "fields": None, "ofType": None}
    pairs = (("count", scalar), ("dimensions", wrapped), ("sum", sums))
    kind = {"fields": [{"name": name, "type": type_} for name, type_ in pairs]}
    script = Script(said(settings([INFERENCE])), said({"data": {"type0": kind}}))
    one = Client(script, BentClock(), datasets=(NEURONS,))
    assert [name for name, _ in (await one.bounds(ACCOUNT))["neurons"].unavailable] == ["tokens_in", "tokens_out"]
    assert '__type(name: "AccountAiInferenceAdaptiveGroups")' in script.asked[1]["query"]


@pytest.mark.parametrize(
    "reply", [said(refused('unknown field "settings"')), said({"data": {"viewer": 5}}), answered(b"<html>")]
)
async def test_without_any_discovery(reply: Response) -> None:
    """When nothing can be found out, what is documented is asked."""
    script = Script(reply)
    one = Client(script, BentClock(), datasets=(REQUESTS, NEURONS))
    assert [bounds.enabled for bounds in (await one.bounds(ACCOUNT)).values()] == [True, True]


async def test_a_refused_field_is_dropped() -> None:
    """The whole POST was refused: each dataset is asked alone, the field is left out, and stays out."""
    no_cost = said(refused(error('unknown field "cost"', GATEWAY)))
    alone = said(data(**filled(gateway_row, 0)))
    neurons = said(data(**filled(inference_row, 0)))
    one, script, _ = client(no_cost, no_cost, alone, neurons, said(GOOD))
    first = await one.fetch(ACCOUNT, BOTH)
    assert [reading.error for reading in first.readings] == [None, None]
    assert first.readings[0].rows[0][11] is None
    assert len(posts(script)) == 4
    second = await one.fetch(ACCOUNT, BOTH)
    assert [reading.error for reading in second.readings] == [None, None]
    assert "cost" not in posts(script)[-1]
    assert len(posts(script)) == 5
    assert [name for name, _ in (await one.bounds(ACCOUNT))["requests"].unavailable] == ["cost_usd"]


async def test_a_refused_dataset_is_left_alone() -> None:
    """Its reading says why; the other one lives; for 15 minutes it is not asked again."""
    denied = said(refused(error(f"account does not have access to the path: {INFERENCE}", INFERENCE)))
    one, script, _ = client(denied, said(data(**filled(gateway_row, 0))), denied, said(data(**filled(gateway_row, 0))))
    first = await one.fetch(ACCOUNT, BOTH)
    assert first.readings[0].rows == (REQUESTS_ROW,)
    assert isinstance(first.readings[1].error, ForbiddenError)
    second = await one.fetch(ACCOUNT, BOTH)
    assert second.readings[0].rows == (REQUESTS_ROW,)
    assert isinstance(second.readings[1].error, ForbiddenError)
    assert len(posts(script)) == 4
    assert INFERENCE not in posts(script)[-1]
    assert not (await one.bounds(ACCOUNT))["neurons"].enabled


async def test_partial_data_is_used() -> None:
    """One dataset failed for a reason that passes: the other one's rows are taken, and nothing is asked again."""
    partial = {"viewer": {"accounts": [filled(gateway_row, 0) | {"rows1": None, "totals1": None}]}}
    for place in (INFERENCE, "rows1", "totals1"):
        answer, script = await fetched(said(refused(error("unable to execute query", place), partial=partial)))
        assert answer.readings[0].rows == (REQUESTS_ROW,)
        assert isinstance(answer.readings[1].error, TransientError)
        assert answer.readings[1].rows == ()
        assert len(posts(script)) == 1


async def test_partial_refusal_is_learned_at_once() -> None:
    """The alias that was refused is asked again without its field, in the same fetch."""
    partial = {"viewer": {"accounts": [filled(gateway_row, 0) | {"rows1": None, "totals1": None}]}}
    refusal = said(refused(error("does not have access to the field 'totalinputtokens'", INFERENCE), partial=partial))
    answer, script = await fetched(refusal, said(data(**filled(inference_row, 0))))
    assert [reading.error for reading in answer.readings] == [None, None]
    assert answer.readings[1].rows == ((EPOCH, "@cf/m", 4, 1.5, None, None),)
    assert "totalInputTokens" not in posts(script)[1]


async def test_an_error_without_a_place_spoils_all() -> None:
    """Nobody knows what is missing, so nothing is believed."""
    partial = GOOD["data"]
    assert isinstance(await failed(said(refused("Internal server error", partial=partial))), TransientError)


async def test_an_alias_that_did_not_come() -> None:
    """No data and no error is unreadable, for that dataset alone."""
    answer, _ = await fetched(said(data(**filled(gateway_row, 0))))
    assert answer.readings[0].error is None
    assert isinstance(answer.readings[1].error, BadDataError)


async def test_a_full_page_is_truncated() -> None:
    """As many rows as the page holds: nothing is kept, less must be asked."""
    page = said(settings([GATEWAY, INFERENCE], maxPageSize=2))
    many = data(rows0=[gateway_row(), gateway_row()], totals0=[gateway_row()], **filled(inference_row, 1))
    one = Client(Script(page, NO_TYPES, said(many)), BentClock(), datasets=(REQUESTS, NEURONS))
    requests, neurons = (await one.fetch(ACCOUNT, BOTH)).readings
    assert (requests.truncated, requests.rows, requests.totals) == (True, (), {})
    assert not neurons.truncated


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("query time range is too large, maximum is 3600s", {"max_window": timedelta(hours=1)}),
        ("cannot request data older than 86400s", {"oldest": timedelta(days=1)}),
    ],
)
async def test_bounds_are_learned(message: str, expected: dict[str, timedelta]) -> None:
    """The reading says which bound was hit, and `bounds` has it from then on."""
    one, script, _ = client(said(refused(error(message, GATEWAY))))
    (reading,) = (await one.fetch(ACCOUNT, BOTH[:1])).readings
    assert isinstance(reading.error, LimitError)
    bounds = (await one.bounds(ACCOUNT))["requests"]
    assert {name: getattr(bounds, name) for name in expected} == expected
    assert len(posts(script)) == 1


async def test_bounds_without_a_number_shrink() -> None:
    """A window that is too wide by an unknown measure is halved, so that it does not fail for ever."""
    one, _, _ = client(said(refused(error("query time range is too large", GATEWAY))))
    wide = Question(REQUESTS, Window(NOW - timedelta(days=8), NOW))
    await one.fetch(ACCOUNT, [wide])
    assert (await one.bounds(ACCOUNT))["requests"].max_window == timedelta(days=4)


async def test_page_and_fields_are_learned_within_the_fetch() -> None:
    """A smaller page, then fewer fields: the third question is asked in parts, whose rows are joined again."""
    parts = {f"rows0x{place}": [gateway_row()] for place in range(1, 10)}
    replies = (
        said(refused(error("limit must be positive number and not greater than 100", GATEWAY))),
        said(refused(error("number of fields can't be more than 5", GATEWAY))),
        said(data(**filled(gateway_row, 0), **parts)),
    )
    answer, script = await fetched(*replies, questions=BOTH[:1])
    assert answer.readings[0].rows == (REQUESTS_ROW,)
    assert script.asked[-1]["variables"]["limit0"] == 100
    assert len(posts(script)) == 3


async def test_refusals_without_end() -> None:
    """A server that always finds another field does not keep the client busy."""
    names = ("tokensOut", "tokensIn", "cachedRequests", "erroredRequests", "cost", "durationMsP50")
    replies = [said(refused(error(f'unknown field "{name}"', GATEWAY))) for name in names]
    answer, script = await fetched(*replies, questions=BOTH[:1])
    assert isinstance(answer.readings[0].error, SchemaError)
    assert len(posts(script)) == 5


async def test_a_budget_refusal_stops_all_questions() -> None:
    """HTTP 200 with `budget`: no request at all for 300 s ± 10 %."""
    one, script, clock = client(said(refused(error("rate limiter budget depleted, try again after 5 minutes"))))
    with pytest.raises(BudgetError) as caught:
        await one.fetch(ACCOUNT, BOTH)
    assert 270 <= (caught.value.until - NOW).total_seconds() <= 330
    clock.advance(269)
    with pytest.raises(BudgetError):
        await one.fetch(ACCOUNT, BOTH)
    assert len(posts(script)) == 1
    clock.advance(62)
    with pytest.raises(BudgetError):
        await one.fetch(ACCOUNT, BOTH)
    assert len(posts(script)) == 2


async def test_the_budget_counts_what_was_sent() -> None:
    """Each try is a query: two of discovery, then three for one fetch that fails."""
    one, _, _ = client(TransientError("down"))
    with pytest.raises(TransientError):
        await one.fetch(ACCOUNT, BOTH)
    assert one.budget == Budget(5, 300)


async def test_transient_failures_are_tried_again() -> None:
    """The second try's answer is the answer."""
    answer, script = await fetched(answered(b"", 502), said(GOOD))
    assert answer.readings[0].rows == (REQUESTS_ROW,)
    assert len(posts(script)) == 2


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (said({"success": False, "errors": [{"code": 9106, "message": "x"}]}, 400), AuthError),
        (said(refused(error("not authorized for that account", code="authz"))), ForbiddenError),
        (said({"data": {"viewer": {"accounts": []}}}), ForbiddenError),
        (answered(b"<html>Sign in", content_type="text/html"), BadDataError),
        (answered(b""), BadDataError),
        (said({"data": None, "errors": None}), BadDataError),
        (said({"data": {"viewer": None}}), BadDataError),
        (said(refused("unable to execute query", partial={"viewer": None})), TransientError),
        (answered(b"{}", 500), TransientError),
    ],
)
async def test_what_concerns_everything_is_raised(reply: Response, kind: type[AigwError]) -> None:
    """No question could be answered, and asking each alone would be in vain."""
    found = await failed(reply)
    assert type(found) is kind
    assert CANARY not in str(found)


async def test_a_schema_survives_a_failed_reading() -> None:
    """Once known, a day-old schema is used when `settings` cannot be read."""
    one, script, clock = client(said(GOOD), TransientError("down"), TransientError("down"), TransientError("down"))
    await one.fetch(ACCOUNT, BOTH)
    clock.advance(90_000)
    assert (await one.bounds(ACCOUNT))["requests"].enabled
    assert len(script.asked) == 6
