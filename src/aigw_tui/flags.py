"""What may be written on the command line, read from argparse's own definitions: for completion and the man page."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

FILES = frozenset(("PATH", "FILE"))
"""Metavars that stand for a file."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag, or a word that stands for itself (then it has no names)."""

    names: tuple[str, ...]
    meaning: str
    value: str = ""
    """What its value is called; empty: it has none."""
    choices: tuple[str, ...] = ()
    """All values that it may have; empty: any."""

    @property
    def is_file(self) -> bool:
        """Its value names a file."""
        return self.value in FILES


@dataclass(frozen=True, slots=True)
class Spelling:
    """What one command understands."""

    name: str
    """Empty: no command."""
    meaning: str
    examples: str
    own: tuple[Flag, ...]
    """Those that only it has."""


@dataclass(frozen=True, slots=True)
class Language:
    """The whole command line."""

    program: str
    version: str
    commands: tuple[Spelling, ...]
    """The first is what runs when no command is named."""
    shared: tuple[Flag, ...]
    """Flags that every command has."""


def flags_of(actions: Iterable[argparse.Action]) -> tuple[Flag, ...]:
    """Without those that no help shows."""
    return tuple(_flag(action) for action in actions if action.help != argparse.SUPPRESS)


def _flag(action: argparse.Action) -> Flag:
    meaning = (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")
    choices = tuple(map(str, action.choices or ()))
    named = action.metavar if isinstance(action.metavar, str) else "|".join(choices) or action.dest.upper()
    return Flag(tuple(action.option_strings), meaning, "" if action.nargs == 0 else named, choices)
