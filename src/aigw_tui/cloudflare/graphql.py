"""One GraphQL question to one answer: counted, tried again, and judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from aigw_tui.cloudflare.answers import aliases
from aigw_tui.cloudflare.budget import Meters
from aigw_tui.cloudflare.refusals import node_of, read, worst
from aigw_tui.cloudflare.retry import Deadline, insist
from aigw_tui.errors import AigwError, AuthError, BadDataError, BudgetError
from aigw_tui.model import Clock
from aigw_tui.transport import Transport


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: data, perhaps partial, with what went wrong where."""

    data: msgspec.Raw
    failures: tuple[tuple[str, AigwError], ...]
    """(dataset or alias, error); the place is empty when the message names none."""
    date: datetime | None

    def account(self) -> dict[str, msgspec.Raw]:
        """The account's part by alias. Raises what went wrong when there is none."""
        try:
            return aliases(self.data)
        except BadDataError:
            if not self.failures:
                raise
        raise worst(tuple(error for _, error in self.failures))


BY_ACCOUNT = {"X-Rate-Limit-Type": "account-based"}
"""Gives each account a budget of its own (documented)."""


class GraphQL:
    """The endpoint, behind our budget."""

    def __init__(self, transport: Transport, clock: Clock, meters: Meters) -> None:
        self._transport = transport
        self._clock = clock
        self._meters = meters

    async def ask(self, account: str, body: bytes, deadline: Deadline) -> Answered:
        """A question about that account.

        Raises AigwError when there is no data at all, and for a refused token or budget in any case.
        """
        return await insist(lambda: self._once(account, body, deadline), self._clock, deadline)

    async def _once(self, account: str, body: bytes, deadline: Deadline) -> Answered:
        meter = self._meters.of(account)
        meter.spend()
        headers = BY_ACCOUNT if self._meters.is_by_account else None
        response = await self._transport.send("POST", "/graphql", json=body, headers=headers, within_s=deadline.left_s)
        try:
            envelope, errors = read(response, self._clock.now(), meter.pause_s())
            gravest = worst(errors) if errors else None
            if envelope.is_empty:
                raise gravest or BadDataError("neither data nor an error")
            if isinstance(gravest, (BudgetError, AuthError)):
                raise gravest
        except BudgetError as refusal:
            meter.block(refusal.until)
            raise
        places = (node_of(complaint.path) for complaint in envelope.complaints)
        return Answered(envelope.payload, tuple(zip(places, errors, strict=True)), response.date)
