"""Rows of a dense table with unfolded ones in between: arithmetic that never counts them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Folds:
    """`groups` rows, some of them with rows of their own below."""

    groups: int
    unfolded: Mapping[int, int] = field(default_factory=dict)
    """Group → how many rows it shows below its own."""

    @property
    def rows(self) -> int:
        return self.groups + sum(below for group, below in self.unfolded.items() if 0 <= group < self.groups)

    def visible(self, top: int, height: int) -> Iterator[tuple[int, int]]:
        """(group, row below it; -1 is its own) of the rows `top` … `top + height`; as few steps as rows shown."""
        group, below = self._at(top)
        for _ in range(max(height, 0)):
            if group >= self.groups:
                return
            yield group, below
            below += 1
            if below >= self.unfolded.get(group, 0):
                group, below = group + 1, -1

    def _at(self, row: int) -> tuple[int, int]:
        """Which group holds a row, and where below the group's own it stands."""
        left = max(row, 0)
        for group in sorted(self.unfolded):
            if left <= group:
                break
            below = self.unfolded[group]
            if left <= group + below:
                return group, left - group - 1
            left -= below
        return left, -1
