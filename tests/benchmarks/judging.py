"""How long a round of judging takes for a rule with `each`: milliseconds of CPU, a line an expression.

`python tests/benchmarks/judging.py [NAMES [DAYS]]`: so many models (500), each called in every hour of so many days
(60).
"""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from aigw_tui.datasets import dataset
from aigw_tui.feed.alarms import Alarms
from aigw_tui.history import open_history
from aigw_tui.history.sqlite import SqliteHistory
from aigw_tui.insight.alerting import Rule
from aigw_tui.insight.ground import Ground
from aigw_tui.insight.quotas import Allowance
from aigw_tui.model import DAY, HOUR, Phase, Window
from world import ACCOUNT, SERVER, TODAY, request_row

ROUNDS = 20
MINUTE = timedelta(minutes=1)
NOW = TODAY + HOUR * 23 + MINUTE * 10
RULES = (
    Rule("calm", "error_rate", above=2.0, each="model"),
    Rule("errors", "error_rate", above=0.05, min_requests=20, each="model"),
    Rule("cold", "cache_hit_rate", below=0.2, each="model"),
    Rule("cost", "cost_per_day", above=0.15, each="model"),
    Rule("slow", "latency_p90", above=500.0, each="model"),
    Rule("spike", "token_spike", above=6.0, each="model"),
)


def filled(names: int, days: int) -> SqliteHistory:
    """Every model in every hour; half of them use enough tokens to be compared with what is usual."""
    rng = random.Random(1)  # noqa: S311 - the same figures every time
    history = open_history(None, SERVER, NOW).history
    for n in range(days, -1, -1):
        day = TODAY - DAY * n
        rows = [
            request_row(hour, name, "openai", 30, rng.randrange(3), 0, 0.01, rng.randrange(15_000, 25_000), day=day)
            for hour in range(24)
            for name in (f"model-{m:03}" for m in range(names))
        ]
        history.record(ACCOUNT, dataset("requests"), Window(day, day + DAY), rows, {}, NOW)
    return history


def table(history: SqliteHistory) -> Iterator[str]:
    """Markdown; in the first round nothing is known yet, and before each of them something new was read."""
    yield "| expression | first | median | most of the others | fire |"
    yield "|---|--:|--:|--:|--:|"

    def ground_of(account: str, now: datetime) -> Ground:
        return Ground(history, account, Allowance(), now, now, now)

    for rule in RULES:
        alarms, spent = Alarms((rule,), ground_of, history.alerts), []
        gc.collect()
        gc.freeze()
        for n in range(ROUNDS):
            window = Window(NOW.replace(minute=0), NOW)
            row = (int(NOW.timestamp()) - 60, "g", n, 0, 0, 0, 0, 0.0)
            history.record(ACCOUNT, dataset("pulse"), window, [row], {}, NOW)
            begun = process_time()
            alarms.judge({ACCOUNT: "acme"}, NOW + MINUTE * n, MINUTE)
            spent.append((process_time() - begun) * 1000)
        first, *others = spent
        fire = sum(one.phase is Phase.FIRING for one in alarms.current)
        yield f"| {rule.when} | {first:.0f} | {median(others):.0f} | {max(others):.0f} | {fire} |"


if __name__ == "__main__":
    names, days = [*map(int, sys.argv[1:]), *(500, 60)[len(sys.argv) - 1 :]]
    print(*table(filled(names, days)), sep="\n")
