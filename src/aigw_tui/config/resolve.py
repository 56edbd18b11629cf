"""From raw values to settings: which place counts, and what is said of a wrong key or value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from aigw_tui import locations
from aigw_tui.config.kinds import PATH, TEXT, Kind, RefusedError
from aigw_tui.config.layers import Found, dotenv_layer, file_layer, flags_layer, read_dotenv, read_file, variables_layer
from aigw_tui.config.setting import Setting
from aigw_tui.config.token import (
    TOKEN_VARIABLES,
    TokenPlace,
    from_command,
    from_dotenv,
    from_file,
    from_stdin,
    from_variable,
)
from aigw_tui.errors import ConfigError, LocalError
from aigw_tui.format import clean, did_you_mean

CONFIG_VARIABLE = "AIGW_CONFIG"

TOKEN_KEYS = ("token_", "gateway_token_", "quota_token_")
"""Keys that lead to a token begin like this."""
LATER = frozenset(("alert", "keymap"))
"""Keys that other parts of the program own; here they are only known not to be mistakes."""


class TargetTables(NamedTuple):
    """The targets of messages, not looked at yet."""

    path: Path
    """The file they stand in."""
    tables: object
    """What stands there under `target`."""


class Resolved(NamedTuple):
    """What was set; what was not is absent."""

    values: dict[str, Any]
    sources: dict[str, str]
    """Every key → where its value came from; also `token`."""
    token_place: TokenPlace | None
    accounts: dict[str, dict[str, Any]]
    """Account id → what its own table sets, with `token_place` in place of the keys that lead to one."""
    gateway_token_place: TokenPlace | None = None
    """Where the token is that authenticated gateways want."""
    quota_token_place: TokenPlace | None = None
    """Where the token is that the Worker at `quota_url` wants."""
    target_tables: TargetTables | None = None
    path: Path = Path("config.toml")
    later: Mapping[str, Any] = MappingProxyType({})
    """What config.toml says for other parts of the program, as it stands there."""


def resolve(
    declared: Mapping[str, Setting], flags: Mapping[str, object], environ: Mapping[str, str], folder: Path, demo: bool
) -> Resolved:
    """All that is set, in all places. Raises ConfigError."""
    path, file = _file(flags, environ, folder)
    check_keys(str(path), file, {*declared, *LATER, "target"})
    tables = _account_tables(path, file)
    taken = {key: item for key, item in declared.items() if not (demo and item.of_account)}
    layers = (
        flags_layer({key: value for key, value in flags.items() if key in declared and key != "token_file"}, folder),
        variables_layer({key: item.names(key) for key, item in taken.items()}, environ, folder),
        file_layer(path, {key: value for key, value in file.items() if key in taken and value is not tables}),
        dotenv_layer({key: item.names(key) for key, item in taken.items() if item.in_dotenv}, folder),
    )
    values: dict[str, Any] = {}
    sources = dict.fromkeys((*declared, "token"), "default")
    for key, item in declared.items():
        if found := next((layer[key] for layer in layers if key in layer), None):
            values[key], sources[key] = typed(item.kind, found), found.source
    later = {key: value for key, value in file.items() if key in LATER}
    if demo:
        return Resolved(values, sources, None, {}, path=path, later=later)
    if tables and "account" not in values:
        values["account"], sources["account"] = tuple(tables), f"{path} ([account])"
    place = _token_place(flags.get("token_file"), environ, folder) or _configured_place(values, sources)
    if place := place or _dotenv_place(folder):
        sources["token"] = place.name
    accounts = {id_: _account(path, id_, table, declared, "token_file" in flags) for id_, table in tables.items()}
    gateway = _other_place(values, sources, "gateway_token_command")
    quota = _other_place(values, sources, "quota_token_command")
    targets = TargetTables(path, file["target"]) if "target" in file else None
    return Resolved(values, sources, place, accounts, gateway, quota, targets, path, later)


def _file(flags: Mapping[str, object], environ: Mapping[str, str], folder: Path) -> tuple[Path, dict[str, Any]]:
    for given, source in ((flags.get("config"), "--config"), (environ.get(CONFIG_VARIABLE) or None, CONFIG_VARIABLE)):
        if given is not None:
            path: Path = typed(PATH, Found(given, source, folder))
            return path, read_file(path, required=True)
    try:
        path = locations.config_file()
    except LocalError:
        return Path("config.toml"), {}
    return path, read_file(path, required=False)


def _account_tables(path: Path, file: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    tables = file.get("account")
    if not isinstance(tables, dict):
        return {}
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{path} ([account]): {key} is no table", 'write [account."the account\'s id"] above it')
    return tables


def _account(
    path: Path, id_: str, table: Mapping[str, Any], declared: Mapping[str, Setting], has_token: bool
) -> dict[str, Any]:
    place = f'{path} ([account."{id_}"])'
    kinds = {key: item.kind for key, item in declared.items() if item.per_account} | {"label": TEXT}
    check_keys(place, table, {*kinds})
    sources = {key: f"{place} {key}" for key in table}
    own = {
        key: typed(kind, Found(table[key], sources[key], path.parent)) for key, kind in kinds.items() if key in table
    }
    found = None if has_token else _configured_place(own, sources)
    places = {
        "token_place": found,
        "gateway_token_place": _other_place(own, sources, "gateway_token_command"),
        "quota_token_place": _other_place(own, sources, "quota_token_command"),
    }
    places = {name: place for name, place in places.items() if place}
    if "quota_url" in own:
        places.setdefault("quota_token_place", None)  # the top level's token belongs to the top level's Worker
    return {key: value for key, value in own.items() if not key.startswith(TOKEN_KEYS)} | places


def _token_place(flag: object, environ: Mapping[str, str], folder: Path) -> TokenPlace | None:
    if flag == "-":
        return from_stdin("--token-file -")
    if flag is not None:
        return from_file("--token-file", typed(PATH, Found(flag, "--token-file", folder)))
    return next((from_variable(name, environ[name]) for name in TOKEN_VARIABLES if environ.get(name, "").strip()), None)


def _configured_place(values: Mapping[str, Any], sources: Mapping[str, str]) -> TokenPlace | None:
    if words := values.get("token_command"):
        return from_command(sources["token_command"], words)
    if path := values.get("token_file"):
        return from_file(sources["token_file"], path)
    return None


def _other_place(values: Mapping[str, Any], sources: Mapping[str, str], key: str) -> TokenPlace | None:
    """Of a token that is not the API's, which nothing but a program prints."""
    words = values.get(key)
    return from_command(sources[key], words) if words else None


def _dotenv_place(folder: Path) -> TokenPlace | None:
    values = read_dotenv(folder)
    name = next((name for name in TOKEN_VARIABLES if values.get(name, "").strip()), None)
    return from_dotenv(name, lambda: read_dotenv(folder)) if name else None


def check_keys(place: str, table: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Raises ConfigError for a key that is not allowed there."""
    for key in table:
        if key in allowed:
            continue
        if "token" in key and "command" not in key:
            remedy = "a token does not belong in this file: use token_command or token_file"
        else:
            remedy = did_you_mean(key, allowed, f"use {', '.join(sorted(allowed))}")
        raise ConfigError(f"{place}: there is no setting {clean(key, 40)}", remedy)


def typed(kind: Kind, found: Found) -> Any:
    """The value as its kind reads it. Raises ConfigError, which names where it stood."""
    try:
        return kind.read(found.value, found.folder)
    except RefusedError as refused:
        raise ConfigError(f"{found.source}: {refused.why}", refused.remedy) from None
    except ValueError:
        is_shown = isinstance(found.value, str | int | float) and not kind.is_private
        shown = clean(repr(found.value), 60) if is_shown else "this value"
        raise ConfigError(f"{found.source}: {shown} is not allowed", f"use {kind.allowed}") from None
