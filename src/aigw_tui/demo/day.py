"""All events of one day, from a seed and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import accumulate
from random import Random

from aigw_tui.demo.catalogue import CALLERS, GATEWAYS, RUNAWAY, WORKERS_AI, Caller, Model, oss, routes
from aigw_tui.demo.event import GATEWAY_DELAY_S, Event
from aigw_tui.demo.weather import REINDEX, RHYTHM, Trouble, weather

ERROR_CHANCE = 0.003
"""On an ordinary hour; the provider's status and, for Workers AI, its own code."""
WORKERS_FAULTS = ((429, 3040), (429, 3040), (408, 3007), (500, 3043))
OTHER_FAULTS = ((500, 0), (503, 0), (429, 0), (400, 0))
LIMITED_CHANCE = 0.012
"""In busy hours, on gateways with a rate limit."""
LIMITED = {gateway.name for gateway in GATEWAYS if gateway.calls_per_minute}
BUSY = range(9, 18)
ALLOWANCE = 10_000
"""Neurons of a day that are free."""
ALLOWANCE_USED = 3036
"""Workers AI's code for a call that it refuses because the allowance is used up."""


def events_of(seed: int | str, day: date, *, is_story: bool, share: float = 1.0) -> tuple[Event, ...]:
    """Oldest first; about 2,300 on a weekday, 1,000 at weekends, or `share` of that."""
    random = Random(f"{seed}/{day:%Y-%m-%d}")  # noqa: S311 - text seeds are stable between runs and versions
    kind = weather(random, day, is_story=is_story)
    midnight = int(datetime.combine(day, time(), UTC).timestamp())
    table = routes()
    weights = tuple(accumulate(route.weight for route in table))
    calls = sum(RHYTHM)
    events = []
    for hour, usual in enumerate(RHYTHM):
        trouble = kind.trouble(hour)
        traffic = kind.volume * (trouble.traffic if trouble else 1) * max(random.gauss(1, 0.05), 0.5) * share
        count = round(usual * traffic * weights[-1] / calls)
        for route in random.choices(table, cum_weights=weights, k=count):
            caller = random.choice(CALLERS[route.gateway])
            at = midnight + hour * 3600 + int(random.random() * 3600)
            events.append(_call(random, at, hour, route.gateway, route.model, caller, trouble))
        if kind.is_story:
            events += _reindex(random, midnight, hour, share)
    events.sort(key=lambda event: event.at)
    return tuple(_used_up(events) if kind.is_story else events)


def warmth(hour: int) -> float:
    """The cache's hit rate: 8 % at midnight, when yesterday's answers expire, and 45 % from noon on."""
    return 0.08 + 0.37 * math.pow(min(hour / 12, 1), 0.8)


def _call(
    random: Random, at: int, hour: int, gateway: str, model: Model, caller: Caller, trouble: Trouble | None
) -> Event:
    delay = random.randint(*GATEWAY_DELAY_S)
    if gateway in LIMITED and hour in BUSY and random.random() < LIMITED_CHANCE:
        return Event(at, delay, gateway, model, caller, 429, 0, random.randint(2, 9), 0, 0, False, True)
    if gateway and random.random() < warmth(hour) * model.cacheable:
        return Event(at, delay, gateway, model, caller, 200, 0, random.randint(14, 60), 0, 0, True, False)
    is_hit = trouble is not None and trouble.provider == model.provider
    slowness = trouble.slowness if trouble and is_hit else 1.0
    duration = int(model.duration_ms * slowness * random.lognormvariate(0, 0.45))
    if random.random() < (trouble.chance if trouble and is_hit else ERROR_CHANCE):
        status, fault = random.choice(WORKERS_FAULTS if model.provider == WORKERS_AI else OTHER_FAULTS)
        duration = 30_000 + duration if status == 408 else duration // 3
        return Event(at, delay, gateway, model, caller, status, fault, duration, 0, 0, False, False)
    tokens_in, tokens_out = (
        round(typical * random.lognormvariate(0, 0.35)) for typical in (model.tokens_in, model.tokens_out)
    )
    return Event(at, delay, gateway, model, caller, 200, 0, duration, tokens_in, tokens_out, False, False)


def _reindex(random: Random, midnight: int, hour: int, share: float) -> list[Event]:
    """The runaway key's hour: long prompts that no cache knows, some of them turned away."""
    events, model = [], oss()
    for _ in range(round(REINDEX.get(hour, 0) * share)):
        at = midnight + hour * 3600 + int(random.random() * 3600)
        delay = random.randint(*GATEWAY_DELAY_S)
        duration = int(2 * model.duration_ms * random.lognormvariate(0, 0.3))
        tokens_in, tokens_out = round(720 * random.lognormvariate(0, 0.2)), round(370 * random.lognormvariate(0, 0.2))
        events.append(Event(at, delay, "batch", model, RUNAWAY, 200, 0, duration, tokens_in, tokens_out, False, False))
        if random.random() < 0.12:
            events.append(Event(at + 1, delay, "batch", model, RUNAWAY, 429, 0, 4, 0, 0, False, True))
    return events


def _used_up(events: Iterable[Event]) -> Iterator[Event]:
    """Once the allowance is gone, calls that bypass the gateways fail; the gateways' own are paid for and go on."""
    neurons = 0.0
    for event in events:
        is_refused = neurons > ALLOWANCE and event.is_inference and not event.gateway
        now = event._replace(status=429, fault=ALLOWANCE_USED, tokens_in=0, tokens_out=0) if is_refused else event
        neurons += now.neurons
        yield now
