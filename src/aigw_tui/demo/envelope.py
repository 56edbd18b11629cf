"""The envelope around every REST answer, with the refusals that come in it."""

from __future__ import annotations

from typing import Any, NamedTuple

Json = dict[str, Any]


class Sealed(NamedTuple):
    status: int
    payload: Json


def success(result: Any, info: Json | None = None) -> Sealed:
    payload: Json = {"success": True, "errors": [], "messages": [], "result": result}
    return Sealed(200, payload if info is None else {**payload, "result_info": info})


def page(items: list[Any], number: int, size: int) -> Sealed:
    """The `number`-th page (from 1) of all items."""
    part = items[(number - 1) * size : number * size]
    return success(part, {"page": number, "per_page": size, "count": len(part), "total_count": len(items)})


def failure(status: int, code: int, message: str) -> Sealed:
    errors = [{"code": code, "message": message}]
    return Sealed(status, {"success": False, "errors": errors, "messages": [], "result": None})


MALFORMED_TOKEN = failure(400, 9106, "Authentication failed: the Authorization header is missing or malformed")
INVALID_TOKEN = failure(401, 1000, "Invalid API Token")
INVALID_ACCESS = failure(403, 9109, "Invalid access token")
UNAUTHENTICATED = failure(401, 10_000, "Authentication error")
NOT_PERMITTED = failure(403, 10_000, "Authentication error")
NO_ROUTE = failure(404, 7000, "No route for that URI")
NOT_FOUND = failure(404, 7002, "Not Found")
WRONG_METHOD = failure(405, 10_405, "Method not allowed for this authentication scheme")


def invalid(message: str) -> Sealed:
    return failure(400, 7001, message)
