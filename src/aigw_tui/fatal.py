"""What happens when a failure reaches the top: one line for the person, a traceback in the log, no secret in either."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

from aigw_tui.errors import AigwError
from aigw_tui.format import clean
from aigw_tui.secret import redact

LONGEST_LINE = 500
log = logging.getLogger(__name__)


def say(text: str) -> None:
    """One line on stderr, clean and without secrets; nothing where stderr is closed."""
    if sys.stderr is None:
        return
    try:
        print(f"aigw-tui: {clean(redact(text), LONGEST_LINE)}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        return  # nobody is left to tell


def report(error: BaseException, log_path: Path | None) -> int:
    """Tell the person in one line; the traceback of what nobody expected goes to the log. Returns the exit code."""
    if isinstance(error, AigwError):
        log.debug("%s", error, exc_info=error)
        say(str(error))
        return error.exit_code
    log.critical("unexpected", exc_info=error)
    cause = f"{type(error).__name__}: {error}".removesuffix(": ")
    where = f"details are in {log_path}" if log_path and log_path.exists() else "no log could be written"
    say(f"stopped by an error in the program itself: {cause} → {where}")
    return 1


def install(log_path: Path | None) -> None:
    """From here on no exception that escapes anywhere prints a traceback: threads and destructors write to the log.

    asyncio's own handler needs no help: it writes to its logger, which is in the log file too.
    """

    def main_stopped(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        report(error, log_path)

    sys.excepthook = main_stopped
    threading.excepthook = _thread_stopped
    sys.unraisablehook = _ignored


def _thread_stopped(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        log.error("%s stopped", args.thread.name if args.thread else "a thread", exc_info=args.exc_value)


def _ignored(args: sys.UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        log.error("%s in %s", args.err_msg or "ignored", type(args.object).__name__, exc_info=args.exc_value)
