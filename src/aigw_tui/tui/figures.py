"""The columns of usage, the same in every table: requests, errors, hits, tokens, neurons, dollars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aigw_tui.format import UNKNOWN, short, usd, whole
from aigw_tui.insight.joined import Usage
from aigw_tui.insight.sampling import half_width
from aigw_tui.model import Interval, Trust
from aigw_tui.tui.columns import Column, Figure
from aigw_tui.tui.sorting import Sorting


@dataclass(frozen=True, slots=True)
class Look:
    """How a row's figures are drawn."""

    role: str = "text"
    is_bold: bool = False


def mark(is_estimate: bool, is_sampled: bool) -> str:
    """`~`, `±` or nothing; an estimate of a sample is an estimate."""
    return "~" if is_estimate else "±" if is_sampled else ""


def total(value: float | None, is_sampled: bool, interval: Interval | None) -> str:
    """`1,204 ±31` where it is known how far off it may be, else `±1,204`, or `1,204` where all was counted."""
    if value is not None and interval is not None and (half := half_width(interval)):
        return f"{whole(value)} ±{half:,}"
    return _marked(whole(value), is_sampled)


def part_of(part: float, all_: float, is_sampled: bool, interval: Interval | None) -> tuple[str, ...]:
    """`14 of 1,204 ±31`, fullest first: `14/1,204 ±31`, then without the interval; at last the part alone."""
    counts = [f"{_marked(form(part), is_sampled)} of {_marked(form(all_), is_sampled)}" for form in (whole, short)]
    known = total(all_, is_sampled, interval)
    exact = [f"{whole(part)} of {known}", f"{whole(part)}/{known}"] if " " in known else []
    return tuple(dict.fromkeys((*exact, *counts, *(_marked(form(part), is_sampled) for form in (whole, short)))))


def _marked(text: str, is_sampled: bool) -> str:
    return text if text == UNKNOWN else mark(False, is_sampled) + text


def count(value: float | None, look: Look, prefix: str = "") -> Figure:
    """A number of things; zero and unknown are faint. `prefix` is what `mark` says."""
    if value is None:
        return Figure(UNKNOWN, UNKNOWN, "faint")
    role = look.role if value or look.is_bold else "faint"
    return Figure(prefix + whole(value), prefix + short(value), role, look.is_bold)


def money(use: Usage, look: Look, digits: int) -> Figure:
    """What is owed, in USD; a list price alone stands in parentheses, whose right half hangs out of the column."""
    about = mark(False, use.is_sampled)
    if use.owed_usd is None and use.listed_usd:
        full, brief = usd(use.listed_usd, digits), _brief(use.listed_usd, digits)
        return Figure(f"({about}{full})", f"({about}{brief})", "muted", look.is_bold)
    if not use.owed_usd:
        nothing = UNKNOWN if use.owed_usd is None and use.listed_usd is None else f"{about}0"
        return Figure(f"{nothing} ", f"{nothing} ", "faint", look.is_bold)
    full, brief = usd(use.owed_usd, digits), _brief(use.owed_usd, digits)
    return Figure(f"{about}{full} ", f"{about}{brief} ", look.role, look.is_bold)


def columns(
    names: Sequence[str],
    uses: Sequence[Usage],
    looks: Sequence[Look],
    heads: Mapping[str, str] | None = None,
    digits: int = 2,
) -> tuple[Column, ...]:
    """The named columns with a figure for every usage; `digits` are those behind the point of a dollar.

    Names: requests, errors, hits, tokens in, out, neurons, $. `heads` replaces a name where it is written above.
    """
    drawn: dict[str, Callable[[Usage, Look], Figure]] = {
        "requests": lambda use, look: _of_gateways(use, use.requests, look),
        "errors": lambda use, look: _of_gateways(
            use, use.errors, Look("bad", look.is_bold) if use.errors else Look("faint")
        ),
        "hits": lambda use, look: _of_gateways(use, use.cache_hits, look),
        "tokens in": lambda use, look: _of_gateways(use, use.tokens_in, look),
        "out": lambda use, look: _of_gateways(use, use.tokens_out, look),
        "neurons": _neurons,
        "$": lambda use, look: money(use, look, digits),
    }
    built = []
    for name in names:
        hidden_as, worth, least = PROPERTIES[name]
        head = (heads or {}).get(name, name)
        if name == "$" and all(use.owed_usd is None for use in uses):
            worth = 1  # list prices alone are nothing that anybody pays
        figures = tuple(drawn[name](use, look) for use, look in zip(uses, looks, strict=True))
        head = f"{head} " if name == "$" else head
        built.append(Column(hidden_as, head, figures, worth, least, sort=name))
    return tuple(built)


PROPERTIES = {
    "requests": ("requests", 9, 4),
    "errors": ("errors", 6, 3),
    "hits": ("hits", 4, 4),
    "tokens in": ("tokens", 3, 9),
    "out": ("tokens", 2, 8),
    "neurons": ("neurons", 8, 7),
    "$": ("dollars", 7, 8),
}
"""Name → (what it is called when hidden, worth, least width)."""


SORTINGS = (
    Sorting("r", "requests", lambda use: use.requests),
    Sorting("e", "errors", lambda use: use.errors),
    Sorting("h", "hits", lambda use: use.cache_hits),
    Sorting("i", "tokens in", lambda use: use.tokens_in),
    Sorting("u", "out", lambda use: use.tokens_out),
    Sorting("n", "neurons", lambda use: use.neurons),
    Sorting("d", "$", lambda use: use.listed_usd if use.owed_usd is None else use.owed_usd),
)
"""Of rows that are usage."""


def _of_gateways(use: Usage, value: int | None, look: Look) -> Figure:
    return count(value, look, mark(False, use.is_sampled))


def _neurons(use: Usage, look: Look) -> Figure:
    late = use.neurons_trust is Trust.FILLING and not look.is_bold
    return count(use.neurons, Look("muted") if late else look, mark(use.is_estimate, use.neurons_sampled))


def _brief(value: float, digits: int) -> str:
    return short(value) if value >= 1000 else usd(value, min(digits, 2))
