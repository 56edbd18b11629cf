"""Why a Worker's count and Cloudflare's differ: each cause with its figures, and together they are the gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.format import clock, percent, whole
from aigw_tui.insight.alignment import Standing
from aigw_tui.insight.bypass import LIMITED, bypass
from aigw_tui.insight.families import of_family
from aigw_tui.insight.scoped import Pairs
from aigw_tui.model import Count, Query, Scope, Step, Views, Window

FLAT = 0.01
"""Counts that lie this close to calls × one price, as a share: it charges the same for every call."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause."""

    kind: str
    """`price`, `cache`, `not routed`, `calls`, `limit`, `exceeded`, `drift`, `late`."""
    words: str
    """With its figures."""
    neurons: float | None = None
    """What it adds to the Worker's count over Cloudflare's; None: nothing, or unknown."""


@dataclass(frozen=True, slots=True)
class Price:
    """What the Worker charges for a call."""

    neurons: float
    """Fitted to its answers by least squares, through 0."""
    is_flat: bool
    """It is the same for every call, as far as several answers tell."""


@dataclass(frozen=True, slots=True)
class Burned:
    """What Cloudflare counted of one account, in whole hours."""

    neurons: float
    inferences: int
    requests: int
    """To models of Workers AI through the gateways, also those that were not passed on."""
    hits: int
    """Of those: answered from the cache."""
    limited: int
    """Of those: turned away by a rate limit."""
    past: int
    """Inferences that no gateway knows of (~)."""
    past_neurons: float

    @property
    def ran(self) -> int:
        """Requests that the gateways passed on."""
        return max(self.requests - self.hits - self.limited, 0)

    @property
    def per_inference(self) -> float | None:
        return self.neurons / self.inferences if self.inferences else None


def price_of(polls: Sequence[Count]) -> Price | None:
    """None where the Worker does not count its calls."""
    pairs = [(float(one.inferences), one.used) for one in polls if one.inferences]
    squares = sum(calls * calls for calls, _ in pairs)
    if not squares:
        return None
    fitted = sum(calls * used for calls, used in pairs) / squares
    most = max(used for _, used in pairs)
    off = max(abs(used - fitted * calls) for calls, used in pairs)
    return Price(fitted, len({calls for calls, _ in pairs}) > 1 and off <= FLAT * most)


def burned(views: Views, account: str, window: Window, now: datetime) -> Burned:
    """What was counted in whole hours that neurons have reached."""
    own: Pairs = (("account", (account,)),)
    models = {
        row.key[0]: (int(row.values[0] or 0), float(row.values[1] or 0.0))
        for row in views.view(Query("neurons", window, ("model",), ("inferences", "neurons"), own)).rows
    }
    requests = hits = limited = 0
    for pairs in of_family(views, own, burns=True):
        asked, cached = views.view(Query("requests", window, (), ("requests", "cache_hits"), pairs)).total.values
        turned_away = Query("failures", window, (), ("requests",), (*pairs, ("rate_limited", LIMITED)))
        requests, hits = requests + int(asked or 0), hits + int(cached or 0)
        limited += int(views.view(turned_away).total.values[0] or 0)
    found = bypass(views, Scope(steps=(Step(own),)), window, now)
    past = {one.model: one.past for one in found.models} if found else {}
    past_neurons = sum(
        models[model][1] * count / models[model][0] for model, count in past.items() if models.get(model, (0,))[0]
    )
    return Burned(
        sum(neurons for _, neurons in models.values()),
        sum(count for count, _ in models.values()),
        requests,
        hits,
        limited,
        sum(past.values()),
        past_neurons,
    )


def causes(found: Burned, there: Standing, price: Price | None) -> Iterator[Reason]:
    """What makes up the gap, the same sum whatever the Worker does. Without its number of calls, what may do so."""
    if price is None or there.inferences is None:
        yield from _guesses(found)
        return
    calls, each = there.inferences, price.neurons
    charged = found.hits if abs(calls - found.ran - found.hits) < abs(calls - found.ran) else 0
    actual = found.per_inference
    about = f"{each:.2f} neurons a call{', the same for every call' if price.is_flat else ' on average'}"
    burns = f"; Workers AI burned {actual:.2f} an inference" if actual is not None else ""
    rest = there.used - each * calls
    yield Reason("price", f"it charges {about}{burns}", each * found.ran - (found.neurons - found.past_neurons) + rest)
    if found.hits:
        of = f"{found.hits:,} of {found.requests:,} requests to Workers AI were answered from the cache"
        words = f"{of} and burned nothing; it charges them" if charged else f"{of}; it does not charge them"
        yield Reason("cache", words, each * charged)
    if found.past:
        yield _not_routed(found)
    others = calls - found.ran - charged
    if round(others):
        known = whole(found.ran + charged)
        more = f", {whole(others)} more than the gateways know of ({known})"
        fewer = f" of the {known} that the gateways know of; the others failed, or are not its own"
        yield Reason("calls", f"it counts {whole(calls)} calls{more if others > 0 else fewer}", each * others)


def remarks(there: Standing, now: Count, limit: float | None, used: float) -> Iterator[Reason]:
    """What differs besides the sums."""
    if now.limit is not None and limit is not None and now.limit != limit:
        words = f"its limit is {whole(now.limit)} against {whole(limit)}"
        early = f"it stops {whole(limit - now.limit)} early"
        yield Reason("limit", f"{words}: {early if now.limit < limit else 'it goes on where the account ends'}")
    if now.is_exceeded and limit is not None and used < limit:
        words = f"it says that its limit is exceeded; the account's is used to {percent(used / limit)}"
        yield Reason("exceeded", words)
    if later := round(now.used - there.used):
        yield Reason("late", f"left out: {later:,} that it counted since {clock(there.at)} UTC, as neurons arrive late")


def _guesses(found: Burned) -> Iterator[Reason]:
    if found.hits:
        of = f"{found.hits:,} of {found.requests:,} requests to Workers AI were answered from the cache"
        yield Reason("cache", f"{of} and burned nothing; it may charge them, but tells no number of calls")
    if found.past:
        yield _not_routed(found)


def _not_routed(found: Burned) -> Reason:
    words = f"~{found.past:,} of {found.inferences:,} inferences passed no gateway; it may not know of them"
    return Reason("not routed", words, -found.past_neurons)
