"""What a token must be allowed, in the dashboard's words."""

from __future__ import annotations

from collections.abc import Iterable

ANALYTICS = "Account Analytics: Read"
GATEWAYS = "AI Gateway: Read"
MODELS = "Workers AI: Read"
PERMISSIONS = (ANALYTICS, GATEWAYS, MODELS)
"""All that watching takes."""
EDIT = "AI Gateway: Edit"
"""Only to create a gateway."""
OWN_TOKEN = "https://dash.cloudflare.com/profile/api-tokens"  # noqa: S105 - an address
"""Where a user makes a token."""
ACCOUNT_TOKEN = "https://dash.cloudflare.com/?to=/:account/api-tokens"  # noqa: S105 - an address
"""Where a token that belongs to an account is made."""


def beyond_reading(groups: Iterable[str]) -> tuple[str, ...]:
    """Those groups that allow more than to read, by the API's names: `AI Gateway Write`, `AI Gateway Run`."""
    return tuple(dict.fromkeys(group for group in groups if not group.lower().endswith("read")))


def may_edit_gateways(groups: Iterable[str]) -> bool:
    """The API says Write where the dashboard says Edit."""
    return any(group.lower() in ("ai gateway write", "ai gateway edit") for group in groups)
