"""The one place that speaks HTTP; httpx is imported nowhere else, and not before the first request."""

from aigw_tui.transport.exchange import Response, Transport, parse_date
from aigw_tui.transport.inprocess import InProcess

__all__ = ["InProcess", "Response", "Transport", "parse_date"]
