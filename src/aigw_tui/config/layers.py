"""The places that settings come from, each read into raw values that know where they were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigw_tui.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Found:
    """A raw value, before anybody has looked at it."""

    value: object
    source: str
    """Where it stood, for a person: `--interval`, `AIGW_INTERVAL`, `/home/me/…/config.toml (interval)`."""
    folder: Path
    """What a relative path in it is relative to."""


Layer = Mapping[str, Found]
"""Key → what was found for it."""


def flags_layer(flags: Mapping[str, object], folder: Path) -> Layer:
    """The command line's words, by key."""
    return {key: Found(value, f"--{key.replace('_', '-')}", folder) for key, value in flags.items()}


def variables_layer(names: Mapping[str, tuple[str, ...]], environ: Mapping[str, str], folder: Path) -> Layer:
    """The process environment; `names` are a key's variables, the first that is set counts. Empty means not set."""
    layer = {}
    for key, variables in names.items():
        if name := next((variable for variable in variables if environ.get(variable, "").strip()), None):
            layer[key] = Found(environ[name], name, folder)
    return layer


def dotenv_layer(names: Mapping[str, tuple[str, ...]], folder: Path) -> Layer:
    """The few keys that the current folder's `.env` may give."""
    layer = variables_layer(names, read_dotenv(folder), folder)
    return {key: Found(found.value, f".env ({found.source})", folder) for key, found in layer.items()}


def read_dotenv(folder: Path) -> dict[str, str]:
    """All of `.env` as it is now, nothing interpolated; empty when there is none. Raises ConfigError."""
    path = folder / ".env"
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    return {key: value for key, value in values.items() if value}


def read_file(path: Path, required: bool) -> dict[str, Any]:
    """The tables of a config.toml; empty when it is not there and not `required`. Raises ConfigError, one line."""
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        if required:
            raise _unreadable(path, error) from error
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}", "correct that place; it must be TOML") from None
    except (RecursionError, ValueError):
        # Thousands of brackets, or a number of thousands of digits.
        raise ConfigError(f"{path} is not a configuration", "see .env.example and the README") from None


def file_layer(path: Path, table: Mapping[str, Any]) -> Layer:
    """The top level of a config.toml that was read."""
    return {key: Found(value, f"{path} ({key})", path.parent) for key, value in table.items()}


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> ConfigError:
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return ConfigError(f"{path} is not UTF-8 (line {line})", "save it as UTF-8")
    return ConfigError(f"cannot read {path}: {error.strerror}", "check the path and its permissions")
