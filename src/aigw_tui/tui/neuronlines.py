"""The day's neurons, drawn: the verdict, the gauge with what is expected, and with room the hours and the models."""

from __future__ import annotations

from dataclasses import dataclass

from aigw_tui.format import fit, model_name, percent, short, whole
from aigw_tui.insight.bypass import Routed
from aigw_tui.insight.verdict import Verdict
from aigw_tui.tui.bars import gauge, mark_at
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, gap, left, line, right, strong, width_of
from aigw_tui.tui.neuronpart import Part
from aigw_tui.tui.panels.bypass import headline
from aigw_tui.tui.scene import Area, at_cursor
from aigw_tui.tui.series import Series
from aigw_tui.tui.tiles import chart, ends, explained, first_fit, hint, words
from aigw_tui.tui.words import NOT_HELD

APART = 2
"""Cells between what is used and the limit, which would read as one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Neurons of today (UTC); None is unknown."""

    verdict: Verdict
    used: float | None
    is_sampled: bool
    nowcast: float | None
    limit: float | None
    share: float | None
    low: float | None
    high: float | None
    part: Part | None
    account: str
    hours: Series | None
    models: tuple[tuple[str, float], ...]
    bypass: Routed | None = None
    """Today's inferences, and how many of them passed no gateway; None: not known, or there is no room for it."""
    is_read: bool = False
    """Any hour of today was."""
    is_past: bool = False


def drawing(seen: Seen, area: Area) -> Drawing:
    width, height = area.width, area.height
    foot = line(foreign(seen.account, "muted")) if seen.account else ()
    if seen.used is None and seen.nowcast is None and seen.part is None:
        texts: tuple[str, ...]
        texts = ("no neurons were read yet; the first figures come with the next answer", "not read yet")
        if seen.is_past:
            texts = (NOT_HELD, "not held")
        elif seen.is_read:
            texts = ("none counted yet today; neurons arrive 40 minutes late", "none counted yet today", "none yet")
        if height == 1:
            return Drawing((first_fit(width, *(words(f"– {text}") for text in texts[1:])),))
        head = ends(width, [(strong("–"), Span(" used", "muted")), (strong("–"),)])
        return Drawing((head, *explained(width, height - 1, hint(texts[0], area), texts[1]))[:height])
    body = [_verdict(seen, width)]
    if seen.limit:
        body += _gauge(seen, width, 2 if height >= 5 else 1)
    body += [_used(seen, width), _rest(seen, width)]
    if height < 4:
        body = body[:height]
    if seen.hours:
        body += _details(seen, area, height - len(body))
    tint = f"{seen.verdict.role}:filling" if seen.verdict.role in ("warn", "bad") else ""
    past = 2 if _has_bypass(seen, height - above(seen)) else 0
    first = len(body) - past - len(seen.models) if seen.models else None
    return Drawing(tuple(body[:height]), foot=foot, tint=tint, first=first)


def _verdict(seen: Seen, width: int) -> Line:
    role, texts = seen.verdict
    on = {"warn": "warnband", "bad": "badband"}.get(role, "")
    share = f"{'~' if seen.nowcast else ''}{percent(seen.share)}"
    lefts = [(Span(text, role, on, bold=role != "muted"),) for text in texts]
    shares: list[Line] = [(Span(share, "strong", on, bold=True),)] if seen.share is not None else []
    for at_left in lefts:  # the share is never given up for a longer verdict
        if width_of(at_left) + 1 + len(share) <= width:
            return ends(width, [at_left], shares, on)
    return ends(width, [*shares, ()], (), on)


def _gauge(seen: Seen, width: int, rows: int) -> tuple[Line, ...]:
    used = (seen.used or 0.0) + (seen.nowcast or 0.0)
    part = seen.part.value if seen.part and seen.part.value is not None else None
    mine = min(part, used) if part is not None else (0.0 if seen.part else None)
    return gauge(width, seen.limit or 1.0, used, seen.low, seen.high, mine=mine, rows=rows)


def _used(seen: Seen, width: int) -> Line:
    """What is used, and the limit under its mark."""
    lefts = _part_figures(seen) if seen.part else _account_figures(seen)
    for limit in (whole(seen.limit), short(seen.limit)) if seen.limit else ():
        middle = mark_at(width) - (len(limit) - 1) // 2
        for at_left in lefts:
            start = max(min(middle, width - len(limit)), width_of(at_left) + APART)
            if start + len(limit) <= width:
                space = start - width_of(at_left)
                return (*at_left, gap(space), Span(limit, "muted"))
    return first_fit(width, *lefts)


