"""The terminal's own bell: once for what begins to fire while somebody may be looking."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aigw_tui.model import Alert, Phase

Ring = Callable[[Alert], str]
"""An alert → what rings for it, for the terminal."""


class Bell:
    """Rings for what began to fire since the last look; what fired before the first look is on the screen already."""

    def __init__(self, ring: Ring | None) -> None:
        self._ring = ring
        self._firing: frozenset[tuple[str, str]] | None = None
        """(rule, account) of what fired at the last look; None: there was none."""

    def rung(self, alerts: Sequence[Alert]) -> str:
        """What to send to the terminal now; empty: nothing began."""
        firing = {
            (one.rule, one.account): one for one in alerts if one.phase is Phase.FIRING and not one.silenced_until
        }
        before, self._firing = self._firing, frozenset(firing)
        if before is None or self._ring is None:
            return ""
        return "".join(self._ring(alert) for place, alert in firing.items() if place not in before)
