"""Usage by the value of a metadata key, which history does not keep: as Cloudflare says it now."""

from __future__ import annotations

from functools import reduce

from aigw_tui.errors import ForbiddenError
from aigw_tui.insight.tabulate import KEYS, Line, added
from aigw_tui.model import Snapshot, Trust
from aigw_tui.outlets.exports import Source, Usage


def usage_of(snapshot: Snapshot, key: str) -> Usage:
    """A line for each value, of all accounts together, the most requests first. Raises ForbiddenError without any."""
    found: dict[str, Line] = {}
    answers = snapshot.answers("metadata", "value")
    for answer in answers:
        for value, requests, errors, hits, tokens_in, tokens_out, cost in answer.rows:
            unpriced = frozenset([("", str(value))] if cost == 0 and (tokens_in or tokens_out) else [])
            price = None if unpriced else cost
            line = Line((str(value),), requests, errors, hits, tokens_in, tokens_out, price, unpriced=unpriced,
                        trust=Trust.FILLING)  # fmt: skip
            found[str(value)] = added(found[str(value)], line) if str(value) in found else line
    refused = next((answer for answer in answers if answer.why), None)
    if not any(not answer.why for answer in answers):
        why = refused.why if refused else "nobody answered about metadata"
        raise ForbiddenError(why, refused.remedy if refused else "see what failed above")
    lines = sorted(found.values(), key=lambda line: (-(line.requests or 0), str(line.key)))
    source = Source("metadata", "ok", snapshot.now, snapshot.now, 0, refused.why if refused else None)
    return Usage(
        (f"metadata.{key}",),
        lines,
        reduce(added, lines, Line(trust=Trust.FILLING)),
        answers[0].window,
        snapshot.now,
        tuple((name, snapshot.scope.values(name)) for name in KEYS),
        (source,),
    )
