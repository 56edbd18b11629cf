"""A question in the bottom line: the next key answers it, any other leaves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked, and what is done with the answer."""

    question: str
    answers: tuple[tuple[str, str], ...]
    """(letter, word) pairs."""
    act: Callable[[str], None]
    """Called with the word."""

    def answer(self, letter: str | None) -> None:
        for known, word in self.answers:
            if letter == known:
                self.act(word)
