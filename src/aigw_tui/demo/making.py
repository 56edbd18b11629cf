"""Making a gateway over REST: it is listed from then on, though nothing goes through it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from aigw_tui.demo.account import Account
from aigw_tui.demo.envelope import Sealed, invalid, success

REQUIRED = (
    "id", "cache_invalidate_on_update", "cache_ttl", "collect_logs",
    "rate_limiting_interval", "rate_limiting_limit", "rate_limiting_technique",
)  # fmt: skip
NAME = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")


def make(account: Account, body: bytes, taken: Collection[str]) -> Sealed:
    """`taken`: names of the gateways that were there before."""
    try:
        wanted = json.loads(body)
    except (ValueError, RecursionError):
        return invalid("the body is not JSON")
    if not isinstance(wanted, dict) or not {*REQUIRED} <= wanted.keys():
        return invalid(f"required: {', '.join(REQUIRED)}")
    name = wanted["id"]
    if not isinstance(name, str) or len(name) > 64 or not NAME.fullmatch(name):
        return invalid("id: small letters, digits, _ and - only")
    if name in taken or any(name == one["id"] for one in account.made):
        return invalid("a gateway of that id exists already")
    made = {**{key: wanted[key] for key in REQUIRED}, "authentication": False}
    account.made.append(made)
    return success(made)
