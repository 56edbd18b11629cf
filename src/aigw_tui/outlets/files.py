"""Writing a file whole or not at all: only its owner may read it, and nothing half-written is ever left."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import mkstemp

from aigw_tui.errors import LocalError


def write(path: Path, texts: Iterable[str]) -> None:
    """Replace the file by these texts (UTF-8) once all are there. Raises LocalError, and then the old file stays."""
    part = None
    try:
        descriptor, part = mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
            for text in texts:
                file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)  # noqa: PTH105 - two words for one act
        part = None
    except OSError as error:
        raise LocalError(
            f"{path} cannot be written: {error.strerror or error}", "name a file in a folder that you may write to"
        ) from error
    finally:
        if part is not None:
            with suppress(OSError):
                Path(part).unlink()


def free_name(folder: Path, day: date, ending: str, what: str = "ai-analytics") -> Path:
    """`ai-analytics-2026-11-23.csv`, or with `-2`, `-3` … behind the date: a name that is not taken."""
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        found = folder / f"{what}-{day:%Y-%m-%d}{again}.{ending}"
        if not found.exists():
            return found
    raise AssertionError  # count never ends
