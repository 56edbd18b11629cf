"""One question to a Worker's own counter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aigw_tui.errors import CounterError
from aigw_tui.insight import checkcounter
from aigw_tui.insight.checkup import Check
from aigw_tui.source import CounterSource


async def counter(source: CounterSource, limit: float, now: Callable[[], datetime]) -> list[Check]:
    """`limit`: of the account, neurons a UTC day · `now`: the time as well as it is known. Closes the source."""
    try:
        return list(checkcounter.counted(await source.ask(), limit, now()))
    except CounterError as error:
        return [checkcounter.failed(error)]
    finally:
        await source.close()
