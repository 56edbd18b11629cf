"""What a person presses: hints name bindings in braces, and this puts their keys there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from aigw_tui.tui.keynames import first_key

NAMED = re.compile(r"(\. )?\{([a-z_]+\.[a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of all bindings: those that a person moved, and the others where they are."""

    moved: tuple[tuple[str, str], ...] = ()
    """(id of a binding, its keys by Textual's names)"""

    @classmethod
    def of(cls, keymap: Mapping[str, str]) -> Keys:
        return cls(tuple(sorted(keymap.items())))

    def name(self, id_: str) -> str:
        """As it stands on the screen: `esc`, `/`. Raises KeyError for what is no binding."""
        return first_key(self._all(id_))

    def pressed(self, id_: str) -> str:
        """By Textual's name, and only one of several; what is no binding is a key already."""
        try:
            return self._all(id_).partition(",")[0].strip()
        except KeyError:
            return id_

    def said(self, text: str) -> str:
        """`{scope.back} goes back` with the key in its place; the name of a key that begins a sentence is a word."""
        return NAMED.sub(self._put, text)

    def _put(self, found: re.Match[str]) -> str:
        before, id_ = found[1] or "", found[2]
        try:
            name = self.name(id_)
        except KeyError:
            return found[0]
        is_word = len(name) > 1 and name.isalpha()
        return before + (name.capitalize() if before and is_word else name)

    def _all(self, id_: str) -> str:
        return dict(self.moved).get(id_) or _unmoved()[id_]


@cache
def _unmoved() -> Mapping[str, str]:
    from aigw_tui.tui.keymap import places  # late: panels have keys, and it is made of panels

    return {one.id: one.key for bindings in places().values() for one in bindings if one.id}


UNMOVED = Keys()
"""A person who moved none."""
