"""What a panel looks at, the room it has, and the rows in it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aigw_tui.model import Period, Snapshot
from aigw_tui.tui.frame import Form
from aigw_tui.tui.lines import Line, gap, width_of
from aigw_tui.tui.pressed import UNMOVED, Keys
from aigw_tui.tui.sorting import Sort

if TYPE_CHECKING:
    from aigw_tui.insight.against import Against

MANY = 100_000
"""Rows; more than any panel has."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What every panel looks at: the snapshot and how the person wants to see it."""

    snapshot: Snapshot
    measure: str = "requests"
    """What `m` cycles: requests, tokens, neurons, cost, errors, cache."""
    as_of: str = ""
    """`14:05` when the data are stale, else empty: every panel then says so and pales."""
    minute: datetime | None = None
    """The running minute, while a panel that shows minutes can be seen: when it turns, the same data look different."""
    against: Against | None = None
    """What the window is set against; None: nothing."""
    is_paused: bool = False
    """What comes from now on is not shown."""


@dataclass(frozen=True, slots=True)
class Area:
    """The room a panel has, inside its frame, and where the person stands in it."""

    width: int
    height: int
    form: Form = "box"
    is_focused: bool = False
    is_zoomed: bool = False
    cursor: Hashable = None
    """Identity of the selected row; None: none chosen yet."""
    top: int = 0
    """The first visible row of a panel that scrolls."""
    unfolded: frozenset[Hashable] = field(default_factory=frozenset)
    """Rows that were folded or unfolded by hand, against what the panel does by itself."""
    sort: Sort | None = None
    """None: in the panel's own order."""
    keys: Keys = UNMOVED
    """What hints name."""
    is_paused: bool = False
    """What comes is not shown before the person goes on."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row that can be selected, and what Enter on it narrows to."""

    id: Hashable
    narrow: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    period: Period | None = None


def everything(area: Area) -> Area:
    """As if there were room for all rows."""
    return replace(area, height=MANY, top=0)


def at_cursor(spans: Line, area: Area, id_: Hashable) -> Line:
    """The line of a row; on the cursor's ground, over the whole width, where the person stands on it."""
    if not area.is_focused or id_ is None or area.cursor != id_:
        return spans
    return tuple(span._replace(on="cursor") for span in (*spans, gap(area.width - width_of(spans))))
