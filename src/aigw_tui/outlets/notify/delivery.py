"""From the outbox to the targets: what is due, once, again after growing pauses, given up after a day."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aigw_tui.errors import AigwError, TransientError
from aigw_tui.history.outbox import LONGEST_PAUSE, Outbox, Waiting
from aigw_tui.model import Clock, Message
from aigw_tui.outlets.notify.channels import channel_of
from aigw_tui.outlets.notify.document import bounded, read, written
from aigw_tui.outlets.notify.target import Target

GIVEN_UP_AFTER = timedelta(hours=24)
FIRST_PAUSE = timedelta(seconds=15)
MOST_AT_ONCE = 20
"""Messages to one target in one call."""
NEVER_TRIED = "it waited for 24 h; nobody here knows its target"
TEST = ("this is a test of aigw-tui", "Nothing is wrong. Alerts and reports for this target arrive here.")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try to reach one target."""

    target: str
    id: str
    """Of the message."""
    state: Literal["delivered", "retry", "given up"]
    why: str = ""
    """Why it did not arrive."""
    remedy: str = ""
    next_at: datetime | None = None
    """When it is tried again, UTC."""


def post(outbox: Outbox, targets: Iterable[str], message: Message, now: datetime) -> int:
    """Let a message wait for these targets, by name; how many older ones had to be dropped for it.

    A message whose id was posted to a target in the last 7 days, by whatever process, is not sent there again.
    Raises LocalError.
    """
    dropped = outbox.add(message.key, tuple(dict.fromkeys(targets)), written(bounded(message)), now)
    if dropped:
        log.warning("more than a thousand messages wait: the %d oldest were dropped", dropped)
    return dropped


async def deliver(outbox: Outbox, targets: Sequence[Target], clock: Clock) -> tuple[Outcome, ...]:
    """Try what is due, all targets at the same time, each one's messages oldest first; what became of each.

    Another process with the same store may do so at the same moment: each message is sent by one of them. A process
    that ends between sending and noting it may cause one more, with the same id. Raises LocalError.
    """
    now = clock.now()
    late = outbox.expire(now - GIVEN_UP_AFTER, NEVER_TRIED, now)
    outcomes = [Outcome(row.target, row.id, "given up", row.failure or NEVER_TRIED) for row in late]
    found = await asyncio.gather(*(_deliver_to(outbox, one, clock) for one in targets), return_exceptions=True)
    for outcome in outcomes:
        _say(outcome)
    for each in found:
        if isinstance(each, BaseException):
            raise each
        outcomes += each
    return tuple(outcomes)


async def deliver_test(targets: Sequence[Target], clock: Clock) -> tuple[Outcome, ...]:
    """Send each target a message that says it is a test, at once and once, past the outbox."""
    now = clock.now()
    message = bounded(Message(f"test-{now:%Y%m%dT%H%M%S}", "info", TEST[0], now, "test", TEST[1:]))

    async def try_(target: Target) -> Outcome:
        error = await _failure(target, message)
        if error is None:
            return Outcome(target.name, message.key, "delivered")
        return Outcome(target.name, message.key, "given up", error.why, error.remedy)

    return tuple(await asyncio.gather(*map(try_, targets)))


async def examine(target: Target) -> None:
    """Whether it could be sent to, as far as that shows without sending. Raises AigwError, which quotes no secret."""
    await channel_of(target.kind).examine(target)


async def _deliver_to(outbox: Outbox, target: Target, clock: Clock) -> list[Outcome]:
    outcomes: list[Outcome] = []
    while len(outcomes) < MOST_AT_ONCE and (row := outbox.take(target.name, clock.now())):
        outcome, is_down = await _tried(outbox, target, row, clock)
        _say(outcome)
        outcomes.append(outcome)
        if is_down:
            break
    return outcomes


async def _tried(outbox: Outbox, target: Target, row: Waiting, clock: Clock) -> tuple[Outcome, bool]:
    """What became of it, and whether the target is down."""
    try:
        message = read(row.message)
    except AigwError as error:
        outbox.give_up(row, error.why, clock.now())
        return Outcome(target.name, row.id, "given up", error.why, error.remedy), False
    failure, now = await _failure(target, message), clock.now()
    if failure is None:
        outbox.delivered(row, now)
        return Outcome(target.name, row.id, "delivered"), False
    is_down = isinstance(failure, TransientError)
    next_at = now + _pause(row.attempts, failure)
    if next_at >= row.made + GIVEN_UP_AFTER:
        outbox.give_up(row, failure.why, now)
        return Outcome(target.name, row.id, "given up", failure.why, failure.remedy), is_down
    outbox.retry(row, failure.why, next_at, is_down)
    return Outcome(target.name, row.id, "retry", failure.why, failure.remedy, next_at), is_down


async def _failure(target: Target, message: Message) -> AigwError | None:
    try:
        await channel_of(target.kind).send(target, message)
    except AigwError as error:
        return error
    return None


def _pause(attempts: int, failure: AigwError) -> timedelta:
    """Doubled each time up to 15 min; what a busy target asks for where that is longer."""
    own = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts, 10)))
    asked = failure.retry_after_s if isinstance(failure, TransientError) else None
    return max(own, timedelta(seconds=asked or 0))


def _say(outcome: Outcome) -> None:
    match outcome.state:
        case "delivered":
            log.info("message %s was delivered to %s", outcome.id, outcome.target)
        case "retry":
            log.warning("message %s has not reached %s yet: %s", outcome.id, outcome.target, outcome.why)
        case "given up":
            log.error("message %s to %s is given up: %s", outcome.id, outcome.target, outcome.why)
