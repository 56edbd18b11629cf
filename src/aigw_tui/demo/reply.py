"""An HTTP answer of the box, before it goes over a wire."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def reply(status: int, payload: Any, now: datetime, headers: Mapping[str, str]) -> Reply:
    """`payload` as JSON, compressed when the request's headers (in lower case) say that gzip is welcome."""
    body = json.dumps(payload, separators=(",", ":")).encode()
    sent = [("Date", format_datetime(now, usegmt=True)), ("Content-Type", "application/json; charset=utf-8")]
    if "gzip" in headers.get("accept-encoding", "") and len(body) > 256:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        sent.append(("Content-Encoding", "gzip"))
    return Reply(status, (*sent, ("Content-Length", str(len(body)))), body)
