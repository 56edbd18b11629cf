"""One line for tmux, starship or a prompt: the fields it may have, and how a person's own format is filled in."""

from __future__ import annotations

import string
from dataclasses import dataclass
from datetime import timedelta

from aigw_tui.errors import ConfigError
from aigw_tui.format import UNKNOWN, age, clean, did_you_mean, percent, usd, whole
from aigw_tui.insight.joined import Usage
from aigw_tui.insight.verdict import eta, in_words, judge, rounded
from aigw_tui.model import Quota
from aigw_tui.outlets.statusfields import FIELDS

TELL_AGE = frozenset(("age", "state", "stale"))
EMPTY = "no history yet"
NOTHING_TODAY = "nothing read today"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the line is made of; None is unknown."""

    label: str
    accounts: int
    quota: Quota | None
    """Neurons of the day."""
    usage: Usage
    """Of the window, all models together."""
    age: timedelta | None
    """Since the newest reading; None: nothing was ever read."""
    is_stale: bool


def values(standing: Standing) -> dict[str, str]:
    """Every field as text; `–` where it is unknown."""
    quota, usage = standing.quota, standing.usage
    pace = quota.pace if quota else None
    ends = (pace.low, pace.high) if pace else ()
    return {
        "account": clean(standing.label),
        "accounts": str(standing.accounts),
        "neurons": whole(quota.used if quota else None),
        "nowcast": f"~{whole(rounded(quota.nowcast))}" if quota and quota.nowcast else UNKNOWN,
        "neurons_limit": whole(quota.limit if quota else None),
        "neurons_pct": _plain(quota.share if quota else None),
        "projected": "–".join(dict.fromkeys(whole(rounded(end)) for end in ends)) or UNKNOWN,
        "eta": eta(quota),
        "verdict": in_words(judge(quota), 1),
        "requests": whole(usage.requests),
        "errors": whole(usage.errors),
        "error_rate": _plain(_rate(usage.errors, usage.requests)),
        "cache_hit_rate": _plain(_rate(usage.cache_hits, usage.requests)),
        "cost": usd(usage.owed_usd),
        "tokens_in": whole(usage.tokens_in),
        "tokens_out": whole(usage.tokens_out),
        "age": age(standing.age),
        "state": "empty" if standing.age is None else "stale" if standing.is_stale else "live",
        "stale": f"stale {age(standing.age)}" if standing.is_stale else "",
    }


def line(standing: Standing) -> str:
    """`72 % · runs out 19:10–21:40 · 1.2 % err`; what is unknown is left out, and what is stale says so.

    Where there are several accounts, the one that it speaks of stands in front.
    """
    if standing.age is None:
        return EMPTY
    found, share = values(standing), standing.quota.share if standing.quota else None
    rate = _rate(standing.usage.errors, standing.usage.requests)
    parts = [
        percent(share) if share is not None else "",
        found["verdict"] if found["verdict"] != UNKNOWN else "",
        f"{percent(rate)} err" if rate is not None else "",
    ]
    shown = [part for part in parts if part] or [NOTHING_TODAY]
    owner = f"{found['account']}: " if standing.accounts > 1 else ""
    return owner + " · ".join([*shown, *filter(None, [found["stale"]])])


def filled(template: str, standing: Standing) -> str:
    """The template with its fields filled in. Where it has none that tells the age, stale figures still say so."""
    found, parts = values(standing), list(string.Formatter().parse(template))
    text = "".join(literal + (found[name] if name is not None else "") for literal, name, _, _ in parts)
    is_told = bool(TELL_AGE & {name for _, name, _, _ in parts})
    return text if is_told or not standing.is_stale else f"{text} {found['stale']}"


def check(template: str) -> None:
    """Raises ConfigError for a template that cannot be filled in."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        why = f"--format: a brace of {clean(template, 60)} has no partner"
        raise ConfigError(why, "write {{ or }} for the brace itself") from None
    for _, name, spec, conversion in parts:
        if name is not None and name not in FIELDS:
            remedy = did_you_mean(name, FIELDS, f"use {', '.join(FIELDS)}")
            raise ConfigError(f"--format: there is no field {{{clean(name, 40)}}}", remedy)
        if spec or conversion:
            raise ConfigError(f"--format: {{{name}}} takes nothing behind its name", f"write {{{name}}}")


def _rate(part: int | None, of: int | None) -> float | None:
    return part / of if part is not None and of else None


def _plain(share: float | None) -> str:
    """`72`, `1.2`, `<0.1`: per cent without the sign."""
    return percent(share).removesuffix(" %")
