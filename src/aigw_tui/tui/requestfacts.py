"""One request in full: everything that its log says, in groups, and on wish what was asked and answered."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from rich.cells import cell_len, chop_cells

from aigw_tui.format import UNKNOWN, clean, dollars, duration, model_name, whole
from aigw_tui.insight.families import burns_neurons
from aigw_tui.insight.requestfields import fields_of
from aigw_tui.model import LogRow
from aigw_tui.tui.lines import Line, Span, foreign, gap, shorten
from aigw_tui.tui.screens.help import section
from aigw_tui.tui.tiles import first_fit

COLUMN = 25
"""Cells of the fields' names; a third of the page where that is less."""
PRICE_DIGITS = 6
"""Behind the point of a dollar: here there is room for all that a request costs."""
MOST_LINES = 4_000
"""Of a body that are shown; more would keep the terminal busy for long."""
LONGEST_SHOWN = 20_000
"""Characters of one line of a body."""
CALL = ("model_type", "path", "request_type", "request_content_type", "request_size", "user_agent", "authentication")
"""Of what else its log says, what is about the request; the rest is about the answer."""

Fact = tuple[str, str]
"""(name, value)"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of it now."""

    row: LogRow
    account: str = ""
    """What its account is called."""
    trouble: str = ""
    """Why not all of its log could be read."""
    is_reading: bool = False


def lines(seen: Seen, bodies: Sequence[tuple[str, Sequence[str]]], width: int) -> tuple[Line, ...]:
    """At most `width` cells wide; `bodies` are (part, lines of clean text)."""
    row = seen.row
    found: list[Line] = [_title(row, width), ()]
    if seen.trouble:
        found += [(Span(shorten(f"▲ {clean(seen.trouble)}", width), "warn"),), ()]
    for title, facts in (
        ("When and where", _place(seen)),
        ("How it went", _outcome(row)),
        ("What it used", _usage(row)),
        ("What the caller said of it", [(clean(key), clean(value)) for key, value in row.metadata]),
        ("The call", _more(row, is_call=True)),
        ("The answer, and its log", _more(row, is_call=False)),
    ):
        found += section(shorten(title, width), facts, width, COLUMN) if facts else []
    if seen.is_reading:
        found += [(Span(shorten("reading the rest of its log …", width), "muted"),), ()]
    for part, texts in bodies:
        found += [(Span(shorten(f"The {part}", width), "strong", bold=True),), *_body(texts, width), ()]
    return tuple(found)


def as_json(row: LogRow) -> str:
    """All of it but the bodies; None is null."""
    return json.dumps(fields_of(row) | {"more": dict(row.more)}, ensure_ascii=False, indent=1)


def _title(row: LogRow, width: int) -> Line:
    """`× 429  gpt-5-mini  23 Nov 09:56:11 UTC`"""
    sign = "×" if row.is_error else "✓" if row.succeeded else "·"
    status = UNKNOWN if row.status is None else str(row.status)
    role = "bad" if row.is_error else "good" if row.succeeded else "muted"
    head, model = Span(f"{sign} {status}", role, bold=True), foreign(model_name(row.model), "strong", bold=True)
    when = Span(f"{row.at.day} {row.at:%b %H:%M:%S} UTC", "muted")
    brief = model._replace(text=shorten(model.text, max(width - cell_len(head.text) - 2, 0)))
    return first_fit(width, (head, gap(2), model, gap(2), when), (head, gap(2), brief), (head,))


def _place(seen: Seen) -> list[Fact]:
    row = seen.row
    fraction = f".{row.at.microsecond // 1000:03d}" if row.at.microsecond else ""
    return [
        ("time", f"{row.at:%Y-%m-%d %H:%M:%S}{fraction} UTC"),
        ("account", f"{clean(seen.account)} ({clean(row.account)})" if seen.account else clean(row.account)),
        ("gateway", clean(row.gateway)),
        ("provider", clean(row.provider) or UNKNOWN),
        ("model", clean(row.model) or UNKNOWN),
        ("log", clean(row.id)),
        ("dashboard", f"https://dash.cloudflare.com/{quote(row.account)}/ai/ai-gateway"),
    ]


def _outcome(row: LogRow) -> list[Fact]:
    took = duration(row.duration_ms)
    exact = f"{took} ({row.duration_ms:,} ms)" if row.duration_ms is not None and row.duration_ms >= 1000 else took
    return [
        ("status", UNKNOWN if row.status is None else str(row.status)),
        ("success", {True: "yes", False: "no", None: UNKNOWN}[row.succeeded]),
        ("cache", {True: "hit: no model was asked", False: "miss", None: UNKNOWN}[row.cached]),
        ("took", exact),
    ]


def _usage(row: LogRow) -> list[Fact]:
    cost = dollars(row.cost_usd, PRICE_DIGITS)
    if row.cost_usd and burns_neurons(row.provider, row.model):
        cost = f"({cost}) list price of Workers AI, not owed inside the free allowance"
    elif row.cost_usd is None and (row.tokens_in or row.tokens_out):
        cost = f"{UNKNOWN} no price is known for its tokens"
    return [("tokens in", whole(row.tokens_in)), ("tokens out", whole(row.tokens_out)), ("cost", cost)]


def _more(row: LogRow, *, is_call: bool) -> list[Fact]:
    """Under Cloudflare's own names."""
    return [(clean(name), clean(value)) for name, value in row.more if (name in CALL) is is_call]


def _body(texts: Sequence[str], width: int) -> Iterator[Line]:
    count = 0
    for text in texts:
        for part in _wrapped(text[:LONGEST_SHOWN], width):
            count += 1
            if count > MOST_LINES:
                yield (Span(shorten("… and more; aigw-tui logs --bodies ID prints all of it", width), "warn"),)
                return
            yield (Span(clean(part, LONGEST_SHOWN), "text"),)
        if len(text) > LONGEST_SHOWN:
            yield (Span(shorten(f"… {len(text) - LONGEST_SHOWN:,} characters more in this line", width), "warn"),)


def _wrapped(text: str, width: int) -> list[str]:
    """Between words, indented as the line itself is; never wider than that, in cells."""
    indent = text[: len(text) - len(text.lstrip(" "))][: max(width - 8, 0)]
    options = {"replace_whitespace": False, "break_on_hyphens": False, "subsequent_indent": indent}
    parts = textwrap.wrap(text, max(width, 1), **options) or [""]  # type: ignore[arg-type]
    return [cut for part in parts for cut in (chop_cells(part, width) if cell_len(part) > width else [part])]
