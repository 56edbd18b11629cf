"""A value that must never be seen, and the redactor that makes sure of it in text."""

from __future__ import annotations

import base64
from typing import Final, NoReturn
from urllib.parse import quote

MASK: Final = "•••"
_known: set[str] = set()
"""Every secret this process has held: what `redact` looks for."""


class Secret:
    """Text whose repr, str and format are `•••`; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= 6:  # shorter ones would mask ordinary words
            _known.add(value)

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def redact(text: str) -> str:
    """`text` without any secret this process has held: raw, base64 or URL-encoded."""
    for value in sorted(_known, key=len, reverse=True):
        encoded = base64.b64encode(value.encode()).decode()
        for form in (value, quote(value, safe=""), encoded, encoded.rstrip("=")):
            text = text.replace(form, MASK)
    return text
