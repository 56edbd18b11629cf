"""Accounts with tokens of their own: each is asked by its own client; together they are one `source.Source`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aigw_tui.model import Budget, Gateway, LogFilter, Logged, LogRow, NewestLogs, Price, Window
from aigw_tui.source import Answer, Bounds, Question, Source


class Several:
    """`own` are the sources of accounts with a token of their own; `rest` answers for all others, and lists them."""

    def __init__(self, rest: Source, own: Mapping[str, Source]) -> None:
        self._rest, self._own = rest, dict(own)

    @property
    def budget(self) -> Budget:
        """The one that is used up furthest: each token's user has a budget."""
        budgets = (source.budget for source in self._all())
        return max(budgets, key=lambda budget: budget.used / budget.limit)

    async def accounts(self) -> tuple[tuple[str, str], ...]:
        return await self._rest.accounts()

    async def prices(self, account: str) -> Mapping[str, Price]:
        return await self._of(account).prices(account)

    async def gateways(self, account: str) -> tuple[Gateway, ...]:
        return await self._of(account).gateways(account)

    async def logged(self, account: str, gateway: str, window: Window) -> Logged:
        return await self._of(account).logged(account, gateway, window)

    async def newest(self, account: str, gateways: Sequence[str], wanted: LogFilter, most: int) -> NewestLogs:
        return await self._of(account).newest(account, gateways, wanted, most)

    async def log(self, account: str, gateway: str, log: str) -> LogRow | None:
        return await self._of(account).log(account, gateway, log)

    async def body(self, account: str, gateway: str, log: str, part: str) -> bytes | None:
        return await self._of(account).body(account, gateway, log, part)

    async def bounds(self, account: str) -> Mapping[str, Bounds]:
        return await self._of(account).bounds(account)

    async def fetch(self, account: str, questions: Sequence[Question]) -> Answer:
        return await self._of(account).fetch(account, questions)

    async def close(self) -> None:
        for source in self._all():
            await source.close()

    def _of(self, account: str) -> Source:
        return self._own.get(account, self._rest)

    def _all(self) -> tuple[Source, ...]:
        return (self._rest, *self._own.values())
