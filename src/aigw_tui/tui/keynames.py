"""What keys are called: by a person who writes one, by Textual, and on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import punctuation

from textual.binding import Binding
from textual.keys import Keys, key_to_character

SHOWN = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn"}
WRITTEN = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "return": "enter", "del": "delete", "ins": "insert"}
"""Names that people write for what Textual calls otherwise."""
SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""What a terminal cannot tell from another key."""
MODIFIED = re.compile(r"(alt|ctrl|hyper|meta|shift|super)[+-](.+)", re.IGNORECASE)
KNOWN = frozenset(key.value for key in Keys if key.value.replace("_", "").isalnum())
CHARACTERS = {"comma": ","} | {
    named.key: sign for sign in punctuation.replace(",", "") for named in Binding.make_bindings([(sign, "")])
}
"""Textual's names of ASCII characters that are no letters."""
NAMES = {character: name for name, character in CHARACTERS.items()}


def keys_of(text: str) -> tuple[str, ...]:
    """Textual's names of `f, ctrl-f`; raises ValueError with the part that is no key."""
    parts = ["comma"] if text.strip() == "," else text.split(",")
    return tuple(dict.fromkeys(_key(part.strip()) for part in parts))


def key_name(key: str) -> str:
    """On the screen: `ctrl-d` for `ctrl+d`, `?` for `question_mark`."""
    *modifiers, base = key.split("+")
    return "-".join((*modifiers, SHOWN.get(base) or CHARACTERS.get(base, base)))


def first_key(keys: str) -> str:
    """Of a binding's keys the name of the one that is shown where there is room for no more."""
    return key_name(keys.partition(",")[0].strip())


def moved(binding: Binding, keymap: Mapping[str, str]) -> Binding:
    """The binding on the keys that the person chose, or on its own."""
    keys = keymap.get(binding.id or "")
    return binding.with_key(keys) if keys else binding


def types(key: str) -> bool:
    """Whether it writes something into a line of text."""
    return key == "space" or _character(key) is not None


def _key(text: str) -> str:
    modifiers, base = set(), text
    while found := MODIFIED.fullmatch(base):
        modifiers.add(found[1].lower())
        base = found[2]
    if len(base) > 1:
        base = WRITTEN.get(base.lower(), base.lower())
    elif base.isalpha() and modifiers:  # with ctrl a terminal tells no capital letters
        base = base.upper() if modifiers == {"shift"} else base.lower()
        modifiers -= {"shift"}
    base = NAMES.get(base, base)
    if base not in KNOWN and _character(base) is None:
        raise ValueError(text)
    key = "+".join((*sorted(modifiers), base))
    return SAME.get(key, key)


def _character(key: str) -> str | None:
    """What it writes; None for a key that does something, and for no key at all."""
    found = CHARACTERS.get(key) or key_to_character(key)
    return found if found and found.isprintable() and not found.isspace() else None
