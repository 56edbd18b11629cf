"""What SQLite and the disk refuse, by names of ours."""

from __future__ import annotations

import errno
import functools
import sqlite3
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from aigw_tui.errors import FullError, LocalError, ReadOnlyError

P = ParamSpec("P")
T = TypeVar("T")

KINDS: dict[int, type[LocalError]] = {
    sqlite3.SQLITE_FULL: FullError,
    sqlite3.SQLITE_READONLY: ReadOnlyError,
    sqlite3.SQLITE_PERM: ReadOnlyError,
}
"""Of SQLite's codes."""
CAUSES: dict[int | None, type[LocalError]] = {
    errno.ENOSPC: FullError,
    errno.EDQUOT: FullError,
    errno.EFBIG: FullError,
    errno.EROFS: ReadOnlyError,
    errno.EACCES: ReadOnlyError,
    errno.EPERM: ReadOnlyError,
}
"""Of the system's."""


def refusals_named(method: Callable[P, T]) -> Callable[P, T]:
    """What SQLite or the disk refuses becomes a LocalError with its cause."""

    @functools.wraps(method)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:  # SQLite's words may quote a damaged name
            raise named(error) from error

    return wrapper


def named(error: Exception) -> LocalError:
    """By what it is about, as far as its code tells."""
    if isinstance(error, OSError):
        return CAUSES.get(error.errno, LocalError)(f"{error.strerror or error}")
    kind = KINDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, LocalError)
    return kind(f"the history database refuses: {error}")
