"""The words of a report, the same in every format for people; names in them are clean, and not escaped yet."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from aigw_tui.format import UNKNOWN, clean, clock, dollars, model_name, percent, short, whole
from aigw_tui.insight.daily import Day, Failed, NeuronDay, Report
from aigw_tui.insight.joined import Usage
from aigw_tui.insight.measured import Figure
from aigw_tui.insight.quality import Quality
from aigw_tui.insight.savings import Saving
from aigw_tui.model import HOUR, Trust, Window

NAMES = {
    "requests": "requests", "errors": "errors", "error_rate": "error rate", "cache_hit_rate": "cache hit rate",
    "tokens_in": "tokens in", "tokens_out": "tokens out", "cost_usd": "cost, billable", "neurons": "neurons",
    "saved_usd": "saved by the cache", "saved_neurons": "neurons saved by the cache",
    "not_routed": "not routed through a gateway",
}  # fmt: skip
MORE_IS_BAD = ("errors", "error_rate", "cost_usd", "not_routed")
LESS_IS_BAD = ("cache_hit_rate", "saved_usd", "saved_neurons")
NOTABLE = 0.1
"""Changes from here on are good or bad news."""
MOST_HOLES = MOST_NAMES = 4
NO_DATA = "No data: nothing of this time was ever read, and it may be out of Cloudflare's reach."
LONGEST_NAME = 48


def title(report: Report) -> str:
    """`AI Gateway, Sunday 22 November 2026`."""
    since = report.window.since
    if report.period == "day":
        return f"AI Gateway, {since:%A} {since.day} {since:%B %Y}"
    last = report.window.until - HOUR
    return f"AI Gateway, {since.day} {since:%B %Y} to {last.day} {last:%B %Y}"


def subtitle(report: Report) -> str:
    """Whose figures, and of when."""
    accounts = some([label for _, label in report.labels]) or "no account"
    narrowed = "".join(f" · {name} {some(values)}" for name, values in report.scope if name != "account")
    running = " · still running" if report.is_running else ""
    return f"{accounts}{narrowed} · UTC days{running} · made {report.generated_at:%Y-%m-%d %H:%M} UTC"


def amount(value: float | None, unit: str) -> str:
    """`1,204`, `$1.23`, `72 %`."""
    if unit == "USD":
        return dollars(value)
    return percent(value) if unit == "share" else whole(value)


def value(figure: Figure) -> str:
    return (figure.mark if figure.value else "") + amount(figure.value, figure.unit)


def usual(figure: Figure) -> str:
    return ("~" if figure.mark == "~" and figure.usual else "") + amount(figure.usual, figure.unit)


def change(figure: Figure) -> str:
    """`▲ 12 %`, `▼ 3.1 %`, `= 0 %`, `▲ new`; `–` where it cannot be told."""
    if figure.change is None:
        return "▲ new" if figure.value and figure.usual == 0 else UNKNOWN
    arrow = "▲" if figure.change > 0 else "▼" if figure.change < 0 else "="
    return f"{arrow} {percent(abs(figure.change))}"


def news(figure: Figure) -> str:
    """`good`, `bad`, or `` where the change is neither."""
    found = figure.change
    if found is None or abs(found) < NOTABLE:
        return ""
    if figure.name in MORE_IS_BAD:
        return "bad" if found > 0 else "good"
    return ("good" if found > 0 else "bad") if figure.name in LESS_IS_BAD else ""


def owner(day: NeuronDay) -> str:
    """The account's label."""
    return clean(day.label, LONGEST_NAME)


def neuron_day(day: NeuronDay) -> str:
    """`7,214 of 10,000 neurons (72 %), ran out 16:05 UTC`."""
    ran_out = f", ran out {clock(day.ran_out)} UTC" if day.ran_out else ""
    return f"{whole(day.used)} of {whole(day.limit)} neurons ({percent(day.share)}){ran_out}"


def model(use: Usage | Saving) -> str:
    return clean(model_name(use.model), LONGEST_NAME)


def top_cost(use: Usage) -> tuple[str, str, str]:
    return model(use), clean(use.provider, LONGEST_NAME), dollars(use.owed_usd)


def top_neurons(use: Usage) -> tuple[str, str, str]:
    return model(use), whole(use.requests), ("~" if use.is_estimate else "") + whole(use.neurons)


def top_tokens(use: Usage) -> tuple[str, str, str]:
    about = "±" if use.is_sampled else ""
    return model(use), about + whole(use.requests), about + short(use.tokens)


