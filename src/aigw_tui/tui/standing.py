"""Where a person stood in a panel, remembered by scope, so that going back finds all as it was."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from aigw_tui.model import Scope

SCOPES_KEPT = 64
"""Every letter of a filter is a scope of its own."""


@dataclass(frozen=True, slots=True)
class Standing:
    """In one panel."""

    cursor: Hashable = None
    top: int = 0
    unfolded: frozenset[Hashable] = field(default_factory=frozenset)


class Standings:
    """Of one panel; those that were left longest ago are forgotten."""

    def __init__(self) -> None:
        self._kept: dict[Scope, Standing] = {}

    def keep(self, scope: Scope, standing: Standing) -> None:
        self._kept.pop(scope, None)
        self._kept[scope] = standing
        for old in tuple(self._kept)[:-SCOPES_KEPT]:
            del self._kept[old]

    def of(self, scope: Scope) -> Standing | None:
        """None for a scope that was never left."""
        return self._kept.get(scope)
