"""Words that narrow, as people write them: globs, and what a word that matches nothing may have meant."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from aigw_tui.errors import ConfigError
from aigw_tui.format import clean, did_you_mean
from aigw_tui.model import Scope, Views

NAMED = ("gateway", "provider", "model")
"""Fields of a scope whose words are looked up in what history knows."""
GLOB = frozenset("*?[")
MOST_NAMED = 12


def spelled_out(scope: Scope, views: Views) -> Scope:
    """The scope with globs replaced by the names they match. Raises ConfigError for a stranger."""
    for field in NAMED:
        if words := scope.values(field):
            scope = scope.narrow(None, **{field: named(field, words, views.names("requests", field))})
    return scope


def named(field: str, words: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Each word as it stands, or the names that a glob matches. Raises ConfigError for what nothing known matches."""
    found: list[str] = []
    for word in words:
        matches = [name for name in known if fnmatch.fnmatchcase(name, word)] if GLOB & {*word} else []
        matches = matches or ([word] if word in known or not known else [])
        if not matches:
            raise ConfigError(f"there is no {field} {clean(word)}", did_you_mean(word, known, _near(word, known)))
        found += matches
    return tuple(dict.fromkeys(found))


def _near(word: str, known: Sequence[str]) -> str:
    """What to say of a word that is like none: the first name that holds it, else some names."""
    bare = word.strip("*?").casefold()
    found = next((name for name in known if bare and bare in name.casefold()), "")
    return f"did you mean {clean(found)}?" if found else f"use one of {', '.join(map(clean, known[:MOST_NAMED]))}"