def top_saving(one: Saving) -> tuple[str, str, str]:
    """Its worth is in one currency."""
    worth = dollars(one.usd) if one.usd is not None else f"{whole(one.neurons)} neurons"
    return model(one), whole(one.hits), UNKNOWN if one.is_unknown else f"~{worth}"


RANKINGS = (
    ("Models by cost", "by_cost", ("model", "provider", "cost"), top_cost),
    ("Models by neurons", "by_neurons", ("model", "requests", "neurons"), top_neurons),
    ("Models by tokens", "by_tokens", ("model", "requests", "tokens"), top_tokens),
)
"""Title, field of the report, heads, and what a line says."""


def status(one: Failed) -> str:
    """`429 Too Many Requests, by a rate limit`."""
    known = {str(each.value): each.phrase for each in HTTPStatus}
    name = f"{one.status} {known[one.status]}" if one.status in known else clean(one.status, 40) or "status unknown"
    return name + (", by a rate limit" if one.is_limited else "")


def no_errors(report: Report) -> str:
    """Where no status is listed: whether that is good news."""
    is_read = any(one.known for one in report.quality if one.dataset == "failures")
    return "No request failed." if is_read else "What failed was never read."


def saved(report: Report) -> str:
    """What the cache was worth, in a sentence."""
    found = report.saved
    if not found.models:
        return "Nothing was answered from the cache."
    parts = [f"~{dollars(found.usd)}"] if found.usd is not None else []
    parts += [f"~{whole(found.neurons)} neurons"] if found.neurons is not None else []
    lacking = f"; the worth of {_models(found.unknown)} is not known" if found.unknown else ""
    return f"The cache saved {' and '.join(parts) or 'an unknown amount'}{lacking}."


def not_routed(report: Report) -> str:
    """How much of Workers AI passed no gateway, in a sentence."""
    if report.routed is None:
        return "How much passed no gateway is not known."
    past, all_ = report.routed.past, report.routed.inferences
    return f"~{whole(past)} of {whole(all_)} inferences ({percent(report.routed.share)}) passed no gateway."


def unpriced(report: Report) -> str:
    """What is missing in sums of dollars; empty: nothing."""
    return f"{_models(report.unpriced)} without a price: missing in the cost." if report.unpriced else ""


def quality(one: Quality) -> str:
    """`24 of 24 hours, 3 filling`."""
    parts = [f"{one.known} of {one.hours} hours"]
    parts += [f"{one.filling} still filling"] if one.filling else []
    parts += [f"{one.sampled} from a sample (±)"] if one.sampled else []
    return ", ".join(parts)


def holes(one: Quality, has_days: bool) -> str:
    """`missing 03:00–06:00, 09:00–10:00 and 2 more`; empty: no hole."""
    if not one.holes:
        return ""
    named = ", ".join(_hole(hole, has_days) for hole in one.holes[:MOST_HOLES])
    rest = len(one.holes) - MOST_HOLES
    return f"missing {named}{f' and {rest} more' if rest > 0 else ''}"


def day_cells(day: Day) -> tuple[str, ...]:
    """See `DAY_HEADS`."""
    line = day.line
    about = "±" if line.is_sampled else ""
    state = ", running" if day.is_open else ", filling" if line.trust is Trust.FILLING else ""
    return (
        f"{day.since:%a} {day.since.day} {day.since:%b}{state}",
        about + whole(line.requests),
        percent(line.error_rate),
        percent(line.cache_hit_rate),
        about + short(_tokens(line.tokens_in, line.tokens_out)),
        dollars(day.cost_usd),
        whole(line.neurons),
    )


DAY_HEADS = ("day", "requests", "error rate", "cache hits", "tokens", "cost", "neurons")


def _tokens(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)


def some(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    rest = len(names) - MOST_NAMES
    named = ", ".join(clean(one, LONGEST_NAME) for one in names[:MOST_NAMES])
    return f"{named} and {rest} more" if rest > 0 else named


def _hole(hole: Window, has_days: bool) -> str:
    end = f"{hole.until:%H:%M}" if hole.until.hour or has_days else "24:00"
    if not has_days:
        return f"{hole.since:%H:%M}–{end}"
    return f"{hole.since.day} {hole.since:%b %H:%M}–{hole.until.day} {hole.until:%b} {end}"


def _models(count: int) -> str:
    return f"{count} model{'' if count == 1 else 's'}"
