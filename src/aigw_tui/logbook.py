"""The newest of what this program logs, kept in memory for the screen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from aigw_tui.log import cleaned
from aigw_tui.model import Entry

PACKAGE = "aigw_tui"
KEPT = 200
"""Records; older ones are in the log file alone."""
UNREADABLE = "a record that could not be put into words"


class Logbook(logging.Handler):
    """Remembers the newest records of this package from INFO on, as clean as the log file writes them."""

    def __init__(self, kept: int = KEPT, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(logging.INFO)
        self._kept = kept
        self._now = now
        """Another clock than the machine's, such as the built-in account's."""
        # A tuple that is replaced: whoever reads it needs no lock, and it is the same one while nothing was logged.
        self._entries: tuple[Entry, ...] = ()

    @classmethod
    def opened(cls, now: Callable[[], datetime] | None = None) -> Logbook:
        """A new one that listens from here on, in place of the one before."""
        logger = logging.getLogger(PACKAGE)
        for handler in [handler for handler in logger.handlers if isinstance(handler, cls)]:
            logger.removeHandler(handler)
            handler.close()
        book = cls(now=now)
        logger.addHandler(book)
        return book

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Oldest first, times in UTC; a record of several lines is one, and of an exception only what it says."""
        return self._entries

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = _text_of(record)
        except Exception as error:  # noqa: BLE001 - arguments that do not fit, or whose own __str__ fails
            text = f"{UNREADABLE} ({type(error).__name__})"
        at = self._now() if self._now else datetime.fromtimestamp(record.created, UTC)
        entry = Entry(at, record.levelname, text)
        self._entries = (*self._entries, entry)[-self._kept :]


def _text_of(record: logging.LogRecord) -> str:
    text = record.getMessage()
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        text = f"{text} ({type(error).__name__}: {error})"
    return cleaned(" ".join(cleaned(text)))[0]
