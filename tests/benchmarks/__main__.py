"""The tables of the README's "How good is it": `python tests/benchmarks [SEEDS]`, the same for as many seeds."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import pace, spikes
from benchmarks.simulated import SEEDS


def main(seeds: int) -> None:
    """Takes a minute for ten seeds."""
    projected = list(pace.trials(range(seeds)))
    print("The pace by the hour, and by kind of account:", "", *pace.by_hour(projected), "", sep="\n")
    print(*pace.by_kind(projected), "", sep="\n")
    print("Token spikes:", "", *spikes.table(list(spikes.trials(range(seeds)))), sep="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
