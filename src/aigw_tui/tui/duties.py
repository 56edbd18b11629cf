"""What is done beside the rounds while a screen is open: messages, reports, polls of a counter."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from aigw_tui.errors import AigwError
from aigw_tui.model import Snapshot

log = logging.getLogger(__name__)

DUTIES = "duties"
"""The group of the worker that does them: one at a time."""
Duty = Callable[[Snapshot], Awaitable[None]]
"""What has to be done again and again, whether anybody looks or not. Raises AigwError: it is logged."""


async def done(duties: Sequence[Duty], snapshot: Snapshot) -> None:
    """Each in turn; one that fails does not stop the others."""
    for duty in duties:
        try:
            await duty(snapshot)
        except AigwError as error:
            log.warning("%s", error)
