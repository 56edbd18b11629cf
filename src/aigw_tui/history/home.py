"""Where history lives on disk: opening its file, the room that there is, and why it cannot be written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from aigw_tui.datasets import all_datasets
from aigw_tui.errors import FullError, LocalError, NewerError, ReadOnlyError
from aigw_tui.history.connection import connect, reading
from aigw_tui.history.migrations import STEPS, check, migrate, version_of

MEGABYTE = 1_000_000
"""With less than one free the disk is full, whatever SQLite calls it: it needs files beside its own first."""
LEAST = 5 * MEGABYTE
"""Bytes beyond the file's own: SQLite's log grows to 4 MB before it is written back."""


def free_at(path: Path) -> int | None:
    """Bytes that this user may still write there; None: not known."""
    try:
        found = os.statvfs(next(one for one in path.parents if one.exists()))
    except (OSError, StopIteration):
        return None
    return found.f_bavail * found.f_frsize if found.f_blocks else None  # /proc and its like have no blocks


@dataclass(frozen=True, slots=True)
class Home:
    """One file."""

    path: Path
    free: Callable[[Path], int | None] = free_at

    def open(self) -> sqlite3.Connection:
        """Its file, made where there is none, brought up to date and checked.

        Raises NewerError, before anything is touched, for one of a newer version; sqlite3.Error, OSError.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._refuse_newer(self.version)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self.path.chmod(0o600)
        connection = connect(str(self.path))
        try:
            self._refuse_newer(version_of(connection))  # another process may have been quicker
            migrate(connection, all_datasets())
            check(connection, all_datasets())
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def version(self) -> int:
        """0 also for what is no database: who opens it finds out."""
        try:
            with closing(reading(self.path)) as connection:
                return version_of(connection)
        except (sqlite3.Error, UnicodeDecodeError):
            return 0

    def expect_room(self, size: int) -> None:
        """Raises FullError where there is none for a store of so many bytes: then nothing need be tried."""
        free = self.free(self.path)
        if free is not None and free < self._needed(size):
            raise FullError("no room")

    def in_full(self, error: LocalError, size: int) -> LocalError:
        """With the file, and of a full disk how much room there is and is needed; `size`: of the whole store, bytes."""
        if isinstance(error, NewerError):
            return error
        free, needed = self.free(self.path), self._needed(size)
        if isinstance(error, FullError) or (free is not None and free < MEGABYTE and self._can_write()):
            if free is None or free >= needed:
                return FullError(f"a quota or a limit is reached, {_mb(needed)} needed for {self.path}")
            return FullError(f"{_mb(free)} free of {_mb(needed)} needed for {self.path}")
        if isinstance(error, ReadOnlyError) or not self._can_write():
            why = "the file system is read-only" if self._is_mounted_read_only() else "this user may not write there"
            return ReadOnlyError(f"{self.path}: {why}")
        return LocalError(f"{self.path}: {error.why}", error.remedy)

    def _refuse_newer(self, version: int) -> None:
        if version > len(STEPS):
            raise NewerError(f"{self.path} is of version {version}, this program reads up to {len(STEPS)}")

    def _needed(self, size: int) -> int:
        try:
            return max(size - self.path.stat().st_size, 0) + LEAST
        except OSError:
            return size + LEAST

    def _can_write(self) -> bool:
        folder = next((one for one in self.path.parents if one.exists()), self.path)
        return os.access(folder, os.W_OK) and (not self.path.exists() or os.access(self.path, os.W_OK))

    def _is_mounted_read_only(self) -> bool:
        try:
            found = os.statvfs(next(one for one in self.path.parents if one.exists()))
        except (OSError, StopIteration):
            return False
        return bool(found.f_flag & os.ST_RDONLY)


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
