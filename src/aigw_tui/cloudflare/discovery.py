"""Finds out what each account may be asked, and keeps it for a day: in memory, and on a shelf where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from aigw_tui.cloudflare import documents
from aigw_tui.cloudflare.graphql import Answered, GraphQL
from aigw_tui.cloudflare.refusals import is_particular
from aigw_tui.cloudflare.retry import Deadline
from aigw_tui.cloudflare.schema import DOUBT_S, Schema, from_text, read_introspection, read_settings, to_text
from aigw_tui.cloudflare.selection import CONFIDENCE, Node
from aigw_tui.errors import AigwError, BadDataError, LocalError
from aigw_tui.model import Clock


class Shelf(Protocol):
    """Where texts outlive this process; every method raises LocalError when the disk refuses."""

    def get(self, name: str) -> tuple[str, datetime] | None: ...

    def put(self, name: str, text: str, at: datetime) -> None: ...


class Discovery:
    """The accounts' schemas. Where nothing can be found out, what is documented is assumed."""

    def __init__(self, graphql: GraphQL, clock: Clock, nodes: Sequence[str], shelf: Shelf | None = None) -> None:
        self._graphql = graphql
        self._clock = clock
        self._names = tuple(nodes)
        self._shelf = shelf
        self._schemas: dict[str, Schema] = {}
        self._failed: dict[str, float] = {}
        """Account → when its schema could not be read (monotonic seconds): it is left alone for a while."""
        self._kept: dict[str, int] = {}
        """Account → the lessons of its schema when it was put on the shelf."""
        self._reading = asyncio.Lock()

    async def schema(self, account: str, deadline: Deadline) -> Schema:
        """Raises AigwError when it must be read, cannot be, and was not known before."""
        async with self._reading:
            known, now_s = self._schemas.get(account) or self._shelved(account), self._clock.monotonic()
            if known and (known.is_fresh(now_s) or now_s - self._failed.get(account, -DOUBT_S) < DOUBT_S):
                self._schemas[account] = known
                return known
            try:
                found = await self._read(account, known, deadline)
            except AigwError:
                if known is None:
                    raise
                self._failed[account] = now_s
                return known
            if known and known.is_doubted:
                found.carry(known)
            self._schemas[account] = found
            self._kept.pop(account, None)
            self.keep(account)
            return found

    def keep(self, account: str) -> None:
        """Put what is known of the account on the shelf, when it is more than lies there."""
        schema = self._schemas.get(account)
        if self._shelf is None or schema is None or self._kept.get(account) == schema.lessons:
            return
        age_s = self._clock.monotonic() - schema.read_at
        read_at = datetime.fromtimestamp(self._clock.now().timestamp() - age_s, self._clock.now().tzinfo)
        with suppress(LocalError):
            self._shelf.put(f"schema of {account}", to_text(schema), read_at)
        self._kept[account] = schema.lessons

    def _shelved(self, account: str) -> Schema | None:
        """What an earlier process found out."""
        if self._shelf is None:
            return None
        try:
            found = self._shelf.get(f"schema of {account}")
        except LocalError:
            return None
        if found is None:
            return None
        age_s = max(0.0, (self._clock.now() - found[1]).total_seconds())
        schema = from_text(found[0], self._clock.monotonic() - age_s, self._names)
        if schema is not None:
            self._kept[account] = schema.lessons
        return schema

    async def _read(self, account: str, known: Schema | None, deadline: Deadline) -> Schema:
        """What is not said of a node is as it was `known`."""
        nodes, types = await self._settings_and_types(account, deadline)
        unknown = tuple(name for name in self._names if nodes.get(name, Node()).fields is None)
        if unknown and not types:
            types = await self._introspection(account, unknown, deadline)
        for name, fields in types.items():
            node = nodes.get(name, Node())
            intervals = frozenset(field for field in fields if field.startswith(CONFIDENCE))
            nodes[name] = replace(node, fields=fields if node.fields is None else node.fields | intervals)
        is_partial = any(nodes.get(name, Node()).fields is None for name in self._names)
        older = known.nodes if known else {}
        whole = {name: nodes.get(name) or older.get(name, Node()) for name in self._names}
        return Schema(whole, self._clock.monotonic(), is_doubted=is_partial)

    async def _settings_and_types(
        self, account: str, deadline: Deadline
    ) -> tuple[dict[str, Node], Mapping[str, frozenset[str]]]:
        """In one question, because `settings` need not say whether a dataset gives intervals; apart when refused."""
        try:
            answered = await self._graphql.ask(
                account, documents.settings(account, self._names, with_types=True), deadline
            )
            return read_settings(answered.account(), self._names), self._types(answered)
        except BadDataError:
            return {}, {}
        except AigwError as error:
            if not is_particular(error):
                raise
        return await self._settings(account, self._names, deadline), {}

    async def _settings(self, account: str, names: Sequence[str], deadline: Deadline) -> dict[str, Node]:
        """In one question; in one for each dataset when that is refused."""
        try:
            answered = await self._graphql.ask(account, documents.settings(account, names), deadline)
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

    async def _introspection(
        self, account: str, names: Sequence[str], deadline: Deadline
    ) -> Mapping[str, frozenset[str]]:
        try:
            answered = await self._graphql.ask(account, documents.introspection(names), deadline)
        except AigwError as error:
            if is_particular(error) or isinstance(error, BadDataError):
                return {}
            raise
        return read_introspection(answered.data, names)

    def _types(self, answered: Answered) -> Mapping[str, frozenset[str]]:
        return read_introspection(answered.data, self._names)
