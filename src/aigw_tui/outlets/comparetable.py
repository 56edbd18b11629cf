"""Comparisons for people: the verdict, both counts side by side, why they differ, and how that moved over the day."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from aigw_tui.format import UNKNOWN, clean, clock, percent, whole
from aigw_tui.insight.comparing import Comparison
from aigw_tui.outlets.quotatable import INKS, PLAIN

ROLES = {"agrees": "good", "drifts": "warn", "cannot tell": "muted"}
WIDEST = 100
NAME, FIGURE, SIGNED = 16, 12, 9
LEAST_WORDS = 24


def table(one: Comparison, label: str, width: int | None, has_color: bool) -> Iterator[str]:
    """Lines without their ends. `label`: empty where there is one account alone. `width`: None for a pipe."""
    room = max(min(width or WIDEST, WIDEST), 20)
    if label:
        yield _ink(clean(label, 60), "head", has_color)
    remedy = f" → {one.remedy}" if one.remedy else ""
    for n, text in enumerate(textwrap.wrap(f"{one.verdict}: {clean(one.why)}{remedy}", room)):
        is_first = n == 0 and text.startswith(one.verdict)
        rest = text.removeprefix(one.verdict) if is_first else text
        yield (_ink(one.verdict, ROLES[one.verdict], has_color) if is_first else "") + rest
    if one.point is None:
        return
    yield ""
    yield from _counts(one, has_color)
    yield ""
    yield from _reasons(one, room, has_color)
    if one.curve:
        yield ""
        yield from _curve(one, has_color)


def _counts(one: Comparison, has_color: bool) -> Iterator[str]:
    point, found = one.point, one.burned
    if point is None:
        return
    head = f"{f'up to {clock(point.at)} UTC':<{NAME}}{'Worker':>{FIGURE}}{'Workers AI':>{FIGURE}}"
    yield _ink(head, "head", has_color)
    about = "~" if point.is_estimate else ""
    price, burns = one.price, found.per_inference if found else None
    rows = (
        ("neurons", about + whole(point.worker), whole(point.measured)),
        ("a call", _price(price.neurons if price else None), _price(burns)),
        ("limit a day", whole(one.now.limit if one.now else None), whole(one.limit)),
    )
    for name, left, right in rows:
        yield f"{name:<{NAME}}{left:>{FIGURE}}{right:>{FIGURE}}"
    ratio = UNKNOWN if point.ratio is None else f"{about}{point.ratio:.2f}"
    yield f"{'ratio':<{NAME}}{ratio:>{FIGURE}}{f'±{percent(one.tolerance)}':>{FIGURE}}"


def _reasons(one: Comparison, room: int, has_color: bool) -> Iterator[str]:
    if one.point is None:
        return
    yield _ink(f"{'neurons':>{SIGNED}}  why", "head", has_color)
    for reason in one.reasons:
        signed = "" if reason.neurons is None else _signed(reason.neurons)
        for n, text in enumerate(textwrap.wrap(reason.words, max(room - SIGNED - 2, LEAST_WORDS))):
            yield f"{signed if n == 0 else '':>{SIGNED}}  {text}"
    yield f"{_signed(one.point.gap):>{SIGNED}}  is the gap"


def _curve(one: Comparison, has_color: bool) -> Iterator[str]:
    yield _ink(f"{'UTC':<7}{'Worker':>{FIGURE}}{'Workers AI':>{FIGURE}}{'ratio':>8}", "head", has_color)
    for point in one.curve:
        ratio = UNKNOWN if point.ratio is None else f"{point.ratio:.2f}"
        yield f"{clock(point.at):<7}{whole(point.worker):>{FIGURE}}{whole(point.measured):>{FIGURE}}{ratio:>8}"


def _signed(value: float) -> str:
    rounded = round(value)
    return f"{rounded:+,}" if rounded else "0"


def _price(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.2f}"


def _ink(text: str, role: str, has_color: bool) -> str:
    return f"{INKS[role]}{text}{PLAIN}" if has_color and text else text
