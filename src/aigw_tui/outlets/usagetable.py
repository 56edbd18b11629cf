"""Usage as a table for people: aligned, with a total and a summary; columns give way where the screen is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.format import UNKNOWN, cells, clean, model_name, percent, usd, whole
from aigw_tui.insight.joined import plus
from aigw_tui.insight.tabulate import Line, Part
from aigw_tui.model import Trust
from aigw_tui.outlets.exports import Usage

LONGEST_NAME = 48
GAP = "  "
DIM, BOLD, RED, AMBER, PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Column:
    """One measure: how it is headed and written, and how soon it gives way."""

    head: str
    text: Callable[[Line], str]
    worth: int
    """The least goes first."""


def _about(line: Line, text: str) -> str:
    return f"±{text}" if line.is_sampled and text not in (UNKNOWN, "0") else text


def _price(line: Line) -> str:
    """`0.0123`; `0.0123+` where some of it has no price."""
    return "0" if line.cost_usd == 0 else usd(line.cost_usd, 4) + "+" * bool(line.cost_usd and line.unpriced)


COLUMNS = (
    Column("requests", lambda line: _about(line, whole(line.requests)), 10),
    Column("errors", lambda line: _about(line, whole(line.errors)), 9),
    Column("error %", lambda line: percent(line.error_rate), 4),
    Column("hits", lambda line: _about(line, whole(line.cache_hits)), 6),
    Column("misses", lambda line: _about(line, whole(line.cache_misses)), 1),
    Column("hit %", lambda line: percent(line.cache_hit_rate), 3),
    Column("tokens in", lambda line: _about(line, whole(line.tokens_in)), 5),
    Column("tokens out", lambda line: _about(line, whole(line.tokens_out)), 5),
    Column("cost $", lambda line: _price(line), 7),
    Column("neurons", lambda line: _about(line, _fine(line.neurons)), 8),
    Column("~neurons", lambda line: _fine(line.neurons_estimated), 2),
)
HEADS = {
    "hour": "hour (UTC)", "day": "day (UTC)", "month": "month", "account": "account", "gateway": "gateway",
    "provider": "provider", "model": "model",
}  # fmt: skip


def table(
    usage: Usage, width: int | None, has_color: bool, labels: Mapping[str, str], names: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """The lines of the table, each with its end. `width`: of the screen; None: as wide as it gets.

    `labels` gives accounts their names; `names` all names of a field, so that columns are as wide as any row will need
    before the first is known.
    """
    keys = [_key_width(name, names.get(name, ())) for name in usage.by]
    chosen, hidden = _fitting(usage, keys, width)
    if is_brief := bool(hidden):
        brief = {name: [model_name(one) for one in known] for name, known in names.items()}
        keys = [_key_width(name, brief.get(name, ())) for name in usage.by]
        chosen, hidden = _fitting(usage, keys, width)
    sizes = [max(len(one.head), len(one.text(usage.total))) for one in chosen]
    heads = [HEADS.get(name, name).ljust(size) for name, size in zip(usage.by, keys, strict=True)]
    heads += [one.head.rjust(size) for one, size in zip(chosen, sizes, strict=True)]
    yield _ink(GAP.join(heads).rstrip() + "\n", DIM if has_color else "")
    before = ""
    for line in usage.lines:
        parts = [key_text(name, part, labels, is_brief) for name, part in zip(usage.by, line.key, strict=True)]
        first, *rest = parts
        shown = ["" if rest and first == before else first, *rest]
        before = first
        yield _row(
            [_padded(part, size) for part, size in zip(shown, keys, strict=True)], line, chosen, sizes, has_color
        )
    rule = sum(keys) + sum(sizes) + len(GAP) * (len(keys) + len(sizes) - 1)
    yield _ink("─" * rule + "\n", DIM if has_color else "")
    title = [_padded("total" if n == 0 else "", size) for n, size in enumerate(keys)]
    yield _ink(_row(title, usage.total, chosen, sizes, False), BOLD if has_color else "")
    if hidden:
        yield _ink(f"not shown for want of room: {', '.join(hidden)}\n", DIM if has_color else "")


def summary(usage: Usage, models: int) -> Iterator[str]:
    """What all lines together say, a line each."""
    line = usage.total
    tokens = plus(line.tokens_in, line.tokens_out)
    each = tokens / line.requests if tokens is not None and line.requests else None
    about = ""
    if usage.interval is not None:
        about = f" ±{round((usage.interval.upper - usage.interval.lower) / 2):,}"
    count = len(line.unpriced)
    unpriced = f", {count} model{'s' if count > 1 else ''} without a price" if count else ""
    rows = (
        ("requests", _about(line, whole(line.requests)) if not about else whole(line.requests) + about),
        ("tokens in / out", f"{_about(line, whole(line.tokens_in))} / {_about(line, whole(line.tokens_out))}"),
        ("tokens per request", whole(each)),
        ("error rate", percent(line.error_rate)),
        ("cache hit rate", percent(line.cache_hit_rate)),
        ("cost", f"{'$' if line.cost_usd is not None else ''}{usd(line.cost_usd, 4)} list price{unpriced}"),
        ("neurons", _neurons(line)),
        ("models used", whole(models)),
    )
    yield "\nSummary\n"
    for name, text in rows:
        yield f"  {name:<20}{text}\n"


def key_text(name: str, part: Part, labels: Mapping[str, str], is_brief: bool = False) -> str:
    """As a person reads it; `is_brief`: models without their vendor."""
    if not isinstance(part, datetime):
        part = model_name(part) if is_brief and name == "model" else part
        return clean(labels.get(part, part) if name == "account" else part) or "(none)"
    return {"hour": f"{part:%Y-%m-%d %H:%M}", "day": f"{part:%Y-%m-%d}"}.get(name, f"{part:%Y-%m}")


def _neurons(line: Line) -> str:
    if line.neurons is not None:
        return f"{_about(line, _fine(line.neurons))} measured"
    return f"~{_fine(line.neurons_estimated)} estimated" if line.neurons_estimated is not None else UNKNOWN


def _fine(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.1f}" if 0 < abs(value) < 1000 else whole(value)


def _key_width(name: str, names: Iterable[str]) -> int:
    times = {"hour": 16, "day": 10, "month": 7}
    usual = LONGEST_NAME // 2 if name.startswith("metadata.") else 0
    widest = times.get(name) or max((cells(clean(one)) for one in names), default=usual)
    return max(min(widest, LONGEST_NAME), len(HEADS.get(name, name)), len("total"))


def _fitting(usage: Usage, keys: Sequence[int], width: int | None) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns that have room beside the keys, and the names of those that have not; `trust` always stands last."""
    chosen, hidden = list(COLUMNS), []
    if usage.total.neurons_estimated is None:
        chosen.pop()

    def needed() -> int:
        sizes = [max(len(one.head), len(one.text(usage.total))) for one in chosen]
        return sum(keys) + sum(sizes) + len(GAP) * (len(keys) + len(sizes)) + len("settled")

    while width is not None and len(chosen) > 1 and needed() > width:
        least = min(chosen, key=lambda one: one.worth)
        chosen.remove(least)
        hidden.append(least.head)
    return tuple(chosen), tuple(hidden)


def _row(keys: Sequence[str], line: Line, chosen: Sequence[Column], sizes: Sequence[int], has_color: bool) -> str:
    figures = [one.text(line).rjust(size) for one, size in zip(chosen, sizes, strict=True)]
    if has_color and line.errors:
        figures = [_ink(text, RED) if one.head == "errors" else text for one, text in zip(chosen, figures, strict=True)]
    trust = "" if line.trust is Trust.SETTLED else line.trust.name.lower()
    word = _ink(trust, AMBER if line.trust is Trust.STALE else DIM) if has_color and trust else trust
    return GAP.join([*keys, *figures, word]).rstrip() + "\n"


def _padded(text: str, size: int) -> str:
    """In exactly so many cells; a longer name ends in `…`."""
    if cells(text) > size:
        while cells(text) > size - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (size - cells(text))


def _ink(text: str, code: str) -> str:
    end = "\n" if text.endswith("\n") else ""
    return f"{code}{text.removesuffix(end)}{PLAIN}{end}" if code else text
