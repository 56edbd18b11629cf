"""The panel: looks at a scene, draws what it saw, and writes only the rows that differ."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from aigw_tui.model import Period, Snapshot
from aigw_tui.tui.frame import Drawing, Form

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Scene:
    """What every panel looks at: the snapshot and how the person wants to see it."""

    snapshot: Snapshot
    measure: str = "requests"
    """What `m` cycles: requests, tokens, neurons, cost, errors, cache."""
    as_of: str = ""
    """`14:05` when the data are stale, else empty: every panel then says so and pales."""


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


@dataclass(frozen=True, slots=True)
class Target:
    """A row that can be selected, and what Enter on it narrows to."""

    id: Hashable
    narrow: tuple[tuple[str, str], ...] = ()
    period: Period | None = None


class Panel(Widget, can_focus=True):
    """One file below `panels/` holds one subclass: `look` is pure and cheap, `draw` is pure; the rest is here."""

    TITLE: ClassVar[str] = ""
    KEY: ClassVar[str] = ""
    """The digit that focuses it; empty: reached through the palette."""
    NEEDS: ClassVar[tuple[str, ...]] = ()
    """Datasets it looks at."""
    HELP: ClassVar[str] = ""
    """What it shows and how to read it, in a few sentences."""

    scene: var[Scene | None] = var(None)

    class Narrow(Message):
        """The person wants to see less: what this row stands for."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def look(self, scene: Scene, area: Area) -> Any:
        """A frozen value with everything `draw` needs; equal values are not painted again."""
        raise NotImplementedError

    def draw(self, seen: Any, area: Area) -> Drawing:
        """The drawing of what was seen, for exactly this area."""
        raise NotImplementedError

    def targets(self, seen: Any) -> tuple[Target, ...]:
        """The rows that the cursor can stand on, in order; empty for a panel without a cursor."""
        return ()
