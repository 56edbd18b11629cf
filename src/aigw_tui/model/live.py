"""Answers that history does not keep: asked for while somebody looks at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aigw_tui.model.time import Window


class Interval(NamedTuple):
    """Where a sampled count lies with 95 % confidence. Intervals of parts do not add up to that of the whole."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Live:
    """What one account says now to one question."""

    dataset: str
    account: str
    by: tuple[str, ...]
    """What its rows are grouped by: `hour` or `day` (datetimes) and keys of the dataset (text)."""
    window: Window = field(compare=False)
    """What was asked for, UTC; shorter than the scope's where Cloudflare does not answer for so long. Its end moves
    with the clock, which alone is nothing to paint."""
    argument: str = ""
    """The value of its key's argument that a person chose, such as the name of a metadata key."""
    rows: tuple[tuple[Any, ...], ...] = ()
    """(…by, …measures) in the dataset's declared order; None is unknown."""
    interval: Interval | None = None
    """Of the count, where the answer is one row and sampled."""
    is_cut: bool = False
    """There are more rows than one answer holds; these count most."""
    why: str = ""
    """Why there is no answer; then there are no rows. Empty: there is one."""
    remedy: str = ""
