"""A check: a name, how it stands, and what to do about it; and what many of them mean together."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from aigw_tui.errors import AigwError, BudgetError, TransientError


class State(enum.StrEnum):
    """How a check stands, in words."""

    OK = "ok"
    WARNING = "warning"
    FAILS = "fails"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of clean text."""

    name: str
    state: State
    words: str
    remedy: str = ""
    """Empty where there is nothing to do."""
    group: str = ""
    is_essential: bool = False
    """Nothing can be watched without it: that it cannot be told is told by the exit code."""
    account: str = ""
    """The account's name, where several are looked at."""


def ok(name: str, words: str) -> Check:
    return Check(name, State.OK, words)


def warning(name: str, words: str, remedy: str) -> Check:
    return Check(name, State.WARNING, words, remedy)


def fails(name: str, words: str, remedy: str) -> Check:
    return Check(name, State.FAILS, words, remedy)


def cannot_tell(name: str, words: str, remedy: str = "", is_essential: bool = False) -> Check:
    return Check(name, State.CANNOT_TELL, words, remedy, is_essential=is_essential)


def of_error(name: str, error: AigwError, is_essential: bool = True) -> Check:
    """What passes by itself says nothing about the thing that was asked; every other error is an answer."""
    if isinstance(error, (TransientError, BudgetError)):
        return cannot_tell(name, f"{error.what}: {error.why}", error.remedy, is_essential)
    return fails(name, f"{error.what}: {error.why}", error.remedy)


def verdict(checks: Iterable[Check]) -> State:
    """The worst of what matters; what cannot be told matters only where it is essential."""
    states = {check.state for check in checks if check.state is not State.CANNOT_TELL or check.is_essential}
    order = (State.FAILS, State.CANNOT_TELL, State.WARNING)
    return next((state for state in order if state in states), State.OK)


EXIT_CODES = {State.OK: 0, State.WARNING: 0, State.FAILS: 1, State.CANNOT_TELL: 3}
