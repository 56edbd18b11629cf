"""What is declared of a setting, besides its default and its docstring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aigw_tui.config.kinds import Kind


@dataclass(frozen=True, slots=True)
class Setting:
    """The declaration that loading, checking and the reference share."""

    kind: Kind
    unit: str = ""
    variables: tuple[str, ...] = ()
    """Names in the environment, the one to use first, older ones last; none: `AIGW_<KEY>`."""
    in_dotenv: bool = False
    """Its variables may also stand in `.env`."""
    per_account: bool = False
    """May also stand in an `[account."…"]` table, where it counts before the top level."""
    of_account: bool = False
    """Says whose figures to read: not taken for the built-in account, unless it is a flag."""

    def names(self, key: str) -> tuple[str, ...]:
        """The variables of that key in the environment."""
        return self.variables or (f"AIGW_{key.upper()}",)


def setting(kind: Kind, unit: str = "", **more: Any) -> dict[str, Setting]:
    """The metadata of a dataclass field that is a setting."""
    return {"setting": Setting(kind, unit, **more)}
