"""What a refusal means: status and messages, read into the one taxonomy of errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from aigw_tui.cloudflare.envelope import Complaint, Envelope, open_envelope
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
from aigw_tui.transport import Response, retry_after_s

BUDGET = re.compile(r"rate limiter budget depleted|^limit reached|too many requests", re.I)
BOUNDS = (
    (re.compile(r"cannot request data older than (?:(\d{1,10})\s*s)?", re.I), "age"),
    (re.compile(r"time range (?:is )?(?:too large|wider than)(?:\D*(\d{1,10})\s*s)?", re.I), "window"),
    (re.compile(r"number of fields can't be more than (\d{1,10})?", re.I), "fields"),
    (re.compile(r"limit must be positive number and not greater than (\d{1,10})?", re.I), "rows"),
    (re.compile(r"too many nodes()|excessive resources()", re.I), "nodes"),
)
SCHEMA = re.compile(
    r"unknown field|cannot query field|scalar fields must|argument .* is required|error parsing args|unknown arg", re.I
)
NAMED = re.compile(r"(?:field|arg|argument)\s+[\"'`]?([a-z_][\w.]*)", re.I)
ACCESS = re.compile(r"does not have access to the (?:path|field)(?:\s*:?\s*[\"'`]?([a-z_][\w.]*))?", re.I)
PERMISSION = re.compile(r"not authorized|unauthorized", re.I)
PASSES = re.compile(r"unable to execute query|too many queries in progress|internal (?:server )?error", re.I)
TOKEN_CODES = ("1000", "6003", "6111", "9106")
ACCOUNT_REMEDY = "check CLOUDFLARE_ACCOUNT_ID and the accounts that the token includes"
PERMISSION_CODES = ("9109", "10000", "authz")


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads one answer: when it came, its status, and how long it (or we) want to wait."""

    now: datetime
    status: int
    retry_after_s: float | None
    pause_s: float
    """The wait after a budget refusal that names none."""

    def of_complaint(self, complaint: Complaint) -> AigwError:
        """What one entry of `errors` stands for; a message that nobody knows concerns its dataset alone."""
        words = complaint.message or f"an error without words (code {complaint.code or 'none'})"
        if complaint.code == "budget" or self.status == 429 or BUDGET.search(words):
            return self._budget(words)
        for pattern, kind in BOUNDS:
            if found := pattern.search(words):
                return LimitError(words, kind=kind, bound=int(found[1]) if found[1] else None)
        if found := ACCESS.search(words):
            return _no_access(words, found[1] or "", complaint.path)
        if SCHEMA.search(words):
            field = NAMED.search(words)
            return SchemaError(words, field=field[1] if field else "", dataset=node_of(complaint.path))
        if complaint.code in TOKEN_CODES or self.status == 401 or (complaint.code == "9109" and "token" in words):
            return AuthError(words)
        if complaint.code in PERMISSION_CODES or PERMISSION.search(words):
            return ForbiddenError(words, ACCOUNT_REMEDY if "account" in words else "")
        if PASSES.search(words) or self.status >= 500:
            return self._transient(words)
        return SchemaError(words, dataset=node_of(complaint.path))

    def of_status(self) -> AigwError | None:
        """What the status alone means; None where it says nothing."""
        words = f"HTTP {self.status}"
        if self.status == 401:
            return AuthError(words)
        if self.status == 429:
            return self._budget(words)
        return self._transient(words) if self.status >= 500 else None

    def _budget(self, words: str) -> BudgetError:
        wait_s = self.pause_s if self.retry_after_s is None else self.retry_after_s
        return BudgetError(words, self.now + timedelta(seconds=wait_s))

    def _transient(self, words: str) -> TransientError:
        return TransientError(words, retry_after_s=self.retry_after_s)


def read(response: Response, now: datetime, pause_s: float) -> tuple[Envelope, tuple[AigwError, ...]]:
    """The envelope, with an error for each of its complaints; the body is judged first, then the status.

    Raises the error that an answer without complaints, or without JSON, stands for.
    """
    wait_s = retry_after_s(response.headers.get("retry-after"), response.date or now)
    judge = Judge(now, response.status, wait_s, pause_s)
    try:
        envelope = open_envelope(response.body, response.headers.get("content-type", "application/json"))
    except BadDataError as unreadable:
        raise (judge.of_status() or unreadable) from None
    if not envelope.complaints and response.status >= 400:
        raise judge.of_status() or (
            ForbiddenError("HTTP 403") if response.status == 403 else BadDataError(f"HTTP {response.status}")
        )
    return envelope, tuple(judge.of_complaint(complaint) for complaint in envelope.complaints)


def worst(errors: tuple[AigwError, ...]) -> AigwError:
    """The error that decides what to do next: waiting and signing in before asking differently."""
    order = (BudgetError, AuthError, TransientError, ForbiddenError, LimitError)
    return min(errors, key=lambda error: next((n for n, kind in enumerate(order) if isinstance(error, kind)), 9))


def is_particular(error: AigwError) -> bool:
    """Whether it concerns one dataset, so that the others, asked without it, may be answered."""
    return isinstance(error, LimitError) or (isinstance(error, ForbiddenError) and bool(error.dataset))


def node_of(path: tuple[str, ...]) -> str:
    """The dataset (or its alias) in an error's path `viewer, accounts, 0, …`; empty when it reaches none."""
    return path[3] if len(path) > 3 else ""


def _no_access(words: str, target: str, path: tuple[str, ...]) -> AigwError:
    """A refused path ends in a dataset or in a field of it; a refused field names only itself, in lower case."""
    parts = [part for part in target.split(".") if part not in ("viewer", "accounts", "") and not part.isdigit()]
    if parts and "adaptive" in parts[0].lower():
        node, *rest = parts
    else:
        node, rest = node_of(path), parts
    if rest:
        return SchemaError(words, field=".".join(rest), dataset=node)
    return ForbiddenError(words, dataset=node or "a dataset")
