"""Judges an API token: whether it is valid and for how long, and whether it can do more than read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from aigw_tui.format import age, from_iso
from aigw_tui.insight.checkup import Check, cannot_tell, fails, ok, warning
from aigw_tui.insight.permissions import ANALYTICS, beyond_reading

SOON = timedelta(days=14)
"""An expiry that is nearer is a warning."""
MOST_NAMED = 4
ANOTHER = "create another token and run aigw-tui setup"


def standing(owner: str, status: str, expires: str, now: datetime) -> Check:
    """`owner`: `user` or `account`; `expires`: RFC 3339, empty for never. The words are Cloudflare's own."""
    whose = f"of {'an account' if owner == 'account' else 'a user'}"
    if status != "active":
        return fails("token", f"it is {status or 'in no known state'}, {whose}", ANOTHER)
    if not expires:
        return ok("token", f"active, {whose}, does not expire")
    try:
        left = from_iso(expires) - now
    except ValueError:
        return ok("token", f"active, {whose}, expires {expires}")
    if left <= timedelta(0):
        return fails("token", f"it expired {age(-left)} ago, {whose}", ANOTHER)
    if left < SOON:
        return warning("token", f"active, {whose}, but it expires in {age(left)}", ANOTHER)
    return ok("token", f"active, {whose}, expires in {age(left)}")


def reach(groups: Collection[str] | None, why: str = "") -> Check:
    """`groups`: the names of what its policies allow; None where they may not be read, and `why`."""
    if groups is None:
        return cannot_tell(
            "reads only", f"its policies may not be read ({why})", "look in the dashboard: it needs Read alone, thrice"
        )
    more = beyond_reading(groups)
    if not more:
        return ok("reads only", "nothing it may do changes anything")
    named = ", ".join(more[:MOST_NAMED]) + (f" and {len(more) - MOST_NAMED} more" if len(more) > MOST_NAMED else "")
    return warning(
        "reads only", f"it can do more than read: {named}", f"watch with a token that only reads ({ANALYTICS} …)"
    )
