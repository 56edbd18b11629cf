"""The kinds of values a setting can have: what is allowed, in words, and how a raw value becomes a typed one."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aigw_tui.origin import origin_of
from aigw_tui.secret import Secret

LONGEST = 1_000
"""Characters in any text of a configuration."""


class RefusedError(ValueError):
    """A value that is not allowed, for a reason that its kind can name."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


@dataclass(frozen=True, slots=True)
class Kind:
    """What a setting's value may be."""

    name: str
    """One or two words, for the reference."""
    allowed: str
    """For a person who wrote something else: continues "use …"."""
    read: Callable[[object, Path], Any]
    """From a variable's text or a value of TOML; the folder is what a relative path is relative to.

    Raises ValueError when the value is not allowed, or RefusedError, which says why.
    """
    is_private: bool = False
    """The value may hold a password: no message shows it."""


def number(least: float, most: float, whole: bool = False) -> Kind:
    """A number from `least` to `most`, both allowed; an int when `whole`."""

    def read(value: object, _: Path) -> float:
        found = math.nan
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                found = float(value)
            except OverflowError:
                found = math.inf
        if not least <= found <= most or (whole and not found.is_integer()):
            raise ValueError
        return int(found) if whole else found

    name = "whole number" if whole else "number"
    return Kind(name, f"a {name} from {least:,} to {most:,}", read)


def choice(*options: str) -> Kind:
    """One of a few words."""

    def read(value: object, _: Path) -> str:
        if str(value) not in options:
            raise ValueError
        return str(value)

    return Kind(" or ".join(options), " or ".join(options), read)


def _word(value: object) -> str:
    if not isinstance(value, str) or not (text := value.strip()) or len(text) > LONGEST or not text.isprintable():
        raise ValueError
    return text


TEXT = Kind("text", "one line of text", lambda value, _: _word(value))


def _names(value: object, _: Path) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    found = tuple(dict.fromkeys(_word(part) for part in parts)) if isinstance(parts, list | tuple) else ()
    if not found:
        raise ValueError
    return found


def _time_of_day(value: object, _: Path) -> time:
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    found = datetime.strptime(_word(value), "%H:%M")  # noqa: DTZ007 - a time of day has no zone
    return found.time()


TIME = Kind("time of day", "HH:MM, such as 06:00 (UTC)", _time_of_day)


NAMES = Kind("names", 'a name, or several: "a,b" or ["a", "b"]', _names)


def _command(value: object, _: Path) -> tuple[str, ...]:
    words = shlex.split(value) if isinstance(value, str) else value
    found = tuple(words) if isinstance(words, list) else ()
    if not found or not all(isinstance(word, str) and word and "\0" not in word for word in found):
        raise ValueError
    return found


COMMAND = Kind(
    "command",
    'a program and its words: ["wrangler", "auth", "token"]; no shell runs it',
    _command,
    is_private=True,
)


def _path(value: object, folder: Path) -> Path:
    path = Path(_word(value))
    try:
        return folder / path.expanduser()
    except RuntimeError:
        raise ValueError from None  # there is no home folder for ~


PATH = Kind("path", "a path; ~ is the home folder", _path)


def _store(value: object, folder: Path) -> Path | Secret:
    text = _word(value)
    if "://" not in text:
        return _path(text, folder)
    parts = urlsplit(text)
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname:
        raise ValueError
    if parts.password:
        Secret(parts.password)  # known to the redactor from here on
    return Secret(text)


STORE = Kind("path", "the path of a SQLite file, or postgresql://…", _store, is_private=True)


def _base_url(value: object, _: Path) -> str:
    text = _word(value).rstrip("/")
    if not origin_of(text).is_private:
        raise ValueError
    return text


BASE_URL = Kind(
    "URL",
    "https://…, or http:// on loopback (localhost, 127.0.0.1, [::1]), without password or query",
    _base_url,
    is_private=True,
)


def _endpoint(value: object, _: Path) -> str:
    text = _word(value)
    parts = urlsplit(text)
    if parts.path.startswith("//") or parts.fragment:
        raise ValueError
    if not origin_of(f"{parts.scheme}://{parts.netloc}").is_private:
        raise ValueError
    return text


ENDPOINT = Kind(
    "URL", "https://…, or http:// on loopback (localhost, 127.0.0.1, [::1]), without password", _endpoint, True
)
"""One address that answers itself; it may have a query."""


def mapping(*keys: str) -> Kind:
    """Some of these names, each with another one: a table, or `key=name,key=name`."""

    def read(value: object, _: Path) -> dict[str, str]:
        if isinstance(value, str):
            value = {key.strip(): name for key, _, name in (part.partition("=") for part in value.split(","))}
        if not isinstance(value, dict) or not value or not {*value} <= {*keys}:
            raise ValueError
        return {key: _word(name) for key, name in value.items()}

    return Kind("table", f'a table such as {{ {keys[0]} = "name" }}, of {", ".join(keys)}', read)
