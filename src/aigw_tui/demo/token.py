"""Who may ask: the box's two tokens, what they may, and how every other one is turned away."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aigw_tui.demo.catalogue import ACCOUNT_TOKEN, TOKEN
from aigw_tui.demo.envelope import INVALID_ACCESS, INVALID_TOKEN, MALFORMED_TOKEN, UNAUTHENTICATED, Json, Sealed
from aigw_tui.demo.limits import Limits

WELL_FORMED = re.compile(r"Bearer ([A-Za-z0-9_-]{30,200})")


def token_of(headers: Mapping[str, str]) -> str:
    """The bearer token (header names in lower case); empty when there is none, or it cannot be one."""
    found = WELL_FORMED.fullmatch(headers.get("authorization", "").strip())
    return found[1] if found else ""


def token_id(owner: str) -> str:
    """Of the `user`'s or the `account`'s token."""
    return f"demo-{owner}-token"


def groups(limits: Limits) -> list[Json]:
    """The permission groups of the user's token, as the API names them."""
    names = ["Account Analytics Read", "Workers AI Read", "API Tokens Read"]
    names += ["AI Gateway Read"] if limits.may_read_gateways else []
    names += ["AI Gateway Write"] if limits.may_edit else []
    return [{"id": f"demo-group-{n}", "name": name} for n, name in enumerate(names, 1)]


def turned_away(token: str, path: str) -> Sealed | None:
    """None for a token that is welcome. `path` is below `/client/v4`: each kind of route refuses in its own way."""
    if not token:
        return MALFORMED_TOKEN
    if token in (TOKEN, ACCOUNT_TOKEN):
        return None
    if path.endswith("/tokens/verify"):
        return INVALID_TOKEN
    return INVALID_ACCESS if path == "/accounts" else UNAUTHENTICATED
