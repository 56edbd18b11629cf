"""The one place that speaks HTTP; httpx is imported nowhere else, and not before the first request."""

from aigw_tui.transport.exchange import Response, Transport
from aigw_tui.transport.inprocess import InProcess
from aigw_tui.transport.waiting import parse_date, retry_after_s

__all__ = ["InProcess", "Response", "Transport", "parse_date", "retry_after_s"]
