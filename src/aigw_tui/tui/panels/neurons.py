"""¹ Neurons today: whether the day's allowance lasts, how much of it is used, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aigw_tui.format import fit, model_name, percent, short, whole
from aigw_tui.insight.bypass import Routed, bypass
from aigw_tui.insight.sampling import is_sampled
from aigw_tui.insight.scoped import is_covered, where
from aigw_tui.insight.verdict import Verdict, judge, rounded
from aigw_tui.insight.worst import owner, quota_of
from aigw_tui.model import DAY, Pace, Query, Sheet, Snapshot, Window, day_of
from aigw_tui.tui.bars import gauge, mark_at
from aigw_tui.tui.figures import mark
from aigw_tui.tui.frame import Drawing
from aigw_tui.tui.lines import Line, Span, foreign, gap, left, line, right, strong, width_of
from aigw_tui.tui.neuronpart import Part, part_of
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels.bypass import headline
from aigw_tui.tui.scene import Area, Scene, Target, at_cursor
from aigw_tui.tui.series import Series, filled, frame_of
from aigw_tui.tui.seriessheet import figures_sheet, series_sheet
from aigw_tui.tui.tiles import chart, ends, explained, first_fit, hint, words
from aigw_tui.tui.words import NOT_HELD

APART = 2
"""Cells between what is used and the limit, which would read as one."""
ZOOMED_FROM = 9
"""Rows from which there is room for the hours and the models."""


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


class Neurons(Panel):
    """The gauge that matters most."""

    TITLE = "Neurons today"
    KEY = "1"
    NEEDS = ("neurons", "requests", "failures")
    HELP = (
        "Neurons of the UTC day against the daily allowance, for the whole account: neurons know no gateway. "
        "The gauge shows what is used, what is surely expected and what may come; ┃ is the limit. "
        "Neurons arrive about 40 minutes late; what the gateways' tokens say has been burned since stands beside (~). "
        "Zoomed it lists the models; {row.narrow} narrows to one."
    )

    def look(self, scene: Scene, area: Area) -> Seen:
        snapshot = scene.snapshot
        quota = quota_of(snapshot, "neurons")
        pace = quota.pace if quota else None
        has_room = area.height >= ZOOMED_FROM
        seen = Seen(
            verdict=judge(quota),
            used=quota.used if quota else None,
            is_sampled=is_sampled(snapshot.views, snapshot.scope, _today(snapshot), "neurons"),
            nowcast=rounded(quota.nowcast) if quota and quota.nowcast else None,
            limit=quota.limit if quota else None,
            share=quota.share if quota else None,
            low=rounded(pace.low) if pace else None,
            high=rounded(pace.high) if pace else None,
            part=part_of(snapshot),
            account=owner(snapshot, quota),
            hours=_hours(snapshot, pace) if has_room else None,
            models=_models(snapshot) if has_room else (),
            bypass=_bypass(snapshot) if has_room else None,
            is_read=bool(snapshot.views.known("neurons", _today(snapshot), snapshot.scope.values("account"))),
            is_past=snapshot.is_past,
        )
        return replace(seen, models=seen.models[: _rows(seen, area.height - _above(seen))])

    def targets(self, seen: Seen) -> tuple[Target, ...]:
        return tuple(Target(model, (("model", model),)) for model, _ in seen.models)

    def sheet(self, scene: Scene, area: Area) -> Sheet:
        """The day by the hour where that is shown, else the day's figures."""
        seen = self.look(scene, area)
        if seen.hours:
            return series_sheet(self.TITLE, ("neurons",), seen.hours, "neurons_expected")
        return figures_sheet(self.TITLE, _figures(seen))

    def draw(self, seen: Seen, area: Area) -> Drawing:
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
        past = 2 if _has_bypass(seen, height - _above(seen)) else 0
        first = len(body) - past - len(seen.models) if seen.models else None
        return Drawing(tuple(body[:height]), foot=foot, tint=tint, first=first)


def _figures(seen: Seen) -> tuple[tuple[str, float | None], ...]:
    """The account's; in a narrowed scope the scope's own part too."""
    part = seen.part
    own = (("neurons_of_selection" + "_estimated" * part.is_estimate, part.value),) if part else ()
    return (
        *own,
        ("neurons", seen.used),
        ("neurons_estimated", seen.nowcast),
        ("neurons_limit", seen.limit),
        ("used_share" + "_estimated" * bool(seen.nowcast), seen.share),
        ("neurons_by_midnight_low_estimated", seen.low),
        ("neurons_by_midnight_high_estimated", seen.high),
    )


def _today(snapshot: Snapshot) -> Window:
    return Window(day_of(snapshot.now), snapshot.now)


def _hours(snapshot: Snapshot, pace: Pace | None) -> Series:
    """The day by the hour: of the scope's models where neurons know them, else of the account with what is expected."""
    day = day_of(snapshot.now)
    frame = frame_of(snapshot, "neurons", Window(day, day + DAY))
    query = Query("neurons", Window(day, snapshot.now), ("hour",), ("neurons",), _visible(snapshot))
    rows = {row.key[0]: row.values for row in snapshot.views.view(query).rows}
    is_whole = pace is not None and _visible(snapshot) == tuple(p for p in snapshot.scope.where if p[0] == "account")
    expected = {hour: (value,) for hour, value in pace.expected if hour >= snapshot.now} if pace and is_whole else {}
    return filled(frame, {**expected, **rows}, 1)


def _models(snapshot: Snapshot) -> tuple[tuple[str, float], ...]:
    """Who burned most today."""
    query = Query("neurons", _today(snapshot), ("model",), ("neurons",), _visible(snapshot), ("-neurons",), limit=12)
    return tuple((row.key[0], row.values[0]) for row in snapshot.views.view(query).rows if row.values[0])


def _bypass(snapshot: Snapshot) -> Routed | None:
    found = bypass(snapshot.views, snapshot.scope, _today(snapshot), snapshot.now)
    return found.all if found and found.all.inferences else None


def _visible(snapshot: Snapshot) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = where(snapshot.views, snapshot.scope, "neurons")
    return pairs if is_covered(snapshot.scope, "neurons") else tuple(pair for pair in pairs if pair[0] == "account")


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


def _above(seen: Seen) -> int:
    """Lines above the details of a zoomed panel."""
    return 5 if seen.limit else 3


def _has_bypass(seen: Seen, height: int) -> bool:
    return seen.bypass is not None and height >= 12


def _rows(seen: Seen, height: int) -> int:
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
