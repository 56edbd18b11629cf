"""What panels say where there is nothing to draw yet; `{scope.back}` stands for a person's key, see `pressed`."""

from __future__ import annotations

import textwrap

from aigw_tui.model import Scope, Snapshot
from aigw_tui.tui.lines import Line, Span, shorten

BLIND = "a token without Account Analytics: Read sees none"
"""Cloudflare may answer it with zero rows and no error (seen once)."""

BACK = "{scope.window} looks further back"
PROMISES = ("come with the next answer", "they come over REST, newest first")
"""How a text ends that says that something will be seen here by itself."""
PAUSED = "the screen is paused; {view.pause} goes on, and shows what was read meanwhile"
NOT_HELD = "history holds nothing of this window until then; {time.hour_on} goes on, {time.now} goes back to now"
NO_PART = "no part of a replay; {time.now} goes back to now"


def nothing(snapshot: Snapshot, is_known: bool) -> str:
    """Why there are no rows in its window: not read yet, or read and empty, which may still change."""
    scope, is_past = snapshot.scope, snapshot.is_past
    if not is_known:
        return NOT_HELD if is_past else "not read yet; the first figures come with the next answer"
    if scope.pattern:
        return f"no model with requests matches /{scope.pattern}; {{scope.back}} clears the filter"
    where = "in this selection" if scope.where else "through these gateways"
    if is_past:
        return f"no requests {where} in this window ({scope.current_period.name}) until then; {BACK}"
    if scope.current_period.name == "today":
        found = f"no requests {where} yet today; new ones take 3–6 minutes to appear"
    else:
        found = f"no requests {where} in this window ({scope.current_period.name}); {BACK}"
    if scope.where:
        return found
    if not snapshot.views.names("requests", "model"):
        return f"{found}; {BLIND}"
    return f"{found}; {BACK}" if BACK not in found else found


def wider(scope: Scope) -> str:
    """What is said of figures that know no HTTP status, where the scope is narrowed to one; empty elsewhere."""
    return "of all statuses" if scope.values("status") else ""


def paragraph(text: str, width: int, height: int) -> tuple[Line, ...]:
    """The text in at most `height` lines of at most `width` cells."""
    parts = textwrap.wrap(text, width) if width > 0 else []
    return tuple((Span(shorten(part, width), "muted"),) for part in parts[: max(height, 0)])