def _account_figures(seen: Seen) -> list[Line]:
    used, more = Span(" used", "muted"), seen.nowcast and round(seen.nowcast)
    figures: list[Line] = [(strong(text),) for text in _about(seen, seen.used)]
    full, brief = ((*figure, used) for figure in figures)
    if more:
        ends_of = (full, f" ~{more:,} more"), (brief, f" ~{short(more)} more"), (full, f" ~{more:,}"), (full, "")
        return [*((*start, Span(end, "muted")) for start, end in ends_of), brief, *figures]
    return [full, brief, *figures]


def _part_figures(seen: Seen) -> list[Line]:
    part = seen.part
    if part is None:
        return []
    figures: list[Line] = [(strong(text),) for text in _about(seen, part.value, part.is_estimate)]
    return [(*figures[0], Span(f" {part.words}", "muted")), *figures]


def _about(seen: Seen, value: float | None, is_estimate: bool = False) -> tuple[str, str]:
    """In full and short, with its mark."""
    about = "" if value is None else mark(is_estimate, seen.is_sampled)
    return about + whole(value), about + short(value)


def _rest(seen: Seen, width: int) -> Line:
    """Where the day is heading; in a narrowed scope, how much of the account's use it is."""
    part = seen.part
    if part:
        if part.value is None and part.unpriced:
            return first_fit(width, words(f"its models: {part.unpriced} unpriced"), words(f"{part.unpriced} unpriced"))
        all_ = _about(seen, seen.used)[0]
        if part.value is None or not seen.used:
            return first_fit(width, words(f"of the account's {all_}"), words(f"of {all_}"))
        about = "~" if part.is_estimate else ""
        share = f"{about}{percent(min(part.value / seen.used, 1.0))} of"
        unpriced = [words(f"{share} {all_}, {part.unpriced} unpriced")] if part.unpriced else []
        return first_fit(width, *unpriced, words(f"{share} the account's {all_}"), words(f"{share} {all_}"))
    if not seen.used and not seen.nowcast and not seen.is_past:
        return first_fit(width, words("neurons arrive 40 minutes late"), words("40 minutes late"))
    if seen.low is None or seen.high is None:
        return ()
    full = "–".join(dict.fromkeys((whole(seen.low), whole(seen.high))))
    brief = "–".join(dict.fromkeys((short(seen.low), short(seen.high))))
    return first_fit(width, words(f"~{full} by midnight"), words(f"~{full}"), words(f"~{brief}"))


def above(seen: Seen) -> int:
    """Lines above the details of a zoomed panel."""
    return 5 if seen.limit else 3


def _has_bypass(seen: Seen, height: int) -> bool:
    return seen.bypass is not None and height >= 12


def rows(seen: Seen, height: int) -> int:
    """Lines for models, in details of that height."""
    return max(height - (2 if _has_bypass(seen, height) else 0) - 8, 0) // 2


def _details(seen: Seen, area: Area, height: int) -> list[Line]:
    """The day by the hour and the models, where a zoomed panel has the room."""
    width = area.width
    if seen.hours is None or height < 4:
        return []
    past = seen.bypass if _has_bypass(seen, height) else None
    room = height - (2 if past else 0) - len(seen.models) - 3
    lines: list[Line] = [(), first_fit(width, words("neurons an hour, UTC; lighter: filling, palest: expected"))]
    lines += chart(seen.hours, lambda moment: moment.values[0], lambda _: "neuron1", width, room)
    lines.append(())
    name_width = min(48, max(width - 20, 0))
    for model, value in seen.models:
        share = percent(value / seen.used if seen.used else None)
        name = Span(left(foreign(model_name(model)).text, name_width), "text")
        about = mark(False, seen.is_sampled)
        burned = right(about + fit(value, 10 - len(about)), 10)
        drawn = first_fit(width, (name, Span(burned, "text"), Span(right(share, 8), "muted")))
        lines.append(at_cursor(drawn, area, model))
    return [*lines, (), headline(past, "today", width)] if past else lines
