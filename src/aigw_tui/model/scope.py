"""What is looked at: a period and what it is narrowed to, one step at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from aigw_tui.model.time import TODAY, Period, Window

FIELDS = ("account", "gateway", "provider", "model", "status")
"""What a scope can be narrowed to, besides time; the ladder from wide to narrow."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act of narrowing: what changed, so that one Esc undoes one Enter."""

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(field, allowed values) pairs."""
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A symbolic window and what it is narrowed to. Values of the same field replace each other."""

    period: Period = TODAY
    steps: tuple[Step, ...] = ()
    pattern: str = ""
    """A regular expression over model names, `!` in front inverts it; empty: all."""

    def narrow(self, period: Period | None = None, **values: str | tuple[str, ...]) -> Scope:
        """This scope, narrower: `scope.narrow(provider="openai", model="gpt-5")`; itself when that changes nothing."""
        if unknown := set(values) - set(FIELDS):
            raise ValueError(f"a scope has no {', '.join(sorted(unknown))}")
        pairs = tuple((name, (value,) if isinstance(value, str) else value) for name, value in values.items())
        narrower = replace(self, steps=(*self.steps, Step(pairs, period)))
        is_same = narrower.where == self.where and narrower.current_period == self.current_period
        return self if is_same else narrower

    @property
    def parent(self) -> Scope | None:
        """The scope before the last narrowing; None at the top."""
        return replace(self, steps=self.steps[:-1]) if self.steps else None

    def widened(self, field: str) -> Scope:
        """Back up the ladder, until nothing below `field` is narrowed any more. Raises ValueError for no field."""
        place = FIELDS.index(field) + 1
        found = self
        while found.parent and (any(map(found.values, FIELDS[place:])) or found.current_period != found.period):
            found = found.parent
        kept = {name: values for name in FIELDS[:place] if (values := self.values(name))}
        return found.narrow(None, **kept)

    def values(self, name: str) -> tuple[str, ...]:
        """The values `name` is narrowed to; empty means all."""
        found: tuple[str, ...] = ()
        for step in self.steps:
            found = dict(step.values).get(name, found)
        return found

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """All narrowed fields with their values, in the ladder's order."""
        return tuple((name, values) for name in FIELDS if (values := self.values(name)))

    @property
    def current_period(self) -> Period:
        """The period after narrowing to an hour, if that was done."""
        return next((step.period for step in reversed(self.steps) if step.period), self.period)

    def window(self, now: datetime) -> Window:
        return self.current_period.at(now)
