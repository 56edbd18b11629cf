"""A small hand-made world for panels: one account, two gateways, six models, a day that runs out, a week before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from aigw_tui.datasets import dataset
from aigw_tui.history import open_history
from aigw_tui.history.protocol import History, StoredRow
from aigw_tui.model import DAY, HOUR, Interval, Live, Pace, Query, Quota, Scope, Snapshot, Views, Window, day_of
from aigw_tui.tui.frame import Form, framed, inner
from aigw_tui.tui.lines import plain, width_of
from aigw_tui.tui.palette import Palette
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.scene import Area, Scene

STYLES = Palette.of("house-dark", {})
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
TODAY = day_of(NOW)
ACCOUNT = "0123456789abcdef0123456789abcdef"
SERVER = "https://api.example/client/v4"
LLAMA, OSS, BGE = "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/openai/gpt-oss-120b", "@cf/baai/bge-base-en-v1.5"
GPT, HAIKU, GEMINI = "gpt-5-mini", "claude-haiku-4-5", "gemini-2.5-flash"

REQUESTS = (40, 22, 20, 20, 22, 30, 54, 84, 116, 75, 176, 184, 166, 183, 12)
"""By hour from 00:00; 1,204 in all, of which 12:00 and later still fill."""
ERRORS = (0, 0, 0, 0, 1, 0, 0, 0, 0, 11, 0, 1, 0, 1, 0)
HITS = (3, 3, 3, 3, 4, 6, 13, 26, 36, 22, 63, 71, 71, 80, 5)
NEURONS = (520, 470, 460, 450, 480, 500, 530, 530, 640, 330, 640, 620, 540, 470, 34)
"""7,214 in all; settled up to 10:00."""
FAILURES = ((4, "500", "0", 1), (9, "429", "1", 9), (9, "408", "0", 2), (11, "500", "0", 1), (13, "429", "1", 1))
"""Hour, status, whether rate-limited, requests."""

SHARES = (
    # model, provider, gateway, share of requests, of neurons, USD and tokens in and out for one uncached request
    (LLAMA, "workers-ai", "prod", 0.51, 0.57, 0.0001, 90, 14),
    (GPT, "openai", "prod", 0.17, 0.0, 0.0044, 5700, 1430),
    (BGE, "workers-ai", "batch", 0.14, 0.03, 0.00001, 120, 0),
    (OSS, "workers-ai", "prod", 0.08, 0.40, 0.0004, 270, 170),
    (HAIKU, "anthropic", "prod", 0.06, 0.0, 0.0096, 3300, 880),
    (GEMINI, "google-ai-studio", "batch", 0.04, 0.0, 0.0065, 6600, 1530),
)
"""The first carries what rounding leaves over, and all errors."""


@cache
def world(days_before: int = 8) -> Views:
    """Today up to `NOW`, and the same hours, four fifths as busy and without failures, of the days before."""
    history = open_history(None, SERVER, NOW).history
    for n in range(days_before, 0, -1):
        _record_day(history, TODAY - DAY * n, 24, 0.8)
        _record(history, Window(TODAY - DAY * n, TODAY - DAY * n + DAY), [], "failures")
    _record_day(history, TODAY, len(REQUESTS), 1.0)
    _record(history, Window(TODAY, NOW), list(_failures()), "failures")
    return history


def empty(*read: str) -> Views:
    """A history that knows nothing; the datasets in `read` were read today, and had no rows."""
    history = open_history(None, SERVER, NOW).history
    for name in read:
        _record(history, Window(TODAY, NOW), [], name)
    return history


def recorded(rows: Iterable[StoredRow], name: str = "requests") -> Views:
    """A history of these rows of one dataset, its hours of today read up to `NOW`."""
    history = open_history(None, SERVER, NOW).history
    _record(history, Window(TODAY, NOW), list(rows), name)
    return history


def with_a_hole(before: Iterable[StoredRow], after: Iterable[StoredRow]) -> Views:
    """Requests of today; 03:00 to 05:00 was never read."""
    history = open_history(None, SERVER, NOW).history
    _record(history, Window(TODAY, TODAY + HOUR * 3), list(before), "requests")
    _record(history, Window(TODAY + HOUR * 5, NOW), list(after), "requests")
    return history


def recorded_all(**rows: Iterable[StoredRow]) -> Views:
    """A history of these rows by dataset, the hours of today of each read up to `NOW`."""
    history = open_history(None, SERVER, NOW).history
    for name, own in rows.items():
        _record(history, Window(TODAY, NOW), list(own), name)
    return history


def recorded_sampled(**rows: Iterable[StoredRow]) -> Views:
    """As `recorded_all`, and every hour that has rows was counted from a sample, its count known to ±12."""
    history = open_history(None, SERVER, NOW).history
    for name, own in rows.items():
        _record(history, Window(TODAY, NOW), list(own), name, is_sampled=True)
    return history


def request_row(
    hour: int, model: str = GPT, provider: str = "openai", requests: int = 10, errors: int = 0, hits: int = 0,
    cost: float | None = 0.1, tokens_in: int = 100, tokens_out: int = 20, gateway: str = "prod", day: datetime = TODAY,
) -> StoredRow:  # fmt: skip
    """One row of `requests`; hits carry no tokens, so all tokens are uncached."""
    tokens = (tokens_in, tokens_out, tokens_in, tokens_out)
    return (_second(day, hour), gateway, provider, model, requests, errors, hits, *tokens, cost, None, None)


def failure_row(
    hour: int, status: str, rate_limited: str = "0", requests: int = 1, errors: int | None = None, model: str = LLAMA
) -> StoredRow:
    """One row of `failures`; all of it errors unless told otherwise."""
    key = (_second(TODAY, hour), "prod", "workers-ai", model, status, rate_limited)
    return (*key, requests, requests if errors is None else errors)


def neuron_row(hour: int, model: str = LLAMA, inferences: int = 10, neurons: float = 5.0) -> StoredRow:
    """One row of `neurons` today."""
    return (_second(TODAY, hour), model, inferences, neurons, 100, 20)


def refusal_row(hour: int, code: str, inferences: int = 1, model: str = LLAMA) -> StoredRow:
    """One row of `refusals` today; code 0 is an inference that did not fail."""
    return (_second(TODAY, hour), model, code, inferences)


NEURON_QUOTA = Quota(
    "neurons", "neurons", 7214.0, 10_000.0, None, TODAY + DAY, account=ACCOUNT,
    pace=Pace(
        tuple((TODAY + HOUR * hour, 430.0) for hour in range(14, 24)), 10_800.0, 11_500.0, 12_300.0,
        runs_out=(TODAY + timedelta(hours=19, minutes=10), TODAY + timedelta(hours=21, minutes=40)), days=7,
    ),
)  # fmt: skip
COST_QUOTA = Quota(
    "cost_day", "USD", 1.23, 5.0, None, TODAY + DAY, account=ACCOUNT,
    pace=Pace(tuple((TODAY + HOUR * hour, 0.087) for hour in range(14, 24)), 1.9, 2.1, 2.4, days=7),
)  # fmt: skip
REQUEST_QUOTA = Quota(
    "requests", "requests", 1204.0, None, None, TODAY + DAY, account=ACCOUNT,
    pace=Pace(tuple((TODAY + HOUR * hour, 100.0) for hour in range(14, 24)), 1900.0, 2200.0, 2500.0, days=7),
)  # fmt: skip
QUOTAS = (NEURON_QUOTA, COST_QUOTA, REQUEST_QUOTA)


def scene(
    scope: Scope | None = None,
    views: Views | None = None,
    quotas: tuple[Quota, ...] = QUOTAS,
    measure: str = "requests",
    as_of: str = "",
    live: tuple[Live, ...] = (),
) -> Scene:
    """What a panel looks at; the whole world of today unless told otherwise."""
    views = views or world()
    snapshot = Snapshot(
        scope or Scope(), 1, NOW, views, quotas, labels=((ACCOUNT, "acme"),), hour=TODAY + HOUR * 14, live=live
    )
    return Scene(snapshot, measure, as_of)


def area(width: int, height: int, form: Form = "box", **more: object) -> Area:
    """The room inside a frame of `width` × `height` cells."""
    return Area(*inner(form, width, height), form, **more)  # type: ignore[arg-type]


def shown(panel: Panel, seen: Scene, width: int, height: int, form: Form = "box", **more: object) -> str:
    """The panel in its frame as plain text, a row a line."""
    room = area(width, height, form, **more)
    drawing = panel.draw(panel.look(seen, room), room)
    return plain(framed(drawing, form, width, height, panel.KEY, panel.TITLE, room.is_focused))


def total(views: Views, name: str, measure: str, window: Window | None = None) -> float | None:
    """A sum over today, straight from the store."""
    found: float | None = views.view(Query(name, window or Window(TODAY, NOW), (), (measure,))).total.values[0]
    return found


def check_any_size(panel: Panel, seen: Scene, width: int, height: int, form: Form, is_zoomed: bool) -> None:
    """Nothing that is drawn needs to be cut: no line is wider, and there are no more lines, than the area has."""
    room = Area(width, height, form, is_zoomed=is_zoomed)
    drawing = panel.draw(panel.look(seen, room), room)
    assert len(drawing.lines) <= height
    assert [line for line in drawing.lines if width_of(line) > width] == []
    for span in (span for line in (*drawing.lines, drawing.foot, drawing.aside) for span in line):
        STYLES.style(span)
        assert span.text.isprintable()
    lines = framed(drawing, form, width + 4, height + 2, panel.KEY, panel.TITLE, is_focused=False)
    assert [width_of(line) for line in lines] == [width + 4] * (height + 2)


def _record_day(history: History, day: datetime, hours: int, level: float) -> None:
    window = Window(day, min(day + DAY, NOW))
    _record(history, window, [row for hour in range(hours) for row in _requests(day, hour, level)], "requests")
    _record(history, window, [row for hour in range(hours) for row in _neurons(day, hour, level)], "neurons")


def _requests(day: datetime, hour: int, level: float) -> Iterable[StoredRow]:
    shape = (*REQUESTS[:14], 160, 140, 130, 120, 100, 80, 70, 60, 50, 45)
    is_today = day == TODAY
    count = REQUESTS[hour] if is_today else round(shape[hour] * level)
    hits = HITS[hour] if is_today else count // 3
    parts = zip(SHARES, _split(count, SHARES), _split(hits, SHARES), strict=True)
    for n, ((model, provider, gateway, _, _, price, tokens_in, tokens_out), own, cached) in enumerate(parts):
        if own:
            asked = max(own - cached, 0)
            tokens = (tokens_in * asked, tokens_out * asked, tokens_in * asked, tokens_out * asked)
            errors = ERRORS[hour] if is_today and n == 0 else 0
            cost = round(price * asked, 6)
            key = (_second(day, hour), gateway, provider, model)
            yield (*key, own, errors, min(cached, own), *tokens, cost, 400.0 + 20 * n, 900.0 + 50 * n)


def _neurons(day: datetime, hour: int, level: float) -> Iterable[StoredRow]:
    burned = NEURONS[hour] if day == TODAY else 420.0 * level
    for model, _, _, share, part, _, tokens_in, tokens_out in SHARES:
        if part:
            count = round(100 * share)
            yield (_second(day, hour), model, count, burned * part, tokens_in * count, tokens_out * count)


def _failures() -> Iterable[StoredRow]:
    for hour, status, rate_limited, count in FAILURES:
        yield (_second(TODAY, hour), "prod", "workers-ai", LLAMA, status, rate_limited, count, count)


def _split(count: int, shares: Sequence[tuple[str, str, str, float, float, float, int, int]]) -> list[int]:
    """Whole parts of a count that add up to it; the first takes the rest."""
    parts = [int(count * share[3]) for share in shares]
    parts[0] += count - sum(parts)
    return parts


def _second(day: datetime, hour: int) -> int:
    return int((day + HOUR * hour).timestamp())


def _record(
    history: History, window: Window, rows: Sequence[StoredRow], name: str, *, is_sampled: bool = False
) -> None:
    """As the feed records: the rows of a window with the total of every hour beside them."""
    kind = dataset(name)
    places = [2 + len(kind.keys) - 1 + kind.measure_names.index(measure) for measure in kind.checked]
    totals: dict[int, tuple[int | float | None, ...]] = {}
    for row in rows:
        second = int(row[0] or 0)
        before = totals.get(second, (0,) * len(places))
        totals[second] = tuple((was or 0) + float(row[place] or 0) for was, place in zip(before, places, strict=True))
    intervals = {second: Interval((found[0] or 0) - 12, (found[0] or 0) + 12) for second, found in totals.items()}
    history.record(ACCOUNT, kind, window, rows, totals, NOW, intervals if is_sampled else {})
