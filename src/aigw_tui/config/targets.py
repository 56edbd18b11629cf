"""The targets of messages: every `[target.NAME]` of config.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from aigw_tui.config.kinds import COMMAND, TEXT, Kind, choice, number
from aigw_tui.config.layers import Found
from aigw_tui.config.resolve import check_keys, typed
from aigw_tui.config.settings import Config
from aigw_tui.config.token import from_command
from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.origin import Origin, origin_of
from aigw_tui.outlets.notify.channels import all_channels
from aigw_tui.outlets.notify.target import SecretPlace, Target
from aigw_tui.secret import Secret

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
ADDRESS = re.compile(r"[^\s@<>,;:\"()\\]{1,64}@[^\s@<>,;:\"()\\]{1,255}", re.ASCII)
IMPLICIT_PORT, STARTTLS_PORT, PLAIN_PORT = 465, 587, 25
WHERE = "[target.{}]"


def _web(value: object, folder: Path) -> Secret:
    text = TEXT.read(value, folder)
    parts = urlsplit(text)
    if not origin_of(f"{parts.scheme}://{parts.netloc}").is_private or any(map(str.isspace, text)):
        raise ValueError
    return _url(text)


def _any(value: object, folder: Path) -> Secret:
    text = TEXT.read(value, folder)
    if not re.match(r"[a-z0-9+.-]+://.", text, re.I):
        raise ValueError
    return _url(text)


def _url(text: str) -> Secret:
    """Known to the redactor whole and from the host on, which is how a server would quote it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return Secret(text)
    for part in (parts.path, f"{parts.path}?{parts.query}", parts.query):
        Secret(part)
    return Secret(text)


def _address(value: object, folder: Path) -> str:
    text = str(TEXT.read(value, folder))
    if not (ADDRESS.fullmatch(text) and text.isascii()):
        raise ValueError
    return text


def _addresses(value: object, folder: Path) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not 1 <= len(parts) <= 50:
        raise ValueError
    return tuple(dict.fromkeys(_address(part, folder) for part in parts))


def _host(value: object, folder: Path) -> str:
    text = str(TEXT.read(value, folder))
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,255}", text):
        raise ValueError
    return text


WEB = Kind("URL", "https://…, or http:// on loopback, without user and password", _web, is_private=True)
ANY = Kind("URL", "a URL as Apprise has them", _any, is_private=True)
KINDS: Mapping[str, Kind] = {
    "url": WEB,
    "url_command": COMMAND,
    "host": Kind("host", "the name of a mail server", _host),
    "port": number(1, 65_535, whole=True),
    "tls": choice("starttls", "implicit", "none"),
    "user": TEXT,
    "password_command": COMMAND,
    "from": Kind("address", "one e-mail address: me@example.com", _address),
    "to": Kind("addresses", 'an e-mail address, or several: ["a@example.com", "b@example.com"]', _addresses),
    "command": COMMAND,
}
"""Every key that a target's table may have, whatever its kind."""


class Targets(NamedTuple):
    """The targets that messages can be sent to, and what is wrong with the others."""

    targets: tuple[Target, ...]
    complaints: Mapping[str, ConfigError]
    """By name, each one line that names file and target; the name is empty where `target` is no table at all."""


def load_targets(config: Config) -> Targets:
    """Those of config.toml, in its order; the built-in account has none. Never raises. Loading this takes 65 ms."""
    return read_targets(*config.target_tables) if config.target_tables else Targets((), {})


def read_targets(path: Path, tables: object) -> Targets:
    """What stands under `target` in the file at `path`. Never raises."""
    if not isinstance(tables, dict):
        return Targets((), {"": ConfigError(f"{path} (target): it is no table", "write [target.NAME] above its keys")})
    found, complaints = [], {}
    for name, table in tables.items():
        try:
            found.append(_target(path, name, table))
        except ConfigError as error:
            complaints[name] = error
    return Targets(tuple(found), complaints)


def _target(path: Path, name: str, table: object) -> Target:
    place = f"{path} ({WHERE.format(clean(name, 40))})"
    if not NAME.fullmatch(name):
        raise ConfigError(f"{place}: no name for a target", "use letters, digits, - and _")
    if not isinstance(table, dict):
        raise ConfigError(f"{place}: it is no table", f"write [target.{name}] above its keys")
    channels = all_channels()
    if "kind" not in table:
        raise ConfigError(f"{place}: it has no kind", f"use {', '.join(channels)}")
    word = table["kind"]
    if not isinstance(word, str) or word not in channels:
        remedy = did_you_mean(str(word), channels, f"use one of {', '.join(channels)}")
        raise ConfigError(f"{place} kind: {clean(repr(word), 60)} is not allowed", remedy)
    channel = channels[word]
    allowed = {"kind", *channel.NEEDS, *channel.TAKES} | ({"url_command"} if "url" in channel.NEEDS else set())
    _check_password(place, table)
    check_keys(place, table, allowed)
    kinds = KINDS if channel.IS_WEB else {**KINDS, "url": ANY}
    values = {
        key: typed(kinds[key], Found(value, f"{place} {key}", path.parent))
        for key, value in table.items()
        if key != "kind"
    }
    for key in channel.NEEDS:
        if key not in values and not (key == "url" and "url_command" in values):
            raise ConfigError(f"{place}: a target of kind {word} needs {key}", f"add {key} = …")
    return _checked(place, Target(name, word, **_fields(place, values)))


def _check_password(place: str, table: Mapping[str, Any]) -> None:
    if "password" in table:
        raise ConfigError(
            f"{place}: there is no setting password", "a password does not belong in this file: use password_command"
        )


def _fields(place: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of config.toml as the fields of a Target."""
    names = {"from": "sender", "to": "recipients"}
    found = {names.get(key, key): value for key, value in values.items() if not key.endswith("_command")}
    port = found.get("port")
    found.setdefault("tls", "implicit" if port == IMPLICIT_PORT else "starttls")
    ports = {"implicit": IMPLICIT_PORT, "starttls": STARTTLS_PORT, "none": PLAIN_PORT}
    found.setdefault("port", ports[found["tls"]])
    if words := values.get("url_command"):
        found["url"] = _printed(f"{place} url_command", words, "URL", _url)
    if words := values.get("password_command"):
        found["password"] = _printed(f"{place} password_command", words, "password", Secret)
    return found


def _printed(name: str, words: tuple[str, ...], noun: str, secret: Callable[[str], Secret]) -> SecretPlace:
    """What a program prints each time that it is asked for."""
    place = from_command(name, words, noun)

    def read() -> Secret:
        text = place.text().strip()
        found = secret(text)  # whatever it is, the redactor knows it from here on
        if not text or not text.isprintable():
            raise ConfigError(f"{name}: it printed no {noun}", "let it print one line")
        return found

    return read


def _checked(place: str, target: Target) -> Target:
    if target.tls == "none" and not Origin("smtp", target.host).is_loopback:
        raise ConfigError(f"{place} tls: mail leaves this machine with TLS only", "use starttls or implicit")
    if bool(target.user) != bool(target.password):
        raise ConfigError(f"{place}: user and password_command go together", "set both, or neither")
    return target
