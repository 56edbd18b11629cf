"""Reports as texts: a file for each format, found by its name in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from aigw_tui.insight.daily import Report

FORMATS = ("markdown", "html", "json", "slack")


def written(report: Report, form: str) -> str:
    """The whole report in one of `FORMATS`, with a line end. Raises KeyError for another."""
    if form not in FORMATS:
        raise KeyError(form)
    write: Callable[[Report], str] = import_module(f"{__name__}.{form if form != 'json' else 'document'}").text
    return write(report)
