"""Refusals: every message that Cloudflare is known for has one meaning, whatever its status."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from aigw_tui.cloudflare.refusals import is_particular, read, worst
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
from aigw_tui.transport import Response
from wire import NOW, answered, error, refused, said

NODE = "aiGatewayRequestsAdaptiveGroups"
PAUSE_S = 290.0


def judged(payload: Any, status: int = 200, **headers: str) -> AigwError:
    """The gravest error of an answer."""
    _, errors = read(said(payload, status, **headers), NOW, PAUSE_S)
    return worst(errors)


def raised(response: Response) -> AigwError:
    with pytest.raises(AigwError) as caught:
        read(response, NOW, PAUSE_S)
    return caught.value


@pytest.mark.parametrize(
    ("message", "kind", "bound"),
    [
        ("cannot request data older than 5356800s", "age", 5_356_800),
        ("cannot request data older than a while", "age", None),
        ("query time range is too large, maximum is 86400s", "window", 86_400),
        (f"node {NODE}: query time range wider than 2764800s", "window", 2_764_800),
        ("number of fields can't be more than 30", "fields", 30),
        ("limit must be positive number and not greater than 10000", "rows", 10_000),
        ("in combination, your request queries too many nodes or nests too deeply", "nodes", None),
        ("query consumed excessive resources", "nodes", None),
        (f"cannot request data older than {'9' * 5000}s", "age", None),
    ],
)
def test_bounds(message: str, kind: str, bound: int | None) -> None:
    """A bound that was hit is a LimitError with its kind, and the number when the server names one."""
    found = judged(refused(message))
    assert type(found) is LimitError
    assert (found.kind, found.bound) == (kind, bound)
    assert is_particular(found)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ('unknown field "tokensIn"', "tokensIn"),
        ("unknown field tokensIn", "tokensIn"),
        ("Cannot query field 'cost' on type 'AccountAiGatewayRequestsAdaptiveGroupsSum'.", "cost"),
        ("scalar fields must have no selections", ""),
        ('argument "key" is required', "key"),
        (f'error parsing args for "{NODE}": unknown arg datetime_geq', "datetime_geq"),
        ("a message that nobody has seen before", ""),
    ],
)
def test_schema(message: str, field: str) -> None:
    """A difference of the schema is a SchemaError about one dataset; so is a message that nobody knows."""
    found = judged(refused(error(message, NODE)))
    assert isinstance(found, SchemaError)
    assert (found.field, found.dataset) == (field, NODE)


@pytest.mark.parametrize(
    ("message", "place", "kind", "field", "dataset"),
    [
        (f"does not have access to the path: {NODE}", "", ForbiddenError, "", NODE),
        (f"does not have access to the path viewer.accounts.{NODE}.sum.cost", "", SchemaError, "sum.cost", NODE),
        ("account 'acme' does not have access to the path. Refer to this page", NODE, ForbiddenError, "", NODE),
        ("account 'acme' does not have access to the field 'cost'", NODE, SchemaError, "cost", NODE),
        ("does not have access to the path", "", ForbiddenError, "", "a dataset"),
    ],
)
def test_access(message: str, place: str, kind: type[AigwError], field: str, dataset: str) -> None:
    """A refused path is a dataset, or a field of one; the others can still be asked."""
    found = judged(refused(error(message, place)))
    assert type(found) is kind
    assert is_particular(found)
    assert isinstance(found, ForbiddenError | SchemaError)
    assert (getattr(found, "field", ""), found.dataset) == (field, dataset)


@pytest.mark.parametrize(
    ("payload", "status", "kind"),
    [
        (refused("rate limiter budget depleted, try again after 5 minutes"), 200, BudgetError),
        (refused("limit reached, please try again later"), 200, BudgetError),
        (refused(error("whatever", code="budget")), 200, BudgetError),
        (refused("slow down"), 429, BudgetError),
        ({"success": False, "errors": [{"code": 971, "message": "throttled"}], "result": None}, 429, BudgetError),
        (refused(error("not authorized for that account", code="authz")), 200, ForbiddenError),
        (refused("Unauthorized"), 200, ForbiddenError),
        (refused("Unauthorized"), 401, AuthError),
        ({"errors": [{"code": 9106, "message": "Missing X-Auth-Key"}]}, 400, AuthError),
        ({"errors": [{"code": 1000, "message": "Invalid API Token"}]}, 401, AuthError),
        ({"errors": [{"code": 9109, "message": "Invalid access token"}]}, 403, AuthError),
        ({"errors": [{"code": 9109, "message": "Unauthorized to access requested resource"}]}, 403, ForbiddenError),
        ({"errors": [{"code": 10000, "message": "Authentication error"}]}, 403, ForbiddenError),
        ({"errors": [{"code": 10000, "message": "Authentication error"}]}, 401, AuthError),
        (refused("unable to execute query, please try again"), 200, TransientError),
        (refused("too many queries in progress, please try again"), 200, TransientError),
        (refused("Internal server error"), 200, TransientError),
        (refused("whatever"), 503, TransientError),
    ],
)
def test_the_rest_of_the_table(payload: Any, status: int, kind: type[AigwError]) -> None:
    """The body is judged first, with HTTP 200 as with any other status; these concern more than one dataset."""
    found = judged(payload, status)
    assert type(found) is kind
    assert not is_particular(found)


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (answered(b"<html><title>Sign in</title>", content_type="text/html"), BadDataError, "Sign in"),
        (answered(b"{}", content_type="text/plain"), BadDataError, "no JSON"),
        (answered(b""), BadDataError, "empty"),
        (answered(b"[1, 2]"), BadDataError, "[1, 2]"),
        (answered(b"<html>" + b"\x1b[31m\n" * 100), BadDataError, "\ufffd[31m"),
        (answered(b"<html>blocked", 403), BadDataError, "blocked"),
        (answered(b"<html>bad gateway", 502, "text/html"), TransientError, "502"),
        (answered(b"", 429), BudgetError, "429"),
        (answered(b"no", 401, "text/plain"), AuthError, "401"),
        (answered(b"{}", 500), TransientError, "500"),
        (answered(b"{}", 403), ForbiddenError, "403"),
        (answered(b"{}", 404), BadDataError, "404"),
    ],
)
def test_answers_without_a_complaint(response: Response, kind: type[AigwError], words: str) -> None:
    """What is not Cloudflare's JSON is judged by its status, then shown by its first clean characters."""
    found = raised(response)
    assert type(found) is kind
    assert words in found.why
    assert found.why.isprintable()
    assert len(found.why) < 120


