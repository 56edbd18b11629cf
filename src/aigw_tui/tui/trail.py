"""The ways down the ladder that were taken, so that Esc leads back to exactly where each began."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aigw_tui.model import Scope

LONGEST = 32


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one is."""

    scope: Scope
    zoomed: str = ""
    """The panel that has the whole screen; empty: none."""
    focused: str = ""
    logs_with: tuple[tuple[str, str], ...] = ()
    """The metadata of the requests that are looked at."""

    @property
    def place(self) -> tuple[object, ...]:
        """What tells two spots apart: Tab alone leads nowhere else."""
        return self.scope, self.zoomed, self.logs_with


class Trail:
    """Ways, each from one spot to another."""

    def __init__(self) -> None:
        self._ways: list[tuple[Spot, Spot]] = []

    def went(self, start: Spot, end: Spot) -> None:
        self._ways = [*self._ways, (start, end)][-LONGEST:]

    def back(self, here: Spot) -> Spot | None:
        """Where the last way that led here began; that way, and all that were taken after it, are forgotten."""
        for place in range(len(self._ways) - 1, -1, -1):
            start, end = self._ways[place]
            if end.place == here.place:
                del self._ways[place:]
                return start
        return None

    def is_filtered_end(self, here: Spot) -> bool:
        """Whether a way led here, and a filter was set afterwards."""
        plain = replace(here, scope=replace(here.scope, pattern=""))
        return bool(here.scope.pattern) and any(end.place == plain.place for _, end in self._ways)
