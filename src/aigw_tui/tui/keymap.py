"""Keys that a person chose, for every binding of ours: checked against each other, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from textual.binding import Binding
from textual.widgets import Input

from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.tui.filterbox import FilterBox
from aigw_tui.tui.keynames import key_name, keys_of, moved, types
from aigw_tui.tui.keys import BINDINGS
from aigw_tui.tui.panel import Panel
from aigw_tui.tui.panels import all_panels
from aigw_tui.tui.screens.help import Help
from aigw_tui.tui.screens.pages import Page
from aigw_tui.tui.screens.request import OneRequest
from aigw_tui.tui.screens.welcome import Welcome

DIGITS = 9
LAST_RESORT = "ctrl+q"
"""Textual's own way out, which nothing may take."""


class Keymap(NamedTuple):
    """Id of a binding → its keys by Textual's names, and what was left out."""

    keys: Mapping[str, str]
    complaints: tuple[ConfigError, ...]


def places() -> Mapping[str, tuple[Binding, ...]]:
    """Where keys work at the same time → their bindings."""
    panels = [one for _, kind in all_panels() for one in _own(kind)]
    return {
        "dashboard": (*BINDINGS, *_own(Panel), *panels),
        "filter": tuple(_own(FilterBox)),
        "help": (*_own(Page), *_own(Help)),
        "welcome": (*_own(Page), *_own(Welcome)),
        "request": (*_own(Page), *_own(OneRequest)),
    }


def keys_of_help(keymap: Mapping[str, str]) -> list[Binding]:
    """Rows, digits, and the rest: where people press them, in one list; the digits in one line."""
    bindings = [moved(one, keymap) for one in places()["dashboard"]]
    digits = [one.key for one in bindings if one.key.isdigit()]
    named = "1-9" if len(digits) == DIGITS else ",".join(digits)
    together = [Binding(named, "panel", tooltip="Focus the panel with that digit")] if digits else []
    rows = [one for one in bindings if (one.id or "").startswith("row.")]
    return [*rows, *together, *(one for one in bindings if one not in rows and not one.key.isdigit())]


def read_keymap(table: object) -> Keymap:
    """What `[keymap]` says, as far as it makes sense. Never raises."""
    if table is None:
        return Keymap({}, ())
    if not isinstance(table, dict):
        return Keymap({}, (_complaint("it is no table", 'write [keymap], and below it "scope.filter" = "f"'),))
    complaints: list[ConfigError] = []
    keys = dict(_parsed(table, complaints))
    while clash := _clash(keys):
        del keys[clash[0]]
        complaints.append(clash[1])
    return Keymap({id_: ",".join(found) for id_, found in keys.items()}, tuple(complaints))


def _parsed(table: Mapping[str, Any], complaints: list[ConfigError]) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = {one.id for bindings in places().values() for one in bindings if one.id}
    for id_, text in _flat(table):
        if id_ not in known:
            complaints.append(
                _complaint(f"there is no {clean(id_, 40)}", did_you_mean(id_, known, "the README has all"))
            )
            continue
        try:
            found = keys_of(text) if isinstance(text, str) else ()
        except ValueError:
            found = ()
        if found:
            yield id_, found
        else:
            complaints.append(_complaint(f"{id_}: {clean(text, 40)} is no key", "write f, F, ctrl-f, f5, pgdn or f,f5"))


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object]]:
    """`scope.filter = "f"` without quotes is a table in a table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _clash(keys: Mapping[str, tuple[str, ...]]) -> tuple[str, ConfigError] | None:
    """The last chosen binding that cannot have its key, and why."""
    for place, bindings in places().items():
        taken = _fixed(place)
        unmoved = [one for one in bindings if one.id not in keys]
        for one in Binding.make_bindings(unmoved):
            taken.setdefault(one.key, one.id or "")
        here = {one.id for one in bindings}
        for id_ in (id_ for id_ in keys if id_ in here):
            for key in keys[id_]:
                if place == "filter" and types(key):
                    return id_, _complaint(f"{id_}: {key_name(key)} types a letter there", "use another key")
                if key in taken and taken[key] != id_:
                    return id_, _complaint(f"{id_}: {key_name(key)} is {taken[key]} already", "move that too")
                taken[key] = id_
    return None


def _fixed(place: str) -> dict[str, str]:
    """Keys that Textual keeps for itself there → what they do."""
    found = {LAST_RESORT: "the last way out"}
    if place == "filter":
        found |= {one.key: "typing" for one in Binding.make_bindings(Input.BINDINGS)}
    return found


def _own(kind: type) -> list[Binding]:
    return [one for one in vars(kind).get("BINDINGS", ()) if isinstance(one, Binding)]


def _complaint(why: str, remedy: str) -> ConfigError:
    return ConfigError(f"[keymap] {why}", remedy)
