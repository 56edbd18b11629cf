"""Hours of which the stored sum is not Cloudflare's total: said as one fault a dataset until they agree."""

from __future__ import annotations

from datetime import UTC, datetime

from aigw_tui.datasets import Dataset
from aigw_tui.feed.faults import Faults
from aigw_tui.format import whole
from aigw_tui.history.protocol import Intervals, Totals
from aigw_tui.history.settle import agrees, is_old
from aigw_tui.model import Fault, Window

WHAT = "sums differ"
Pair = tuple[float, float]
"""(stored, total) of one measure."""


class Differences:
    """What differs now, by account and dataset. Young hours are left out: they differ while they fill."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._hours: dict[tuple[str, str], dict[int, tuple[Pair, ...]]] = {}

    def compare(
        self,
        account: str,
        dataset: Dataset,
        window: Window,
        stored: Totals,
        totals: Totals,
        intervals: Intervals,
        now: datetime,
    ) -> None:
        """Take in what is known of `window` after a reading; sampled hours may differ within their interval."""
        zeros = (0,) * len(dataset.checked)
        off = self._hours.setdefault((account, dataset.name), {})
        for hour in window.hours:
            second = int(hour.timestamp())
            mine, total = stored.get(second, zeros), totals.get(second, zeros)
            off.pop(second, None)
            if is_old(dataset, hour, now) and not agrees(mine, total, intervals.get(second)):
                off[second] = tuple((one or 0, other or 0) for one, other in zip(mine, total, strict=True))
        for second in [one for one in off if now - datetime.fromtimestamp(one, UTC) > dataset.reach]:
            del off[second]  # nobody can ask for it any more
        subject = f"{dataset.name} sums"
        if off:
            why, remedy = _words(dataset, tuple(off.values())), "asked again, ever more seldom, until they agree"
            self._faults.note(Fault("sums", WHAT, why, remedy, now, account, subject))
        else:
            self._faults.worked(account, subject)


def _words(dataset: Dataset, hours: tuple[tuple[Pair, ...], ...]) -> str:
    """`requests: 2 hours differ from Cloudflare's totals by 37 of 1,204 requests`: the measure furthest off."""
    sides = [
        (sum(abs(one - other) for one, other in side), sum(other for _, other in side))
        for side in zip(*hours, strict=True)
    ]
    place = max(range(len(sides)), key=lambda n: sides[n][0] / (sides[n][1] or 1))
    off, total = sides[place]
    differ = "1 hour differs" if len(hours) == 1 else f"{len(hours)} hours differ"
    unit = dataset.measure(dataset.checked[place]).unit
    return f"{dataset.name}: {differ} from Cloudflare's totals by {whole(off)} of {whole(total)} {unit}"
