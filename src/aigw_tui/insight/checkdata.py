"""Judges what the datasets answer: each permission, what may be asked, what is missing, and why there are no data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aigw_tui.errors import AigwError, ForbiddenError, SchemaError
from aigw_tui.format import age, whole
from aigw_tui.insight.checkup import Check, cannot_tell, fails, of_error, ok, warning
from aigw_tui.insight.permissions import ANALYTICS

RECENT = timedelta(minutes=15)
"""Requests that are younger need not be in analytics yet: up to 6 minutes were measured, once 14."""
POINT = "send a request through it; aigw-tui setup prints the call for your Worker"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of an account's last 24 hours. None is unknown."""

    requests: int | None
    """What analytics counted through the gateways that are watched."""
    newest_s: float | None = None
    """Age of the newest row, to its dataset's minute."""
    gateways: tuple[str, ...] | None = None
    """Those that are watched and exist."""
    logged: int | None = None
    """Request logs of the same time."""
    logged_recently: int | None = None
    """Of these, those of the last quarter of an hour."""
    why: str = ""
    """Why logs are unknown."""


def answered(name: str, rows: int, refused: int, error: AigwError | None, is_kept: bool) -> Check:
    """One dataset was asked alone; `is_kept`: history needs it, else only a panel does."""
    name = f"dataset {name}"
    if isinstance(error, ForbiddenError):
        found = fails if is_kept else warning
        return found(name, error.why, f"give the token {ANALYTICS}; some plans do not have this dataset")
    if isinstance(error, SchemaError):
        return warning(name, error.why, "its panel stays empty; nothing to do unless your plan should have it")
    if error is not None:
        return of_error(name, error, is_essential=is_kept)
    if refused:
        return warning(
            name, f"{refused} of its rows cannot be read and are left out", "run with -vv and report what the log says"
        )
    return ok(name, f"answers: {whole(rows)} {'row' if rows == 1 else 'rows'} in the last hour")


def limits(node: str, window: timedelta, oldest: timedelta, page: int, fields: int) -> Check:
    """What may be asked of a node at once."""
    days = [f"{span / timedelta(days=1):.3g} days" for span in (oldest, window)]
    return ok(
        f"limits {node}",
        f"{days[0]} back, {days[1]} in one question, {whole(page)} rows a page, {fields} fields",
    )


def missing(dataset: str, unavailable: Sequence[tuple[str, str]]) -> list[Check]:
    """One line for each reason; the measures that share it are named together."""
    by_reason: dict[str, list[str]] = {}
    for measure, why in unavailable:
        by_reason.setdefault(why, []).append(measure or "all of it")
    return [
        warning(f"missing in {dataset}", f"{', '.join(names)}: {why}", "shown as –; nothing to do")
        for why, names in by_reason.items()
    ]


def traffic(seen: Evidence) -> Check:
    """Whether there are data, and if not, which of the four reasons it is, with the evidence."""
    name = "last 24 h"
    if seen.requests is None:
        return cannot_tell(name, "the requests could not be asked for", "see the lines above", is_essential=True)
    if seen.requests:
        since = f"; the newest row is {age(seen.newest_s)} old" if seen.newest_s is not None else ""
        return ok(name, f"{whole(seen.requests)} requests{since}")
    if seen.gateways == ():
        return warning(name, "no requests: none of the gateways that are watched exists", "see the lines above")
    if seen.logged is None:
        why = f" (the logs, which could tell, cannot be asked: {seen.why})" if seen.why else ""
        return cannot_tell(
            name, f"no requests seen: none were sent, or {ANALYTICS} is missing{why}", f"{POINT}, then look again"
        )
    through = f"through {', '.join(seen.gateways)}" if seen.gateways else "through the gateways"
    if not seen.logged:
        return warning(name, f"no requests {through}: neither analytics nor the request logs have one", POINT)
    logs = f"the request logs have {whole(seen.logged)}"
    if seen.logged_recently is not None and seen.logged_recently >= seen.logged:
        return warning(
            name,
            f"not ingested yet: {logs}, all younger than {age(RECENT)}, and analytics has none",
            "wait: rows appear 2 to 15 minutes after their requests",
        )
    return fails(
        name,
        f"a permission is missing: {logs}, some older than {age(RECENT)}, and analytics has none",
        f"give the token {ANALYTICS}: without it Cloudflare may answer with nothing instead of a refusal",
    )
