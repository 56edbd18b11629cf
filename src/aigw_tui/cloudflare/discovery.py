"""Finds out what each account may be asked, and keeps it for a day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from aigw_tui.cloudflare import documents
from aigw_tui.cloudflare.graphql import GraphQL
from aigw_tui.cloudflare.refusals import is_particular
from aigw_tui.cloudflare.retry import Deadline
from aigw_tui.cloudflare.schema import Schema, read_introspection, read_settings
from aigw_tui.cloudflare.selection import Node
from aigw_tui.errors import AigwError, BadDataError
from aigw_tui.model import Clock


class Discovery:
    """The accounts' schemas. Where nothing can be found out, what is documented is assumed."""

    def __init__(self, graphql: GraphQL, clock: Clock, nodes: Sequence[str]) -> None:
        self._graphql = graphql
        self._clock = clock
        self._names = tuple(nodes)
        self._schemas: dict[str, Schema] = {}
        self._reading = asyncio.Lock()

    async def schema(self, account: str, deadline: Deadline) -> Schema:
        """Raises AigwError when it must be read, cannot be, and was not known before."""
        async with self._reading:
            known = self._schemas.get(account)
            if known and known.is_fresh(self._clock.monotonic()):
                return known
            try:
                found = await self._read(account, deadline)
            except AigwError:
                if known is None:
                    raise
                return known
            if known and known.is_doubted:
                found.carry(known)
            self._schemas[account] = found
            return found

    async def _read(self, account: str, deadline: Deadline) -> Schema:
        nodes = await self._settings(account, self._names, deadline)
        unknown = tuple(name for name in self._names if nodes.get(name, Node()).fields is None)
        if unknown:
            for name, fields in (await self._introspection(unknown, deadline)).items():
                nodes[name] = replace(nodes.get(name, Node()), fields=fields)
        is_partial = any(nodes.get(name, Node()).fields is None for name in self._names)
        return Schema(nodes, self._clock.monotonic(), is_doubted=is_partial)

    async def _settings(self, account: str, names: Sequence[str], deadline: Deadline) -> dict[str, Node]:
        """In one question; in one for each dataset when that is refused."""
        try:
            answered = await self._graphql.ask(documents.settings(account, names), deadline)
            return read_settings(answered.account(), names)
        except BadDataError:
            return {}
        except AigwError as error:
            if not is_particular(error):
                raise
        nodes: dict[str, Node] = {}
        if len(names) > 1:
            for name in names:
                nodes |= await self._settings(account, (name,), deadline)
        return nodes

    async def _introspection(self, names: Sequence[str], deadline: Deadline) -> dict[str, frozenset[str]]:
        try:
            answered = await self._graphql.ask(documents.introspection(names), deadline)
        except AigwError as error:
            if is_particular(error) or isinstance(error, BadDataError):
                return {}
            raise
        return read_introspection(answered.data, names)
