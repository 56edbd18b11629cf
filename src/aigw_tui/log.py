"""The log file: private, rotating, without secrets or foreign control characters; no disk fault stops the program."""

from __future__ import annotations

import logging
import logging.handlers
import os
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from aigw_tui.format import clean, iso
from aigw_tui.locations import make_private
from aigw_tui.secret import redact

LARGEST_BYTES = 1_000_000
OLDER_FILES = 2
LONGEST_LINE = 2_000
"""Characters; a foreign text may be of any length."""
QUIET = ("httpx", "httpcore", "asyncio")
"""Loggers that stay at WARNING whatever was asked: httpx writes whole URLs at INFO."""


def start(path: Path | None, verbosity: int = 0) -> None:
    """From here on write what is logged to that file; nowhere for None. Nothing logged ever reaches the terminal.

    Verbosity 0 keeps warnings of others and what this package says at INFO, 1 adds its DEBUG, 2 all but `QUIET`'s.
    The file is made with the first record. Starting again replaces what was started.
    """
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, PrivateFile)]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(PrivateFile(path) if path else logging.NullHandler())
    root.setLevel(logging.DEBUG if verbosity > 1 else logging.WARNING)
    logging.getLogger("aigw_tui").setLevel(logging.DEBUG if verbosity else logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


class PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file of mode 0600 in a folder of mode 0700, whatever the umask."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LARGEST_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=True)
        self.setFormatter(CleanFormatter())

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        make_private(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)  # it may have been made by somebody else
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A full disk or a folder that cannot be written costs the record, not the screen."""


class CleanFormatter(logging.Formatter):
    """One record: a line of UTC time, level, logger and message; a traceback below it, indented, without locals."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return iso(datetime.fromtimestamp(record.created, UTC))

    def format(self, record: logging.LogRecord) -> str:
        head, *rest = cleaned(super().format(record))
        return "\n".join((head, *("    " + line for line in rest)))


def cleaned(text: str) -> list[str]:
    """Its lines, one at least, without secrets and foreign control characters, each of bounded length."""
    return [clean(line, LONGEST_LINE) for line in redact(text).splitlines() or [""]]
