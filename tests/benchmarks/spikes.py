"""How good `token_spike` is: the default rule replayed over simulated months with spikes whose hours are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from statistics import mean, median
from typing import NamedTuple

from aigw_tui.datasets import dataset
from aigw_tui.format import age
from aigw_tui.history import open_history
from aigw_tui.insight.alerting import replay
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.judging import episodes
from aigw_tui.insight.nowcast import GATEWAY_DELAY
from aigw_tui.insight.quotas import Allowance
from aigw_tui.insight.readings import condition, moments, reader
from aigw_tui.insight.rhythm import FEWEST_DAYS, LEAST_TOKENS
from aigw_tui.insight.watchlist import DEFAULT_RULES
from aigw_tui.model import DAY, HOUR, Place, Window
from benchmarks.simulated import KINDS, LITTLE, START, Kind, series

RULE = next(rule for rule in DEFAULT_RULES if rule.when == "token_spike")
ACCOUNT = "0" * 32
TOKENS = 240
"""A neuron, so that an ordinary account has 1.7 million a weekday."""
SIZES = (3, 5, 10)
LONGEST = 3
"""Hours of a spike."""
BETWEEN = (2, 6)
"""Days from one spike to the next."""
MONTH = DAY * 30
MONTHS = 4


class Spike(NamedTuple):
    """Hours that were made `size` times as busy as they would have been."""

    since: datetime
    until: datetime
    size: int
    tokens: float
    """Of its busiest hour."""

    def is_shown_at(self, moment: datetime) -> bool:
        """Whether the last closed hour is one of its hours."""
        return HOUR <= moment - GATEWAY_DELAY - self.since < self.until - self.since + HOUR


class Trial(NamedTuple):
    """One account, from its first hour on."""

    kind: str
    spikes: tuple[Spike, ...]
    fired: tuple[datetime, ...]
    """When the rule began to fire, oldest first."""

    @property
    def false_alarms(self) -> tuple[datetime, ...]:
        return tuple(at for at in self.fired if not any(spike.is_shown_at(at) for spike in self.spikes))

    @property
    def found(self) -> Mapping[Spike, timedelta]:
        """Spikes during which it began to fire → how long after their begin."""
        firsts = ((spike, next((at for at in self.fired if spike.is_shown_at(at)), None)) for spike in self.spikes)
        return {spike: at - spike.since for spike, at in firsts if at is not None}


def spiky(kind: Kind, days: int, seed: int) -> tuple[Mapping[datetime, int], tuple[Spike, ...]]:
    """Every hour's tokens, and the spikes among them; the first week has none, because nothing is judged in it.

    A spike of fewer tokens than the rule's minimum is in the hours and not among the spikes.
    """
    hours = {hour: round(neurons * TOKENS) for hour, neurons in series(kind, days, seed).items()}
    chance = Random(f"spikes {kind.name} {seed}")  # noqa: S311 - no secret
    spikes = []
    day = FEWEST_DAYS
    while (day := day + chance.randint(*BETWEEN)) < days - 1:
        since = START + DAY * day + HOUR * chance.randrange(24)
        until, size = since + HOUR * chance.randint(1, LONGEST), chance.choice(SIZES)
        hours |= {hour: hours[hour] * size for hour in Window(since, until).hours}
        spikes.append(Spike(since, until, size, max(hours[hour] for hour in Window(since, until).hours)))
    return hours, tuple(spike for spike in spikes if spike.tokens >= LEAST_TOKENS)


def trial(kind: Kind, seed: int, months: int = MONTHS) -> Trial:
    """The real rule, read from a real history; judged months begin after the week in which nothing is."""
    window = Window(START, START + DAY * FEWEST_DAYS + MONTH * months)
    hours, spikes = spiky(kind, window.length // DAY, seed)
    history = open_history(None, "https://api.example", window.until).history
    rows = [
        (int(hour.timestamp()), "prod", "openai", "gpt-5-mini", 10, 0, 0, used, 0, used, 0, None, None, None)
        for hour, used in hours.items()
        if used
    ]
    history.record(ACCOUNT, dataset("requests"), window, rows, {}, window.until)
    read = reader(RULE, Ground(history, ACCOUNT, Allowance(10_000), window.until, window.since))
    # at the minute at which an hour counts as closed: between two of them nothing changes that the rule reads
    steps = moments(window.since + GATEWAY_DELAY, window.until - HOUR + GATEWAY_DELAY, HOUR)
    changes = replay(RULE, lambda moment: read(moment).value, steps, interval=HOUR).transitions
    fired = (one.fired for one in episodes(RULE, Place(RULE.name, ACCOUNT), changes, condition(RULE)))
    return Trial(kind.name, spikes, tuple(fired))


def trials(seeds: Iterable[int], kinds: Sequence[Kind] = (*KINDS, LITTLE), months: int = MONTHS) -> Iterator[Trial]:
    """Every account of every kind."""
    chosen = tuple(seeds)
    return (trial(kind, seed, months) for kind in kinds for seed in chosen)


def table(found: Sequence[Trial], months: int = MONTHS) -> Iterator[str]:
    """Markdown, by kind of account."""
    heads = ("account", "false alarms a month", "in the first", "spikes", *(f"missed of ×{size}" for size in SIZES))
    yield f"| {' | '.join((*heads, 'fires after'))} |"
    yield f"|---|{'--:|' * len(heads)}"
    for kind in dict.fromkeys(one.kind for one in found):
        yield _row(kind, [one for one in found if one.kind == kind], months)


def _row(title: str, found: Sequence[Trial], months: int) -> str:
    spikes = [(spike, one.found.get(spike)) for one in found for spike in one.spikes]
    alarms = [at for one in found for at in one.false_alarms]
    first = [at for at in alarms if at < START + DAY * FEWEST_DAYS + MONTH]
    missed = (mean(after is None for spike, after in spikes if spike.size == size) * 100 for size in SIZES)
    after = median(after / HOUR for _, after in spikes if after is not None) * HOUR
    rates = f"{len(alarms) / len(found) / months:.1f}", f"{len(first) / len(found):.1f}"
    return f"| {' | '.join((title, *rates, f'{len(spikes):,}', *(f'{share:.0f} %' for share in missed), age(after)))} |"
