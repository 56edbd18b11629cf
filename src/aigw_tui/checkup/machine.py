"""This machine's examination: history, terminal, versions, and where every setting comes from."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aigw_tui import __version__
from aigw_tui.errors import LocalError
from aigw_tui.format import clean
from aigw_tui.history.inspect import NEWEST, SQLITE, inspect
from aigw_tui.insight import checkmachine
from aigw_tui.insight.checkup import Check, of_error, ok, warning
from aigw_tui.secret import MASK, Secret, redact
from aigw_tui.tui.terminal import can_show, depth_of

if TYPE_CHECKING:
    from aigw_tui.config import Config

PACKAGES = ("textual", "httpx", "msgspec", "plotext", "platformdirs", "python-dotenv", "stamina", "graphql-core")
HISTORY, SCREEN, PROGRAM = "history", "terminal", "program"


class Value(NamedTuple):
    """One setting."""

    key: str
    value: str
    """Masked where it is, or may hold, a secret."""
    source: str


def history(config: Config, now: datetime) -> Iterator[Check]:
    """The file, and who asks for the accounts in it."""
    if not isinstance(config.store, Path):
        why = "the built-in account's is in memory" if config.is_demo else config.sources.get("store", "in memory")
        yield replace(ok("database", clean(why)), group=HISTORY)
        return
    name = clean(config.store)
    try:
        found = inspect(config.store, config.base_url)
    except LocalError as error:
        yield replace(of_error("database", error), group=HISTORY)
        return
    if found is None:
        yield replace(checkmachine.absent(name), group=HISTORY)
        return
    yield replace(checkmachine.database(name, found.size, found.version, NEWEST, found.damage), group=HISTORY)
    for holder in found.holders:
        yield replace(checkmachine.lease(clean(holder.account), holder.made, holder.until, now), group=HISTORY)


def terminal(no_color: bool) -> Iterator[Check]:
    """What the monitor would have to draw on."""
    columns, rows = shutil.get_terminal_size()
    is_terminal = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    found = [checkmachine.size(columns, rows, is_terminal)]
    if is_terminal and (why := can_show(os.environ, sys.stdin, sys.stdout)):
        found = [warning("terminal", why, "the monitor needs another one")]
    found += [
        checkmachine.colors(os.environ.get("TERM", ""), depth_of(os.environ), no_color),
        checkmachine.encoding(getattr(sys.stdout, "encoding", None) or locale.getpreferredencoding(False)),
        checkmachine.glyphs(),
    ]
    yield from (replace(check, group=SCREEN) for check in found)


def versions() -> Check:
    """Without loading any of them."""
    names = [f"aigw-tui {__version__}", f"Python {platform.python_version()}", f"SQLite {SQLITE}"]
    return replace(ok("versions", ", ".join((*names, *map(_installed, PACKAGES)))), group=PROGRAM)


def settings(config: Config) -> tuple[Value, ...]:
    """Every setting with its source, the token's place, and what accounts have of their own."""
    from aigw_tui.config import settings as declared

    found = [Value("token", MASK if config.has_token else "–", config.sources.get("token", "default"))]
    for key, setting in declared().items():
        value = getattr(config, key)
        is_hidden = isinstance(value, Secret) or (setting.kind.is_private and isinstance(value, tuple))
        found.append(Value(key, MASK if is_hidden and value else _shown(value), clean(config.sources.get(key, ""))))
    for account in config.accounts:
        own = [
            f"{item.name} {getattr(account, item.name)}"
            for item in fields(account)
            if item.repr and item.name != "id" and getattr(account, item.name)
        ]
        place = account.token_place.name if account.token_place else "no token"
        found.append(Value(f"account {clean(account.id, 40)}", clean(redact(", ".join(own))), clean(place)))
    return tuple(found)


def _shown(value: object) -> str:
    if value in (None, ()):
        return "–"
    if isinstance(value, float):
        return f"{value:g}"
    return clean(redact(", ".join(map(str, value)) if isinstance(value, tuple) else str(value)))


def _installed(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} –"
