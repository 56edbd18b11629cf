"""Numbers, times and hints for people, and the one sanitiser of foreign text."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

UNKNOWN = "–"
NO_NAME = "(none)"
"""What a name is called that Cloudflare leaves empty."""
LONGEST_TEXT = 200
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(text: object, longest: int = LONGEST_TEXT) -> str:
    """Foreign text made harmless: one line, printable, at most `longest` characters.

    Every character that is not printable (controls, escapes, bidi marks, lone surrogates) becomes U+FFFD; a text that
    is too long ends in `…`. Used at ingest, and once more where text is drawn. Idempotent.
    """
    raw = str(text)
    short = raw if len(raw) <= longest else raw[: longest - 1] + "…"
    return short if short.isprintable() else "".join(c if c.isprintable() else REPLACEMENT for c in short)


def cells(text: str) -> int:
    """How many cells of a terminal it takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def whole(value: float | None) -> str:
    """`7,214`; `–` when unknown; a part of one is never rounded to a false 0 (`<1`)."""
    if value is None:
        return UNKNOWN
    if 0 < value <= 0.5:  # half a one would be rounded to the even 0
        return "<1"
    return f"{value:,.0f}"


def short(value: float | None) -> str:
    """At most five characters: `842`, `12.4k`, `1.2M`, `<1`."""
    if value is None:
        return UNKNOWN
    if abs(value) < 1000:
        return whole(value) if round(value) < 1000 else "1.0k"
    for size, unit in ((1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"), (1e15, "P")):
        scaled = value / size
        if abs(scaled) < 99.95:
            return f"{scaled:.1f}{unit}"
        if abs(scaled) < 999.5:
            return f"{scaled:.0f}{unit}"
    return f"{value:.0e}"


def fit(value: float | None, width: int) -> str:
    """The fullest of `whole` and `short` that fits; `#` repeated when none does, never a cut number."""
    for text in (whole(value), short(value)):
        if len(text) <= width:
            return text
    return "#" * width


def usd(value: float | None, digits: int = 2) -> str:
    """`1.23` without its sign; `<0.01` rather than a false zero; `–` when unknown."""
    if value is None:
        return UNKNOWN
    least = 10.0**-digits
    if 0 < value < least / 2:
        return f"<{least:.{digits}f}"
    return f"{value:,.{digits}f}"


def dollars(value: float | None, digits: int = 2) -> str:
    """`$1.23`, `<$0.01`, `–`."""
    text = usd(value, digits)
    if value is None:
        return text
    return f"<${text[1:]}" if text.startswith("<") else f"${text}"


def brief_dollars(value: float | None) -> str:
    """`$5,000`: without cents where they weigh little, from $100 on, or where there are none."""
    return dollars(value, 0 if value is not None and (value >= 100 or value == round(value)) else 2)


def percent(share: float | None) -> str:
    """`72 %`, `1.2 %`; `<0.1 %` rather than a false zero; never `100 %` for less than all."""
    if share is None:
        return UNKNOWN
    value = share * 100
    if 0 < value < 0.05:
        return "<0.1 %"
    if value == 0:
        return "0 %"
    if value < 9.95:
        return f"{value:.1f} %"
    if 99 < value < 100:
        return "99 %"
    return f"{value:,.0f} %"


def age(span: timedelta | float | None) -> str:
    """`12 s`, `7 min`, `3 h 05 min`, `2 d 4 h`; seconds or a timedelta."""
    if span is None:
        return UNKNOWN
    seconds = max(0, int(span.total_seconds() if isinstance(span, timedelta) else span))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{days} d {hours % 24} h"


def duration(ms: float | None) -> str:
    """`840 ms`, `2.1 s`, `128 s`, `12 min`; `<1 ms` rather than a false zero; `–` when unknown."""
    if ms is None or not math.isfinite(ms):
        return UNKNOWN
    if 0 < ms <= 0.5:
        return "<1 ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 99_950:
        return f"{ms / 1000:.1f} s"
    return f"{ms / 1000:.0f} s" if ms < 599_500 else age(ms / 1000)


def clock(moment: datetime | None) -> str:
    """`14:05`, UTC."""
    return UNKNOWN if moment is None else f"{moment:%H:%M}"


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second: `2026-11-23T14:05:10Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def from_iso(text: str) -> datetime:
    """RFC 3339 (a day is its 00:00) as UTC, which is meant where no zone is named. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"no time that a clock shows: {text!r}") from None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy for a word that does not exist: `did you mean demo?`, or `otherwise` where none of `known` is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, tuple(known), 1)
    return f"did you mean {near[0]}?" if near else otherwise


def model_name(model: str) -> str:
    """The part of a model's name that tells it from others: without `@cf/vendor/`; `(none)` when it is empty."""
    return model.rsplit("/", 1)[-1] or NO_NAME