def test_waits() -> None:
    """A budget refusal waits as Retry-After says, or for the pause that the caller chose; a 503 keeps the header."""
    depleted = refused("rate limiter budget depleted, try again after 5 minutes")
    for said_to_wait, wait_s in (("garbage", PAUSE_S), ("60", 60), ("0", 0), ("1000000000", 900)):
        found = judged(depleted, Retry_After=said_to_wait)
        assert isinstance(found, BudgetError)
        assert found.until == NOW + timedelta(seconds=wait_s)
    busy = judged(refused("whatever"), 503, Retry_After="7")
    assert isinstance(busy, TransientError)
    assert busy.retry_after_s == 7


def test_the_gravest_error_decides() -> None:
    """Waiting and signing in come before asking differently."""
    both = refused("unknown field x", error("x", code="budget"), "Unauthorized")
    assert isinstance(judged(both), BudgetError)


@pytest.mark.parametrize("errors", [None, [], {}, "", 0, False])
def test_no_errors_in_any_spelling(errors: Any) -> None:
    """Success has `errors: null`, and other empties mean the same."""
    envelope, found = read(said({"data": {}, "errors": errors}), NOW, PAUSE_S)
    assert found == ()
    assert json.loads(bytes(envelope.payload)) == {}


@pytest.mark.parametrize("errors", [["x"], [None], [[]], {"message": "x"}, "x", 7, [{"message": {"a": 1}, "path": 3}]])
def test_errors_of_any_shape(errors: Any) -> None:
    """A complaint that has not the known shape is still a complaint."""
    _, found = read(said({"data": None, "errors": errors}), NOW, PAUSE_S)
    assert len(found) == 1
    assert isinstance(found[0], AigwError)
