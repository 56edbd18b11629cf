"""A report for programs: the document `aigw-tui.report/1`; unknown is null, times are RFC 3339 in UTC."""

from __future__ import annotations

import json
from typing import Any

from aigw_tui.format import clean, iso
from aigw_tui.insight.daily import Day, NeuronDay, Report
from aigw_tui.insight.firings import Doubt, Firing, Firings
from aigw_tui.insight.joined import Usage
from aigw_tui.insight.measured import Figure
from aigw_tui.insight.quality import Quality
from aigw_tui.insight.savings import Saving
from aigw_tui.model import Window
from aigw_tui.outlets.alerttable import episode_row

SCHEMA = "aigw-tui.report/1"
DIGITS = 8
"""Behind the point: more is what adding up floats makes of it."""
Json = dict[str, Any]


def text(report: Report) -> str:
    """One object; a key is never left out."""
    return json.dumps(document(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def document(report: Report) -> Json:
    """Shares are of 1; amounts are in requests, tokens, neurons or USD, as the names say."""
    return {
        "schema": SCHEMA,
        "generated_at": iso(report.generated_at),
        "period": report.period,
        "window": _window(report.window),
        "is_running": report.is_running,
        "has_data": not report.is_empty,
        "scope": {name: [clean(one) for one in values] for name, values in report.scope},
        "accounts": [{"account": account, "label": clean(label)} for account, label in report.labels],
        "compared_with": report.basis or None,
        "figures": {one.name: _figure(one) for one in report.figures},
        "alerts": _alerts(report),
        "neurons": [_neurons(one) for one in report.neurons],
        "days": [_day(one) for one in report.days],
        "models": {
            "count": report.models,
            "unpriced": report.unpriced,
            **{name: [_use(use) for use in getattr(report, name)] for name in ("by_cost", "by_neurons", "by_tokens")},
        },
        "errors": [
            {"status": clean(one.status) or None, "rate_limited": one.is_limited, "requests": one.requests}
            for one in report.errors
        ],
        "cache": {
            "saved_usd": _rounded(report.saved.usd),
            "saved_neurons": _rounded(report.saved.neurons),
            "models_of_unknown_worth": report.saved.unknown,
            "models": [_saving(one) for one in report.savings],
        },
        "not_routed": report.routed
        and {
            "inferences": report.routed.inferences,
            "past": report.routed.past,
            "share": _rounded(report.routed.share),
        },
        "quality": [_quality(one) for one in report.quality],
    }


def _figure(figure: Figure) -> Json:
    return {
        "unit": figure.unit,
        "value": _rounded(figure.value),
        "usual": _rounded(figure.usual),
        "change": _rounded(figure.change),
        "is_estimate": figure.mark == "~",
        "is_sampled": figure.mark == "±",
    }


def _alerts(report: Report) -> Json:
    """`fired`: as in `aigw-tui.episodes/1`, the critical first, with `worst`, its peak in words; `resolved` is null
    for what goes on at the end of the window, or now. Shares are of the window, up to now."""
    found = report.alerts or Firings()
    return {
        "rules": found.rules if report.alerts else None,
        "fired": [_firing(one) for one in found.fired] if report.knows_alerts else None,
        "cannot_tell": [_doubt(one) for one in found.doubts],
        "not_read": [clean(one) for one in found.unread],
    }


def _firing(one: Firing) -> Json:
    row = {**episode_row(one.episode, one.label), "worst": one.peak}
    return {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}


def _doubt(one: Doubt) -> Json:
    return {
        "rule": clean(one.rule),
        "account": one.account,
        "label": clean(one.label),
        "share": _rounded(one.unknown),
        "too_coarse_share": _rounded(one.coarse),
        "why": clean(one.why) or None,
    }


def _neurons(day: NeuronDay) -> Json:
    return {
        "account": day.account,
        "used": _rounded(day.used),
        "limit": day.limit,
        "share": _rounded(day.share),
        "ran_out_at": day.ran_out and iso(day.ran_out),
        "hours": [_rounded(one) for one in day.hours],
    }


def _day(day: Day) -> Json:
    line = day.line
    return {
        "day": f"{day.since:%Y-%m-%d}",
        "requests": line.requests,
        "errors": line.errors,
        "error_rate": _rounded(line.error_rate),
        "cache_hits": line.cache_hits,
        "cache_hit_rate": _rounded(line.cache_hit_rate),
        "tokens_in": line.tokens_in,
        "tokens_out": line.tokens_out,
        "cost_usd": _rounded(day.cost_usd),
        "neurons": _rounded(line.neurons),
        "neurons_estimated": _rounded(line.neurons_estimated),
        "is_running": day.is_open,
        "trust": line.trust.name.lower(),
    }


def _use(use: Usage) -> Json:
    return {
        "provider": clean(use.provider),
        "model": clean(use.model),
        "requests": use.requests,
        "tokens_in": use.tokens_in,
        "tokens_out": use.tokens_out,
        "cost_usd": _rounded(use.owed_usd),
        "list_price_usd": _rounded(use.listed_usd),
        "neurons": _rounded(use.neurons),
        "neurons_are_estimated": use.is_estimate,
    }


def _saving(one: Saving) -> Json:
    return {
        "provider": clean(one.provider),
        "model": clean(one.model),
        "hits": one.hits,
        "saved_usd": _rounded(one.usd),
        "saved_neurons": _rounded(one.neurons),
    }


def _quality(one: Quality) -> Json:
    return {
        "dataset": one.dataset,
        "hours": one.hours,
        "known": one.known,
        "missing": one.missing,
        "filling": one.filling,
        "sampled": one.sampled,
        "holes": [_window(hole) for hole in one.holes],
    }


def _window(window: Window) -> Json:
    return {"since": iso(window.since), "until": iso(window.until)}


def _rounded(value: float | None) -> float | None:
    return round(value, DIGITS) if isinstance(value, float) else value
