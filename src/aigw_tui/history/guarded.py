"""What SQLite refuses, by a name of ours."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from aigw_tui.errors import LocalError

P = ParamSpec("P")
T = TypeVar("T")


def refusals_named(method: Callable[P, T]) -> Callable[P, T]:
    """What SQLite refuses becomes a LocalError with its cause."""

    @functools.wraps(method)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite's words may quote a damaged name
            raise LocalError(f"the history database refuses: {error}") from error

    return wrapper
