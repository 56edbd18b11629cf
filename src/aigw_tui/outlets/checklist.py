"""A list of checks for a person (one line a check) or for a program (JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from aigw_tui.format import iso
from aigw_tui.insight.checkup import Check, State, verdict

SCHEMA = "aigw-tui.doctor/1"
MARKS = {State.OK: "✓", State.WARNING: "!", State.FAILS: "✗", State.CANNOT_TELL: "?"}
COLORS = {State.OK: "32", State.WARNING: "33", State.FAILS: "31", State.CANNOT_TELL: "36"}
"""SGR codes; the word beside each mark says the same."""
WORD_WIDTH = max(len(state) for state in State)
LONGEST_NAME = 38


def heading(title: str) -> str:
    return f"\n{title}"


def lines(checks: Sequence[Check], is_colored: bool = False) -> Iterator[str]:
    """`✓ ok           token  active, of a user → remedy`: the names of a group stand in one column."""
    width = min(LONGEST_NAME, max(len(check.name) for check in checks))
    for check in checks:
        state = f"{MARKS[check.state]} {check.state:<{WORD_WIDTH}}"
        if is_colored:
            state = f"\x1b[{COLORS[check.state]}m{state}\x1b[0m"
        remedy = f" → {check.remedy}" if check.remedy else ""
        yield f"{state}  {check.name:<{width}}  {check.words}{remedy}"


def in_groups(checks: Iterable[Check], order: Sequence[str]) -> Iterator[tuple[str, tuple[Check, ...]]]:
    """(title, checks) in that order of groups, an account after the other; empty ones are left out."""
    found: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        found.setdefault((check.account, check.group), []).append(check)
    accounts = sorted({account for account, _ in found}, key=lambda account: account == "")
    for account in accounts:
        for group in order:
            if some := found.get((account, group)):
                yield f"{group} of {account}" if account else group, tuple(some)


def summary(checks: Sequence[Check]) -> str:
    """`12 ok, 2 warnings, 1 fails`."""
    counts = {state: sum(check.state is state for check in checks) for state in State}
    words = (
        f"{count} {state}{'s' if state is State.WARNING and count != 1 else ''}"
        for state, count in counts.items()
        if count
    )
    return ", ".join(words)


def table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Lines of three columns."""
    widths = [min(LONGEST_NAME, max((len(row[n]) for row in rows), default=0)) for n in (0, 1)]
    for key, value, source in rows:
        yield f"{key:<{widths[0]}}  {value:<{widths[1]}}  {source}".rstrip()


def document(checks: Sequence[Check], settings: Sequence[tuple[str, str, str]], now: datetime) -> str:
    """JSON of schema `aigw-tui.doctor/1`."""
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "generated_at": iso(now),
        "verdict": verdict(checks),
        "checks": [
            {
                "group": check.group,
                "account": check.account or None,
                "name": check.name,
                "state": check.state,
                "essential": check.is_essential,
                "words": check.words,
                "remedy": check.remedy or None,
            }
            for check in checks
        ],
        "settings": [{"key": key, "value": value, "source": source} for key, value, source in settings],
    }
    return json.dumps(said, ensure_ascii=False, indent=1)
