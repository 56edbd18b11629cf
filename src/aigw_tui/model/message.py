"""What is told to people who are not at the screen."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Severity = Literal["info", "warning", "critical"]
MessageKind = Literal["firing", "resolved", "repeat", "report", "test"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
MESSAGE_KINDS: tuple[MessageKind, ...] = get_args(MessageKind)
PLAIN = re.compile(r"[A-Za-z0-9._:-]{1,100}")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell: an episode of an alert (grouped, so one message), its end, or a report. Plain text."""

    id: str
    """The same thing told again has the same id; it reaches each target once."""
    severity: Severity
    title: str
    """One line."""
    at: datetime
    """When it became true, UTC."""
    kind: MessageKind = "firing"
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """(name, value with its unit)."""
    html: str = ""
    """The same as a whole page of our own making, for e-mail; its foreign text is escaped. Empty: there is none."""

    @property
    def key(self) -> str:
        """The id as a header may carry it; a hash of one that no header may."""
        if PLAIN.fullmatch(self.id):
            return self.id
        return hashlib.sha256(self.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
