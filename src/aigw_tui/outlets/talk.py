"""What is said beside the data, on standard error: progress, what is missing, what failed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

from aigw_tui.format import clean
from aigw_tui.model import Progress, Snapshot, Window
from aigw_tui.outlets.exports import Source

WHOLE = ("round", "requests")
"""Subjects of faults without which there is no answer from Cloudflare."""
BAR = 24
PATIENCE_S = 1.0
"""What is over sooner needs no bar."""


@contextmanager
def progress(stream: TextIO | None, *, is_wanted: bool) -> Iterator[Callable[[Progress | None], None]]:
    """A bar of how far the past has been read, once that takes long, on a screen; it leaves nothing behind."""
    began, is_drawn = monotonic(), False

    def say(found: Progress | None) -> None:
        nonlocal is_drawn
        if stream is None or not is_wanted or not stream.isatty():
            return
        if found is None or not found.of or monotonic() - began < PATIENCE_S:
            return
        full = round(BAR * found.done / found.of)
        share = int(100 * found.done / found.of)
        stream.write(f"\rreading the past {'━' * full}{'─' * (BAR - full)} {share:>3} %")
        stream.flush()
        is_drawn = True

    try:
        yield say
    finally:
        if is_drawn and stream is not None:
            stream.write("\r\x1b[2K")
            stream.flush()


def say(text: str) -> None:
    """A line on standard error; nowhere when that is closed, and never among the data."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)


def notes(sources: Sequence[Source], window: Window) -> Iterator[str]:
    """What of the window is not known, in a line for each dataset."""
    for one in sources:
        if one.state == "missing":
            yield f"note: {one.dataset}: not available to this account"
        elif one.hours_missing:
            hours = f"{one.hours_missing:,} of {len(window.hours):,} hours"
            yield f"note: {one.dataset}: {hours} were never read, and may be out of reach"


def complain(snapshot: Snapshot, stream: TextIO | None) -> int:
    """Say what failed, a line each; 1 when Cloudflare did not answer for some account, else 0."""
    for fault in snapshot.faults:
        if stream is not None:
            stream.write(f"aigw-tui: {clean(fault.what)}: {clean(fault.why)} → {clean(fault.remedy)}\n")
    return int(any(fault.dataset in WHOLE and fault.kind.endswith("Error") for fault in snapshot.faults))
