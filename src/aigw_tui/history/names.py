"""Texts and accounts by number: every name is stored once, and remembered once it was read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


class Names:
    """The store's names; `server` keeps accounts of different base URLs apart. Nothing is written outside a transaction
    of the caller's, and what was numbered in one that failed must be forgotten."""

    def __init__(self, database: Callable[[], sqlite3.Connection], server: str) -> None:
        self._database, self._server = database, server
        self._texts: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._tags: dict[int, str] = {}

    def forget(self) -> None:
        """Another database, or one that was rolled back, has other numbers."""
        self._texts.clear()
        self._numbers.clear()
        self._tags.clear()

    def number(self, text: str) -> int:
        """The number of a text, given one when it has none."""
        if (found := self._numbers.get(text)) is None:
            self._database().execute("INSERT OR IGNORE INTO name (text) VALUES (?)", (text,))
            found = self._numbers[text] = self._one("SELECT id FROM name WHERE text = ?", text) or 0
        return found

    def known(self, key: str, text: str) -> int | None:
        """The number of a key's text, or of an account; None for what was never stored."""
        return self.account(text) if key == "account" else self._one("SELECT id FROM name WHERE text = ?", text)

    def text(self, number: int) -> str:
        """Empty where a damaged file lacks it."""
        if (found := self._texts.get(number)) is None:
            stored = self._database().execute("SELECT text FROM name WHERE id = ?", (number,)).fetchone()
            found = self._texts[number] = stored[0] if stored else ""
        return found

    def accounts(self) -> tuple[str, ...]:
        """The tags of all accounts, in order."""
        found = self._database().execute("SELECT id, tag FROM account WHERE server = ? ORDER BY tag", (self._server,))
        self._tags = dict(found)
        return tuple(self._tags.values())

    def account(self, tag: str) -> int | None:
        return self._one("SELECT id FROM account WHERE server = ? AND tag = ?", self._server, tag)

    def account_number(self, tag: str) -> int:
        """The account's number, given one when it has none."""
        self._database().execute("INSERT OR IGNORE INTO account (server, tag) VALUES (?, ?)", (self._server, tag))
        return self.account(tag) or 0

    def tag(self, number: int) -> str:
        if number not in self._tags:
            stored = self._database().execute("SELECT tag FROM account WHERE id = ?", (number,)).fetchone()
            self._tags[number] = str(stored[0]) if stored else ""
        return self._tags[number]

    def _one(self, sql: str, *parameters: str) -> int | None:
        found = self._database().execute(sql, parameters).fetchone()
        return int(found[0]) if found else None
