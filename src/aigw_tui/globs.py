"""Words that narrow, as people write them: globs, and what a word that matches nothing may have meant."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from aigw_tui.errors import ConfigError
from aigw_tui.format import did_you_mean
from aigw_tui.model import Scope, Views

NAMED = ("gateway", "provider", "model")
"""Fields of a scope whose words are looked up in what history knows."""
GLOB = frozenset("*?[")


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
            raise ConfigError(
                f"there is no {field} {word}", did_you_mean(word, known, f"use one of {', '.join(known)}")
            )
        found += matches
    return tuple(dict.fromkeys(found))
