"""Changing a config.toml as a person would: a line here and there, all else as it was; and files written whole."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aigw_tui.errors import ConfigError, LocalError
from aigw_tui.locations import make_private

TABLE = re.compile(r"\s*\[")
Written = str | list[str]


def merged(text: str, wanted: Mapping[str, Written]) -> str:
    """The same text with these top-level keys; those that stand there are changed in their lines, with their comments.

    `account` goes into a table of its own where accounts have tables. Raises ConfigError where that is not possible
    without touching more.
    """
    lines, top, before = text.splitlines(), dict(wanted), _read(text)
    if isinstance(tables := before.get("account"), dict):
        new = [one for one in top.pop("account", []) if one not in tables]
        lines += [line for one in new for line in ("", f"[account.{_toml(one)}]")]
        before["account"] = {**tables, **{one: {} for one in new}}
    end = next((n for n, line in enumerate(lines) if TABLE.match(line)), len(lines))
    added = []
    for key, value in top.items():
        place = next((n for n, line in enumerate(lines[:end]) if re.match(rf"\s*{key}\s*=", line)), None)
        if place is None:
            added.append(f"{key} = {_toml(value)}")
        elif before.get(key) != value:
            lines[place] = f"{key} = {_toml(value)}{_comment(lines[place])}"
    _insert(lines, end, added)
    found = "\n".join(lines).strip("\n") + "\n"
    if _read(found) != {**before, **top}:
        raise ConfigError("it cannot be changed without touching more", "")
    return found


def _insert(lines: list[str], end: int, added: list[str]) -> None:
    """Below the last top-level key, above the first table (at `end`) and what is said of it."""
    while 0 < end < len(lines) and lines[end - 1].lstrip().startswith("#"):
        end -= 1
    while end and not lines[end - 1].strip():
        end -= 1
    after = end + len(added)
    lines[end:end] = added
    if added and after < len(lines) and lines[after].strip():
        lines.insert(after, "")


def replaced(text: str, wanted: Mapping[str, Written]) -> tuple[str, ...]:
    """The keys that stand there with another value."""
    before = _read(text)
    return tuple(
        key
        for key, value in wanted.items()
        if key in before and before[key] != value and not isinstance(before[key], dict)
    )


def fresh(wanted: Mapping[str, Written]) -> str:
    """A whole config.toml."""
    lines = (f"{key} = {_toml(value)}" for key, value in wanted.items())
    return "\n".join(("# Made by aigw-tui setup; every key that may stand here is in the README.", *lines)) + "\n"


def write_private(path: Path, text: str) -> None:
    """All or nothing, mode 0600 in a folder of mode 0700 where it is new; a link stays one. Raises LocalError."""
    try:
        place = path.resolve()
        make_private(place.parent)
        descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(place)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _sync(place.parent)
    except OSError as error:
        raise LocalError(
            f"cannot write {path}: {error.strerror}", "check the folder, or name another: --config PATH"
        ) from error


def _sync(folder: Path) -> None:
    """The new name outlives a power cut."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ConfigError(f"it is no TOML: {error}", "") from None


def _comment(line: str) -> str:
    """What stands behind a value on its own line; raises ConfigError where the value goes on in the next one."""
    for place, character in enumerate(line):
        if character == "#":
            with suppress(ConfigError):
                _read(line[:place])
                return "  " + line[place:]
    _read(line)
    return ""


def _toml(value: Written) -> str:
    """JSON's strings and lists are TOML's, as long as nothing is written as half a surrogate pair."""
    return json.dumps(value, ensure_ascii=False)
