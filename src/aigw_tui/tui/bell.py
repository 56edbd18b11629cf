"""The terminal's own bell: once for what begins to fire while somebody may be looking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aigw_tui.model import Alert, Phase, Place

Ring = Callable[[Sequence[Alert]], str]
"""Alerts of one rule and account → what rings for them, for the terminal."""


class Bell:
    """Rings for what began to fire since the last look, once for each rule, whatever the number of its names; what
    fired before the first look is on the screen already."""

    def __init__(self, ring: Ring | None) -> None:
        self._ring = ring
        self._firing: frozenset[Place] | None = None
        """What fired at the last look; None: there was none."""

    def rung(self, alerts: Sequence[Alert]) -> str:
        """What to send to the terminal now; empty: nothing began."""
        firing = {one.place: one for one in alerts if one.phase is Phase.FIRING and not one.silenced_until}
        before, self._firing = self._firing, frozenset(firing)
        if before is None or self._ring is None:
            return ""
        new: dict[tuple[str, str], list[Alert]] = {}
        for place, alert in firing.items():
            if place not in before:
                new.setdefault((place.rule, place.account), []).append(alert)
        return "".join(map(self._ring, new.values()))
