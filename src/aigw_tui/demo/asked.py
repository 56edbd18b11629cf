"""What a request is answered from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aigw_tui.demo.account import Account
from aigw_tui.demo.limits import Limits


@dataclass(frozen=True, slots=True)
class Asked:
    accounts: Mapping[str, Account]
    """Those within the token's reach, by id; never none."""
    limits: Limits
    now: datetime
